"""The process of a request for more time as one truth table, and its guards one by one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from types import SimpleNamespace

import pytest

from models.extension_guards import EXTENSION_GUARDS
from models.guards import DUTIES
from panel.access.rules import Actor
from panel.workflow.rules import Case, offers, refusal
from tests.models.truth_tables import ROLES, TruthTable, process_in, somebody

PROCESS = process_in("extension", EXTENSION_GUARDS, DUTIES)
RELATIONS = ("creator", "editor", "official", "spouse", "subordinate")

#: c clerk, s supervisor, . nobody.
TABLE = TruthTable(
    """
           grant refuse withdraw
requested  s     s      c
granted    .     .      .
refused    .     .      .
withdrawn  .     .      .
"""
)

DUE = date(2026, 3, 31)


@dataclass
class Request:
    """A request for 30 days more that no guard objects to once it is answered."""

    asked_due_on: date = DUE + timedelta(30)
    granted_until: date | None = DUE + timedelta(30)
    category: str = "active"
    last_day: date | None = DUE
    earlier: list[date | None] = field(default_factory=list)

    @property
    def plan(self) -> SimpleNamespace:
        """Its plan, with the other requests."""
        return SimpleNamespace(
            due_on=DUE,
            last_day=self.last_day,
            state=SimpleNamespace(category=self.category),
            extensions=[self, *(SimpleNamespace(granted_until=day) for day in self.earlier)],
        )


def answer(state: str, step: str, role: str, request: Request | None = None, **facts: object):
    """The objection, or None."""
    parties = {relation: frozenset({1}) for relation in facts.pop("tied", ())}
    case = Case(state, request or Request(), parties, "hash")
    reason = str(facts.pop("reason", "because"))
    return refusal(PROCESS, case, step, somebody(role), reason=reason, seen="hash")


def code(objection) -> str | None:
    """What stands against it, in a word."""
    return objection and objection.code


def test_every_state_step_and_role_answers_by_the_table() -> None:
    assert TABLE.states == list(PROCESS.states)
    assert TABLE.steps == list(PROCESS.transitions)
    for role in ROLES:
        found = {place: code(answer(*place, role)) for place in TABLE.may}
        assert found == TABLE.answers(role)


def test_who_is_tied_to_the_plan_decides_on_nothing() -> None:
    for step, relation in product(("grant", "refuse"), RELATIONS):
        assert code(answer("requested", step, "supervisor", tied=[relation])) == "duty"
    assert code(answer("requested", "withdraw", "clerk", tied=RELATIONS)) is None


def test_refusing_alone_needs_a_reason() -> None:
    asked = {
        step: code(answer("requested", step, role, reason=" "))
        for (state, step), cell in TABLE.may.items()
        for role in ROLES
        if cell == role[0]
    }

    assert asked == {"grant": None, "refuse": "reason", "withdraw": None}


def test_nothing_of_a_request_is_edited_and_the_step_that_grants_sets_the_day() -> None:
    assert [state.editable for state in PROCESS.states.values()] == [(), (), (), ()]
    assert {step.name: step.fields for step in PROCESS.transitions.values() if step.fields} == {
        "grant": ("granted_until",)
    }


def test_what_came_to_nothing_is_not_counted_as_done() -> None:
    assert {state.code: state.category for state in PROCESS.states.values()} == {
        "requested": "waiting",
        "granted": "done",
        "refused": "cancelled",
        "withdrawn": "cancelled",
    }


def later(days: int) -> date:
    """A day after the approved one."""
    return DUE + timedelta(days)


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (Request(), None),
        (Request(granted_until=later(1)), None),
        (Request(asked_due_on=later(90), granted_until=later(90)), None),
        (Request(last_day=later(10), earlier=[later(10)]), None),
        (Request(earlier=[None, None, None]), None),
        (
            Request(category="draft"),
            "This plan is not under way yet; change its due date itself.",
        ),
        (Request(category="done"), "This plan is done and needs no more time."),
        (Request(category="cancelled"), "This plan was cancelled and needs no more time."),
        (Request(last_day=None), "This plan has no due date that could be later."),
        (
            Request(granted_until=None),
            "Choose the day until which more time is granted.",
        ),
        (
            Request(granted_until=DUE),
            "Choose a day after the present due date, 2026-03-31.",
        ),
        (
            Request(granted_until=later(20), last_day=later(25), earlier=[later(25)]),
            "Choose a day after the present due date, 2026-04-25.",
        ),
        (
            Request(granted_until=later(31)),
            "Choose a day no later than the one asked for, 2026-04-30.",
        ),
        (
            Request(last_day=later(20), earlier=[later(10), None, later(20)]),
            "A plan is given more time 2 times at most; this one was given it 2 times, the last "
            "time until 2026-04-20.",
        ),
        (
            Request(asked_due_on=later(91), granted_until=later(91)),
            "More time ends 90 days after the approved due date at the latest, on 2026-06-29.",
        ),
        (
            Request(later(91), later(91), last_day=later(60), earlier=[later(60)]),
            "More time ends 90 days after the approved due date at the latest, on 2026-06-29; it "
            "was given until 2026-05-30 already.",
        ),
    ],
)
def test_granting_keeps_within_the_caps(request_: Request, sentence: str | None) -> None:
    objection = answer("requested", "grant", "supervisor", request_)

    assert (objection and str(objection.sentence)) == sentence
    assert code(answer("requested", "refuse", "supervisor", request_)) is None


def test_granting_is_offered_before_the_day_is_chosen_and_not_once_the_cap_is_reached() -> None:
    actor = Actor(2, "Bayu", frozenset({"supervisor"}))

    def offered(request: Request) -> dict[str, str | None]:
        made = offers(PROCESS, Case("requested", request), actor)
        return {one.step: code(one.objection) for one in made}

    assert offered(Request(granted_until=None))["grant"] is None
    assert offered(Request(granted_until=None, earlier=[later(1), later(2)]))["grant"] == "guard"
