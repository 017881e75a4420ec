"""Days off: the national calendar, what is entered for all regions, what for one, in that order."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from models.holidays import Holiday, calendars, days_off
from models.national_days import leave_is_known, national_days
from panel.workflow.calendar import after_working_days

#: A Wednesday on which everybody works, and a holiday.
WEDNESDAY, CHRISTMAS = date(2026, 11, 18), date(2026, 12, 25)


@pytest.fixture
def enter(town):
    """`enter(day, kind, region)`: an entry of the list."""

    def enter(day, kind="holiday", region=None):
        return town.add(Holiday(day=day, kind=kind, name="Contoh", region=region))

    return enter


def off(session, region, day):
    """Whether a region's offices are closed on a day."""
    return day in days_off(session, region.id, day, day)


@pytest.mark.parametrize(
    ("kinds", "count", "last"),
    [
        # counted by hand from the first event, 18 November 2025
        ({"holiday"}, 30, date(2025, 12, 31)),
        ({"holiday", "collective_leave"}, 30, date(2026, 1, 2)),
        (set(), 30, date(2025, 12, 30)),
        ({"holiday", "collective_leave"}, 26, date(2025, 12, 24)),
        ({"holiday", "collective_leave"}, 27, date(2025, 12, 29)),
    ],
)
def test_thirty_working_days_after_the_event_in_serang(kinds, count, last):
    days = [one.day for year in (2025, 2026) for one in national_days(year) if one.kind in kinds]

    assert after_working_days(date(2025, 11, 18), count, days) == last


@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027])
def test_the_national_calendar_knows_holidays_and_leave(year):
    days = national_days(year)

    assert leave_is_known(year)
    assert {one.kind for one in days} == {"holiday", "collective_leave"}
    assert [one.day for one in days] == sorted({one.day for one in days})
    independence = next(one for one in days if (one.day.month, one.day.day) == (8, 17))
    assert dict(independence.name.texts) == {
        "id": "Hari Kemerdekaan Republik Indonesia",
        "en": "Independence Day",
    }


@pytest.mark.parametrize("year", [1, 1945, 2101, 9999])
def test_a_year_beyond_the_calendar_has_weekends_and_entries_alone(session, town, enter, year):
    assert (national_days(year), leave_is_known(year)) == ((), False)
    day = date(year, 3, 3)
    assert not off(session, town.serang, day)
    enter(day)
    assert off(session, town.serang, day)


def test_the_leave_of_a_far_year_is_not_decreed_yet():
    assert (leave_is_known(2040), bool(national_days(2040))) == (False, True)


@pytest.mark.parametrize(
    ("for_all", "for_serang", "serang", "metro"),
    [
        (None, None, False, False),
        ("holiday", None, True, True),
        (None, "collective_leave", True, False),
        ("holiday", "working_day", False, True),
        ("working_day", "holiday", True, False),
    ],
)
def test_a_region_lies_on_top_of_all_of_them(
    session, town, enter, for_all, for_serang, serang, metro
):
    if for_serang:
        enter(WEDNESDAY, for_serang, town.serang)
    if for_all:
        enter(WEDNESDAY, for_all)

    found = [off(session, town.serang, WEDNESDAY), off(session, town.metro, WEDNESDAY)]

    assert found == [serang, metro]


def test_an_entry_takes_a_national_holiday_away(session, town, enter):
    assert off(session, town.serang, CHRISTMAS)
    enter(CHRISTMAS, "working_day", town.serang)

    assert not off(session, town.serang, CHRISTMAS)
    assert off(session, town.metro, CHRISTMAS)


def test_only_the_days_asked_for_are_given(session, town, enter):
    enter(date(2026, 12, 28), region=town.serang)
    enter(date(2026, 12, 29), region=town.serang)

    found = days_off(session, town.serang.id, date(2026, 12, 25), date(2026, 12, 28))

    assert sorted(day.day for day in found) == [25, 28]


def test_each_region_has_its_clock_and_its_days_in_one_statement(session, town, enter):
    town.metro.time_zone = "Asia/Jayapura"
    enter(WEDNESDAY, region=town.metro)
    enter(CHRISTMAS, "working_day")
    seen = []
    sa.event.listen(session.bind, "before_cursor_execute", lambda *call: seen.append(call[2]))

    calendar_of = calendars(session)

    serang, metro = calendar_of(town.serang.id), calendar_of(town.metro.id)
    night = datetime(2026, 11, 18, 15, 30, tzinfo=UTC)
    assert [one.day(night).day for one in (serang, metro)] == [18, 19]
    assert [WEDNESDAY in one.days_off for one in (serang, metro)] == [False, True]
    assert [CHRISTMAS in one.days_off for one in (serang, metro)] == [False, False]
    assert len([text for text in seen if text.startswith("SELECT")]) == 1
    assert CHRISTMAS in calendar_of(None).days_off
