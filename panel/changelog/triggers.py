"""Triggers as values: written, installed and compared on SQLite and PostgreSQL.

`install` drops every trigger named ``log_*`` or ``gate_*`` and makes the given ones anew;
`differences` says in words where the database has others than these. Refusals raised by triggers
begin with ``jenjang:`` and a code, and arrive as IntegrityError on both databases.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, text

from ..words import Sentence, say
from .forms import quote

PREFIXES = ("log_", "gate_")
SCHEMA = "public"
#: As `pg_get_triggerdef` orders them.
EVENTS = ("INSERT", "DELETE", "UPDATE", "TRUNCATE")


@dataclass(frozen=True)
class Trigger:
    """A trigger, and on PostgreSQL its function, in the database's own words."""

    name: str
    table: str
    sql: str
    function_sql: str | None = None


def on_sqlite(name: str, table: str, event: str, body: str, *, when: str = "") -> Trigger:
    """A trigger of SQLite; `event` is such as ``AFTER INSERT``, `body` one or more statements."""
    condition = f" WHEN {when}" if when else ""
    on = quote(table, "sqlite")
    sql = f"CREATE TRIGGER {name} {event} ON {on} FOR EACH ROW{condition} BEGIN {body}; END"
    return Trigger(name, table, sql)


def on_postgresql(
    name: str,
    table: str,
    events: str,
    body: str,
    *,
    declare: str = "",
    level: str = "ROW",
) -> Trigger:
    """A trigger of PostgreSQL with a function of the same name; `events` such as ``AFTER INSERT``.

    The function runs with its owner's rights and a fixed search path, so that neither a schema
    nor a temporary table of the writer's own can stand in for ours.
    """
    function = (
        f"CREATE OR REPLACE FUNCTION {SCHEMA}.{name}()\n"
        " RETURNS trigger\n"
        " LANGUAGE plpgsql\n"
        " SECURITY DEFINER\n"
        f" SET search_path TO 'pg_catalog', '{SCHEMA}', 'pg_temp'\n"
        f"AS $function$\n{f'DECLARE {declare}' if declare else ''}\n"
        f"BEGIN\n{body}\nEND\n$function$"
    )
    sql = (
        f"CREATE TRIGGER {name} {events} ON {SCHEMA}.{quote(table, 'postgresql')} "
        f"FOR EACH {level} EXECUTE FUNCTION {name}()"
    )
    return Trigger(name, table, sql, function)


def refusal(code: str, dialect_name: str) -> str:
    """The statement by which a trigger refuses; `code` such as ``append-only change``."""
    if dialect_name == "sqlite":
        return f"SELECT RAISE(ABORT, 'jenjang:{code}')"
    return f"RAISE EXCEPTION 'jenjang:{code}' USING ERRCODE = '23514';"


def install(connection: Connection, triggers: Sequence[Trigger]) -> None:
    """Make `triggers` the only ones of theirs; the caller commits, with `write="schema"`."""
    # on the raw cursor: drivers read % and :name in the text of a trigger as parameters
    cursor = connection.connection.cursor()
    try:
        for statement in (*_drops(connection), *_creates(triggers)):
            cursor.execute(statement)
    finally:
        cursor.close()


def _creates(triggers: Iterable[Trigger]) -> Iterable[str]:
    for trigger in triggers:
        if trigger.function_sql is None:
            yield trigger.sql
            continue
        table = f"{SCHEMA}.{quote(trigger.table, 'postgresql')}"
        yield trigger.function_sql
        yield trigger.sql
        # also in a session that calls itself a replica
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger.name}"


def _drops(connection: Connection) -> list[str]:
    ours = [found for found in _found(connection) if found.name.startswith(PREFIXES)]
    if connection.dialect.name == "sqlite":
        return [f"DROP TRIGGER {quote(found.name, 'sqlite')}" for found in ours]
    drops = [
        f"DROP TRIGGER {quote(found.name, 'postgresql')} "
        f"ON {SCHEMA}.{quote(found.table, 'postgresql')}"
        for found in ours
    ]
    functions = connection.scalars(
        text(
            "SELECT proname FROM pg_proc WHERE pronamespace = CAST(:schema AS regnamespace)"
            " AND prorettype = 'trigger'::regtype"
        ),
        {"schema": SCHEMA},
    )
    names = [name for name in functions if name.startswith(PREFIXES)]
    return drops + [f"DROP FUNCTION {SCHEMA}.{quote(name, 'postgresql')}()" for name in names]


class _Found(NamedTuple):
    name: str
    table: str
    sql: str
    always: bool = True
    function_sql: str | None = None


def _found(connection: Connection) -> list[_Found]:
    if connection.dialect.name == "sqlite":
        rows = connection.execute(
            text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
        )
        return [_Found(*row) for row in rows]
    rows = connection.execute(
        text(
            "SELECT t.tgname, c.relname, pg_get_triggerdef(t.oid), t.tgenabled = 'A',"
            " pg_get_functiondef(t.tgfoid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND c.relnamespace = CAST(:schema AS regnamespace)"
        ),
        {"schema": SCHEMA},
    )
    return [_Found(*row) for row in rows]


def differences(connection: Connection, triggers: Sequence[Trigger]) -> list[Sentence]:
    """Where the database's triggers are not the given ones, by name; nothing if they are."""
    found = {(row.table, row.name): row for row in _found(connection)}
    said: list[Sentence] = []
    for wanted in sorted(triggers, key=lambda trigger: trigger.name):
        row = found.pop((wanted.table, wanted.name), None)
        if row is None:
            said.append(say("Trigger %(name)s is missing.", name=wanted.name))
        elif not row.always:
            said.append(say("Trigger %(name)s is switched off.", name=wanted.name))
        elif not _same(row.sql, wanted.sql) or not _same(row.function_sql, wanted.function_sql):
            said.append(say("Trigger %(name)s is not as it was made.", name=wanted.name))
    watched = {trigger.table for trigger in triggers}
    strangers = [row for row in found.values() if _concerns(row, watched)]
    for row in sorted(strangers):
        said.append(
            say("Trigger %(name)s on %(table)s is unknown.", name=row.name, table=row.table)
        )
    return said + _rules(connection, watched)


def _concerns(row: _Found, watched: set[str]) -> bool:
    return row.table in watched or row.name.startswith(PREFIXES)


def _same(found: str | None, wanted: str | None) -> bool:
    if found is None or wanted is None:
        return found is wanted
    # whether a name is qualified depends on the search path of who asks, and SQLAlchemy quotes
    # names, such as position, that the server writes without quotes
    plain, meant = (
        text.strip().replace(f"{SCHEMA}.", "").replace('"', "") for text in (found, wanted)
    )
    return plain == meant


def _rules(connection: Connection, watched: set[str]) -> list[Sentence]:
    """Rewrite rules, by which PostgreSQL could turn a write into nothing."""
    if connection.dialect.name == "sqlite":
        return []
    rows = connection.execute(
        text("SELECT rulename, tablename FROM pg_rules WHERE schemaname = :schema ORDER BY 1, 2"),
        {"schema": SCHEMA},
    )
    return [
        say("Rule %(name)s on %(table)s is unknown.", name=name, table=table)
        for name, table in rows
        if table in watched
    ]
