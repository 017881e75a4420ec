"""The truth tables of the processes say what the rules answer, cell by cell."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from models.records import workflow
from panel.access.rules import Actor
from panel.commands.process_tables import process_table
from panel.words import say
from panel.workflow.definition import Guard, Process
from panel.workflow.rules import Case, read_process, refusal
from panel.workflow.truth import Cell, cells
from tests.panel.workflow.office import DUTIES, GUARDS, PROCESS, ROLES

OFFICE = read_process(PROCESS, guards=GUARDS, duties=DUTIES, roles=ROLES)
PROCESSES = {one.kind: one for one in (OFFICE, *workflow.processes())}
WHO = 7
README = (Path(__file__).parents[3] / "README.md").read_text("utf-8")


def _willing(process: Process) -> Process:
    """The process without its conditions: the table is about states, roles and relations."""
    steps = {
        name: replace(step, guards={}, reason_when={}) for name, step in process.transitions.items()
    }
    return replace(process, transitions=steps)


def _answer(process: Process, cell: Cell) -> str | None:
    parties = {cell.relation: frozenset({WHO})} if cell.relation else {}
    case = Case(cell.state, parties=parties, seen="now")
    actor = Actor(WHO, "Somebody", frozenset({cell.role}))
    found = refusal(process, case, cell.step, actor, reason="as agreed", seen="now")
    return found and found.code


@pytest.mark.parametrize("kind", PROCESSES)
def test_every_cell_is_what_the_rules_answer(kind: str) -> None:
    process = _willing(PROCESSES[kind])
    found = list(cells(process))
    relations = {duty for step in process.transitions.values() for duty in step.duties}

    wrong = [cell for cell in found if _answer(process, cell) != cell.refused]

    assert wrong == []
    size = len(process.states) * len(process.transitions) * len(process.role_names)
    assert len(found) == size * (len(relations) + 1)


@pytest.mark.parametrize("kind", PROCESSES)
def test_what_is_printed_is_what_the_rules_answer(kind: str) -> None:
    """The table as people read it is taken apart again, every state and step of it."""
    process = _willing(PROCESSES[kind])
    printed = process_table(PROCESSES[kind]).strip().split("\n\n")[-1].splitlines()
    head, lines = printed[0].strip("| ").split(" | "), printed[2:]
    told = {}
    for line in lines:
        state, step, *answers = (cell.strip(" `") for cell in line.strip("|").split(" | "))
        for role, answer in zip(head[2:], answers, strict=True):
            told[state, step, role] = answer

    for cell in cells(process):
        answer = told.get((cell.state, cell.step, cell.role), "state")
        allowed, _, barred = answer.partition("; duty: ")
        expected = "duty" if cell.relation in barred.split(", ") else allowed
        if allowed != "yes":
            expected = allowed
        assert (_answer(process, cell) or "yes") == expected, cell


@pytest.mark.parametrize("kind", PROCESSES)
def test_nobody_is_let_through_a_condition_or_without_a_reason(kind: str) -> None:
    process = PROCESSES[kind]
    stop = Guard(lambda _: say("Not now."))
    for cell in cells(process):
        step = process.transitions[cell.step]
        if cell.refused is not None:
            continue
        shut = replace(step, guards=dict.fromkeys(step.guards, stop), reason_when={})
        asked = replace(process, transitions={**process.transitions, step.name: shut})
        if step.guards:
            assert _answer(asked, cell) == "guard"
        elif step.needs_reason:
            actor = Actor(WHO, "Somebody", frozenset({cell.role}))
            found = refusal(asked, Case(cell.state, seen="x"), step.name, actor, seen="x")
            assert found is not None
            assert found.code == "reason"


def test_the_readme_prints_the_truth_table_of_every_shipped_process() -> None:
    [part] = re.findall(r"<!-- process -->\n(.*?)<!-- /process -->", README, re.S)

    for process in workflow.processes():
        assert process_table(process).strip() in part
