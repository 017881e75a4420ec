"""Since when and until when records wait, in the working days of the place where they lie."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa

from ..columns import now
from ..plugin import current_panel
from ..workflow.beginnings import beginnings
from ..workflow.calendar import Calendar
from ..workflow.deadlines import Clock, clock
from ..workflow.definition import Process
from .language import zone


def calendars() -> Callable[[Any], Calendar]:
    """The working time of each place, by its number; one statement."""
    panel = current_panel()
    if panel.calendars is not None:
        return panel.calendars(panel.db.session())
    everywhere = Calendar(zone()[0])
    return lambda place: everywhere


def clocks(table: str, waiting: Iterable[tuple[int, Process, Any]]) -> dict[int, Clock]:
    """The clocks of records of one table, by number; three statements, however many they are.

    Each is given with its process and its place, the scope column of the log. A draft that nobody
    decided on has no clock, nor has a record that may rest.
    """
    waiting = list(waiting)
    if not waiting:
        return {}
    panel, moment = current_panel(), now()
    assert panel.workflow is not None
    decision = panel.workflow.decision
    rows = panel.db.session.execute(
        sa.select(decision.record_id, decision.step, decision.becomes, decision.at)
        .where(
            decision.record_table == table,
            decision.record_id.in_([number for number, _, _ in waiting]),
        )
        .order_by(decision.id)
    )
    asked = [(number, process) for number, process, _ in waiting]
    made = beginnings(panel.log.tables, panel.db.session(), table, asked)
    taken: dict[int, list[Any]] = {number: [one] for number, one in made.items()}
    for row in rows:
        taken.setdefault(row.record_id, []).append(row)
    calendar_of = calendars()
    found = {}
    for number, process, place in waiting:
        one = clock(process, taken.get(number, ()), calendar_of(place), moment)
        if one is not None:
            found[number] = one
    return found


def clocks_of(records: Iterable[Any]) -> dict[int, Clock]:
    """The clocks of loaded records of one kind, by number; three statements."""
    records, panel = list(records), current_panel()
    if not records:
        return {}
    assert panel.workflow is not None
    session = panel.db.session()
    return clocks(
        records[0].__tablename__,
        [(one.id, panel.workflow.process_of(session, one), place_of(one)) for one in records],
    )


def clock_of(record: Any, decisions: Iterable[Any]) -> Clock | None:
    """The clock of one record; `decisions` in their order, oldest first. Two statements."""
    panel = current_panel()
    assert panel.workflow is not None
    session, table = panel.db.session(), record.__tablename__
    process = panel.workflow.process_of(session, record)
    made = beginnings(panel.log.tables, session, table, [(record.id, process)])
    past = [*made.values(), *decisions]
    return clock(process, past, calendars()(place_of(record)), now())


def place_of(record: Any) -> Any:
    """Where a record lies: what the scope column of the log holds, None without one."""
    return getattr(record, current_panel().log.tables.scope or "", None)
