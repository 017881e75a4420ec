"""How a record's history reads that passed on from one version of its process to another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from ..plugin import current_panel
from ..words import Sentence, say
from ..workflow.definition import MIGRATE, Process
from ..workflow.records import Workflow

Edge = tuple[str, str]


def process_of(decision: Any) -> Process:
    """The process that a decision followed."""
    panel = current_panel()
    assert panel.workflow is not None
    return panel.workflow.process_at(panel.db.session(), decision.process_version_id)


def passage_told(who: Any, decision: Any, record: Any) -> Sentence:
    """Who let a record pass on to which version."""
    panel = current_panel()
    assert panel.workflow is not None
    version = panel.db.session.get(panel.workflow.process_version, decision.process_version_id)
    return say(
        "%(who)s passed %(record)s on to version %(number)s of its process.",
        who=who,
        record=record,
        number=str(version.number),
    )


def trod_of(workflow: Workflow, decisions: Iterable[Any]) -> list[Edge]:
    """The ways that a record went, by the names that its states have in the process it follows.

    `decisions` come latest first. What has no counterpart there is left out.
    """
    found: list[Edge] = []
    names: dict[str, str] | None = None
    for one in decisions:
        if one.step == MIGRATE:
            names = _older(workflow, one, names)
        elif names is None:
            found.append((one.was, one.becomes))
        elif one.was in names and one.becomes in names:
            found.append((names[one.was], names[one.becomes]))
    return found


def _older(workflow: Workflow, decision: Any, later: dict[str, str] | None) -> dict[str, str]:
    """What the states of the version that was left are called in the one that is followed now."""
    way = workflow.process_mapping
    rows: Any = current_panel().db.session.execute(
        sa.select(way.was, way.becomes).where(
            way.version_id == decision.process_version_id,
            way.was_version_id == decision.was_version_id,
        )
    )
    mapped: dict[str, str] = dict(rows.all())
    if later is None:
        return mapped
    return {was: later[becomes] for was, becomes in mapped.items() if becomes in later}
