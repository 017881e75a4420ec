"""Since when records wait that begin with waiting: since they were made, by the change log.

What begins as a draft waits for no one else, and its time counts from its first decision.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..changelog.layout import LogTables
from .definition import Process


@dataclass(frozen=True)
class Began:
    """The making of a record, as its first decision: in which state it waits, and since when."""

    becomes: str
    at: datetime
    step: str = ""


def begins_waiting(process: Process) -> bool:
    """Whether somebody else has the turn from the beginning."""
    return process.initial.category == "waiting"


def beginnings(
    tables: LogTables, session: Session, table: str, asked: Iterable[tuple[int, Process]]
) -> dict[int, Began]:
    """When those of these records of one table were made that begin with waiting, by number.

    One statement; none where no process begins so.
    """
    states = {number: one.initial.code for number, one in asked if begins_waiting(one)}
    if not states:
        return {}
    change, deed = tables.change, tables.deed
    rows = session.execute(
        sa.select(change.c.pk, sa.func.max(deed.c.at))
        .join_from(change, deed, deed.c.id == change.c.deed_id)
        .where(
            change.c.tbl == table,
            change.c.op == "I",
            change.c.pk.in_([str(number) for number in states]),
            change.c.id <= deed.c.last,
        )
        .group_by(change.c.pk)
    )
    return {int(pk): Began(states[int(pk)], at) for pk, at in rows}
