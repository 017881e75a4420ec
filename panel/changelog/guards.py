"""Triggers that refuse: a logged row keeps its key, and some tables are only added to."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from .forms import quote
from .triggers import Trigger, on_postgresql, on_sqlite, refusal

#: What an erasure touches of a row of the log.
_PERSONAL = frozenset({"personal", "salt", "erased"})


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
    if dialect_name == "sqlite":
        same, flag = "IS", f"(SELECT erasing FROM {quote(context, 'sqlite')}) = 1"
    else:
        same = "IS NOT DISTINCT FROM"
        flag = "coalesce(current_setting('jenjang.erasing', true), '') = 'on'"
    names = [column.name for column in table.columns if column.name not in _PERSONAL]
    kept = (f"OLD.{n} {same} NEW.{n}" for n in (quote(name, dialect_name) for name in names))
    gone = (
        "OLD.personal IS NOT NULL AND NEW.personal IS NULL AND NEW.salt IS NULL"
        " AND OLD.erased IS NULL AND length(NEW.erased) = 64"
    )
    return f"({flag} AND {gone} AND {' AND '.join(kept)})"


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
