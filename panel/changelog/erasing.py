"""Lawful erasure: a person's values and their salts go from the log, and the chain still verifies.

What a digest covers of personal values is their salted commitment, which stays. The deed of the
erasure names every row that it emptied; a row that is empty without it is a finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from .bearers import ended, passed_on, subject_ended, subject_passed_on
from .chain import ERASE
from .deeds import NoDeed, current
from .entries import Record, among
from .layout import LogTables
from .rules import commitment

#: Records asked for, and rows written, at a time.
SLICE = 500


@dataclass(frozen=True)
class Erased:
    """What an erasure emptied: numbers of changes, and of deeds."""

    changes: tuple[int, ...]
    deeds: tuple[int, ...]


def erase(
    session: Session, tables: LogTables, records: Iterable[Record], gone: Iterable[Record] = ()
) -> Erased:
    """Take the personal values of `records` (table, key) out of the log, in the open deed.

    `gone` are records that were deleted: what came before that goes, and nothing of who has one of
    their numbers now; nor does anything go of who had the number of one of `records` before.
    First bring the tables themselves to where they hold nothing of the person any more: what that
    leaves in the log is erased with the rest. The deed becomes one of erasure and names the rows.
    The caller commits; raises `NoDeed` without an open deed.
    """
    act = current()
    if act is None:
        raise NoDeed("an erasure is a deed: without an actor nothing is erased")
    session.flush()
    connection = session.connection()
    change, deed = tables.change, tables.deed
    asked, lost = list(dict.fromkeys(records)), list(dict.fromkeys(gone))
    flag(connection, tables, "erasing", True)
    own, about = changes_of(tables, asked, lost), deeds_of(tables, asked, lost)
    changes = _emptied(connection, change, change.c.id, own)
    deeds = _emptied(connection, deed, deed.c.seq, about)
    flag(connection, tables, "erasing", False)
    act.action, act.always = ERASE, True
    act.details = {**act.details, "changes": list(changes), "deeds": list(deeds)}
    return Erased(changes, deeds)


def changes_of(
    tables: LogTables, asked: Sequence[Record], gone: Sequence[Record]
) -> list[sa.ColumnElement[bool]]:
    """Which changes are of these records and of those that are gone; any of the conditions."""
    key = tables.change.c.tbl, tables.change.c.pk
    own = [sa.and_(one, ~passed_on(tables)) for one in _parts(asked, *key)]
    return [*own, *(sa.and_(one, ended(tables)) for one in _parts(gone, *key))]


def deeds_of(
    tables: LogTables, asked: Sequence[Record], gone: Sequence[Record]
) -> list[sa.ColumnElement[bool]]:
    """The same of the deeds about them; who erased, and by which letter, is not among those."""
    key = tables.deed.c.subject_table, tables.deed.c.subject_pk
    other = tables.deed.c.action != ERASE
    own = [sa.and_(other, one, ~subject_passed_on(tables)) for one in _parts(asked, *key)]
    return [*own, *(sa.and_(other, one, subject_ended(tables)) for one in _parts(gone, *key))]


def _parts(
    asked: Sequence[Record], table: sa.ColumnElement[Any], pk: sa.ColumnElement[Any]
) -> Iterator[sa.ColumnElement[bool]]:
    rest = iter(asked)
    while some := list(islice(rest, SLICE)):
        yield among(table, pk, some)


def _emptied(
    connection: Connection,
    table: sa.Table,
    key: sa.Column[Any],
    conditions: Iterable[sa.ColumnElement[bool]],
) -> tuple[int, ...]:
    """Empty the rows of one table of the log; their numbers in order."""
    found: list[int] = []
    update = (
        table.update()
        .where(key == sa.bindparam("number"))
        .values(personal=None, salt=None, erased=sa.bindparam("left"))
    )
    for condition in conditions:
        query = sa.select(key, table.c.personal, table.c.salt).where(
            condition, table.c.personal.is_not(None), table.c.erased.is_(None)
        )
        rows = [
            {"number": number, "left": commitment(personal, salt, None).hex()}
            for number, personal, salt in connection.execute(query)
        ]
        if rows:
            connection.execute(update, rows)
        found += [row["number"] for row in rows]
    return tuple(sorted(found))


def flag(connection: Connection, tables: LogTables, name: str, on: bool) -> None:
    """Tell the triggers that this transaction erases or archives (`name`), or does no longer."""
    if connection.dialect.name == "sqlite":
        connection.execute(tables.context.update().values({name: on}))
    else:
        setting = sa.func.set_config(f"jenjang.{name}", "on" if on else "", True)
        connection.execute(sa.select(setting))
