"""What a step writes: its decision, columns of the record and of what it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session

from ..access.rules import StandIn
from ..changelog.deeds import OpenDeed
from ..columns import now
from ..words import Refused, say
from .definition import Transition
from .tables import Record


def lock(session: Session, table: Record, record: Any) -> None:
    """Hold the row until the transaction ends, and read the record anew."""
    session.flush()
    try:
        session.execute(_held(table.table), {"number": record.id})
        session.refresh(record)
    except InvalidRequestError as error:
        raise Refused("scope", say("This record is not there any more.")) from error


@cache
def _held(table: sa.Table) -> sa.Select[Any]:
    return sa.select(table.c.id).where(table.c.id == sa.bindparam("number")).with_for_update()


def decide(
    workflow: Any,
    session: Session,
    record: Any,
    way: tuple[str, str, int],
    deed: OpenDeed,
    *,
    reason: str,
    frozen: tuple[str, str],
    lent: StandIn | None = None,
) -> Any:
    """Write the row of a decision: by which step into which state of which version.

    `frozen` is the snapshot and its hash.
    """
    (step, becomes, version_id), (text, digest) = way, frozen
    decision: Any = workflow.decision(
        record_table=record.__tablename__,
        record_id=record.id,
        process_version_id=version_id,
        was_version_id=record.process_version_id,
        step=step,
        was=record.status,
        becomes=becomes,
        at=now(),
        actor_id=deed.actor.id,
        actor_name=deed.actor.name,
        acting_for_id=lent.actor.id if lent else None,
        letter_no=lent.letter if lent else None,
        reason=reason,
        seen_hash=digest,
        snapshot=text,
        deed_id=workflow.log.deed_id(session),
        request_id=deed.request_id,
    )
    session.add(decision)
    session.flush()
    return decision


def written(
    session: Session,
    table: Record,
    record: Any,
    step: Transition,
    reason: str,
    values: Mapping[str, Any],
) -> tuple[dict[str, Any], list[tuple[Any, str, Any]]]:
    """What the step writes into the record, and into which children: (child, column, value).

    Refuses what the step does not set, and children of another record.
    """
    for name in values:
        if name not in step.sets:
            raise Refused("field", say("This step does not set that field."), name)
    own: dict[str, Any] = dict.fromkeys(step.clears)
    if step.keeps_reason:
        own[step.keeps_reason] = reason or None
    theirs = []
    for name, value in values.items():
        child, _, column = name.rpartition(".")
        if not child:
            own[name] = value
            continue
        children = _children(session, table, record, child)
        for key, part in value.items():
            if key not in children:
                raise Refused("field", say("That row belongs to another record."), name)
            theirs.append((children[key], column, part))
    return own, theirs


def _children(session: Session, table: Record, record: Any, name: str) -> dict[int, Any]:
    child = next(one for one in table.children if one.name == name)
    query = sa.select(child.entity).where(child.table.c[child.owner] == record.id)
    return {getattr(found, child.key): found for found in session.scalars(query)}


@contextmanager
def tried(record: Any, values: Mapping[str, Any]) -> Iterator[None]:
    """The record as it would be after the step, for the guards to look at; then as it was."""
    before = {name: getattr(record, name) for name in values}
    try:
        for name, value in values.items():
            setattr(record, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(record, name, value)
