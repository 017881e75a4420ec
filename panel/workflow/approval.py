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
        if process.approving and process.states[one.status].category not in OPEN
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


def _standing(
    workflow: Workflow, session: Session, table: str, asked: dict[int, tuple[Any, Process]]
) -> dict[int, Any]:
    """The latest approval of each record that nothing took back since, by the record's number."""
    decision: Any = workflow.decision
    versions = _followed(workflow, session, [one for one, _process in asked.values()])
    counts = [
        sa.and_(
            decision.process_version_id == version,
            sa.or_(decision.step.in_(process.approving), decision.becomes.in_(_open(process))),
        )
        for version, process in versions.items()
    ]
    latest = (
        sa.select(sa.func.max(decision.id))
        .where(decision.record_table == table, decision.record_id.in_(asked), sa.or_(*counts))
        .group_by(decision.record_id)
    )
    rows = session.scalars(sa.select(decision).where(decision.id.in_(latest)))
    return {
        one.record_id: one for one in rows if one.step in versions[one.process_version_id].approving
    }


def _open(process: Process) -> list[str]:
    return [code for code, state in process.states.items() if state.category in OPEN]


def _followed(workflow: Workflow, session: Session, records: Sequence[Any]) -> dict[int, Process]:
    """The processes that these records follow or may have followed, by version."""
    model = workflow.process_version
    own = {one.process_version_id for one in records}
    newest = max(session.get_one(model, version).number for version in own)
    if newest > 1:  # who is on a first version never followed another
        query = sa.select(model).where(
            model.record_table == records[0].__tablename__,
            model.published_at.is_not(None),
            model.number < newest,
        )
        own |= {one.id for one in session.scalars(query)}
    return {version: workflow.process_at(session, version) for version in sorted(own)}


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
