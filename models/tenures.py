"""Who held a post from when to when, with the times in which nobody did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from panel.access.rules import Actor

from .government import Position
from .people import Appointment, Official
from .queries import in_scope

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Tenure:
    """A time in which one official held the post, or, without an appointment, nobody."""

    #: First and last day; None where it is not known, or not over.
    first: date | None
    last: date | None
    appointment: Appointment | None = None


def tenures(
    appointments: Iterable[Appointment], day: date, opened: date | None, closed: date | None = None
) -> list[Tenure]:
    """The tenures of a post that existed from `opened` to `closed`, the latest first.

    A gap is told only between days that are known: an unknown beginning may have followed at once.
    """
    in_order = sorted(appointments, key=lambda one: (one.started_on or date.min, one.id))
    found: list[Tenure] = []
    #: The first day for which nobody is known so far.
    free: date | None = opened
    for one in in_order:
        if free is not None and one.started_on is not None and one.started_on > free:
            found.append(Tenure(free, one.started_on - DAY))
        found.append(Tenure(one.started_on, one.ended_on, one))
        if one.ended_on is None:
            free = date.max
        elif free is None or one.ended_on >= free:
            free = one.ended_on + DAY
    ends = closed or day
    if not in_order or (free is not None and free <= ends):
        found.append(Tenure(free, closed if closed is not None and closed < day else None))
    return found[::-1]


def held_by(
    session: Session, actor: Actor, position: Position
) -> list[tuple[Appointment, Official | None]]:
    """The appointments to a post in scope, each with its official where he is in scope as well."""
    seen = in_scope(sa.select(Official.id), Official, actor)
    rows = session.execute(
        in_scope(
            sa.select(Appointment, Official.id.in_(seen))
            .join(Appointment.official)
            .where(Appointment.position_id == position.id),
            Appointment,
            actor,
        ).options(joinedload(Appointment.official))
    )
    return [(one, one.official if known else None) for one, known in rows]
