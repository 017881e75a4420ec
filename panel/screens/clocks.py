"""Since when and until when a record waits, in the working days of the place where it lies."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa

from ..columns import now
from ..plugin import current_panel
from ..workflow.calendar import Calendar
from ..workflow.deadlines import Clock, clock
from .language import zone


def calendars() -> Callable[[Any], Calendar]:
    """The working time of each record's place; one statement."""
    panel = current_panel()
    if panel.calendars is not None:
        return panel.calendars(panel.db.session())
    everywhere = Calendar(zone()[0])
    return lambda record: everywhere


def clocks_of(records: Iterable[Any]) -> dict[int, Clock]:
    """The clocks of records of one kind, by their numbers; two statements, however many they are.

    A record without a decision, and one in which nothing is due, has none.
    """
    panel, records = current_panel(), list(records)
    if not records:
        return {}
    workflow, session = panel.workflow, panel.db.session()
    assert workflow is not None
    decision = workflow.decision
    rows = session.execute(
        sa.select(decision.record_id, decision.step, decision.becomes, decision.at)
        .where(
            decision.record_table == records[0].__tablename__,
            decision.record_id.in_([one.id for one in records]),
        )
        .order_by(decision.id)
    )
    taken: dict[int, list[Any]] = {}
    for row in rows:
        taken.setdefault(row.record_id, []).append(row)
    calendar_of, moment = calendars(), now()
    found = {
        one.id: clock(
            workflow.process_of(session, one), taken.get(one.id, ()), calendar_of(one), moment
        )
        for one in records
    }
    return {number: found_one for number, found_one in found.items() if found_one is not None}


def clock_of(record: Any, decisions: Iterable[Any]) -> Clock | None:
    """The clock of one record; `decisions` in their order, oldest first. One statement."""
    workflow = current_panel().workflow
    assert workflow is not None
    process = workflow.process_of(current_panel().db.session(), record)
    return clock(process, decisions, calendars()(record), now())
