"""Whose time runs, and until when: truth tables over a history written as days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from panel.words import Label
from panel.workflow.calendar import Calendar
from panel.workflow.deadlines import ages, clock, stays
from panel.workflow.reading import read_process

PROCESS = """
kind = "paper"
table = "paper"
label = { id = "x", en = "x" }
""" + "".join(
    f"""
[[state]]
code = "{code}"
label = {{ id = "x", en = "x" }}
category = "{category}"
{"initial = true" if code == "draft" else ""}
"""
    for code, category in {
        "draft": "draft",
        "asked": "waiting",
        "returned": "draft",
        "running": "active",
        "shown": "waiting",
        "done": "done",
    }.items()
)
STEPS = (
    ("ask", ("draft", "returned"), "asked", "staff", "main", 3),
    ("withdraw", ("asked",), "draft", "staff", "plain", None),
    ("grant", ("asked",), "running", "chief", "main", 5),
    ("return", ("asked",), "returned", "chief", "negative", 5),
    ("show", ("running",), "shown", "staff", "main", None),
    ("send_back", ("shown",), "running", "chief", "negative", 10),
    ("accept", ("shown",), "done", "chief", "main", 10),
    ("reopen", ("done",), "running", "chief", "negative", None),
)
TARGETS = {name: target for name, _, target, *_ in STEPS}
ROLES = {"staff": Label({"en": "Staff"}), "chief": Label({"en": "Chief"})}


def written(name, sources, target, role, style, days):
    deadline = f"deadline_days = {days}" if days else ""
    return f"""
[[transition]]
name = "{name}"
label = {{ id = "x", en = "x" }}
from = {list(sources)}
to = "{target}"
roles = ["{role}"]
style = "{style}"
{deadline}
"""


OFFICE = read_process(
    PROCESS + "".join(written(*step) for step in STEPS), guards={}, duties={}, roles=ROLES
)
WIB, WITA, WIT = (timezone(timedelta(hours=hours)) for hours in (7, 8, 9))
#: New Year's Day falls on a Friday; the offices are closed on New Year's Eve too.
CLOSED = frozenset({date(2026, 12, 31), date(2027, 1, 1)})
HERE = Calendar(WIB, CLOSED)


@dataclass(frozen=True)
class Decision:
    step: str
    at: datetime

    @property
    def becomes(self) -> str:
        return TARGETS[self.step]


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T05:00:00").replace(tzinfo=UTC)


def history(text: str) -> list[Decision]:
    """ "ask 2026-11-02, return 2026-11-04" as decisions at noon."""
    pairs = (part.split() for part in text.split(", ") if part)
    return [Decision(step, noon(day)) for step, day in pairs]


# History, the present day: who has the turn, days here, days altogether, the last day, days late.
TABLE = [
    # Monday, 2 November 2026 to Friday of the same week
    ("ask 2026-11-02", "2026-11-02", ("chief", 0, 0, "2026-11-09", 0)),
    ("ask 2026-11-02", "2026-11-06", ("chief", 4, 4, "2026-11-09", 0)),
    ("ask 2026-11-02", "2026-11-09", ("chief", 5, 5, "2026-11-09", 0)),
    ("ask 2026-11-02", "2026-11-10", ("chief", 6, 6, "2026-11-09", 1)),
    # a weekend makes nothing later; what came on a Saturday begins on Monday
    ("ask 2026-11-06", "2026-11-14", ("chief", 5, 5, "2026-11-13", 0)),
    ("ask 2026-11-07", "2026-11-09", ("chief", 1, 1, "2026-11-13", 0)),
    # returned: the clock of the staff, from nothing
    ("ask 2026-11-02, return 2026-11-05", "2026-11-06", ("staff", 1, 1, "2026-11-10", 0)),
    # and again with the chief: 3 days were spent, 2 are left
    (
        "ask 2026-11-02, return 2026-11-05, ask 2026-11-16",
        "2026-11-17",
        ("chief", 1, 4, "2026-11-18", 0),
    ),
    # returned twice: 3 + 1 + 2 days of 5
    (
        "ask 2026-11-02, return 2026-11-05, ask 2026-11-16, return 2026-11-17, ask 2026-11-18",
        "2026-11-20",
        ("chief", 2, 6, "2026-11-19", 1),
    ),
    # each return is new work for the staff
    (
        "ask 2026-11-02, return 2026-11-05, ask 2026-11-16, return 2026-11-17",
        "2026-11-18",
        ("staff", 1, 1, "2026-11-20", 0),
    ),
    # what came back too late already is late at once
    (
        "ask 2026-11-02, return 2026-11-11, ask 2026-11-16",
        "2026-11-16",
        ("chief", 0, 7, "2026-11-16", 2),
    ),
    # withdrawn: the chief's clock rests too
    (
        "ask 2026-11-02, withdraw 2026-11-03, ask 2026-11-10",
        "2026-11-11",
        ("chief", 1, 2, "2026-11-16", 0),
    ),
    # granted: no deadline for the staff, another one for the chief afterwards
    ("ask 2026-11-02, grant 2026-11-03", "2026-11-10", ("staff", 5, 5, None, 0)),
    (
        "ask 2026-11-02, grant 2026-11-03, show 2026-11-04",
        "2026-11-19",
        ("chief", 11, 11, "2026-11-18", 1),
    ),
    # reopened after it was accepted: the clock begins anew
    (
        "ask 2026-11-02, grant 2026-11-03, show 2026-11-04, accept 2026-11-17,"
        " reopen 2026-11-18, show 2026-11-19",
        "2026-11-20",
        ("chief", 1, 1, "2026-12-03", 0),
    ),
    # over New Year, with two days off: Wednesday 30, Monday 4, Tuesday 5, Wednesday 6, Thursday 7
    ("ask 2026-12-29", "2027-01-07", ("chief", 5, 5, "2027-01-07", 0)),
    ("ask 2026-12-29", "2027-01-08", ("chief", 6, 6, "2027-01-07", 1)),
]


@pytest.mark.parametrize(("text", "today", "expected"), TABLE)
def test_the_clock_runs_for_who_has_the_turn(text, today, expected):
    found = clock(OFFICE, history(text), HERE, noon(today))

    assert found is not None
    due = found.due.isoformat() if found.due else None
    assert (*found.roles, found.here, found.spent, due, found.late) == expected


@pytest.mark.parametrize(
    "text",
    ["", "ask 2026-11-02, grant 2026-11-03, show 2026-11-04, accept 2026-11-05"],
)
def test_no_clock_runs_before_the_first_decision_and_after_the_last(text):
    assert clock(OFFICE, history(text), HERE, noon("2026-11-20")) is None


def test_each_side_answers_for_its_own_days():
    text = (
        "ask 2026-11-02, return 2026-11-05, ask 2026-11-16, grant 2026-11-17,"
        " show 2026-11-19, accept 2026-11-20"
    )

    assert ages(OFFICE, history(text), HERE, noon("2027-06-01")) == {"chief": 5, "staff": 9}
    assert ages(OFFICE, [], HERE, noon("2027-06-01")) == {}


@pytest.mark.parametrize(
    ("zone", "came", "due", "late"),
    [
        # 15.30 UTC on Monday: 22.30 in the west, 23.30 in the middle, 00.30 on Tuesday in the east
        (WIB, "2026-11-02", "2026-11-09", 1),
        (WITA, "2026-11-02", "2026-11-09", 1),
        (WIT, "2026-11-03", "2026-11-10", 0),
    ],
)
def test_the_day_is_that_of_the_place(zone, came, due, late):
    at = datetime(2026, 11, 2, 15, 30, tzinfo=UTC)
    seen = datetime(2026, 11, 10, 5, tzinfo=UTC)

    found = clock(OFFICE, [Decision("ask", at)], Calendar(zone), seen)

    assert found is not None
    assert found.due is not None
    assert (found.since.isoformat(), found.due.isoformat(), found.late) == (came, due, late)


def test_half_past_eleven_in_the_east_is_still_that_day():
    at = datetime(2026, 11, 2, 23, 30, tzinfo=WIT)

    assert [stay.came for stay in stays([Decision("ask", at)], Calendar(WIT))] == [
        date(2026, 11, 2)
    ]
    assert Calendar(WIB).day(at) == date(2026, 11, 2)


def test_the_most_overdue_stands_first_then_what_waits_longest():
    now = noon("2026-11-20")
    histories = {
        "new": "ask 2026-11-19",
        "old": "ask 2026-11-17",
        "late": "ask 2026-11-12",
        "later": "ask 2026-11-02, return 2026-11-11, ask 2026-11-18",
        "running": "ask 2026-10-01, grant 2026-10-02",
    }
    clocks = {name: clock(OFFICE, history(text), HERE, now) for name, text in histories.items()}

    order = sorted(clocks, key=lambda name: clocks[name].urgency)

    assert order == ["later", "late", "running", "old", "new"]
    assert [clocks[name].late for name in order] == [4, 1, 0, 0, 0]
    assert [clocks[name].resumed for name in order] == [True, False, False, False, False]
