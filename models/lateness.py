"""Which open records are late: the clock of who has the turn has run beyond the step's deadline.

The clock rests while another side has the turn, so that it is read decision by decision; records
in a state from which no step has a deadline are not looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.workflow.beginnings import beginnings
from panel.workflow.deadlines import clock
from panel.workflow.definition import Process

from .ageing import Calendars
from .concrete import Decision
from .open_records import Asked, Place, open_records, places
from .records import log


def late(
    session: Session,
    asked: Asked,
    calendar_of: Calendars,
    now: datetime,
    versions: Mapping[int, Process],
) -> list[Place]:
    """Where the open records stand that are late. Three statements at most.

    `versions` are the versions of the kind's process, by number.
    """
    model = asked.model
    timed = [
        sa.and_(model.process_version_id == version, model.status.in_(states))
        for version, process in versions.items()
        if (states := states_with_deadline(process))
    ]
    if not timed:
        return []
    number, version, region = model.id, model.process_version_id, asked.region.label("region")
    rows = open_records(asked, number, version, region, *places(asked)).where(sa.or_(*timed))
    found = session.execute(rows).all()
    if not found:
        return []
    keys = open_records(asked, number).where(sa.or_(*timed))
    made = beginnings(
        log.tables, session, asked.table, [(row[0], versions[row[1]]) for row in found]
    )
    past: dict[int, list[Any]] = {number: [one] for number, one in made.items()}
    decisions = (
        sa.select(Decision.record_id, Decision.step, Decision.becomes, Decision.at)
        .where(Decision.record_table == asked.table, Decision.record_id.in_(keys))
        .order_by(Decision.id)
    )
    for row in session.execute(decisions):
        past.setdefault(row.record_id, []).append(row)
    standing: list[Place] = []
    for key, of, lies, *place in found:
        one = clock(versions[of], past.get(key, ()), calendar_of(lies), now)
        if one is not None and one.late:
            standing.append((place[0], place[1], place[2]))
    return standing


def states_with_deadline(process: Process) -> list[str]:
    """The states from which a step should be taken within some days."""
    return sorted(
        code for code in process.states if any(step.deadline_days for step in process.leaving(code))
    )
