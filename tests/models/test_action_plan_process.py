"""The action plan's process as one truth table: every state, step and role, and every duty."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import product

import pytest

from models.guards import DUTIES, GUARDS
from panel.access.rules import Actor
from panel.workflow.rules import Case, closed, offers, refusal
from tests.models.truth_tables import ROLES, TruthTable, process_in, somebody

PROCESS = process_in("action_plan", GUARDS, DUTIES)

#: c clerk, s supervisor, . nobody.
TABLE = TruthTable(
    """
                    submit withdraw approve return start submit_evidence send_back verify close reopen cancel
draft               c      .        .       .      .     .               .         .      .     .      s
submitted           .      c        s       s      .     .               .         .      .     .      s
returned            c      .        .       .      .     .               .         .      .     .      s
approved            .      .        .       .      c     .               .         .      .     .      s
in_progress         .      .        .       .      .     c               .         .      .     .      s
evidence_submitted  .      .        .       .      .     .               s         s      .     .      s
verified            .      .        .       .      .     .               .         .      s     s      .
closed              .      .        .       .      .     .               .         .      .     s      .
cancelled           .      .        .       .      .     .               .         .      .     .      .
"""  # noqa: E501 - a table
)

TARGETS = {
    "submit": "submitted",
    "withdraw": "draft",
    "approve": "approved",
    "return": "returned",
    "start": "in_progress",
    "submit_evidence": "evidence_submitted",
    "send_back": "in_progress",
    "verify": "verified",
    "close": "closed",
    "reopen": "in_progress",
    "cancel": "cancelled",
}


@dataclass
class Plan:
    """A plan that no guard objects to."""

    target: str | None = "Doors open at 07.30"
    indicator: str | None = "95 % are there"
    due_on: date | None = date(2026, 12, 15)
    evidence: list[object] = field(default_factory=lambda: ["photo"])
    result_class: str | None = "conforming"


def _answer(state: str, step: str, actor: Actor, **facts: object) -> str | None:
    reason = str(facts.pop("reason", "because"))
    case = Case(state, **{"record": Plan(), "seen": "hash", **facts})
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


@pytest.mark.parametrize("role", ROLES)
def test_offers_are_the_open_half_of_the_table(role: str) -> None:
    for state in PROCESS.states:
        made = offers(PROCESS, Case(state, Plan()), somebody(role))
        shut = closed(PROCESS, Case(state, Plan()))

        leaving = {
            step: cell for (code, step), cell in TABLE.may.items() if code == state and cell != "."
        }
        assert {offer.step: offer.objection is None for offer in made} == {
            step: cell == role[0] for step, cell in leaving.items()
        }
        assert {offer.step for offer in shut} == set(TABLE.steps) - set(leaving)
        assert {offer.objection and offer.objection.code for offer in shut} == {"state"}


def test_duties_keep_deciding_apart_from_everything_else() -> None:
    relations = ("creator", "editor", "uploader", "official", "spouse", "subordinate")
    deciding = {"approve": "submitted", "return": "submitted"}
    deciding |= {"send_back": "evidence_submitted", "verify": "evidence_submitted"}

    assert set(DUTIES) == set(relations)
    for (step, state), relation in product(deciding.items(), relations):
        parties = {relation: frozenset({1})}
        assert _answer(state, step, somebody("supervisor", 1), parties=parties) == "duty"
        assert _answer(state, step, somebody("supervisor", 2), parties=parties) is None


def test_each_duty_has_a_sentence_of_its_own() -> None:
    told = set()
    for relation in DUTIES:
        case = Case("submitted", Plan(), {relation: frozenset({1})}, "hash")
        objection = refusal(PROCESS, case, "approve", somebody("supervisor"), seen="hash")
        assert objection is not None
        told.add(str(objection.sentence))

    assert len(told) == len(DUTIES) == 6


def test_no_role_is_exempt_from_duties() -> None:
    everything = Actor(1, "Everybody", frozenset(ROLES), kind="command")

    answer = _answer("submitted", "approve", everything, parties={"creator": frozenset({1})})

    assert answer == "duty"


def test_the_steps_that_need_a_reason() -> None:
    needing = set()
    for state, step in TABLE.may:
        role = {"c": "clerk", "s": "supervisor"}.get(TABLE.may[state, step])
        if role and _answer(state, step, somebody(role), reason=" ") == "reason":
            needing.add(step)

    assert needing == {"return", "send_back", "reopen", "cancel"}


@pytest.mark.parametrize(
    ("state", "step", "plan", "field"),
    [
        ("draft", "submit", Plan(target=" "), "target"),
        ("draft", "submit", Plan(indicator=None), "indicator"),
        ("returned", "submit", Plan(due_on=None), "due_on"),
        ("in_progress", "submit_evidence", Plan(evidence=[]), "evidence"),
        ("evidence_submitted", "verify", Plan(result_class=None), "result_class"),
        ("verified", "close", Plan(result_class="not_yet_conforming"), "result_class"),
        ("verified", "close", Plan(result_class="not_followed_up"), "result_class"),
    ],
)
def test_guards_object_to_what_is_missing(state: str, step: str, plan: Plan, field: str) -> None:
    actor = Actor(1, "Both", frozenset({"clerk", "supervisor"}))

    objection = refusal(PROCESS, Case(state, plan, seen="h"), step, actor, seen="h")

    assert objection is not None
    assert (objection.code, objection.field) == ("guard", field)


@pytest.mark.parametrize(
    ("state", "step"), [("verified", "close"), ("evidence_submitted", "verify")]
)
def test_what_cannot_be_followed_up_needs_its_reason(state: str, step: str) -> None:
    plan = Plan(result_class="cannot_be_followed_up")

    assert _answer(state, step, somebody("supervisor"), record=plan, reason="") == "reason"
    assert _answer(state, step, somebody("supervisor"), record=plan) is None


def test_verifying_is_offered_before_the_result_is_chosen() -> None:
    case = Case("evidence_submitted", Plan(result_class=None))

    made = {offer.step: offer.objection for offer in offers(PROCESS, case, somebody("supervisor"))}

    assert made == {"send_back": None, "verify": None, "cancel": None}


def test_what_may_be_edited_in_each_state() -> None:
    opened = {code: state.editable for code, state in PROCESS.states.items() if state.editable}

    assert opened == {
        "draft": ("all",),
        "returned": ("all",),
        "in_progress": ("progress_note", "action_step.progress_note", "evidence"),
    }


def test_labels_and_tones_are_those_of_the_screens() -> None:
    assert [
        (state.label.text("id"), state.category, state.tone) for state in PROCESS.states.values()
    ] == [
        ("Draf", "draft", "draft"),
        ("Diajukan", "waiting", "waiting"),
        ("Dikembalikan", "draft", "returned"),
        ("Disetujui", "active", "done"),
        ("Berjalan", "active", "active"),
        ("Bukti diajukan", "waiting", "waiting"),
        ("Terverifikasi", "done", "done"),
        ("Ditutup", "done", "done"),
        ("Dibatalkan", "cancelled", "cancelled"),
    ]
    assert [step.label.text("id") for step in PROCESS.transitions.values()] == [
        "Ajukan",
        "Tarik kembali",
        "Setujui rencana",
        "Kembalikan",
        "Mulai",
        "Ajukan bukti",
        "Kirim balik",
        "Verifikasi",
        "Tutup",
        "Buka lagi",
        "Batalkan",
    ]
