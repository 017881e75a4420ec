"""What the process of a record leaves open in its present state, for pages that ask beforehand.

The gate at the flush decides; here its answer is known before anything is typed.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ..plugin import current_actor, current_panel
from ..words import Refused, say
from ..workflow.opening import WHOLE, roles_of, shut
from ..workflow.records import WorkflowRecord


def owner_of(record: Any) -> Any:
    """The record whose lock `record` stands under: itself, the one that holds it, or None."""
    if isinstance(record, WorkflowRecord):
        return record
    relation = getattr(type(record), "__locked_with__", None)
    return getattr(record, relation) if relation else None


def open_fields(record: Any) -> frozenset[str] | None:
    """The columns of `record` that are open now, and tables and columns below it; None: all."""
    owner, workflow = owner_of(record), current_panel().workflow
    if owner is None or workflow is None or sa.inspect(owner).transient:
        return None
    process = workflow.process_of(current_panel().db.session, owner)
    editable = process.states[owner.status].editable_to(roles_of(current_actor()))
    table = record.__tablename__
    if WHOLE in editable or (owner is not record and table in editable):
        return None
    return frozenset(name.removeprefix(f"{table}.") for name in editable)


def locked(record: Any, verb: str) -> Refused | None:
    """Why the process does not let the actor edit or delete this record now, or None."""
    owner, workflow = owner_of(record), current_panel().workflow
    if owner is None or workflow is None:
        return None
    session = current_panel().db.session
    if verb == "delete" and owner is record and workflow.decided(session, record):
        return Refused("locked", say("What was decided on is kept and cannot be deleted."))
    fields = open_fields(record)
    own = fields is None or any("." not in name for name in fields)
    if own and not (verb == "delete" and fields is not None):
        return None
    process, case = workflow.process_of(session, owner), workflow.case(session, owner)
    table = record.__tablename__
    return shut(process, case, _within(process.states[owner.status].editable, owner, table))


def _within(editable: tuple[str, ...], owner: Any, table: str) -> list[str]:
    """What of an open state is about rows of this table."""
    if table == owner.__tablename__:
        return [name for name in editable if "." not in name]
    return [name for name in editable if name.partition(".")[0] == table]
