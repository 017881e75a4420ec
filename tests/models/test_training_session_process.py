"""The process of a training session as one truth table: every state, step and role, and duties."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product

import pytest

from models.clock import today
from models.session_guards import SESSION_GUARDS
from panel.access.rules import Actor
from panel.workflow.definition import OWN_DUTIES
from panel.workflow.rules import Case, offers, refusal
from tests.models.truth_tables import ROLES, TruthTable, process_in, somebody

PROCESS = process_in("training_session", SESSION_GUARDS, OWN_DUTIES)
TOMORROW = today() + timedelta(days=1)

#: c clerk, s supervisor, . nobody.
TABLE = TruthTable(
    """
           announce hold report send_back resubmit correct cancel reinstate
planned    c        c    .      .         .        .       s      .
announced  .        c    .      .         .        .       s      .
held       .        .    s      s         .        .       .      .
returned   .        .    .      .         c        .       s      .
reported   .        .    .      .         .        s       .      .
cancelled  .        .    .      .         .        .       .      s
"""
)

TARGETS = {
    "announce": "announced",
    "hold": "held",
    "report": "reported",
    "send_back": "returned",
    "resubmit": "held",
    "correct": "held",
    "cancel": "cancelled",
    "reinstate": "planned",
}


@dataclass
class Meeting:
    """A session to which no guard objects."""

    held_on: date | None = date(2025, 11, 18)
    date_precision: str = "day"
    venue_id: int | None = 1
    tiers: list[object] = field(default_factory=lambda: ["lurah"])
    agenda: list[object] = field(default_factory=lambda: ["Materi"])
    messages: list[object] = field(default_factory=list)
    left_traces: bool = False
    unsigned_lists: int = 0


def _answer(state: str, step: str, actor: Actor, **facts: object) -> str | None:
    reason = str(facts.pop("reason", "because"))
    case = Case(state, **{"record": Meeting(), "seen": "hash", **facts})
    objection = refusal(PROCESS, case, step, actor, reason=reason, seen="hash")
    return objection and objection.code


def test_the_table_names_every_state_and_step() -> None:
    assert TABLE.states == list(PROCESS.states)
    assert TABLE.steps == list(PROCESS.transitions)
    assert {name: step.target for name, step in PROCESS.transitions.items()} == TARGETS


@pytest.mark.parametrize("role", ROLES)
def test_every_state_step_and_role_answers_by_the_table(role: str) -> None:
    found = {place: _answer(*place, somebody(role)) for place in TABLE.may}

    assert found == TABLE.answers(role)


def test_who_made_or_mended_a_session_does_not_decide_on_its_report() -> None:
    for step, relation in product(("report", "send_back"), ("creator", "editor")):
        parties = {relation: frozenset({1})}
        assert _answer("held", step, somebody("supervisor", 1), parties=parties) == "duty"
        assert _answer("held", step, somebody("supervisor", 2), parties=parties) is None


def test_the_steps_that_need_a_reason() -> None:
    roles = {"c": "clerk", "s": "supervisor"}
    needing = {
        step
        for (state, step), cell in TABLE.may.items()
        if cell in roles and _answer(state, step, somebody(roles[cell]), reason=" ") == "reason"
    }

    assert needing == {"send_back", "correct", "cancel", "reinstate"}


@pytest.mark.parametrize(
    ("state", "step", "meeting", "field"),
    [
        ("planned", "announce", Meeting(date_precision="month"), "held"),
        ("planned", "announce", Meeting(held_on=None, date_precision="unknown"), "held"),
        ("planned", "announce", Meeting(venue_id=None), "venue"),
        ("planned", "announce", Meeting(tiers=[]), "tiers"),
        ("planned", "hold", Meeting(held_on=TOMORROW), "held"),
        ("announced", "hold", Meeting(held_on=TOMORROW), "held"),
        ("announced", "hold", Meeting(held_on=None, date_precision="unknown"), "held"),
        ("planned", "hold", Meeting(tiers=[]), "tiers"),
        ("returned", "resubmit", Meeting(held_on=TOMORROW), "held"),
        ("held", "report", Meeting(unsigned_lists=2), None),
        ("held", "report", Meeting(agenda=[]), "agenda"),
    ],
)
def test_guards_object_to_what_is_missing(
    state: str, step: str, meeting: Meeting, field: str | None
) -> None:
    actor = Actor(1, "Both", frozenset({"clerk", "supervisor"}))

    objection = refusal(PROCESS, Case(state, meeting, seen="h"), step, actor, seen="h")

    assert objection is not None
    assert (objection.code, objection.field) == ("guard", field)


@pytest.mark.parametrize(
    ("state", "step", "meeting"),
    [
        ("planned", "announce", Meeting(held_on=TOMORROW)),
        ("planned", "announce", Meeting()),  # of last year, entered today
        ("announced", "hold", Meeting(held_on=today())),
        ("planned", "hold", Meeting(date_precision="year", venue_id=None)),
        ("planned", "hold", Meeting(held_on=None, date_precision="unknown", left_traces=True)),
        ("held", "report", Meeting(agenda=[], messages=["Jujur"])),
    ],
)
def test_what_is_half_known_or_long_past_is_no_obstacle(
    state: str, step: str, meeting: Meeting
) -> None:
    actor = Actor(1, "Both", frozenset({"clerk", "supervisor"}))

    assert refusal(PROCESS, Case(state, meeting, seen="h"), step, actor, seen="h") is None


def test_a_half_known_date_is_told_what_is_missing() -> None:
    year = Case("planned", Meeting(held_on=date(2025, 1, 1), date_precision="year"))

    told = {one.step: one.objection for one in offers(PROCESS, year, somebody("clerk"))}

    assert told["announce"] is not None
    assert "Fill in the day first" in str(told["announce"].sentence)
    assert told["hold"] is None


def test_what_may_be_edited_in_each_state() -> None:
    opened = {code: state.editable for code, state in PROCESS.states.items()}
    held = opened.pop("held")

    assert opened == {
        "planned": ("all",),
        "announced": ("all",),
        "returned": ("all",),
        "reported": (),
        "cancelled": (),
    }
    assert not {"all", "name", "programme_id"} & set(held)
    assert {"held_on", "theme", "agenda_item", "session_speaker", "key_message"} < set(held)


def test_labels_and_categories_are_those_of_the_screens() -> None:
    assert [
        (state.label.text("id"), state.category, state.tone) for state in PROCESS.states.values()
    ] == [
        ("Direncanakan", "draft", "draft"),
        ("Diumumkan", "active", "active"),
        ("Terlaksana", "waiting", "waiting"),
        ("Dikembalikan", "draft", "returned"),
        ("Dilaporkan", "done", "done"),
        ("Dibatalkan", "cancelled", "cancelled"),
    ]
