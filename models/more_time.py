"""Asking for more time: what a request must be when it is made, and one at a time for a plan."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.words import Refused, Sentence, say
from panel.workflow.definition import FINAL, Process

from .concrete import ProcessState
from .extension_guards import plan_is_running
from .extensions import Extension

#: The guards of the step that grants which a request meets when it is made, and the field of each.
CAPS = {"at_most_extensions": "plan", "within_days": "asked_due_on"}


def settle(session: Session, extension: Extension, process: Process) -> None:
    """A request for a later day of a running plan, within the caps of its process.

    Locks the plan: of two requests made at once the second one sees the first.
    """
    plan = extension.plan
    if plan is None:
        return
    extension.region_id = plan.region_id
    with session.no_autoflush:
        session.refresh(plan, with_for_update=True)
        _refuse("plan", plan_is_running(extension) or waits_already(session, plan.id))
        if extension.asked_due_on is None:
            return
        if extension.asked_due_on <= plan.last_day:
            sentence = say("Choose a day after the present due date, %(day)s.", day=plan.last_day)
            _refuse("asked_due_on", sentence)
        for step in process.leaving(process.initial.code):
            for name, guard in step.guards.items():
                field = CAPS.get(name.partition(" ")[0])  # what a guard is given follows its name
                if field is not None:
                    _refuse(field, guard.check(extension))


def waits_until(session: Session, plan_id: int) -> date | None:
    """The day that is asked for by the request of a plan that waits; None when none does."""
    waiting = (
        sa.select(Extension.asked_due_on)
        .join(
            ProcessState,
            sa.and_(
                ProcessState.version_id == Extension.process_version_id,
                ProcessState.code == Extension.status,
            ),
        )
        .where(Extension.plan_id == plan_id, ProcessState.category.not_in(FINAL))
        .limit(1)
    )
    return session.scalar(waiting)


def waits_already(session: Session, plan_id: int) -> Sentence | None:
    """Of one plan one request waits at a time."""
    day = waits_until(session, plan_id)
    if day is None:
        return None
    return say("More time until %(day)s is asked for already and waits for a decision.", day=day)


def _refuse(field: str, sentence: Sentence | None) -> None:
    if sentence is not None:
        raise Refused("field", sentence, field)
