"""Who is reminded of a deadline, and to whom a record goes on when it has passed.

One working day before it ends those nearest to the record are reminded; when it has passed, those
farther off have it, too. Asked again, nobody is told a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .beginnings import beginnings
from .calendar import Calendar
from .case import Person
from .deadlines import Clock, clock
from .definition import Process
from .notices import Notices
from .turning import InTurn, in_turn

#: Records whose decisions are read at once.
BATCH = 500


@dataclass(frozen=True)
class Open:
    """A record that somebody has the turn for, its deadline, and the day that it is there."""

    record: Any
    process: Process
    clock: Clock
    today: date
    #: Whether the deadline has passed.
    late: bool


def is_near(one: Clock, calendar: Calendar, today: date) -> bool:
    """Whether the deadline ends on this working day or the next one, or has passed."""
    return one.due is not None and calendar.between(today, one.due) <= 1


def to_tell(turn: InTurn, *, late: bool) -> dict[int, str]:
    """The kinds of notices by account, for a record whose deadline is near, or has passed."""
    found = dict.fromkeys(turn.nearest, "reminder")
    return found | dict.fromkeys(turn.wider, "escalated") if late else found


def open_turns(
    notices: Notices,
    session: Session,
    calendar_of: Callable[[Any], Calendar],
    moment: datetime,
) -> Iterator[Open]:
    """The records of every kind whose deadline is near or has passed, oldest first in each."""
    workflow = notices.workflow
    scope = workflow.log.tables.scope or ""
    for table in workflow.records().values():
        model: Any = table.entity
        timed = _timed(notices, session, table.name)
        if not timed:
            continue
        ways = [
            sa.and_(model.process_version_id == version, model.status.in_(states))
            for version, states in timed.items()
        ]
        asked = sa.select(model.id).where(sa.or_(*ways))
        waiting = session.scalars(asked.order_by(model.id)).all()
        for first in range(0, len(waiting), BATCH):
            ids = waiting[first : first + BATCH]
            taken = _decisions(notices, session, table.name, ids)
            rows = sa.select(model).where(model.id.in_(ids)).order_by(model.id)
            records = session.scalars(rows).unique().all()
            made = beginnings(
                workflow.log.tables,
                session,
                table.name,
                [(one.id, workflow.process_of(session, one)) for one in records],
            )
            for record in records:
                calendar = calendar_of(getattr(record, scope, None))
                process, today = workflow.process_of(session, record), calendar.day(moment)
                began = [made[record.id]] if record.id in made else []
                past = [*began, *taken.get(record.id, ())]
                found = clock(process, past, calendar, moment)
                if found is not None and is_near(found, calendar, today):
                    yield Open(record, process, found, today, found.late > 0)


def _timed(notices: Notices, session: Session, table: str) -> dict[int, list[str]]:
    """The states from which some step has a deadline, by the version of a table's process."""
    version = notices.workflow.process_version
    rows = sa.select(version).where(
        version.record_table == table, version.published_at.is_not(None)
    )
    found = {}
    for one in session.scalars(rows):
        process = notices.workflow.process_in(one)
        states = [
            code
            for code in process.states
            if any(step.deadline_days for step in process.leaving(code))
        ]
        if states:
            found[one.id] = states
    return found


def _decisions(
    notices: Notices, session: Session, table: str, ids: Sequence[int]
) -> dict[int, list[Any]]:
    decision = notices.workflow.decision
    rows = session.execute(
        sa.select(decision.record_id, decision.step, decision.becomes, decision.at)
        .where(decision.record_table == table, decision.record_id.in_(ids))
        .order_by(decision.id)
    )
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.record_id, []).append(row)
    return found


@dataclass(frozen=True)
class Told:
    """Who was told of one record, or would be: names, by the kind of the notice."""

    open: Open
    names: Mapping[str, list[str]]


def remind(notices: Notices, session: Session, one: Open, *, write: bool) -> Told:
    """Tell those whom a deadline concerns and who were not told yet; with `write`, write it down.

    The caller commits.
    """
    case = notices.workflow.case(session, one.record)
    found = to_tell(in_turn(one.process, case), late=one.late)
    fresh = notices.fresh(session, one.record, found)
    if write:
        notices.write(session, one.record, fresh, one.clock.due)
    known: dict[int, str] = {}
    for people in (case.people or {}).values():
        for account, held in people.items():
            person = held if isinstance(held, Person) else Person(held)
            known |= {account: person.name, **person.substitutes}
    names: dict[str, list[str]] = {}
    for account, kind in fresh.items():
        names.setdefault(kind, []).append(known.get(account, str(account)))
    return Told(one, names)
