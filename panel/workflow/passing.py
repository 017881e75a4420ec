"""Records that run pass on to a newer version of their process: by its mapping, one by one.

Passing on is a decision with the step `migrate`: no edit and no approval. The latest step of the
record, and with it since when it waits and for whom, stays what it was. Nothing commits here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..changelog.deeds import NoDeed, current
from ..words import Refused, say
from .choosing import rows_of
from .definition import MIGRATE, Process
from .records import Workflow
from .snapshot import fingerprint, frozen
from .writing import decide, lock


def waiting(workflow: Workflow, session: Session, version: Any, most: int, after: int = 0) -> Any:
    """Numbers of the records that this version's mapping waits for, `most` beyond `after`."""
    record: Any = workflow.records()[version.record_table].entity
    way = workflow.process_mapping
    query = (
        sa.select(record.id)
        .join(
            way,
            sa.and_(way.was_version_id == record.process_version_id, way.was == record.status),
        )
        .where(way.version_id == version.id, record.id > after)
        .order_by(record.id)
        .limit(most)
    )
    return session.scalars(query).all()


def pass_on(workflow: Workflow, session: Session, record: Any, version: Any, reason: str) -> Any:
    """Let a record go on in a newer version, as the open deed's actor; the decision.

    Raises `Refused` where no published mapping leads there, and `NoDeed`. The caller commits.
    """
    deed = current()
    if deed is None:
        raise NoDeed("a record passes on in an open deed: without an actor nothing is written")
    table = workflow.records()[record.__tablename__]
    lock(session, table, record)
    if record.process_version_id == version.id:
        raise Refused("state", say("This record follows that version already."))
    rows = rows_of(workflow, session, version).get(record.process_version_id, {})
    becomes = rows.get(record.status)
    if becomes is None or version.published_at is None:
        label = workflow.process_of(session, record).states[record.status].label
        raise Refused("state", say("No mapping leads on from “%(state)s”.", state=label))
    process = workflow.process_at(session, version.id)
    before = workflow.process_of(session, record)
    filled = next(_by_hand(session, record, before, process, table), None)
    if filled is not None:
        sentence = say(
            "“%(field)s” is filled in; in that version a step alone sets it.", field=filled
        )
        raise Refused("locked", sentence)
    text = frozen(session, table, record)
    way = (MIGRATE, becomes, version.id)
    snapshot = (text, fingerprint(text))
    decision = decide(workflow, session, record, way, deed, reason=reason, frozen=snapshot)
    stands = (becomes, record.decision_id, version.id)
    with workflow.gate._open(record, stands, frozenset()):
        record.status, record.process_version_id = becomes, version.id
        session.flush()
    deed.action = f"{version.kind}.{MIGRATE}"
    deed.reason = reason
    deed.subject = (record.__tablename__, str(record.id))
    return decision


def _by_hand(
    session: Session, record: Any, before: Process, after: Process, table: Any
) -> Iterator[str]:
    """Fields that only a step sets from now on, and that somebody filled in by hand."""
    for name in sorted(after.step_fields - before.step_fields):
        child, _, column = name.rpartition(".")
        if not child:
            if getattr(record, name) is not None:
                yield name
            continue
        held = next(one for one in table.children if one.name == child)
        filled = sa.exists().where(
            held.table.c[held.owner] == record.id, held.table.c[column].is_not(None)
        )
        if session.scalar(sa.select(filled)):
            yield name
