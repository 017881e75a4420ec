"""The day that it is where the offices are: the server may live in UTC, seven hours behind."""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import get_timezone

from panel.changelog.past import day_read

#: Both founding cities live by it; a region carries its own for what prints its zone.
ZONE = "Asia/Jakarta"


def today() -> date:
    """The present day in the offices' time zone; while the past is being read, that day."""
    return day_read() or datetime.now(get_timezone(ZONE)).date()
