"""The rows of the attendance grid: couple by couple under their number on the sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from markupsafe import Markup
from sqlalchemy.orm import joinedload

from models.attendance import ATTENDANCE, Attendance, Participation
from models.base import db
from models.government import Position, Unit
from models.people import Appointment
from models.training import AgendaItem
from panel.screens.marks import blank
from panel.screens.querying import scoped
from panel.words import say

from .labels import APPOINTMENT_MARKS
from .rows import mark_of as acting_mark
from .rows import place_above

#: The key that sets each status: the first letter of its Indonesian word, "w" for "diwakili".
LETTERS = {
    "present": "h",
    "excused": "i",
    "sick": "s",
    "on_duty": "d",
    "represented": "w",
    "absent": "t",
}
assert set(LETTERS) == set(ATTENDANCE)
PARTIES = ("official", "spouse")


@dataclass(frozen=True)
class GridRow:
    """One couple with what is recorded of each at the part."""

    number: int
    one: Participation
    marks: Mapping[str, Attendance]

    @property
    def parties(self) -> tuple[str, ...]:
        """Who of the couple is recorded at all."""
        return PARTIES if self.one.spouse_id is not None else PARTIES[:1]


def numbered(training_session_id: int) -> sa.Subquery:
    """The participations of a session with their numbers on its sheets, in the order they came.

    A clerk of one district reads the same numbers as one of the whole city.
    """
    number = sa.func.row_number().over(order_by=Participation.id).label("number")
    rows = sa.select(Participation.id, number)
    return rows.where(Participation.training_session_id == training_session_id).subquery()


def rows_of(part: AgendaItem, marks: Iterable[Attendance] | None = None) -> list[GridRow]:
    """The couples in scope on the list of the part's session, by number; two statements."""
    numbers = numbered(part.training_session_id)
    post = joinedload(Participation.appointment).joinedload(Appointment.position)
    found = db.session.execute(
        scoped(Participation, Participation, numbers.c.number)
        .join(numbers, numbers.c.id == Participation.id)
        .order_by(numbers.c.number)
        .options(
            joinedload(Participation.official),
            joinedload(Participation.spouse),
            post.joinedload(Position.unit).joinedload(Unit.parent),
            joinedload(Participation.unit).joinedload(Unit.parent),
        )
    ).all()
    by_person: dict[int, dict[str, Attendance]] = {}
    own = scoped(Attendance).where(Attendance.agenda_item_id == part.id)
    for mark in db.session.scalars(own) if marks is None else marks:
        by_person.setdefault(mark.participation_id, {})[mark.party] = mark
    return [GridRow(number, one, by_person.get(one.id, {})) for one, number in found]


def tally(rows: Iterable[GridRow]) -> dict[str, Counter[str]]:
    """How many of each party are recorded how; "" for those of whom nothing is."""
    counted: dict[str, Counter[str]] = {party: Counter() for party in PARTIES}
    for row in rows:
        for party in row.parties:
            counted[party][row.marks[party].status if party in row.marks else ""] += 1
    return counted


def post_of(one: Participation) -> Any:
    """The post on the day with its mark and district, or the unit alone."""
    held = one.appointment
    if held is None:
        return one.unit.full_name if one.unit else blank(say("no post"))
    named = f"{held.position.name} {place_above(held.position.unit)}".rstrip()
    if held.status not in APPOINTMENT_MARKS:
        return named
    return Markup("{} {}").format(acting_mark(held), named)


def name_of(one: Participation, party: str) -> str:
    """The name of one of the couple."""
    return one.spouse.full_name if party == "spouse" and one.spouse else one.official.full_name
