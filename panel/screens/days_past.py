"""A page read as at the end of a past day: which days can be asked for, and the session that reads.

Inside of `reading` everything that is asked of the database is answered as it stood then, in the
reader's scope of today; the frame of the page asks the present.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta

from flask import g

from ..changelog.as_at import beginning
from ..changelog.past import Past, past, present
from ..columns import now
from ..plugin import current_panel
from ..words import Refused, say
from .language import local, tell, zone

#: The argument of an address that names the day.
ARGUMENT = "as_at"
ERASED = say("erased by law")


def day_asked(text: str) -> date:
    """The day that a text names; `Refused` where the log cannot tell of it."""
    try:
        day = (
            date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
        )
    except ValueError:
        day = None
    if day is None:
        raise Refused("field", say("This is no day. Write it as 2025-11-18."), ARGUMENT)
    if day > today_here():
        sentence = say("This day has not come yet. Pick today or a day before.")
        raise Refused("field", sentence, ARGUMENT)
    first = first_day()
    if first is None or day < first:
        sentence = say(
            "The change log can be read back to %(day)s. It does not tell what stood before.",
            day=first or today_here(),
        )
        raise Refused("field", sentence, ARGUMENT)
    return day


def today_here() -> date:
    """The present day by the reader's clock."""
    return local(now()).date()


def first_day() -> date | None:
    """The day on which the log begins, by the reader's clock; None while it is empty."""
    panel = current_panel()
    began = beginning(panel.db.session.connection(), panel.log.tables)
    return local(began).date() if began is not None else None


@contextmanager
def reading(day: date) -> Iterator[Past]:
    """What the request asks inside stands as at the end of `day`; it only reads."""
    panel = current_panel()
    registry = panel.db.session.registry
    here, then = registry(), registry.createfunc()
    moment = datetime.combine(day + timedelta(days=1), time(), zone()[0]).astimezone(UTC)
    read = Past(panel.log.tables, day, moment, tell(ERASED))
    g.present_session = here
    registry.set(then)
    try:
        with read.reading(then):
            yield read
    finally:
        registry.set(here)
        del g.present_session


@contextmanager
def in_the_present() -> Iterator[None]:
    """Inside, the frame of a page about the past asks what stands today."""
    if past() is None:
        yield
        return
    registry = current_panel().db.session.registry
    then = registry()
    registry.set(g.present_session)
    try:
        with present():
            yield
    finally:
        registry.set(then)


def in_address() -> dict[str, str]:
    """What the address of another page of the same past carries along."""
    read = past()
    return {ARGUMENT: read.day.isoformat()} if read is not None else {}
