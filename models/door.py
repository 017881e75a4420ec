"""Letting somebody in at the door of a session part: by code or by name, into mark and check-in.

A code is used up by the mark that it made. What is refused is an answer with its sentence, never
half an entry. The caller commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa
from babel.dates import get_timezone
from sqlalchemy.orm import Session, joinedload

from panel.access.rules import Actor
from panel.words import Sentence, say

from .attendance import Attendance, Participation
from .check_ins import CheckIn
from .clock import ZONE
from .door_codes import Bearer, Given, Window, code_of, is_same, read, window
from .marking import Said, marks_of, record, seen_of
from .queries import in_scope
from .training import AgendaItem, TrainingSession

#: Codes of other parts are looked through so many days around, and so many parts at most.
NEAR, MOST_PARTS = timedelta(days=31), 30

Kind = Literal["in", "already", "elsewhere", "time", "forged", "unknown", "wrong", "represented"]

WRONG = say(
    "This is not a code, or one of its letters is wrong. A code has ten letters and digits; "
    "compare it with the paper."
)
FORGED = say(
    "This code was not issued for this list: it is forged, or the person on the list has changed "
    "since it was printed. Find the person by name."
)
UNKNOWN = say(
    "Nobody on this list has this code. Find the person by name; who is not on the list is added "
    "as somebody who came uninvited."
)


@dataclass(frozen=True)
class Person:
    """One of a couple on the list."""

    one: Participation
    party: str

    @property
    def name(self) -> str:
        """The name of who stands at the door."""
        spouse = self.one.spouse if self.party == "spouse" else None
        return (spouse or self.one.official).full_name


@dataclass(frozen=True)
class Answer:
    """What the door says: who it is where that is known, and the sentence of a refusal."""

    kind: Kind
    person: Person | None = None
    sentence: Sentence | None = None
    at: datetime | None = None
    #: The check-in by which the person is in already; none where the mark came about otherwise.
    before: CheckIn | None = None
    #: What was recorded of the person until now, such as "excused".
    instead_of: str | None = None


def open_hours(part: AgendaItem) -> Window | None:
    """From when until when people are let in; None where the day is not known."""
    held = part.session
    day = held.held_on if held.date_precision == "day" else None
    return window(day, part.starts_at, part.ends_at, get_timezone(ZONE))


def bearer(part: AgendaItem, one: Participation, party: str) -> Bearer:
    """For whom a code of this part is."""
    person = one.spouse_id if party == "spouse" else one.official_id
    return Bearer(part.id, one.id, party, person or 0)


def people(session: Session, actor: Actor, held_id: int) -> list[Person]:
    """Everybody in scope on a session's list, spouses after their officials."""
    rows = sa.select(Participation).where(Participation.training_session_id == held_id)
    rows = in_scope(rows, Participation, actor).order_by(Participation.id)
    couples = session.scalars(
        rows.options(joinedload(Participation.official), joinedload(Participation.spouse))
    )
    return list(persons_of(couples))


def persons_of(couples: Iterable[Participation]) -> Iterator[Person]:
    """One by one who may come of these couples: each official, and the spouse who is named."""
    for one in couples:
        yield Person(one, "official")
        if one.spouse_id is not None:
            yield Person(one, "spouse")


def bearer_of(
    session: Session, actor: Actor, key: bytes, part: AgendaItem, text: str
) -> tuple[Person | None, Answer]:
    """Who has a code: the person, or nobody and the answer why."""
    given = read(text)
    if given is None:
        return None, Answer("wrong", sentence=WRONG)
    listed = people(session, actor, part.training_session_id)
    found = _among(key, part, listed, given)
    if found is not None:
        return found, Answer("in", found)
    other = _other_part(session, actor, key, part, given)
    if other is not None:
        sentence = say(
            "This code is for another session part: %(part)s, %(session)s.",
            part=other.title,
            session=other.session.name,
        )
        return None, Answer("elsewhere", sentence=sentence)
    if given.part is not None:
        return None, Answer("forged", sentence=FORGED)
    return None, Answer("unknown", sentence=UNKNOWN)


def _among(key: bytes, part: AgendaItem, listed: list[Person], given: Given) -> Person | None:
    """Whose code it is; a QR code has to name the same person."""
    for who in listed:
        if is_same(code_of(key, bearer(part, who.one, who.party)), given.code):
            named = (given.part, given.participation, given.party)
            return who if named in ((None,) * 3, (part.id, who.one.id, who.party)) else None
    return None


def _other_part(
    session: Session, actor: Actor, key: bytes, part: AgendaItem, given: Given
) -> AgendaItem | None:
    """The part in scope that a code is for: the one that it names, or one of days near by."""
    rows = sa.select(AgendaItem).join(AgendaItem.session)
    rows = rows.where(AgendaItem.takes_attendance, AgendaItem.id != part.id)
    if given.part is not None:
        rows = rows.where(AgendaItem.id == given.part)
    elif (day := part.session.held_on) is not None:
        rows = rows.where(TrainingSession.held_on.between(day - NEAR, day + NEAR))
    rows = rows.order_by(AgendaItem.id.desc()).limit(MOST_PARTS)
    listed: dict[int, list[Person]] = {}
    for other in session.scalars(in_scope(rows, AgendaItem, actor)):
        held = other.training_session_id
        if held not in listed:
            listed[held] = people(session, actor, held)
        if _among(key, other, listed[held], given) is not None:
            return other
    return None


@dataclass(frozen=True)
class Door:
    """Where people come in: who stands there, at which table, by which clock."""

    station: str
    account_id: int
    now: datetime


def let_in(session: Session, part: AgendaItem, who: Person, way: str, door: Door) -> Answer:
    """Record somebody as present, with how; `Refused` "locked" on a signed sheet."""
    hours = open_hours(part)
    if hours is None:
        sentence = say("The day of this session is not known yet, so nobody is let in.")
        return Answer("time", who, sentence)
    if not hours[0] <= door.now <= hours[1]:
        sentence = say(
            "This session part is open at the door from three hours before it begins until six "
            "hours after it ends."
        )
        return Answer("time", who, sentence)
    marks = marks_of(session, part, [who.one.id])
    mark = marks.get((who.one.id, who.party))
    if mark is not None and mark.status == "present":
        return already(session, part, who)
    if mark is not None and mark.status == "represented":
        sentence = say(
            "On the sheet somebody else is recorded as coming in this person's place. Change that "
            "in the attendance grid first."
        )
        return Answer("represented", who, sentence)
    instead_of = mark.status if mark is not None else None
    said = Said("present", None, seen_of(mark))
    record(session, part, who.one, who.party, said, marks)
    session.add(
        CheckIn(
            region_id=part.region_id,
            training_session_id=part.training_session_id,
            agenda_item=part,
            participation=who.one,
            party=who.party,
            at=door.now,
            way=way,
            station=door.station,
            account_id=door.account_id,
        )
    )
    return Answer("in", who, at=door.now, instead_of=instead_of)


def already(session: Session, part: AgendaItem, who: Person) -> Answer:
    """That somebody is in already: when, and by which way."""
    rows = sa.select(CheckIn).where(
        CheckIn.agenda_item_id == part.id,
        CheckIn.participation_id == who.one.id,
        CheckIn.party == who.party,
    )
    before = session.scalar(rows.order_by(CheckIn.id.desc()).limit(1))
    return Answer("already", who, at=before.at if before else None, before=before)


def present_of(session: Session, part: AgendaItem) -> set[tuple[int, str]]:
    """Who is recorded as present at a part, by participation and party."""
    rows = sa.select(Attendance.participation_id, Attendance.party).where(
        Attendance.agenda_item_id == part.id, Attendance.status == "present"
    )
    return {(key, party) for key, party in session.execute(rows)}
