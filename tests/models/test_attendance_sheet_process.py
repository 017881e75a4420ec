"""The attendance sheet's process as one truth table, and its corrections; pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from models.clock import today
from models.corrections import RowChange, corrected_rows, corrections
from models.sheet_guards import SHEET_DUTIES, SHEET_GUARDS, some
from panel.workflow.definition import OWN_DUTIES
from panel.workflow.rules import Case, refusal
from tests.models.truth_tables import ROLES, TruthTable, process_in, somebody

DUTIES = {**OWN_DUTIES, **SHEET_DUTIES}
PROCESS = process_in("attendance_sheet", SHEET_GUARDS, DUTIES)

#: c clerk, s supervisor, . nobody.
TABLE = TruthTable(
    """
            sign open_correction sign_correction drop_correction
open        s    .               .               .
signed      .    c               .               .
correcting  .    .               s               c
"""
)


@dataclass
class Sheet:
    """A sheet that only the guards that ask for opposite things object to."""

    recorded: int = 2
    day: date | None = None
    unrecorded: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ("Fulan",)


def _answer(state: str, step: str, role: str, **facts: object) -> str | None:
    record = facts.pop("record", Sheet(corrected=() if step == "drop_correction" else ("Fulan",)))
    reason = str(facts.pop("reason", "because"))
    case = Case(state, **{"record": record, "seen": "hash", **facts})
    objection = refusal(PROCESS, case, step, somebody(role), reason=reason, seen="hash")
    return objection and objection.code


@pytest.mark.parametrize("role", ROLES)
def test_every_state_step_and_role_answers_by_the_table(role: str) -> None:
    found = {place: _answer(*place, role) for place in TABLE.may}

    assert TABLE.states == list(PROCESS.states)
    assert TABLE.steps == list(PROCESS.transitions)
    assert found == TABLE.answers(role)


def test_what_is_open_to_editing_and_how_the_states_count() -> None:
    assert {code: (one.category, one.editable) for code, one in PROCESS.states.items()} == {
        "open": ("draft", ("all",)),
        "signed": ("done", ()),
        "correcting": ("active", ("attendance", "sheet_scan")),
    }


@pytest.mark.parametrize(
    ("state", "step", "relations"),
    [
        ("open", "sign", {"creator", "editor", "part_of_region"}),
        (
            "correcting",
            "sign_correction",
            {"creator", "editor", "part_of_region", "decider:open_correction"},
        ),
    ],
)
def test_who_recorded_or_asked_or_sees_a_part_only_does_not_sign(
    state: str, step: str, relations: set[str]
) -> None:
    known = {*DUTIES, "decider:open_correction", "decider:sign"}
    barred = {
        relation
        for relation in known
        if _answer(state, step, "supervisor", parties={relation: frozenset({1})}) == "duty"
    }

    assert barred == relations


@pytest.mark.parametrize(
    ("state", "step", "role", "sheet"),
    [
        ("open", "sign", "supervisor", Sheet(recorded=0)),
        ("open", "sign", "supervisor", Sheet(unrecorded=("Fulan",))),
        ("open", "sign", "supervisor", Sheet(day=today() + timedelta(days=1))),
        ("open", "sign", "supervisor", Sheet(unnamed=("Fulan",))),
        ("correcting", "sign_correction", "supervisor", Sheet(corrected=())),
        ("correcting", "sign_correction", "supervisor", Sheet(unnamed=("Fulan",))),
        ("correcting", "sign_correction", "supervisor", Sheet(unrecorded=("Fulan",))),
        ("correcting", "drop_correction", "clerk", Sheet()),
    ],
)
def test_guards_object(state: str, step: str, role: str, sheet: Sheet) -> None:
    assert _answer(state, step, role, record=sheet) == "guard"


def test_a_sheet_is_signed_on_the_day_itself_and_where_no_day_is_known() -> None:
    for day in (today(), today() - timedelta(days=400), None):
        assert _answer("open", "sign", "supervisor", record=Sheet(day=day)) is None


def test_a_sentence_names_three_people_and_counts_the_rest() -> None:
    assert some(("A", "B", "C")) == ("A", "B", "C")
    *named, more = some(("A", "B", "C", "D", "E"))
    assert (named, str(more)) == (["A", "B", "C"], "2 more")


def test_a_correction_needs_its_reason() -> None:
    assert _answer("signed", "open_correction", "clerk", reason=" ") == "reason"


# Corrections


def _decision(was: str, becomes: str, snapshot: str = "", reason: str = "") -> SimpleNamespace:
    return SimpleNamespace(was=was, becomes=becomes, snapshot=snapshot, reason=reason)


def _snapshot(**marks: str) -> str:
    rows = {
        key: {"participation_id": key[1:], "party": "official", "status": status, "note": None}
        for key, status in marks.items()
    }
    return json.dumps({"table": "attendance_sheet", "children": {"attendance": rows}})


def test_corrections_are_numbered_in_their_order_and_a_dropped_one_has_no_number() -> None:
    first, second = _snapshot(p1="absent", p2="present"), _snapshot(p1="sick", p2="present")
    third = _snapshot(p1="sick", p3="present")
    decisions = [
        _decision("open", "signed", first),
        _decision("signed", "correcting", first, "dropped"),
        _decision("correcting", "signed", first),
        _decision("signed", "correcting", first, "one"),
        _decision("correcting", "signed", second),
        _decision("signed", "correcting", second, "two"),
    ]

    found = corrections(decisions, {"signed"}, third)

    assert [(one.number, one.asked.reason, one.signed is None) for one in found] == [
        (1, "one", False),
        (2, "two", True),
    ]
    assert found[0].changes == (RowChange(1, "official", ("absent", None), ("sick", None)),)
    assert found[1].changes == (
        RowChange(2, "official", ("present", None), None),
        RowChange(3, "official", None, ("present", None)),
    )
    assert corrected_rows(found) == {
        (1, "official"): [1],
        (2, "official"): [2],
        (3, "official"): [2],
    }


def test_a_sheet_that_nobody_signed_has_no_corrections() -> None:
    assert corrections([], {"signed"}, _snapshot(p1="present")) == []
