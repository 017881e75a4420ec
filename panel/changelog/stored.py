"""Rows and deeds of the log as they are stored: what digests and seals cover, to be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from .prepared import Prepared
from .rules import Link, Row

SLICE = 2000

_ROW = Row._fields
#: Names of the columns that make a `Link`.
LINK = tuple(Link.__dataclass_fields__)


def stored(table: sa.Table, names: tuple[str, ...]) -> list[sa.ColumnElement[Any]]:
    """Columns of `table` as they are stored, moments as text."""
    found: list[sa.ColumnElement[Any]] = []
    for name in names:
        column = table.c[name]
        found.append(sa.type_coerce(column, sa.Text).label(name) if name == "at" else column)
    return found


def row_columns(change: sa.Table) -> list[sa.ColumnElement[Any]]:
    """The columns that make a `Row`."""
    return stored(change, _ROW)


def link_columns(deed: sa.Table) -> list[sa.ColumnElement[Any]]:
    """The columns that make a `Link`."""
    return stored(deed, LINK)


def rows_of(connection: Connection, change: sa.Table, deed_id: int) -> Iterator[Row]:
    """Every row captured for a deed, in slices: one round trip for a small deed."""
    for found in _slices(connection, change, deed_id):
        yield from map(Row._make, found)


def _slices(connection: Connection, change: sa.Table, deed_id: int) -> Iterator[Sequence[Any]]:
    last, query = 0, _slice(change)
    while True:
        found = query.run(connection, deed=deed_id, after=last).all()
        yield found
        if len(found) < SLICE:
            return
        last = found[-1].id


@cache
def _slice(change: sa.Table) -> Prepared:
    return Prepared(
        sa.select(*row_columns(change))
        .where(
            change.c.deed_id == sa.bindparam("deed"),
            change.c.id > sa.bindparam("after"),
        )
        .order_by(change.c.id)
        .limit(sa.literal_column(str(SLICE)))
    )
