"""Days on which offices do not work, or do in spite of the calendar: the list that people edit.

It lies on top of the national calendar; what is entered for one region lies on top of what is
entered for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from babel.dates import get_timezone
from sqlalchemy.orm import Mapped, Session, relationship

from panel.changelog.records import Logged, plain
from panel.columns import one_of
from panel.words import Sentence, say
from panel.workflow.calendar import WEEKEND, Calendar

from .base import Base, Keyed, Versioned, filled
from .clock import ZONE, today
from .government import Region
from .national_days import YEARS, national_days

HOLIDAY_KINDS = ("holiday", "collective_leave", "working_day")


class Holiday(Keyed, Versioned, Logged, Base):
    """A day that differs from the national calendar, in all regions or in one."""

    __tablename__ = "holiday"
    __table_args__ = (
        sa.Index("uq_holiday_region_day", "region_id", "day", unique=True),
        sa.Index(
            "uq_holiday_everywhere",  # an empty region equals no other in the index above
            "day",
            unique=True,
            sqlite_where=sa.text("region_id IS NULL"),
            postgresql_where=sa.text("region_id IS NULL"),
        ),
        filled("name"),
    )

    #: The day.
    day: Mapped[date] = plain(nullable=False)
    #: Holiday, collective leave (cuti bersama), or a working day after all.
    kind: Mapped[str] = plain(one_of("kind", HOLIDAY_KINDS), nullable=False)
    #: What it is.
    name: Mapped[str] = plain(nullable=False)
    #: The region in which it holds; none for all of them.
    region_id: Mapped[int | None] = plain(sa.ForeignKey("region.id"))

    region: Mapped[Region | None] = relationship()

    def __str__(self) -> str:
        return self.name


#: Nothing was decided in the panel before this year.
FIRST_YEAR = 2020
#: Years ahead in which a deadline may end.
YEARS_AHEAD = 3


def days_off(session: Session, region_id: int, first: date, last: date) -> frozenset[date]:
    """The days from `first` to `last` on which a region's offices are closed, weekends apart.

    One statement. Of a year that the national calendar does not know, only what was entered.
    """
    entered = session.execute(
        sa.select(Holiday.region_id, Holiday.day, Holiday.kind).where(
            Holiday.day.between(first, last),
            sa.or_(Holiday.region_id.is_(None), Holiday.region_id == region_id),
        )
    )
    found = _closed(range(first.year, last.year + 1), entered)
    return frozenset(day for day in found if first <= day <= last)


@cache
def _everywhere() -> sa.Select[Any]:
    return (
        sa.select(Region.id, Region.time_zone, Holiday.region_id, Holiday.day, Holiday.kind)
        .outerjoin(Holiday, sa.or_(Holiday.region_id.is_(None), Holiday.region_id == Region.id))
        .order_by(Region.id)
    )


def calendars(session: Session) -> Callable[[int | None], Calendar]:
    """A function that gives each region, by its number, its working time; one statement for all."""
    rows = session.execute(_everywhere()).all()
    years = range(FIRST_YEAR, today().year + YEARS_AHEAD + 1)
    zones = {row.id: row.time_zone for row in rows}
    entered = {
        number: [row[2:] for row in rows if row.id == number and row.day is not None]
        for number in zones
    }
    made = {
        number: Calendar(get_timezone(zone), _closed(years, entered[number]))
        for number, zone in zones.items()
    }
    anywhere = Calendar(get_timezone(ZONE), _closed(years, ()))
    return lambda region_id: made.get(region_id or 0, anywhere)


def without_effect(entry: Holiday) -> Sentence | None:
    """Why an entry changes no deadline, or None: it does."""
    if entry.day.weekday() >= WEEKEND:
        return say("This day is a Saturday or Sunday, on which offices are closed in any case.")
    national = entry.day in {one.day for one in national_days(entry.day.year)}
    if entry.kind == "working_day" and not national and entry.region_id is None:
        return say("This day is a working day in the national calendar too.")
    if entry.kind != "working_day" and national and entry.region_id is None:
        return say("This day is in the national calendar already.")
    return None


def _closed(years: range, entered: Iterable[Any]) -> frozenset[date]:
    """The national days of these years, then each entry (region, day, kind), the regions' last."""
    known = range(max(years.start, YEARS.start), min(years.stop, YEARS.stop))
    found = {one.day for year in known for one in national_days(year)}
    for _region, day, kind in sorted(entered, key=lambda entry: entry[0] is not None):
        (found.discard if kind == "working_day" else found.add)(day)
    return frozenset(found)
