"""Working days: Monday to Friday without the holidays that are given."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

WEEKEND = 5
WEEK = 7


@dataclass(frozen=True)
class Calendar:
    """The working time of one place: its clock, and the days on which its offices are closed."""

    zone: tzinfo
    days_off: Collection[date] = frozenset()

    def day(self, moment: datetime) -> date:
        """The day that a moment falls on there; `moment` knows its zone."""
        return moment.astimezone(self.zone).date()

    def begins(self, day: date) -> datetime:
        """The moment at which a day begins there, in UTC."""
        midnight = datetime.combine(day, time(), UTC)
        ahead = midnight.astimezone(self.zone).utcoffset() or timedelta()
        return midnight - ahead

    def between(self, first: date, last: date) -> int:
        """Working days after `first` up to and with `last`."""
        return working_days(first, last, self.days_off)

    def after(self, first: date, count: int) -> date:
        """The day on which `count` working days after `first` are over."""
        return after_working_days(first, count, self.days_off)

    def earliest(self, last: date, count: int) -> date:
        """The first day since which no more than `count` working days have passed on `last`."""
        day, left = last, count
        while left >= (works := is_working_day(day, self.days_off)):
            day, left = day - timedelta(1), left - works
        return day


def is_working_day(day: date, holidays: Collection[date] = ()) -> bool:
    """Whether offices work on this day."""
    return day.weekday() < WEEKEND and day not in holidays


def working_days(first: date, last: date, holidays: Collection[date] = ()) -> int:
    """Working days after `first` up to and with `last`: the age of what came in on `first`.

    Counted by whole weeks, so that a far date costs nothing; 0 when `last` is not after `first`.
    """
    if last <= first:
        return 0
    weeks, rest = divmod((last - first).days, WEEK)
    days = (first + timedelta(n) for n in range(1, rest + 1))
    free = sum(first < day <= last and day.weekday() < WEEKEND for day in set(holidays))
    return weeks * WEEKEND + sum(day.weekday() < WEEKEND for day in days) - free


def after_working_days(first: date, count: int, holidays: Collection[date] = ()) -> date:
    """The day on which `count` working days after `first` are over."""
    day = first
    while count > 0:
        day += timedelta(1)
        count -= is_working_day(day, holidays)
    return day
