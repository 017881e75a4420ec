"""Working days, against a count by hand and against the slow way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from panel.workflow.calendar import (
    Calendar,
    after_working_days,
    is_working_day,
    working_days,
)

FRIDAY = date(2026, 11, 20)
HOLIDAYS = {date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)}


def test_the_age_of_what_came_on_a_friday() -> None:
    ages = [working_days(FRIDAY, FRIDAY + timedelta(n)) for n in range(9)]

    assert ages == [0, 0, 0, 1, 2, 3, 4, 5, 5]
    assert working_days(FRIDAY, FRIDAY - timedelta(3)) == 0


def test_a_holiday_on_a_weekend_is_not_taken_off_twice() -> None:
    assert working_days(date(2026, 12, 24), date(2026, 12, 28), HOLIDAYS) == 1


def test_counting_by_weeks_equals_counting_by_days() -> None:
    for start in range(7):
        first = FRIDAY + timedelta(start)
        for length in range(60):
            last = first + timedelta(length)
            slowly = sum(
                is_working_day(first + timedelta(n), HOLIDAYS) for n in range(1, length + 1)
            )
            assert working_days(first, last, HOLIDAYS) == slowly


def test_a_deadline_is_the_day_on_which_the_days_are_over() -> None:
    assert after_working_days(FRIDAY, 0) == FRIDAY
    assert after_working_days(FRIDAY, 1) == date(2026, 11, 23)
    assert after_working_days(FRIDAY, 5) == date(2026, 11, 27)
    assert after_working_days(date(2026, 12, 24), 1, HOLIDAYS) == date(2026, 12, 28)
    for count in range(1, 40):
        assert working_days(FRIDAY, after_working_days(FRIDAY, count, HOLIDAYS), HOLIDAYS) == count


def test_the_earliest_day_of_an_age_is_the_last_one_before_it_grows() -> None:
    calendar = Calendar(UTC, HOLIDAYS)
    for last in (FRIDAY + timedelta(n) for n in range(60)):
        for count in range(12):
            first = calendar.earliest(last, count)
            assert calendar.between(first, last) == count
            assert calendar.between(first - timedelta(1), last) == count + 1


def test_a_day_begins_at_midnight_of_the_place() -> None:
    east = Calendar(timezone(timedelta(hours=9)))

    begins = east.begins(FRIDAY)

    assert begins == datetime(2026, 11, 19, 15, tzinfo=UTC)
    assert (east.day(begins), east.day(begins - timedelta(seconds=1)).day) == (FRIDAY, 19)
