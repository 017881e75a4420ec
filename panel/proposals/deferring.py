"""Rows that belong together, repointed together: their keys are asked when all of them stand.

An appointment and the participations under it both name the official; whichever is written first
would point past the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..words import Refused, say
from .rules import Item
from .texts import Entity

PARTED = say("Nothing was applied: rows that belong together would point at different records.")


def needed(entity: Entity, items: Iterable[Item]) -> bool:
    """Whether a change touches a column that keys of other tables name beside the row itself."""
    asked = {
        (item.table, column) for item in items if item.op == "update" for column in item.values
    }
    return any(column in shared(entity(table).__table__) for table, column in asked)


def shared(table: sa.Table) -> set[str]:
    """The columns, beside key and region, that keys of other tables name."""
    own = {column.name for column in table.primary_key} | {"region_id"}
    return {
        element.column.name
        for other in table.metadata.tables.values()
        for constraint in other.foreign_key_constraints
        if constraint.referred_table is table
        for element in constraint.elements
    } - own


@contextmanager
def deferred(session: Session, tables: Sequence[str]) -> Iterator[None]:
    """Keys that can wait are asked at the end of the block, for rows of `tables`."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        session.execute(sa.text("SET CONSTRAINTS ALL DEFERRED"))
        yield
        try:
            session.execute(sa.text("SET CONSTRAINTS ALL IMMEDIATE"))
        except IntegrityError as error:
            raise Refused("guard", PARTED) from error
        return
    session.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
    yield
    for table in tables:
        if session.execute(sa.text(f'PRAGMA foreign_key_check("{table}")')).first():
            raise Refused("guard", PARTED)
    session.execute(sa.text("PRAGMA defer_foreign_keys = OFF"))
