"""Who was expected at a session, beside who came: one line per post of its tiers on its day.

What nobody recorded is not known, and not a nought. Rotation after the day changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from panel.access.rules import Actor

from .attendance import Participation
from .government import Position, Tier, Unit
from .make_ups import attended, missed_by
from .people import Appointment, Spouse
from .queries import in_scope
from .seats import PRECEDENCE, Seat, seats
from .training import TrainingSession

Missing = Literal["", "day", "tiers"]


@dataclass(frozen=True)
class Place:
    """A post on the list with one who held it on the day; a vacant post has nobody."""

    position: Position
    holding: Appointment | None = None
    #: Spouses on the day.
    spouses: tuple[Spouse, ...] = ()
    #: The post under which the same person stands in the list already.
    listed_under: Position | None = None
    participation: Participation | None = None


@dataclass(frozen=True)
class Counts:
    """Numbers of a session; None is what is not known."""

    posts: int | None = None
    filled: int | None = None
    people: int | None = None
    invited: int | None = None
    attended: int | None = None
    couples: int | None = None
    alone: int | None = None

    @property
    def vacant(self) -> int | None:
        """Posts that nobody held on the day."""
        return None if self.posts is None or self.filled is None else self.posts - self.filled

    @property
    def unsaid(self) -> int:
        """Officials who came, and of whose spouse nothing is recorded."""
        return (self.attended or 0) - (self.couples or 0) - (self.alone or 0)


@dataclass(frozen=True)
class Expected:
    """The list of a session; `missing` says what it would need where there is none."""

    day: date | None
    missing: Missing
    places: tuple[Place, ...]
    #: Participants without a post of these tiers on the day; all of them where there is no list.
    others: tuple[Participation, ...]
    counts: Counts

    @property
    def groups(self) -> list[tuple[Tier, Unit | None, list[Place]]]:
        """The places by tier and, of villages, by the unit above, in their order."""
        found: dict[tuple[int, int], tuple[Tier, Unit | None, list[Place]]] = {}
        for place in self.places:
            tier, above = place.position.tier, above_village(place.position.unit)
            key = tier.id, above.id if above else 0
            found.setdefault(key, (tier, above, []))[2].append(place)
        return list(found.values())


def above_village(unit: Unit) -> Unit | None:
    """The unit above a village; None for other kinds of unit."""
    return unit.parent if unit.kind in ("urban_village", "village") else None


def expected(session: Session, actor: Actor, held: TrainingSession) -> Expected:
    """The list of `held` in the actor's scope; the first day stands for a partial date."""
    came = participations(session, actor, held)
    tiers = [one.tier for one in held.tiers]
    if held.held_on is None or not tiers:
        missing: Missing = "tiers" if held.held_on is not None else "day"
        return Expected(held.held_on, missing, (), tuple(came), counts_of(None, came))
    places = places_on(seats(session, actor, held.held_on, tiers=tiers), held.held_on, came)
    missed = missed_by(session, held)
    if missed is not None:
        places = still_missing(places, attended(session, missed))
    listed = {place.holding.official_id for place in places if place.holding}
    others = tuple(one for one in came if one.official_id not in listed)
    return Expected(held.held_on, "", tuple(places), others, counts_of(places, came))


def still_missing(places: list[Place], there: frozenset[int]) -> list[Place]:
    """The places of a make-up session: whoever holds the posts and was not there before."""
    held = [(place, place.holding) for place in places]
    return [place for place, holding in held if holding and holding.official_id not in there]


def participations(session: Session, actor: Actor, held: TrainingSession) -> list[Participation]:
    """Who is recorded as taking part, by name, with posts, spouses and attendance."""
    statement = in_scope(
        sa.select(Participation).where(Participation.training_session_id == held.id),
        Participation,
        actor,
    ).options(
        joinedload(Participation.official),
        joinedload(Participation.appointment).joinedload(Appointment.position),
        joinedload(Participation.unit).joinedload(Unit.parent),
        joinedload(Participation.spouse),
        selectinload(Participation.attendance),
    )
    return sorted(session.scalars(statement), key=lambda one: (one.official.full_name, one.id))


def places_on(posts: Iterable[Seat], day: date, came: Iterable[Participation] = ()) -> list[Place]:
    """One place per seat and holder; who holds two posts takes part under one of them."""
    posts = list(posts)
    own: dict[int, Appointment] = {}
    for holding in (one for seat in posts for one in seat.holders):
        best = own.setdefault(holding.official_id, holding)
        if PRECEDENCE[holding.status] < PRECEDENCE[best.status]:
            own[holding.official_id] = holding
    recorded = {one.official_id: one for one in came}
    places = []
    for seat in posts:
        for holding in seat.holders:
            under = own[holding.official_id]
            if under is not holding:
                places.append(Place(seat.position, holding, (), under.position))
                continue
            spouses = tuple(one for one in holding.official.spouses if married_on(one, day))
            found = recorded.get(holding.official_id)
            places.append(Place(seat.position, holding, spouses, None, found))
        if seat.vacant:
            places.append(Place(seat.position))
    return places


def married_on(spouse: Spouse, day: date) -> bool:
    """Whether the marriage lasted on `day`; an unknown beginning counts as long ago."""
    begun = spouse.married_on is None or spouse.married_on <= day
    return begun and (spouse.ended_on is None or spouse.ended_on >= day)


def counts_of(places: list[Place] | None, came: list[Participation]) -> Counts:
    """The numbers of a list (None: there is no list), and of who is recorded as taking part."""
    held = [place.holding for place in places or () if place.holding]
    told = [(statuses(one, "official"), statuses(one, "spouse"), one) for one in came]
    here = [(spouse, one) for official, spouse, one in told if "present" in official]
    about_officials = any(official for official, _, _ in told)
    about_spouses = any(spouse for _, spouse, _ in told)
    alone = sum(
        "present" not in spouse and (bool(spouse) or one.spouse_id is None) for spouse, one in here
    )
    return Counts(
        posts=None if places is None else len({place.position.id for place in places}),
        filled=None if places is None else len({one.position_id for one in held}),
        people=None if places is None else len({one.official_id for one in held}),
        invited=len(came) or None,
        attended=len(here) if about_officials else None,
        couples=sum("present" in spouse for spouse, _ in here) if about_spouses else None,
        alone=alone if about_spouses else None,
    )


def statuses(participation: Participation, party: str) -> set[str]:
    """What is recorded of one party over all parts of the session."""
    return {one.status for one in participation.attendance if one.party == party}
