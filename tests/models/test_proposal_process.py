"""The process of a proposal as one truth table: every state, step and role, and its duties."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from models.guards import DUTIES
from models.proposal_guards import GUARDS
from panel.workflow.rules import Case, refusal
from tests.models.truth_tables import ROLES, TruthTable, process_in, somebody

PROCESS = process_in("proposal", GUARDS, DUTIES)

#: c clerk, s supervisor, . nobody.
TABLE = TruthTable(
    """
           submit recall apply return withdraw
draft      c      .      .     .      c
submitted  .      c      s     s      c
returned   c      .      .     .      c
applied    .      .      .     .      .
withdrawn  .      .      .     .      .
"""
)


def answer(state: str, step: str, role: str, count: int = 1, **parties: frozenset[int]) -> object:
    """The code of the refusal, or None."""
    proposal = SimpleNamespace(item_count=count)
    case = Case(state, record=proposal, parties=parties, seen="hash")
    objection = refusal(PROCESS, case, step, somebody(role), reason="because", seen="hash")
    return objection and objection.code


@pytest.mark.parametrize("role", ROLES)
def test_every_state_step_and_role_answers_by_the_table(role: str) -> None:
    assert {place: answer(*place, role) for place in TABLE.may} == TABLE.answers(role)
    assert list(PROCESS.states) == TABLE.states
    assert list(PROCESS.transitions) == TABLE.steps


@pytest.mark.parametrize("step", ["apply", "return"])
@pytest.mark.parametrize("relation", ["creator", "editor"])
def test_who_made_or_changed_it_does_not_decide(step: str, relation: str) -> None:
    assert answer("submitted", step, "supervisor", **{relation: frozenset({1})}) == "duty"


def test_an_empty_proposal_is_not_submitted() -> None:
    assert answer("draft", "submit", "clerk", count=0) == "guard"
