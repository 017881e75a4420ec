"""Rotation by hand: a post changes its holder, falls vacant, or two holders change posts.

`replacing`, `vacating` and `swapping` work out what would happen and write nothing; what they give
is shown before `carry_out` writes it, all or nothing. They refuse with a sentence at a field of
the form; nothing here commits. An appointment ends on the day before the new one begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from sqlalchemy.orm import Session

from panel.access.rules import Actor
from panel.words import Refused, say

from .government import Position
from .handover import continued
from .people import Appointment, Official
from .roster import settle
from .succession import (
    USUAL,
    Beginning,
    Choices,
    Ending,
    begun,
    begun_before,
    chosen,
    holds,
    in_reach,
    known,
    leaving,
    own_posts,
    stands,
)


@dataclass(frozen=True)
class Rotation:
    """What would happen on one day, for the page that asks and the act that writes."""

    on: date
    decree_no: str | None
    end_decree_no: str | None
    endings: tuple[Ending, ...]
    beginnings: tuple[Beginning, ...] = ()

    @property
    def last_day(self) -> date:
        """The last day of what ends."""
        return self.on - timedelta(days=1)

    @property
    def ended(self) -> list[Appointment]:
        """The appointments that end."""
        return [one.appointment for one in self.endings if one.chosen]

    def rests_on(self) -> str:
        """A fingerprint of the records, in their versions, that this was worked out from."""
        rows: set[str] = set()
        for ending in self.endings:
            for one in (ending.appointment, ending.appointment.official):
                rows.add(f"{one.__tablename__} {one.id} {one.version}")
        for beginning in self.beginnings:
            given = [handing.commitment for handing in beginning.handings]
            for one in (beginning.official, beginning.position, *given):
                rows.add(f"{one.__tablename__} {one.id} {one.version}")
        return sha256("\n".join(sorted(rows)).encode()).hexdigest()


def replacing(
    session: Session,
    actor: Actor,
    position: Position,
    successor: Official,
    on: date,
    *,
    status: str = "definitive",
    decree_no: str | None = None,
    end_decree_no: str | None = None,
    choices: Choices = USUAL,
) -> Rotation:
    """`successor` begins on `on`; who holds the post leaves it, and he leaves his own if chosen."""
    in_reach(on)
    stands(position, on)
    if successor.region_id != position.region_id:
        raise Refused("field", say("This official belongs to another region."), "successor")
    endings = leaving(session, position, successor, status, on)
    endings += own_posts(session, actor, position, successor, status, on)
    endings = chosen(endings, choices.ends)
    begun_before(endings, on)
    beginning = begun(session, actor, endings, position, successor, status, on, choices)
    known(choices, endings, [beginning])
    return Rotation(on, decree_no, end_decree_no, tuple(endings), (beginning,))


def vacating(appointment: Appointment, on: date, *, decree_no: str | None = None) -> Rotation:
    """The holder leaves; from `on` the post is vacant unless somebody acts in it."""
    in_reach(on)
    holds(appointment, on, "appointment")
    begun_before([Ending(appointment)], on)
    return Rotation(on, decree_no, None, (Ending(appointment),))


def swapping(
    session: Session,
    actor: Actor,
    first: Appointment,
    second: Appointment,
    on: date,
    *,
    decree_no: str | None = None,
    choices: Choices = USUAL,
) -> Rotation:
    """Two holders change posts on `on`; each takes over the kind of the appointment he gets."""
    in_reach(on)
    if first.official_id == second.official_id or first.position_id == second.position_id:
        raise Refused("field", say("Choose two officials in two posts."), "second")
    if first.region_id != second.region_id:
        raise Refused("field", say("This official belongs to another region."), "second")
    for one, named in ((first, "first"), (second, "second")):
        holds(one, on, named)
        stands(one.position, on)
    both = [Ending(first), Ending(second)]
    beginnings = []
    for leaver, comer in ((second, first), (first, second)):
        post, person, status = leaver.position, comer.official, leaver.status
        others = leaving(session, post, person, status, on)
        both += [one for one in others if one.appointment not in (first, second)]
    endings = chosen(both, choices.ends)
    begun_before(endings, on)
    for leaver, comer in ((second, first), (first, second)):
        post, person, status = leaver.position, comer.official, leaver.status
        beginnings.append(begun(session, actor, endings, post, person, status, on, choices))
    known(choices, endings, beginnings)
    return Rotation(on, decree_no, None, tuple(endings), tuple(beginnings))


def carry_out(session: Session, rotation: Rotation) -> list[Appointment]:
    """Write a rotation; the new appointments. Flushes, never commits; `Refused` undoes nothing."""
    for appointment in rotation.ended:
        appointment.ended_on = rotation.last_day
        appointment.end_decree_no = rotation.end_decree_no or rotation.decree_no
    session.flush()
    made = []
    for beginning in rotation.beginnings:
        new = Appointment(
            official=beginning.official,
            position=beginning.position,
            status=beginning.status,
            started_on=rotation.on,
            decree_no=rotation.decree_no,
        )
        settle(session, new, "on")
        session.add(new)
        session.flush()
        given = (handing.commitment for handing in beginning.handings if handing.chosen)
        session.add_all(continued(commitment, new) for commitment in given)
        made.append(new)
    session.flush()
    return made
