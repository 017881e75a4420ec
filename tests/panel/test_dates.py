"""Dates and times as they are typed in offices, half-known ones included."""

from datetime import date, time

import pytest

from panel.dates import PartialDate, clock_time, partial_date, show_time, whole_date
from panel.typed import Checked, Wrong

DAY = date(2025, 11, 18)


@pytest.mark.parametrize(
    "typed",
    [
        "18/11/2025",
        "18-11-2025",
        "18.11.2025",
        "18 / 11 / 2025",
        "2025-11-18",
        "18 November 2025",
        "18 nov 2025",
        "18 Nov. 2025",
        "18-Nov-2025",
        "18 Nopember 2025",
        "Selasa, 18 November 2025",
        "SELASA 18 NOVEMBER 2025",
        "Tuesday, 18 November 2025",
        "selasa, 18/11/2025",
        " 18 \t November  2025 ",
    ],
)
def test_many_ways_to_write_one_day(typed):
    assert partial_date(typed) == Checked(PartialDate(DAY), ("day",))
    assert whole_date(typed) == Checked(DAY, ("day",))


@pytest.mark.parametrize(
    ("typed", "first", "last", "precision"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31), "year"),
        ("Maret 2024", date(2024, 3, 1), date(2024, 3, 31), "month"),
        ("Februari 2024", date(2024, 2, 1), date(2024, 2, 29), "month"),
        ("agt 2024", date(2024, 8, 1), date(2024, 8, 31), "month"),
        ("03/2024", date(2024, 3, 1), date(2024, 3, 31), "month"),
        ("2024-3", date(2024, 3, 1), date(2024, 3, 31), "month"),
    ],
)
def test_half_known_dates_keep_their_precision(typed, first, last, precision):
    checked = partial_date(typed)

    assert checked == Checked(PartialDate(first, precision), (precision,))
    assert checked.value.last == last


@pytest.mark.parametrize("typed", ["2024", "Maret 2024"])
def test_a_whole_date_has_a_day(typed):
    with pytest.raises(Wrong) as refused:
        whole_date(typed)

    assert refused.value.fault == "unclear"


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", "empty"),
        ("31/2/2025", "no_such_day"),
        ("29 Februari 2025", "no_such_day"),
        ("13/2025", "no_such_day"),
        ("11/18/2025", "no_such_day"),
        ("18/11/25", "unclear"),
        ("18/11-2025", "unclear"),
        ("18 Brumaire 2025", "unclear"),
        ("Maret", "unclear"),
        ("kemarin", "unclear"),
        ("1024", "year"),
        ("9999", "year"),
        ("１８/１１/２０２５", "unclear"),
        ("18\x00/11/2025", "hidden"),
        ("2025" * 100_000, "too_long"),
    ],
)
def test_what_is_no_date_is_refused(typed, fault):
    with pytest.raises(Wrong) as refused:
        partial_date(typed)

    assert refused.value.fault == fault


@pytest.mark.parametrize("thing", [None, 45_000, 45_000.5, DAY])
def test_only_text_is_read_as_a_date(thing):
    with pytest.raises(Wrong):
        partial_date(thing)


@pytest.mark.parametrize(
    ("typed", "code", "value"),
    [
        ("Senin, 18 November 2025", "weekday", PartialDate(DAY)),
        ("sekitar Maret 2024", "about", PartialDate(date(2024, 3, 1), "month")),
    ],
)
def test_a_doubtful_date_is_taken_and_asked_about(typed, code, value):
    checked = partial_date(typed)

    assert (checked.value, [doubt.code for doubt in checked.warnings]) == (value, [code])


def test_a_date_is_written_so_that_it_can_be_read_back():
    dates = [PartialDate(DAY), PartialDate(DAY, "month"), PartialDate(DAY, "year")]

    assert [str(value) for value in dates] == ["2025-11-18", "2025-11", "2025"]
    assert [partial_date(str(value)).value for value in dates] == dates


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("7.30", time(7, 30)),
        ("07:30", time(7, 30)),
        ("0730", time(7, 30)),
        ("7", time(7)),
        ("19.05 WIB", time(19, 5)),
        ("pukul 7.30 WIB", time(7, 30)),
        ("Jam 7", time(7)),
        ("00.00", time(0)),
    ],
)
def test_many_ways_to_write_a_time(typed, value):
    assert clock_time(typed) == Checked(value)


@pytest.mark.parametrize(
    "typed", ["", "24.00", "7.60", "7.3", "730", "7.30 pm", "pagi", "٧", "7" * 100_000, 0.3125]
)
def test_what_is_no_time_is_refused(typed):
    with pytest.raises(Wrong):
        clock_time(typed)


def test_a_time_is_printed_with_a_dot():
    assert [show_time(time(7, 30)), show_time(None)] == ["07.30", ""]
