"""What a step writes beside the status: columns of the record and of what it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..words import Refused, say
from .definition import Transition
from .tables import Record


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
