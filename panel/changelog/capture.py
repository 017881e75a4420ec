"""Triggers that write the log: generated from the tables, one text for each database.

An inserted or deleted row is written whole, an updated one as [old, new] of the columns that
changed. A row whose text did not change leaves nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import sqlalchemy as sa

from .forms import Form, forms, key_of, literal, quote
from .guards import append_only, fixed_key
from .layout import LogTables
from .triggers import SCHEMA, Trigger, on_postgresql, on_sqlite, refusal

_COLUMNS = "deed_id, tbl, op, pk, scope, data, personal, salt, at, who, tx"


def log_triggers(tables: LogTables, dialect_name: str) -> list[Trigger]:
    """Every trigger of the log: capture, fixed keys, and tables that are only added to."""
    made: list[Trigger] = []
    for table in tables.logged():
        made += (_on_sqlite if dialect_name == "sqlite" else _on_postgresql)(tables, table)
        made += fixed_key(table, dialect_name)
    for table in tables.append_only():
        made += append_only(table, dialect_name, tables.context.name)
    if dialect_name == "sqlite":
        made.append(_closing(tables))
    return made


def _closing(tables: LogTables) -> Trigger:
    """Once a deed is sealed, what still comes does not belong to it."""
    context = quote(tables.context.name, "sqlite")
    body = f"UPDATE {context} SET deed_id = NULL, erasing = 0, archiving = 0"
    return on_sqlite("log_context_closed", tables.deed.name, "AFTER INSERT", body)


def _of(found: Sequence[Form], *marks: str) -> list[Form]:
    return [form for form in found if form.mark in marks]


def _scope(tables: LogTables, found: Sequence[Form], row: str) -> str:
    named = [form for form in found if form.name == tables.scope and form.mark == "plain"]
    return named[0].of(row) if named else "NULL"


def _on_sqlite(tables: LogTables, table: sa.Table) -> list[Trigger]:
    found = forms(table, "sqlite")
    name, change = table.name, quote(tables.change.name, "sqlite")
    deed = f"(SELECT deed_id FROM {quote(tables.context.name, 'sqlite')})"
    at = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"
    persons = _of(found, "personal")

    def into(op: str, row: str, data: str, personal: str, salt: str) -> str:
        key, scope = key_of(table, "sqlite", row), _scope(tables, found, row)
        # VALUES: of a SELECT into a table with triggers SQLite makes a temporary table first
        return (
            f"INSERT INTO {change} ({_COLUMNS}) VALUES ({deed}, {literal(name)}, '{op}', {key}, "
            f"{scope}, {data}, {personal}, {salt}, {at}, NULL, NULL)"
        )

    def whole(op: str, row: str) -> str:
        plain = _object_sqlite(_of(found, "plain", "secret"), row)
        personal = _object_sqlite(persons, row) if persons else "NULL"
        return into(op, row, plain, personal, "lower(hex(randomblob(16)))" if persons else "NULL")

    touched = _differs(persons) if persons else "0"
    updated = into(
        "U",
        "NEW",
        _pairs_sqlite(_of(found, "plain", "secret")),
        f"CASE WHEN {touched} THEN {_pairs_sqlite(persons)} END",
        f"CASE WHEN {touched} THEN lower(hex(randomblob(16))) END",
    )
    return [
        on_sqlite(f"log_{name}_i", name, "AFTER INSERT", whole("I", "NEW")),
        on_sqlite(f"log_{name}_u", name, "AFTER UPDATE", updated, when=_differs(found)),
        on_sqlite(f"log_{name}_d", name, "AFTER DELETE", whole("D", "OLD")),
    ]


def _object_sqlite(found: Sequence[Form], row: str) -> str:
    return f"json_object({', '.join(f'{literal(f.name)}, {f.of(row)}' for f in found)})"


def _pairs_sqlite(found: Sequence[Form]) -> str:
    """An object of [old, new] of the columns that changed; only those are put into text."""
    pairs = "".join(
        f" || CASE WHEN {_differs([form])} THEN {literal(f',{json.dumps(form.name)}:')}"
        f" || json_array({form.of('OLD')}, {form.of('NEW')}) ELSE '' END"
        for form in found
    )
    return f"'{{' || substr(''{pairs}, 2) || '}}'"


def _differs(found: Sequence[Form]) -> str:
    """Whether any of these columns changed."""
    return " OR ".join(f"{form.bare('OLD')} IS NOT {form.bare('NEW')}" for form in found)


def _on_postgresql(tables: LogTables, table: sa.Table) -> list[Trigger]:
    found = forms(table, "postgresql")
    persons = _of(found, "personal")
    plain = _of(found, "plain", "secret")

    def row(row: str) -> str:
        return (
            f"    fields := {_object_postgresql(plain, row)};\n"
            f"    persons := {_object_postgresql(persons, row) if persons else 'NULL'};\n"
            f"    key := {key_of(table, 'postgresql', row)};\n"
            f"    place := {_scope(tables, found, row)};\n"
        )

    body = (
        f"  IF TG_OP = 'INSERT' THEN\n{row('NEW')}"
        f"  ELSIF TG_OP = 'DELETE' THEN\n{row('OLD')}"
        f"  ELSE\n    fields := {_pairs_postgresql(plain)};\n"
        f"    persons := {_pairs_postgresql(persons)};\n"
        "    IF fields IS NULL AND persons IS NULL THEN\n      RETURN NULL;\n    END IF;\n"
        f"    key := {key_of(table, 'postgresql', 'NEW')};\n"
        f"    place := {_scope(tables, found, 'NEW')};\n"
        "  END IF;\n"
        f"  INSERT INTO {SCHEMA}.{quote(tables.change.name, 'postgresql')} ({_COLUMNS}) VALUES (\n"
        "    NULLIF(current_setting('jenjang.deed', true), '')::bigint,\n"
        f"    {literal(table.name)}, left(TG_OP, 1), key, place, coalesce(fields, '{{}}'),\n"
        "    persons,\n"
        "    CASE WHEN persons IS NOT NULL THEN encode(uuid_send(gen_random_uuid()), 'hex') END,\n"
        """    to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),\n"""
        "    session_user, pg_current_xact_id()::text);\n"
        "  RETURN NULL;"
    )
    declare = "fields text; persons text; key text; place text;"
    name, events = f"log_{table.name}", "AFTER INSERT OR DELETE OR UPDATE"
    emptied = refusal(f"append-only {table.name}", "postgresql")
    return [
        on_postgresql(name, table.name, events, body, declare=declare),
        on_postgresql(
            f"{name}_emptied", table.name, "BEFORE TRUNCATE", f"  {emptied}", level="STATEMENT"
        ),
    ]


def _object_postgresql(found: Sequence[Form], row: str) -> str:
    """An object of one array of names and texts: less than one of as many single arguments."""
    pairs = ", ".join(f"{literal(f.name)}, {f.of(row)}" for f in found)
    return f"json_object(ARRAY[{pairs}]::text[])::text"


def _pairs_postgresql(found: Sequence[Form]) -> str:
    """An object of [old, new] of the columns that changed, or NULL; only those become text."""
    if not found:
        return "NULL"
    pairs = ", ".join(
        f"CASE WHEN {form.bare('OLD')} IS DISTINCT FROM {form.bare('NEW')} THEN"
        f" {literal(f'{json.dumps(form.name)} : ')}"
        f" || json_build_array({form.of('OLD')}, {form.of('NEW')})::text END"
        for form in found
    )
    return f"'{{ ' || NULLIF(concat_ws(', ', {pairs}), '') || ' }}'"
