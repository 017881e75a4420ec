"""How far the programme has come, tier by tier: posts, filled, attended, attended as a couple.

Posts are counted, not people: a vacant post stays in the denominator. A post has attended when
somebody attended under an appointment to it, whoever holds it now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from panel.access.rules import Actor

from .attendance import Attendance, Participation
from .government import Position, Tier
from .people import Appointment
from .queries import in_scope
from .relations import held_on


@dataclass(frozen=True)
class TierCoverage:
    """The count of one tier's posts."""

    tier: Tier
    posts: int
    filled: int
    attended: int
    as_couple: int
    #: Posts for whose holder's spouse anything was recorded; none means: not known.
    spouses_known: int

    @property
    def percent(self) -> int:
        """Attended posts of all posts, 0 to 100."""
        return round(100 * self.attended / self.posts) if self.posts else 0


def coverage(session: Session, actor: Actor, day: date) -> list[TierCoverage]:
    """One line per tier that has posts in the actor's scope, from the top down."""
    filled = sa.exists().where(Appointment.position_id == Position.id, held_on(day))
    official, spouse = _recorded("official", "present"), _recorded("spouse", "present")
    known = _recorded("spouse")
    posts = in_scope(
        sa.select(
            Position.tier_id.label("tier_id"),
            sa.case((filled, 1), else_=0).label("filled"),
            sa.case((official, 1), else_=0).label("attended"),
            sa.case((sa.and_(official, spouse), 1), else_=0).label("as_couple"),
            sa.case((known, 1), else_=0).label("known"),
        ).where(
            sa.or_(Position.valid_to.is_(None), Position.valid_to >= day),
        ),
        Position,
        actor,
    ).subquery()
    rows = session.execute(
        sa.select(
            Tier,
            sa.func.count(),
            sa.func.sum(posts.c.filled),
            sa.func.sum(posts.c.attended),
            sa.func.sum(posts.c.as_couple),
            sa.func.sum(posts.c.known),
        )
        .join(posts, posts.c.tier_id == Tier.id)
        .group_by(Tier.id)
        .order_by(Tier.rank)
    )
    return [TierCoverage(*row) for row in rows]


def _recorded(party: str, *statuses: str) -> Any:
    """Whether this party is recorded, so if given, under any appointment to the post."""
    appointment, participation = aliased(Appointment), aliased(Participation)
    attendance = aliased(Attendance)
    return (
        sa.exists()
        .where(
            appointment.position_id == Position.id,
            participation.appointment_id == appointment.id,
            attendance.participation_id == participation.id,
            attendance.party == party,
            *((attendance.status.in_(statuses),) if statuses else ()),
        )
        .correlate(Position)
    )
