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

from .chain import ERASE
from .deeds import NoDeed, current
from .history import Record, among
from .layout import LogTables
from .rules import commitment

#: Records asked for, and rows written, at a time.
SLICE = 500


@dataclass(frozen=True)
class Erased:
    """What an erasure emptied: numbers of changes, and of deeds."""

    changes: tuple[int, ...]
    deeds: tuple[int, ...]


def erase(session: Session, tables: LogTables, records: Iterable[Record]) -> Erased:
    """Take the personal values of `records` (table, key) out of the log, in the open deed.

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
    asked = list(dict.fromkeys(records))
    flag(connection, tables, "erasing", True)
    changes = _emptied(connection, change, change.c.id, _parts(asked, change.c.tbl, change.c.pk))
    earlier = deed.c.action != ERASE  # who erased, and by which letter, stays
    about = _parts(asked, deed.c.subject_table, deed.c.subject_pk)
    deeds = _emptied(connection, deed, deed.c.seq, (sa.and_(earlier, one) for one in about))
    flag(connection, tables, "erasing", False)
    act.action, act.always = ERASE, True
    act.details = {**act.details, "changes": list(changes), "deeds": list(deeds)}
    return Erased(changes, deeds)


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
