"""Answers in words: the order of the objections, whose turn it is, and differences of snapshots."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest

from panel.access.rules import Actor
from panel.workflow.rules import Case, read_process, refusal, turn
from panel.workflow.snapshot import Difference, differences, freeze, text_of
from tests.panel.workflow.office import ANI, BAYU, DEWI, DUTIES, GUARDS, PROCESS, ROLES

READ = read_process(PROCESS, guards=GUARDS, duties=DUTIES, roles=ROLES)
SINCE = datetime(2026, 11, 12, 2, 14, tzinfo=UTC)


def _request(**values: object) -> SimpleNamespace:
    return SimpleNamespace(**{"days": [1], "pay": "paid", **values})


def test_the_first_of_several_objections_is_the_answer() -> None:
    def code(
        step: str, actor: Actor, seen: str, parties: frozenset[int], pay: str | None
    ) -> object:
        case = Case("asked", _request(pay=pay), {"creator": parties}, "now")
        found = refusal(READ, case, step, actor, seen=seen)
        return found and found.code

    own = frozenset({BAYU.id, ANI.id})
    assert code("end", ANI, "old", own, None) == "state"
    assert code("grant", ANI, "old", own, None) == "stale"
    assert code("grant", ANI, "now", own, None) == "role"
    assert code("grant", BAYU, "now", own, None) == "duty"
    assert code("grant", BAYU, "now", frozenset(), None) == "guard"
    assert code("grant", BAYU, "now", frozenset(), "unpaid") == "reason"
    assert code("grant", BAYU, "now", frozenset(), "paid") is None


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        (Case("draft"), "It is the turn of Staff."),
        (Case("asked", since=SINCE), f"It is the turn of Chief, since {SINCE}."),
        (Case("over"), "Nothing more is to be done here."),
        (
            Case("asked", people={"chief": {3: "Bayu", 4: "Dewi"}}),
            "It is the turn of Chief (Bayu, Dewi).",
        ),
        (
            Case("asked", parties={"creator": frozenset({3})}, people={"chief": {3: "B", 4: "D"}}),
            "It is the turn of Chief (D).",
        ),
    ],
)
def test_whose_turn_it_is(case: Case, sentence: str) -> None:
    assert str(turn(READ, case)) == sentence


def test_each_objection_says_the_rule_and_whose_turn_it_is() -> None:
    case = Case("asked", _request(pay=None), {"stand_in": frozenset({DEWI.id})}, "now")

    def said(step: str, actor: Actor, seen: str = "now") -> str:
        found = refusal(READ, case, step, actor, seen=seen)
        return str(found and found.sentence)

    assert said("end", BAYU) == (
        "The status is “Asked”; “End” starts from “Granted”. It is the turn of Chief."
    )
    assert said("reopen", BAYU) == (
        "The status is “Asked”; “Reopen” starts from “Granted or Over”. It is the turn of Chief."
    )
    assert said("grant", BAYU, "old") == (
        "This was changed after you opened the page. Look at it again, then decide."
    )
    assert said("grant", ANI) == "“Grant” is a step of Chief. It is the turn of Chief."
    assert said("grant", DEWI) == "You stand in meanwhile. It is the turn of Chief."
    assert said("grant", BAYU) == "Say first whether it is paid."


def test_values_have_one_text_each() -> None:
    moment = datetime(2026, 11, 12, 9, 14, tzinfo=UTC)
    values = [
        None,
        True,
        3,
        Decimal("1.50"),
        date(2026, 1, 2),
        moment,
        b"\x00\xff",
        {"b": 1, "a": 2},
    ]

    assert [text_of(value) for value in values] == [
        None,
        "true",
        "3",
        "1.50",
        "2026-01-02",
        "2026-11-12T09:14:00.000000+00:00",
        "00ff",
        '{"a": 2, "b": 1}',
    ]


def test_differences_name_table_row_and_field() -> None:
    day = {"day": "1", "note": None}
    before = freeze("leave", "1", {"why": "a", "code": "c"}, {"leave_day": {"2": day, "9": day}})
    after = freeze(
        "leave",
        "1",
        {"why": "b", "code": "c"},
        {"leave_day": {"9": {**day, "note": "n"}, "10": day}},
    )

    assert differences(before, after) == [
        Difference("leave", None, "why", "a", "b"),
        Difference("leave_day", "2", "day", "1", None),
        Difference("leave_day", "9", "note", None, "n"),
        Difference("leave_day", "10", "day", None, "1"),
    ]
    assert differences(after, after) == []
