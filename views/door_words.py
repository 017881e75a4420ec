"""What the door says: its answers in words, who came last, and how many of how many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.orm import joinedload

from models.attendance import Attendance, Participation
from models.base import db
from models.check_ins import CheckIn
from models.door import Answer, Person, persons_of
from models.people import Official, Spouse
from models.training import AgendaItem
from panel.screens.forgiving import conditions_of, holds, words_of
from panel.screens.language import clock
from panel.screens.querying import scoped
from panel.words import Sentence, say

from .grid_rows import post_of
from .labels import ATTENDANCE

#: So many check-ins are shown, and so many people whom a name finds.
LATEST, FOUND = 8, 12
WAYS = {
    "scanned": say("scanned code"),
    "typed": say("typed code"),
    "name": say("by name"),
}
#: Headline, tone and icon of each answer.
HEADS = {
    "in": (say("Present"), "done", "check"),
    "already": (say("In already"), "stop", "alert"),
    "elsewhere": (say("Another session part"), "stop", "alert"),
    "time": (say("Not at this time"), "stop", "clock"),
    "forged": (say("Forged or outdated code"), "stop", "alert"),
    "unknown": (say("Unknown code"), "stop", "alert"),
    "wrong": (say("Not a code"), "wait", "alert"),
    "represented": (say("Represented by somebody else"), "stop", "alert"),
}


@dataclass(frozen=True)
class Told:
    """An answer as the page shows it."""

    kind: str
    head: Sentence
    tone: str
    icon: str
    name: str
    about: Any
    sentences: list[Sentence]
    walk_in: str | None


def answered(answer: Answer, part: AgendaItem) -> Told:
    """An answer in words."""
    head, tone, icon = HEADS[answer.kind]
    who = answer.person
    if answer.kind == "in" and answer.at is not None:
        head = say("Present %(time)s", time=clock(answer.at))
    sentences = [answer.sentence] if answer.sentence is not None else []
    if answer.kind == "already" and answer.sentence is None:
        sentences.append(when_before(answer))
    if answer.instead_of is not None:
        was = ATTENDANCE[answer.instead_of]
        sentences.append(say("Until now “%(status)s” was recorded.", status=was))
    unlisted = answer.kind in ("unknown", "forged")
    return Told(
        answer.kind,
        head,
        tone,
        icon,
        who.name if who is not None else "",
        about(who) if who is not None else "",
        sentences,
        url_for("grid.walk_in_view", part=part.id) if unlisted else None,
    )


def when_before(answer: Answer) -> Sentence:
    """When and by which way somebody came in, as far as that is known."""
    before = answer.before
    if before is None:
        return say("Recorded as present on the sheet, not at the door.")
    if before.page is not None:
        return say("Came in at %(time)s, recorded without network.", time=clock(before.at))
    return say(
        "Came in at %(time)s, %(way)s, %(station)s.",
        time=clock(before.at),
        way=WAYS[before.way],
        station=before.station,
    )


def about(who: Person) -> Any:
    """The post; of a spouse, whose."""
    if who.party == "spouse":
        return say("spouse of %(name)s", name=who.one.official.full_name)
    return post_of(who.one)


def latest(part: AgendaItem) -> list[tuple[CheckIn, Person]]:
    """Who came in last, newest first."""
    rows = scoped(CheckIn).where(CheckIn.agenda_item_id == part.id)
    couple = joinedload(CheckIn.participation)
    rows = rows.options(
        couple.joinedload(Participation.official), couple.joinedload(Participation.spouse)
    )
    found = db.session.scalars(rows.order_by(CheckIn.id.desc()).limit(LATEST))
    return [(one, Person(one.participation, one.party)) for one in found]


def tallied(part: AgendaItem) -> tuple[int, int]:
    """How many are recorded as present, and how many are on the list, spouses among them."""
    here = scoped(Attendance, sa.func.count()).where(
        Attendance.agenda_item_id == part.id, Attendance.status == "present"
    )
    heads = sa.func.count(Participation.id) + sa.func.count(Participation.spouse_id)
    listed = scoped(Participation, heads).where(
        Participation.training_session_id == part.training_session_id
    )
    return db.session.scalar(here) or 0, db.session.scalar(listed) or 0


def named(part: AgendaItem, name: str) -> list[Person]:
    """Those on the list whom a name finds: officials, and spouses by their own name."""
    words = words_of(name)
    rows = (
        scoped(Participation)
        .join(Participation.official)
        .outerjoin(Participation.spouse)
        .where(
            Participation.training_session_id == part.training_session_id,
            *conditions_of(words, found_by),
        )
        .options(joinedload(Participation.official), joinedload(Participation.spouse))
        .order_by(Participation.id)
        .limit(FOUND)
    )
    return list(persons_of(db.session.scalars(rows)))


def found_by(word: str, held: Any = holds) -> Any:
    """Officials by name or former name, and spouses by theirs."""
    columns = (Official.full_name, Official.aliases, Spouse.full_name)
    return sa.or_(*(held(column, word) for column in columns))
