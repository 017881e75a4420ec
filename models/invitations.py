"""Who is to be on a session's list: taken over from the posts of its day, and what differs since.

A rotation after the invitation changes no list by itself: it is a difference that somebody accepts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.words import Refused, say

from .attendance import Attendance, Participation
from .expected import Expected, Place, married_on
from .marking import Said, record
from .people import Appointment, Official, Spouse
from .recording import refuse_other_people
from .seats import PRECEDENCE
from .training import AgendaItem, TrainingSession

#: Why nobody is taken off a list that is being filled in.
BEGUN = say(
    "Attendance is being recorded by the numbers of this list. Nobody is taken off it any more; "
    "record who did not come as absent, with the reason."
)


@dataclass(frozen=True)
class Moved:
    """Somebody on the list who takes part under another post than is written there."""

    one: Participation
    holding: Appointment


@dataclass(frozen=True)
class Wed:
    """Somebody on the list whose spouse on the day is not the one written there."""

    one: Participation
    spouse: Spouse | None


@dataclass(frozen=True)
class Difference:
    """How a list differs from the posts of the day; each part is accepted by itself."""

    came: tuple[Place, ...] = ()
    left: tuple[Participation, ...] = ()
    moved: tuple[Moved, ...] = ()
    wed: tuple[Wed, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The parts by name: "came-7" is the holder by appointment 7."""
        return (
            *(f"came-{one.holding.id}" for one in self.came if one.holding),
            *(f"left-{one.id}" for one in self.left),
            *(f"moved-{each.one.id}" for each in self.moved),
            *(f"wed-{each.one.id}" for each in self.wed),
        )

    @property
    def seen(self) -> str:
        """What tells this difference from one that came up later."""
        targets = (
            *(str(each.holding.id) for each in self.moved),
            *(str(each.spouse.id if each.spouse else 0) for each in self.wed),
        )
        return hashlib.sha256(" ".join((*self.keys, *targets)).encode()).hexdigest()


def difference(listed: Expected, tiers: Collection[int], with_spouses: bool) -> Difference:
    """How the list of `listed` differs from the posts of its day; pure.

    Who was invited without a post of these `tiers`, or came uninvited, stays on the list.
    """
    if listed.missing:
        return Difference()
    own = [place for place in listed.places if place.holding and not place.listed_under]
    there = [(place, place.participation) for place in own if place.participation]
    return Difference(
        came=tuple(place for place in own if place.participation is None),
        left=tuple(
            one
            for one in listed.others
            if one.appointment is not None and one.appointment.position.tier_id in tiers
        ),
        moved=tuple(
            Moved(one, place.holding)
            for place, one in there
            if place.holding is not None and one.appointment_id != place.holding.id
        ),
        wed=tuple(
            Wed(one, only(place.spouses))
            for place, one in there
            if with_spouses and is_otherwise(one.spouse_id, place.spouses)
        ),
    )


def is_otherwise(written: int | None, spouses: Collection[Spouse]) -> bool:
    """Whether a written spouse is none of the day's, or none is written and there is one."""
    if written is None:
        return len(spouses) == 1
    return written not in {one.id for one in spouses}


def only(spouses: Collection[Spouse]) -> Spouse | None:
    """The one spouse; who of several comes along is not for the panel to say."""
    return next(iter(spouses)) if len(spouses) == 1 else None


def accept(
    session: Session,
    held: TrainingSession,
    found: Difference,
    picked: Collection[str],
    invited_on: date | None = None,
) -> int:
    """Bring the picked parts of a difference into the list; how many there were.

    The caller commits. Raises `Refused` "state" where somebody would leave a list that is being
    filled in, "locked" where a signed sheet names the spouse.
    """
    count = 0
    left = [one for one in found.left if f"left-{one.id}" in picked]
    if left and is_begun(session, held):
        raise Refused("state", BEGUN)
    for one in left:
        session.delete(one)
        count += 1
    for place in found.came:
        assert place.holding is not None
        if f"came-{place.holding.id}" in picked:
            spouse = only(place.spouses) if held.includes_spouses == "yes" else None
            session.add(invited(held, place.holding, spouse, invited_on))
            count += 1
    for move in found.moved:
        if f"moved-{move.one.id}" in picked:
            move.one.appointment_id, move.one.unit_id = move.holding.id, move.holding.unit_id
            count += 1
    for match in found.wed:
        if f"wed-{match.one.id}" in picked:
            match.one.spouse = match.spouse
            refuse_other_people(match.one)
            count += 1
    return count


def invited(
    held: TrainingSession, holding: Appointment, spouse: Spouse | None, on: date | None
) -> Participation:
    """A place on the list for the holder of a post."""
    return Participation(
        region_id=held.region_id,
        training_session_id=held.id,
        official_id=holding.official_id,
        appointment_id=holding.id,
        unit_id=holding.unit_id,
        spouse_id=spouse.id if spouse else None,
        invited_on=on,
    )


def is_begun(session: Session, held: TrainingSession) -> bool:
    """Whether any attendance of the session is recorded."""
    marks = sa.exists().where(Attendance.training_session_id == held.id)
    return bool(session.scalar(sa.select(marks)))


@dataclass(frozen=True)
class Guest:
    """An official as of a day: the post that speaks for him, and the spouses."""

    official: Official
    holding: Appointment | None
    spouses: tuple[Spouse, ...]


def guest_on(official: Official, day: date) -> Guest:
    """An official with the post held on `day`, the definitive one first."""
    held = [one for one in official.appointments if one.holds_on(day)]
    first = min(held, key=lambda one: (PRECEDENCE[one.status], one.id), default=None)
    return Guest(official, first, tuple(one for one in official.spouses if married_on(one, day)))


def walk_in(
    session: Session, part: AgendaItem, guest: Guest, spouse: Spouse | None
) -> Participation:
    """Put somebody on the list who came uninvited, and record who of the couple was present."""
    one = Participation(
        region_id=part.region_id,
        training_session_id=part.training_session_id,
        official=guest.official,
        appointment=guest.holding,
        unit_id=guest.holding.unit_id if guest.holding else None,
        spouse=spouse,
    )
    session.add(one)
    session.flush()
    record(session, part, one, "official", Said("present"), {})
    if spouse is not None:
        record(session, part, one, "spouse", Said("present"), {})
    return one
