"""What the national calendar says: public holidays and collective leave (cuti bersama) of a year.

Both are decreed each year by three ministers; the library `holidays` carries the decrees and, for
years without one, the holidays that can be computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from holidays.countries.indonesia import Indonesia

from panel.words import Label

#: The library's language for each of ours.
LANGUAGES = {"id": "id", "en": "en_US"}
#: The library's category for each kind of day.
CATEGORIES = {"holiday": "public", "collective_leave": "government"}
YEARS = range(Indonesia.start_year, Indonesia.end_year + 1)


@dataclass(frozen=True)
class NationalDay:
    """A day on which offices are closed in the whole country; `kind` as in `HOLIDAY_KINDS`."""

    day: date
    kind: str
    name: Label


@lru_cache(maxsize=256)
def national_days(year: int) -> tuple[NationalDay, ...]:
    """The days of a year in their order; none for a year that the library does not know."""
    if year not in YEARS:
        return ()
    found: dict[date, NationalDay] = {}
    for kind, category in CATEGORIES.items():
        named = {
            ours: Indonesia(years=year, categories=(category,), language=theirs)
            for ours, theirs in LANGUAGES.items()
        }
        for day in named["id"]:
            name = Label({ours: days[day] for ours, days in named.items()})
            found.setdefault(day, NationalDay(day, kind, name))
    return tuple(found[day] for day in sorted(found))


def leave_is_known(year: int) -> bool:
    """Whether the collective leave of a year was decreed when the library was made."""
    return any(one.kind == "collective_leave" for one in national_days(year))
