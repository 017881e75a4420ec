"""What at the door of a session part looks like signing for others, beside its sheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from babel.dates import get_timezone
from flask_admin import expose
from sqlalchemy.orm import joinedload

from models import bursts
from models.attendance import Participation
from models.base import db
from models.bursts import Entry, Finding, suspicions
from models.check_ins import CheckIn
from models.clock import ZONE
from models.door import Person
from models.training import AgendaItem
from panel.screens.guarding import verb
from panel.screens.language import local, short_date
from panel.screens.querying import scoped
from panel.words import say

from .door_words import WAYS
from .grid_cells import saved_at
from .rows import record_link
from .session_parts import session_part

#: What each rule found, and how it looks for it.
TOLD = {
    "fast": (
        say("Many codes within seconds"),
        say(
            "%(count)s codes or more scanned within %(seconds)s seconds at one station.",
            count=bursts.FAST,
            seconds=bursts.FAST_WITHIN.seconds,
        ),
    ),
    "typed": (
        say("Codes typed in a row"),
        say(
            "Codes of %(count)s couples or more typed one after the other, each within "
            "%(seconds)s seconds.",
            count=bursts.TYPED,
            seconds=bursts.TYPED_WITHIN.seconds,
        ),
    ),
    "mixed": (
        say("An official with the spouse of another one"),
        say(
            "Recorded on one device without network within %(seconds)s seconds.",
            seconds=bursts.MIXED_WITHIN.seconds,
        ),
    ),
    "hours": (
        say("Outside of the hours"),
        say(
            "Earlier than %(early)s minutes before the part begins, or later than %(late)s minutes "
            "after it ends.",
            early=bursts.EARLY.seconds // 60,
            late=bursts.LATE.seconds // 60,
        ),
    ),
}


class Suspicions:
    """The page of the findings; mixed into the door."""

    render: Any

    @expose("/<int:part>/suspicions/")
    @verb("read")
    def suspicions_view(self, part: int) -> Any:
        """Finding by finding, with everybody in it."""
        item = session_part(part)
        found, count = suspicious(item)
        return self.render(
            "suspicions.html",
            part=item,
            held=item.session,
            found=found,
            count=count,
            rules=TOLD,
            ways=WAYS,
            record_link=record_link,
            told_at=told_at,
        )


def suspicious(part: AgendaItem) -> tuple[list[Finding], int]:
    """What the rules find at a part, and how many check-ins they looked at; one statement."""
    couple = joinedload(CheckIn.participation)
    rows = scoped(CheckIn).where(CheckIn.agenda_item_id == part.id).order_by(CheckIn.id)
    rows = rows.options(
        couple.joinedload(Participation.official), couple.joinedload(Participation.spouse)
    )
    entries = entries_of(db.session.scalars(rows).all())
    return suspicions(entries, hours_of(part) if entries else None), len(entries)


def entries_of(rows: Sequence[CheckIn]) -> list[Entry]:
    """Check-ins as the rules see them."""
    return [
        Entry(
            one.at,
            one.way,
            one.station,
            one.participation_id,
            one.party,
            Person(one.participation, one.party).name,
            one.page,
        )
        for one in rows
    ]


def hours_of(part: AgendaItem) -> tuple[datetime, datetime] | None:
    """When the part begins and ends, without a time the whole day; None where that is not known."""
    held, zone = part.session, get_timezone(ZONE)
    if held.held_on is None or held.date_precision != "day":
        return None
    first = datetime.combine(held.held_on, part.starts_at or time.min, zone)
    last = part.ends_at or part.starts_at or time.max
    return first, datetime.combine(held.held_on, last, zone)


def told_at(moment: datetime, day: date | None) -> str:
    """The time of a check-in to the second; on another day than that of its session, the day, too.

    What was recorded without network is told as the clock there stood.
    """
    here = local(moment).date()
    return saved_at(moment) if here == day else f"{short_date(here)}, {saved_at(moment)}"
