"""What was recorded without network, taken in: check-ins as they were told, marks as a proposal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.access.rules import Actor
from panel.proposals.rules import Item

from .attendance import Attendance
from .check_ins import CheckIn
from .door import Person, people
from .marking import marks_of
from .offline_door import Page, Row
from .training import AgendaItem


@dataclass(frozen=True)
class Brought:
    """What came of a file: the marks it asks for, and what needs none."""

    items: tuple[Item, ...]
    #: Rows that were brought in before.
    known: int
    #: People whose mark stands there already.
    duplicates: tuple[Person, ...]
    #: Rows of people who are not on the list any more, or whom somebody else represents.
    left_out: int


def bring_in(
    session: Session, actor: Actor, part: AgendaItem, page: Page, rows: Sequence[Row]
) -> Brought:
    """Add the new check-ins of a page; the caller proposes the items and commits."""
    before = sa.select(CheckIn.page_row).where(CheckIn.page == page.name)
    taken = set(session.scalars(before))
    listed = {
        (who.one.id, who.party): who for who in people(session, actor, part.training_session_id)
    }
    marks = marks_of(session, part)
    asked: dict[tuple[int, str], Person] = {}
    duplicates: dict[tuple[int, str], Person] = {}
    left_out = 0
    for row in rows:
        who = listed.get((row.participation, row.party))
        if row.number in taken:
            continue
        if who is None:
            left_out += 1
            continue
        session.add(check_in_of(part, page, row))
        key = (row.participation, row.party)
        mark = marks.get(key)
        if mark is not None and mark.status == "represented":
            left_out += 1
        elif mark is not None and mark.status == "present":
            duplicates[key] = who
        else:
            asked.setdefault(key, who)
    items = tuple(
        item_of(number, part, who, marks.get(key))
        for number, (key, who) in enumerate(asked.items(), 1)
    )
    return Brought(items, len(taken), tuple(duplicates.values()), left_out)


def check_in_of(part: AgendaItem, page: Page, row: Row) -> CheckIn:
    """A row of a page as it is kept."""
    return CheckIn(
        region_id=part.region_id,
        training_session_id=part.training_session_id,
        agenda_item_id=part.id,
        participation_id=row.participation,
        party=row.party,
        at=row.at,
        way=row.way,
        station=page.station,
        account_id=page.account,
        page=page.name,
        page_row=row.number,
    )


def item_of(number: int, part: AgendaItem, who: Person, mark: Attendance | None) -> Item:
    """The change that makes somebody present."""
    if mark is not None:
        changed = {"status": (mark.status, "present")}
        return Item(number, "attendance", str(mark.id), "update", who.name, changed)
    values: dict[str, tuple[str | None, str | None]] = {
        "participation_id": (None, str(who.one.id)),
        "agenda_item_id": (None, str(part.id)),
        "party": (None, who.party),
        "status": (None, "present"),
    }
    return Item(number, "attendance", None, "insert", who.name, values)
