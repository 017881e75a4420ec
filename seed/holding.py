"""What became of the demo's sessions: every step a deed of its own by the account that may take it.

The main session of a city is held; one of those before it is reported, so that every list shows one
of each. Of the others no day is known: one came after the other.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from models.attendance import AttendanceSheet
from models.base import db
from models.records import workflow
from models.training import AgendaItem, TrainingSession
from panel.access.rules import Actor

from .acting import act


def hold(main: TrainingSession, clerk: Actor) -> None:
    """The main session was held; where its day is known it was announced before."""
    announced = ("announce",) if main.date_precision == "day" else ()
    step_on(main.id, (*announced, "hold"), clerk)


def report(earlier: list[TrainingSession], clerk: Actor, supervisor: Actor) -> None:
    """The sessions before it were held; of the one in the middle lists and report are accepted."""
    keys = [one.id for one in earlier]
    for key in reversed(keys):  # what a held session came after was held as well
        step_on(key, ("hold",), clerk)
    for key in keys[len(keys) // 2 :][:1]:
        for sheet in lists_of(key):
            take(AttendanceSheet, sheet, "sign", supervisor)
        if db.session.get_one(TrainingSession, key).status == "held":
            take(TrainingSession, key, "report", supervisor)


def lists_of(session_id: int) -> list[int]:
    """The attendance lists of a session that nobody has signed."""
    rows = (
        sa.select(AttendanceSheet.id)
        .join(AgendaItem, AgendaItem.id == AttendanceSheet.agenda_item_id)
        .where(AgendaItem.training_session_id == session_id, AttendanceSheet.decision_id.is_(None))
    )
    return list(db.session.scalars(rows))


def step_on(session_id: int, steps: tuple[str, ...], clerk: Actor) -> None:
    """Take these steps with a session that still stands at its beginning."""
    if db.session.get_one(TrainingSession, session_id).decision_id is None:
        for step in steps:
            take(TrainingSession, session_id, step, clerk)


def take(kind: Any, key: int, step: str, actor: Actor) -> None:
    """Take one step with a record, in a deed of its own."""
    with act(f"{kind.__tablename__}.{step}", actor) as session:
        record = session.get_one(kind, key)
        seen = workflow.snapshot(session, record)[1]
        workflow.move(session, record, step, seen=seen)
