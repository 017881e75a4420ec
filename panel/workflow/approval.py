"""Whether what somebody approved is still what stands there.

An approval counts until the record goes back to a draft. What a state opens by its name is work
that is foreseen there, and what a step sets belongs to that step: neither was approved. Everything
else was, also where a state leaves all of it open, and past the triggers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .definition import Process
from .records import Workflow
from .snapshot import Difference, differences, frozen_all

#: States of these categories hold nothing that is approved.
OPEN = ("draft", "cancelled")


@dataclass(frozen=True)
class Outdated:
    """An approval, and how the record differs from what it was given to."""

    decision: Any
    differences: tuple[Difference, ...]


def outdated(workflow: Workflow, session: Session, records: Sequence[Any]) -> dict[int, Outdated]:
    """Those of the records of one table that are not as they were approved, by their number."""
    held = [(one, workflow.process_of(session, one)) for one in records]
    asked = {
        one.id: (one, process)
        for one, process in held
        if approving(process) and process.states[one.status].category not in OPEN
    }
    if not asked:
        return {}
    table = workflow.records()[records[0].__tablename__]
    standing = _standing(workflow, session, table.name, asked)
    things = [asked[id_][0] for id_ in standing]
    found: dict[int, Outdated] = {}
    if not things:
        return found
    for one, text in zip(things, frozen_all(session, table, things), strict=True):
        decision = standing[one.id]
        parts = not_as_approved(asked[one.id][1], decision.snapshot, text)
        if parts:
            found[one.id] = Outdated(decision, tuple(parts))
    return found


def approving(process: Process) -> list[str]:
    """The steps whose taker vouches for the content."""
    return [step.name for step in process.transitions.values() if step.approves]


def _standing(
    workflow: Workflow, session: Session, table: str, asked: dict[int, tuple[Any, Process]]
) -> dict[int, Any]:
    """The latest approval of each record that nothing took back since, by the record's number."""
    decision: Any = workflow.decision
    processes = {process.text: process for _one, process in asked.values()}.values()
    steps = {name for process in processes for name in approving(process)}
    open_states = {
        code
        for process in processes
        for code, state in process.states.items()
        if state.category in OPEN
    }
    latest = (
        sa.select(sa.func.max(decision.id))
        .where(decision.record_table == table, decision.record_id.in_(asked))
        .where(sa.or_(decision.step.in_(steps), decision.becomes.in_(open_states)))
        .group_by(decision.record_id)
    )
    rows = session.scalars(sa.select(decision).where(decision.id.in_(latest)))
    return {one.record_id: one for one in rows if one.step in steps}


def not_as_approved(process: Process, before: str, after: str) -> list[Difference]:
    """The differences that touch what an approval is given to."""
    foreseen = {
        name
        for state in process.states.values()
        if "all" not in state.editable
        for name in state.editable
    }
    left_out = foreseen | process.step_fields
    return [one for one in differences(before, after) if not _named(one, process, left_out)]


def _named(one: Difference, process: Process, names: Iterable[str]) -> bool:
    if one.table == process.table:
        return one.field in names
    return one.table in names or f"{one.table}.{one.field}" in names
