"""Substitutes by letter: what one may do in another's place, and which letters are taken.

Pure. Nobody stands in for himself, nobody watches and does the work at once, and nothing that was
lent is lent again: neither by a chain of letters nor by what an actor is given from them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ..words import Refused, Sentence, say
from .rules import Actor, StandIn, toxic

#: Days that a letter may be entered after it began.
LATEST = timedelta(days=7)
#: The longest time of one letter.
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Term:
    """One letter: who stands in for whom, from the first day to the last."""

    account: int
    absent: int
    first: date
    last: date
    #: Names as they are told.
    name: str = ""
    absent_name: str = ""

    def meets(self, other: Term) -> bool:
        """Whether both hold on some day."""
        return self.first <= other.last and other.first <= self.last


def lent_by(actor: Actor, absent: Actor, letter: str, until: date) -> StandIn | None:
    """What `absent` lends to `actor`: own roles, in those regions where the actor works himself.

    None where there is nothing to lend, or where both rights in one hand would be too many.
    """
    regions = {place.region_id for place in actor.places}
    places = tuple(place for place in absent.places if place.region_id in regions)
    if actor.id == absent.id or not places or toxic(actor.roles | absent.roles):
        return None
    return StandIn(replace(absent, places=places, stands_in=()), letter, until)


def refuse_pair(actor: Actor, substitute: Actor, absent: Actor) -> None:
    """Refuse two people of whom one cannot stand in for the other; `actor` signs for it."""
    same = substitute.official_id is not None and substitute.official_id == absent.official_id
    if substitute.id == absent.id or same:
        raise Refused("field", say("Nobody stands in for himself."), "account")
    own = actor.official_id is not None and actor.official_id in (
        substitute.official_id,
        absent.official_id,
    )
    if own or actor.id in (substitute.id, absent.id):
        raise Refused("duty", say("Another administrator enters a letter that is about you."))
    if not absent.roles:
        raise Refused("field", say("This account has no role that one could stand in for."))
    if sentence := toxic(substitute.roles | absent.roles):
        raise Refused("field", sentence, "account")
    regions = {place.region_id for place in substitute.places}
    if not regions & {place.region_id for place in absent.places}:
        raise Refused("field", say("They work in different regions."), "account")


def refuse_days(term: Term, today: date) -> None:
    """Refuse a letter whose days make no sense, or that comes too late."""
    if term.last < term.first:
        raise Refused("field", say("The end lies before the beginning."), "valid_to")
    if term.first < today - LATEST:
        sentence = say("Enter a letter within %(days)s days after it began.", days=LATEST.days)
        raise Refused("field", sentence, "valid_from")
    if term.last < today:
        raise Refused("field", say("This letter is over already."), "valid_to")
    if term.last - term.first >= LONGEST:
        raise Refused("field", say("A letter holds for a year at most."), "valid_to")


def refuse_meeting(term: Term, others: Iterable[Term]) -> None:
    """Refuse a letter beside others: two substitutes for one person at once, or a chain."""
    for other in others:
        if term.meets(other) and (sentence := _between(term, other)):
            raise Refused("field", sentence, "account")


def _between(term: Term, other: Term) -> Sentence | None:
    days = {"first": other.first, "last": other.last}
    if other.absent == term.absent:
        return say(
            "%(name)s stands in already, from %(first)s to %(last)s. End that letter first.",
            name=other.name,
            **days,
        )
    if other.absent == term.account:
        return say(
            "%(name)s is away from %(first)s to %(last)s, and what is lent is not handed on.",
            name=other.absent_name,
            **days,
        )
    if other.account == term.absent:
        return say(
            "%(name)s stands in for %(other)s from %(first)s to %(last)s, and what is lent is not "
            "handed on. End that letter first.",
            name=other.name,
            other=other.absent_name,
            **days,
        )
    return None


def refuse_change(old: Term, new: Term, changed: Collection[str], today: date) -> None:
    """Refuse a change of a letter that has begun: it is ended earlier, and nothing else.

    Who was in whose place on a past day stays as it was.
    """
    if old.first > today:
        return
    if old.last < today:
        raise Refused("state", say("This letter is over and stays as it is."))
    if set(changed) - {"valid_to"}:
        raise Refused("state", say("This letter has begun: only an earlier end can be entered."))
    if new.last > old.last:
        raise Refused("field", say("For a longer time enter a new letter."), "valid_to")
    earliest = max(today - timedelta(days=1), old.first)
    if new.last < earliest:
        sentence = say("The earliest end is %(day)s.", day=earliest)
        raise Refused("field", sentence, "valid_to")
