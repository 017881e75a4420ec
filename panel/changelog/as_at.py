"""The rows of a table as they stood at a moment, read from the log: what came later is undone.

A deed counts whole from its seal on; what has no deed counts from the moment it was written. The
present rows that no later change touched are as they were, and nobody asks for them here.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from .archives import told
from .chain import stream
from .forms import forms, key_of, quote
from .layout import LogTables
from .undoing import State, Undoing

#: No transaction is open for longer: what is older than this before the moment is not looked at.
OPEN_AT_MOST = timedelta(days=1)


@dataclass
class Then:
    """How the rows that changed since then differ from what the table holds now, by their keys."""

    #: Every row that changed since, in whatever way.
    changed: set[str] = field(default_factory=set)
    #: Those of them that were there, as they were; erased values are None.
    rows: dict[str, State] = field(default_factory=dict)
    #: Those that were deleted since; another record may have got the key of one.
    gone: set[str] = field(default_factory=set)
    #: Columns whose values were erased by law, of the rows that have any.
    erased: dict[str, frozenset[str]] = field(default_factory=dict)


def beginning(connection: Connection, tables: LogTables) -> datetime | None:
    """From when on the log has every value: its first deed, or the last that is in an archive.

    None while there is no deed.
    """
    deed = tables.deed
    last = max((json.loads(details)["last"] for _, details in told(connection, tables)), default=0)
    newest = sa.select(deed.c.at).where(deed.c.seq >= last).order_by(deed.c.seq).limit(1)
    found: datetime | None = connection.scalar(newest)
    return found


def then(connection: Connection, tables: LogTables, table: sa.Table, moment: datetime) -> Then:
    """The rows of `table` that changed at `moment` or later, as they were before; 4 statements."""
    undone = _undone(connection, tables, table, moment)
    kept = {pk for pk, one in undone.items() if one.here}
    live = _live(connection, table, kept) if kept else {}
    found = Then(changed=set(undone))
    names = [column.name for column in table.columns]
    for pk in kept:
        one = undone[pk]
        if one.whole:
            found.gone.add(pk)
        elif pk not in live:
            continue  # taken away past the log: nothing tells what it was
        row = {**({} if one.whole else live[pk]), **one.known}
        row |= dict.fromkeys(one.erased)
        found.rows[pk] = {name: row.get(name) for name in names}
        if one.erased:
            found.erased[pk] = frozenset(one.erased)
    return found


def _undone(
    connection: Connection, tables: LogTables, table: sa.Table, moment: datetime
) -> dict[str, Undoing]:
    personal = frozenset(c.name for c in table.columns if c.info.get("log") == "personal")
    secrets = {c.name for c in table.columns if c.info.get("log") == "secret"}
    found: dict[str, Undoing] = {}
    for row in _later(connection, tables, table, moment):
        one = found.setdefault(str(row.pk), Undoing(personal))
        values = json.loads(row.data) if row.data is not None else {}
        values |= json.loads(row.personal) if row.personal is not None else {}
        if row.op == "U":  # the log has no values of secrets: they stay what they are
            values = {name: pair for name, pair in values.items() if name not in secrets}
        one.take(row.op, values, emptied=row.erased is not None)
    return found


def _later(
    connection: Connection, tables: LogTables, table: sa.Table, moment: datetime
) -> Iterator[Any]:
    change, deed = tables.change, tables.deed
    first = connection.scalar(
        # by a sum, so that the database does not walk the chain from its beginning
        sa.select(sa.func.min(deed.c.seq + 0)).where(deed.c.at >= moment - OPEN_AT_MOST)
    )
    older = sa.select(deed.c.last).where(deed.c.n > 0).order_by(deed.c.seq.desc()).limit(1)
    older = older.where(deed.c.seq < first) if first is not None else older
    floor = connection.scalar(older) or 0
    own = sa.and_(deed.c.id == change.c.deed_id, change.c.id <= deed.c.last)
    new = change.c.op == "I"
    # found in the index of records alone, so that no older row is fetched
    entry = change.alias("entry")
    later = sa.select(entry.c.id).where(entry.c.tbl == table.name, entry.c.id > floor)
    query = (
        sa.select(
            change.c.pk,
            change.c.op,
            sa.case((new, None), else_=change.c.data).label("data"),
            sa.case((new, None), else_=change.c.personal).label("personal"),
            change.c.erased,
        )
        .select_from(change.outerjoin(deed, own))
        .where(
            change.c.id.in_(later),
            sa.func.coalesce(deed.c.at, change.c.at) >= sa.literal(moment, change.c.at.type),
        )
        .order_by(change.c.id + 0)  # sorted afterwards: the key's own order would walk the log
    )
    return stream(connection, query)


def _live(connection: Connection, table: sa.Table, keys: Collection[str]) -> dict[str, State]:
    """The rows with these keys that are there now, each value in the text form of the log."""
    dialect = connection.dialect.name
    found = forms(table, dialect)
    key = key_of(table, dialect, "t")
    columns = ", ".join((key, *(form.of("t") for form in found)))
    text = f"SELECT {columns} FROM {placed(connection, table)} AS t WHERE ({key}) IN "
    text = text.replace(":", "\\:") + f"({listed(dialect, ':keys')})"
    wanted = sa.text(text).bindparams(keys=json.dumps(sorted(keys)))
    rows = stream(connection, wanted)
    names = [form.name for form in found]
    return {str(pk): dict(zip(names, values, strict=True)) for pk, *values in rows}


def placed(connection: Connection, table: sa.Table) -> str:
    """The table with its schema, so that nothing of the same name stands before it."""
    dialect = connection.dialect
    schema = "main" if dialect.name == "sqlite" else str(dialect.default_schema_name)
    return f"{quote(schema, dialect.name)}.{quote(table.name, dialect.name)}"


def listed(dialect_name: str, parameter: str) -> str:
    """The texts of a JSON list as a subquery of one column."""
    if dialect_name == "sqlite":
        return f"SELECT value FROM json_each({parameter})"
    return f"SELECT json_array_elements_text(CAST({parameter} AS json))"
