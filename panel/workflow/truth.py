"""The truth table of a process: for each state, step, role and relation whether it is allowed.

Read from the definition alone, not by asking the rules: the tests hold the two against each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..words import Code
from .definition import Process


@dataclass(frozen=True)
class Cell:
    """Whether somebody with this role, who is tied to the record by this relation, takes a step.

    `relation` is None for somebody who has nothing to do with the record; `refused` is None where
    the step is allowed, on its conditions and with its reason.
    """

    state: str
    step: str
    role: str
    relation: str | None
    refused: Code | None


def cells(process: Process) -> Iterator[Cell]:
    """Every cell: each state with each step, each role and each relation that any step bars."""
    relations = list(
        dict.fromkeys(duty for step in process.transitions.values() for duty in step.duties)
    )
    for state in process.states:
        for step in process.transitions.values():
            for role in process.role_names:
                for relation in (None, *relations):
                    refused: Code | None = None
                    if state not in step.sources:
                        refused = "state"
                    elif role not in step.roles:
                        refused = "role"
                    elif relation in step.duties:
                        refused = "duty"
                    yield Cell(state, step.name, role, relation, refused)


def rows(process: Process) -> Iterator[tuple[str, ...]]:
    """The cells as lines of state, step and the answer for each role.

    The answer is "yes" with those relations to whom it is "no", or the reason of the refusal.
    Steps of other states are left out: their answer is "state" for everybody.
    """
    found: dict[tuple[str, str], dict[str, dict[str | None, Code | None]]] = {}
    for cell in cells(process):
        line = found.setdefault((cell.state, cell.step), {})
        line.setdefault(cell.role, {})[cell.relation] = cell.refused
    for (state, step), line in found.items():
        if state in process.transitions[step].sources:
            yield f"`{state}`", f"`{step}`", *(_told(line[role]) for role in process.role_names)


def _told(answers: dict[str | None, Code | None]) -> str:
    stranger = answers[None]
    if stranger is not None:
        return stranger
    barred = [str(relation) for relation, refused in answers.items() if refused is not None]
    return f"yes; duty: {', '.join(barred)}" if barred else "yes"
