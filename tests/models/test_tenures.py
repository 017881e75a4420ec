"""Who held a post when, and when nobody did."""

from datetime import date

import pytest

from models.people import Appointment
from models.tenures import tenures

TODAY = date(2025, 12, 1)


def held(number, started_on, ended_on):
    return Appointment(id=number, started_on=started_on, ended_on=ended_on)


def told(*rows, opened=None, closed=None):
    """The tenures of these appointments, the latest first: number (0 for nobody), first, last."""
    appointments = [held(number, *days) for number, days in enumerate(rows, 1)]
    return [
        (one.appointment.id if one.appointment else 0, one.first, one.last)
        for one in tenures(appointments, TODAY, opened, closed)
    ]


JAN, FEB, MAR, APR = (date(2025, month, 1) for month in (1, 2, 3, 4))
LAST_OF_JAN, LAST_OF_FEB, LAST_OF_MAR = date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31)


@pytest.mark.parametrize(
    ("rows", "dates", "expected"),
    [
        ([], {}, [(0, None, None)]),
        ([], {"opened": JAN}, [(0, JAN, None)]),
        ([(JAN, None)], {}, [(1, JAN, None)]),
        ([(JAN, LAST_OF_JAN), (FEB, None)], {}, [(2, FEB, None), (1, JAN, LAST_OF_JAN)]),
        (
            [(JAN, LAST_OF_JAN), (MAR, None)],
            {},
            [(2, MAR, None), (0, FEB, LAST_OF_FEB), (1, JAN, LAST_OF_JAN)],
        ),
        ([(JAN, LAST_OF_JAN)], {}, [(0, FEB, None), (1, JAN, LAST_OF_JAN)]),
        ([(FEB, None)], {"opened": JAN}, [(1, FEB, None), (0, JAN, LAST_OF_JAN)]),
        ([(None, LAST_OF_JAN), (FEB, None)], {}, [(2, FEB, None), (1, None, LAST_OF_JAN)]),
        # one stands in while the other holds the post: no gap when the stand-in ends
        ([(JAN, None), (FEB, LAST_OF_FEB)], {}, [(2, FEB, LAST_OF_FEB), (1, JAN, None)]),
        # an unknown beginning may have followed at once
        ([(JAN, LAST_OF_JAN), (None, None)], {}, [(1, JAN, LAST_OF_JAN), (2, None, None)]),
        # the post ended with its holder, or later
        ([(JAN, LAST_OF_FEB)], {"closed": LAST_OF_FEB}, [(1, JAN, LAST_OF_FEB)]),
        (
            [(JAN, LAST_OF_FEB)],
            {"closed": LAST_OF_MAR},
            [(0, MAR, LAST_OF_MAR), (1, JAN, LAST_OF_FEB)],
        ),
    ],
)
def test_a_gap_is_told_where_nobody_is_known_to_have_held_the_post(rows, dates, expected):
    assert told(*rows, **dates) == expected
