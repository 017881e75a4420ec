"""Processes as truth tables: which step stands open in which state, and to whom."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import models
from panel.access.rules import Actor
from panel.workflow.definition import Process
from panel.workflow.rules import read_process

ROLES = ("clerk", "supervisor", "auditor", "administrator")


def process_in(name: str, guards: Mapping[str, Any], duties: Mapping[str, Any]) -> Process:
    """The process in a file of `models/processes`."""
    file = Path(models.__path__[0]) / "processes" / f"{name}.toml"
    return read_process(file.read_text("utf-8"), guards=guards, duties=duties)


def somebody(role: str, id: int = 1) -> Actor:
    """An actor with one role."""
    return Actor(id, "Somebody", frozenset({role}))


class TruthTable:
    """Who may take the step of the column in the state of the row.

    A cell has the first letter of the role (c clerk, s supervisor), or a point for nobody.
    """

    def __init__(self, text: str) -> None:
        head, *rows = (line.split() for line in text.strip().splitlines())
        self.steps = head
        self.states = [row[0] for row in rows]
        self.may = {
            (row[0], step): cell for row in rows for step, cell in zip(head, row[1:], strict=True)
        }

    def answers(self, role: str) -> dict[tuple[str, str], str | None]:
        """What a role is answered in each place: "state", "role", or None where it may."""
        return {
            place: "state" if cell == "." else None if cell == role[0] else "role"
            for place, cell in self.may.items()
        }
