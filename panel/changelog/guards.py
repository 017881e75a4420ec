"""Triggers that refuse: a logged row keeps its key, and some tables are only added to."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from .forms import quote
from .triggers import Trigger, on_postgresql, on_sqlite, refusal

#: What an erasure touches of a row of the log, and what an archive does.
_PERSONAL = frozenset({"personal", "salt", "erased"})
_BULKY = frozenset({"data", "archived", "archived_by"})


def fixed_key(table: sa.Table, dialect_name: str) -> list[Trigger]:
    """Refuses a changed primary key: the log follows a row by it."""
    sqlite = dialect_name == "sqlite"
    unlike = "IS NOT" if sqlite else "IS DISTINCT FROM"
    names = [quote(column.name, dialect_name) for column in table.primary_key.columns]
    changed = " OR ".join(f"OLD.{name} {unlike} NEW.{name}" for name in names)
    refuse = refusal(f"key {table.name}", dialect_name)
    name = f"log_{table.name}_key"
    if sqlite:
        return [on_sqlite(name, table.name, "BEFORE UPDATE", refuse, when=changed)]
    body = f"  IF {changed} THEN\n    {refuse}\n  END IF;\n  RETURN NEW;"
    return [on_postgresql(name, table.name, "BEFORE UPDATE", body)]


def append_only(table: sa.Table, dialect_name: str, context: str) -> list[Trigger]:
    """Refuses update, delete, truncate, and replacing a row by any of its unique keys.

    `context` is the table in which SQLite's triggers find whether the open deed erases.
    """
    refuse = refusal(f"append-only {table.name}", dialect_name)
    name = f"log_{table.name}_kept"
    erasable = table.info.get("erasable")
    erased = _erased(table, dialect_name, context) if erasable else ""
    if table.info.get("archivable"):
        erased = f"({erased} OR {_archived(table, dialect_name, context)})"
    if dialect_name == "postgresql":
        body = f"  {refuse}"
        if erasable:
            # PL/pgSQL evaluates the whole condition: NEW is not there when a row is deleted
            body = (
                f"  IF TG_OP = 'UPDATE' THEN\n    IF {erased} THEN\n      RETURN NEW;\n"
                f"    END IF;\n  END IF;\n  {refuse}"
            )
        made = [on_postgresql(name, table.name, "BEFORE DELETE OR UPDATE", body)]
        if not table.info.get("logged"):  # else capture refuses it already
            made.append(
                on_postgresql(
                    f"log_{table.name}_emptied",
                    table.name,
                    "BEFORE TRUNCATE",
                    f"  {refuse}",
                    level="STATEMENT",
                )
            )
        return made
    # REPLACE deletes without firing triggers for a writer who left recursive_triggers off
    replaced = " OR ".join(
        f"EXISTS (SELECT 1 FROM {quote(table.name, 'sqlite')} WHERE {same})"
        for same in _same_keys(table)
    )
    unlike = f"NOT coalesce({erased}, 0)" if erasable else ""
    return [
        on_sqlite(f"{name}_u", table.name, "BEFORE UPDATE", refuse, when=unlike),
        on_sqlite(f"{name}_d", table.name, "BEFORE DELETE", refuse),
        on_sqlite(f"{name}_i", table.name, "BEFORE INSERT", refuse, when=replaced),
    ]


def _erased(table: sa.Table, dialect_name: str, context: str) -> str:
    """Whether an update takes personal values away in a deed of erasure, and does nothing else."""
    gone = (
        "OLD.personal IS NOT NULL AND NEW.personal IS NULL AND NEW.salt IS NULL"
        " AND OLD.erased IS NULL AND length(NEW.erased) = 64"
    )
    flag = _raised("erasing", dialect_name, context)
    return f"({flag} AND {gone} AND {_kept(table, dialect_name, _PERSONAL)})"


def _archived(table: sa.Table, dialect_name: str, context: str) -> str:
    """Whether an update takes plain values away in a deed of archiving, and does nothing else.

    What a deletion tells stays, for an erasure finds by it what belonged to a person.
    """
    sqlite = dialect_name == "sqlite"
    deed = (
        f"(SELECT deed_id FROM {quote(context, 'sqlite')})"
        if sqlite
        else "NULLIF(current_setting('jenjang.deed', true), '')::bigint"
    )
    digest = (
        "length(NEW.archived) = 64"
        if sqlite
        else "NEW.archived = encode(sha256(convert_to(OLD.data, 'UTF8')), 'hex')"
    )
    gone = (
        f"OLD.archived IS NULL AND OLD.op <> 'D' AND NEW.data = '{{}}' AND {digest}"
        f" AND NEW.archived_by = {deed}"
    )
    flag = _raised("archiving", dialect_name, context)
    return f"({flag} AND {gone} AND {_kept(table, dialect_name, _BULKY)})"


def _raised(name: str, dialect_name: str, context: str) -> str:
    """Whether the open deed has told the triggers that it erases, or archives."""
    if dialect_name == "sqlite":
        return f"(SELECT {name} FROM {quote(context, 'sqlite')}) = 1"
    return f"coalesce(current_setting('jenjang.{name}', true), '') = 'on'"


def _kept(table: sa.Table, dialect_name: str, touched: frozenset[str]) -> str:
    """Whether all columns but the touched ones stay as they are."""
    same = "IS" if dialect_name == "sqlite" else "IS NOT DISTINCT FROM"
    names = [quote(one.name, dialect_name) for one in table.columns if one.name not in touched]
    return " AND ".join(f"OLD.{name} {same} NEW.{name}" for name in names)


def _same_keys(table: sa.Table) -> Iterator[str]:
    for columns in sorted(_unique_keys(table)):
        quoted = [quote(name, "sqlite") for name in columns]
        yield " AND ".join(f"{name} = NEW.{name}" for name in quoted)


def _unique_keys(table: sa.Table) -> set[tuple[str, ...]]:
    keys = {tuple(column.name for column in table.primary_key.columns)}
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint):
            keys.add(tuple(column.name for column in constraint.columns))
    for index in table.indexes:
        if index.unique:
            if index.dialect_options["sqlite"].get("where") is not None:
                raise TypeError(f"{index.name}: no partial unique index on an append-only table")
            keys.add(tuple(column.name for column in index.columns))
    return keys
