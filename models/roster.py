"""Rules of the roster: a post has one definitive holder at a time, and gives unit and time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from panel.words import Refused, Sentence, say

from .clock import today
from .people import Appointment

if TYPE_CHECKING:
    from .government import Position


def complete(appointment: Appointment) -> None:
    """Take unit and region of an appointment from its post."""
    if appointment.position is not None:
        appointment.unit_id = appointment.position.unit_id
        appointment.region_id = appointment.position.region_id


def settle(session: Session, appointment: Appointment, inside: str | None = None) -> None:
    """Complete an appointment from its post, and refuse what cannot be.

    A refusal stands at the field that is wrong, or at `inside`, where the appointment is one of
    several on the form of its official.
    """
    complete(appointment)
    wrong = outside_of_post(appointment, today())
    if wrong is not None:
        raise Refused("field", wrong.sentence, inside or wrong.field)
    objection = other_holder(session, appointment)
    if objection is not None:
        raise Refused("field", objection, inside or "position")


def other_holder(session: Session, appointment: Appointment) -> Sentence | None:
    """Who holds the post definitively in the same time, as an objection; or None.

    What is about to be written with it counts as well: a second holder in the form, an end.
    """
    if appointment.status != "definitive" or appointment.position is None:
        return None
    with session.no_autoflush:
        for other in _of_post(session, appointment.position):
            if other is appointment or other.status != "definitive" or other in session.deleted:
                continue
            if other.position is appointment.position and overlap(other, appointment):
                return say(
                    "%(name)s holds %(post)s definitively in this time. End that appointment "
                    "first, or record an acting one.",
                    post=appointment.position.name,
                    name=other.official.display_name if other.official else "",
                )
    return None


def _of_post(session: Session, position: Position) -> Iterable[Appointment]:
    """All appointments to a post, stored and at hand; who writes many has loaded them before."""
    if "appointments" not in sa.inspect(position).unloaded:
        return position.appointments
    stored = session.scalars(
        sa.select(Appointment)
        .where(Appointment.position_id == position.id)
        .options(joinedload(Appointment.official))
    ).all()
    at_hand = [one for one in (*session.new, *session.dirty) if isinstance(one, Appointment)]
    return dict.fromkeys((*stored, *at_hand))


class Outside(NamedTuple):
    """An appointment outside of the time of its post: the wrong field, the bound, and why."""

    field: str
    bound: str
    sentence: Sentence


def outside_of_post(appointment: Appointment, day: date) -> Outside | None:
    """Where an appointment lies outside of the time in which its post exists, or None.

    `day` is today: who still holds a post on a day after its end holds it too long.
    """
    post, first, last = appointment.position, appointment.started_on, appointment.ended_on
    if post is not None and post.valid_from is not None:
        begins = say("This post exists since %(day)s, not before.", day=post.valid_from)
        if first is not None and first < post.valid_from:
            return Outside("started_on", "valid_from", begins)
        if last is not None and last < post.valid_from:
            return Outside("ended_on", "valid_from", begins)
    if post is not None and post.valid_to is not None:
        ends = say("This post exists until %(day)s, not after.", day=post.valid_to)
        if first is not None and first > post.valid_to:
            return Outside("started_on", "valid_to", ends)
        if (last or day) > post.valid_to:
            return Outside("ended_on", "valid_to", ends)
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
