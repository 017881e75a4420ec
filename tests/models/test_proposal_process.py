"""The process of a proposal as one truth table: every state, step and role, and its duties."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

import models
from models.guards import DUTIES
from models.proposal_guards import GUARDS
from panel.access.rules import Actor
from panel.workflow.rules import Case, read_process, refusal

FILE = Path(models.__path__[0]) / "processes" / "proposal.toml"
PROCESS = read_process(FILE.read_text("utf-8"), guards=GUARDS, duties=DUTIES)

#: Who may take the step of the column in the state of the row: c clerk, s supervisor, . nobody.
TABLE = """
           submit recall apply return withdraw
draft      c      .      .     .      c
submitted  .      c      s     s      c
returned   c      .      .     .      c
applied    .      .      .     .      .
withdrawn  .      .      .     .      .
"""
_head, *_rows = (line.split() for line in TABLE.strip().splitlines())
MAY = {(row[0], step): cell for row in _rows for step, cell in zip(_head, row[1:], strict=True)}


def answer(state: str, step: str, role: str, count: int = 1, **parties: frozenset[int]) -> object:
    """The code of the refusal, or None."""
    proposal = SimpleNamespace(item_count=count)
    case = Case(state, record=proposal, parties=parties, seen="hash")
    actor = Actor(1, "Somebody", frozenset({role}))
    objection = refusal(PROCESS, case, step, actor, reason="because", seen="hash")
    return objection and objection.code


@pytest.mark.parametrize("role", ["clerk", "supervisor", "auditor", "administrator"])
def test_every_state_step_and_role_answers_by_the_table(role: str) -> None:
    expected = {
        place: "state" if cell == "." else None if cell == role[0] else "role"
        for place, cell in MAY.items()
    }

    assert {place: answer(*place, role) for place in MAY} == expected
    assert list(PROCESS.states) == [row[0] for row in _rows]
    assert list(PROCESS.transitions) == _head


@pytest.mark.parametrize("step", ["apply", "return"])
@pytest.mark.parametrize("relation", ["creator", "editor"])
def test_who_made_or_changed_it_does_not_decide(step: str, relation: str) -> None:
    assert answer("submitted", step, "supervisor", **{relation: frozenset({1})}) == "duty"


def test_an_empty_proposal_is_not_submitted() -> None:
    assert answer("draft", "submit", "clerk", count=0) == "guard"
