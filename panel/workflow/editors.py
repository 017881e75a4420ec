"""Who made and who changed a record and what it holds, as the change log knows it.

Moves are no edits: a change of machine columns, or of columns that only steps set, makes nobody an
editor. Children that are gone count like those that are there.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..changelog.authorship import authors
from ..changelog.layout import LogTables
from ..changelog.records import ChangeLog
from .mixins import MACHINERY
from .tables import Child, Record


def editors(
    log: ChangeLog,
    session: Session,
    record: Record,
    key: int,
    *,
    since: int = 0,
    ignoring: Collection[str] = (),
) -> frozenset[int]:
    """Who wrote the record or a child of it in changes numbered above `since`.

    `ignoring` are the columns that only steps set, "column" or "child_table.column".
    """
    writing = log.deed_id(session)
    own = MACHINERY | {name for name in ignoring if "." not in name}
    rows = [(record.name, str(key))]
    found = authors(log.tables, session, rows, since=since, ignoring=own, writing=writing)
    for child in record.children:
        prefix = f"{child.name}."
        machine = {name.removeprefix(prefix) for name in ignoring if name.startswith(prefix)}
        keys = {*_present(session, child, key), *_gone(log, session, child, key)}
        rows = [(child.name, pk) for pk in sorted(keys)]
        found |= authors(
            log.tables, session, rows, since=since, ignoring=machine | {"version"}, writing=writing
        )
    return frozenset(found)


def _present(session: Session, child: Child, key: int) -> list[str]:
    return [str(found) for found in session.scalars(_of_owner(child), {"owner": key})]


@cache
def _of_owner(child: Child) -> sa.Select[Any]:
    table = child.table
    return sa.select(table.c[child.key]).where(table.c[child.owner] == sa.bindparam("owner"))


def _gone(log: ChangeLog, session: Session, child: Child, key: int) -> Iterator[str]:
    """Children that were deleted, or moved to another record."""
    column = child.owner.replace("_", "/_")
    asked = {"tbl": child.name, "column": f'%"{column}"%', "key": f'%"{key}"%'}
    for pk, op, data in session.execute(_left(log.tables), asked):
        was = json.loads(data).get(child.owner)
        if (was if op == "D" else was and was[0]) == str(key):
            yield pk


@cache
def _left(tables: LogTables) -> sa.Select[Any]:
    """Changes of `tbl` that deleted or changed something and tell of a `column` and a `key`."""
    change = tables.change
    return sa.select(change.c.pk, change.c.op, change.c.data).where(
        change.c.tbl == sa.bindparam("tbl"),
        change.c.op.in_(["D", "U"]),
        change.c.data.like(sa.bindparam("column"), escape="/"),
        change.c.data.like(sa.bindparam("key"), escape="/"),
    )
