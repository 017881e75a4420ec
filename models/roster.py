"""Rules of the roster: a post has one definitive holder at a time, and gives its unit."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from panel.words import Sentence, say

from .people import Appointment


def complete(appointment: Appointment) -> None:
    """Take unit and region of an appointment from its post."""
    if appointment.position is not None:
        appointment.unit_id = appointment.position.unit_id
        appointment.region_id = appointment.position.region_id


def other_holder(session: Session, appointment: Appointment) -> Sentence | None:
    """Who holds the post definitively in the same time, as an objection; or None."""
    if appointment.status != "definitive" or appointment.position is None:
        return None
    with session.no_autoflush:
        others = session.scalars(
            sa.select(Appointment)
            .where(
                Appointment.position_id == appointment.position.id,
                Appointment.status == "definitive",
            )
            .options(joinedload(Appointment.official))
        ).all()
    for other in others:
        if other is not appointment and overlap(other, appointment):
            return say(
                "%(name)s holds %(post)s definitively in this time. End that appointment first, "
                "or record an acting one.",
                post=appointment.position.name,
                name=other.official.display_name,
            )
    return None


def overlap(one: Appointment, other: Appointment) -> bool:
    """Whether two appointments share a day; an unknown end or beginning is open."""
    return not _ends_before(one, other) and not _ends_before(other, one)


def _ends_before(one: Appointment, other: Appointment) -> bool:
    return (
        one.ended_on is not None
        and other.started_on is not None
        and one.ended_on < other.started_on
    )
