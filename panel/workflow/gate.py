"""The gate at the flush: no quiet change of a status, no edit of what is locked.

It says kindly and early what the triggers would refuse. A step passes because `Workflow.move` holds
a pass for exactly this record and these values; there is no switch that opens the gate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..changelog.deeds import current
from ..words import Refused, say
from .definition import Process
from .opening import is_open, roles_of, shut
from .rules import Case
from .tables import Child, Record


@dataclass(frozen=True)
class _Pass:
    record: Any
    #: Status, latest step and version, as the record has them afterwards.
    becomes: tuple[str, int | None, int]
    fields: frozenset[str]


class Gate:
    """Looks at every flush of a session for records with a process and their children."""

    def __init__(
        self,
        records: Callable[[], Mapping[str, Record]],
        process_of: Callable[[Session, Any], Process],
        begin: Callable[[Session, Any], None],
        decided: Callable[[Session, Any], bool],
    ) -> None:
        self._records = records
        self._process_of = process_of
        self._begin = begin
        self._decided = decided
        self._pass: ContextVar[_Pass | None] = ContextVar("pass", default=None)

    @contextmanager
    def _open(
        self, record: Any, becomes: tuple[str, int | None, int], fields: frozenset[str]
    ) -> Iterator[None]:
        token = self._pass.set(_Pass(record, becomes, fields))
        try:
            yield
        finally:
            self._pass.reset(token)

    def _held(self, record: Any) -> _Pass | None:
        held = self._pass.get()
        return held if held is not None and held.record is record else None

    def __call__(self, session: Session, context: Any, instances: Any) -> None:
        """Refuse the flush, or let it go on; the listener of `before_flush`."""
        records = {record.entity: record for record in self._records().values()}
        children = {c.entity: (r, c) for r in records.values() for c in r.children}
        flush = (("new", session.new), ("dirty", session.dirty), ("deleted", session.deleted))
        for fate, things in flush:
            for thing in things:
                if type(thing) in records:
                    self._record(session, records[type(thing)], thing, fate)
                elif type(thing) in children:
                    self._child(session, *children[type(thing)], thing, fate)

    def _record(self, session: Session, record: Record, thing: Any, fate: str) -> None:
        if fate == "new":
            self._begin(session, thing)
        elif fate == "dirty" and session.is_modified(thing):
            self._edit(session, record, thing)
        elif fate == "deleted" and self._decided(session, thing):
            raise Refused("locked", say("What was decided on is kept and cannot be deleted."))

    def _edit(self, session: Session, record: Record, thing: Any) -> None:
        held = self._held(thing)
        stands = (thing.status, thing.decision_id, thing.process_version_id)
        allowed = held is not None and held.becomes == stands
        if not allowed and _changed(thing, "process_version_id"):
            sentence = say("A record passes on to another version by a published mapping only.")
            raise Refused("locked", sentence, "process_version_id")
        if not allowed and (_changed(thing, "status") or _changed(thing, "decision_id")):
            raise Refused("state", say("A status changes by its steps and by nothing else."))
        if _changed(thing, "created_by_id"):
            raise Refused("locked", say("How a record began never changes."), "created_by_id")
        process = self._process_of(session, thing)
        code, roles = _before(thing, "status"), _roles()
        for name in record.content:
            if not _changed(thing, name):
                continue
            if name in process.step_fields:
                if held is None or name not in held.fields:
                    raise self._by_step(process, name, name)
            elif not is_open(process, code, roles, [name]):
                raise shut(process, Case(code), [name], name)

    def _child(self, session: Session, record: Record, child: Child, thing: Any, fate: str) -> None:
        if fate == "dirty" and not session.is_modified(thing):
            return
        owners = list(_owners(session, record, child, thing))
        whole = fate != "dirty" or len(owners) > 1 or _changed(thing, child.relation)
        for owner in owners:
            if owner in session.deleted:
                continue  # its own deletion is looked at
            if sa.inspect(owner).pending:
                self._begin(session, owner)
            process = self._process_of(session, owner)
            code = _before(owner, "status")
            if whole and not is_open(process, code, _roles(), [child.name]):
                raise shut(process, Case(code), [child.name])
            if fate != "deleted":
                self._child_columns(process, code, owner, child, thing)

    def _child_columns(
        self, process: Process, code: str, owner: Any, child: Child, thing: Any
    ) -> None:
        held, roles = self._held(owner), _roles()
        for name in child.content:
            field = f"{child.name}.{name}"
            if not _changed(thing, name) or (sa.inspect(thing).pending and _empty(thing, name)):
                continue
            if field in process.step_fields:
                if held is None or field not in held.fields:
                    raise self._by_step(process, field, name)
            elif not is_open(process, code, roles, [child.name, field]):
                raise shut(process, Case(code), [child.name, field], name)

    def _by_step(self, process: Process, name: str, field: str) -> Refused:
        steps = [step.label for step in process.transitions.values() if name in step.fields]
        sentence = say("This is set by the step “%(step)s” only.", step=steps[0])
        return Refused("locked", sentence, field)


def start(thing: Any, process: Process, version_id: int) -> None:
    """A new record begins at the beginning, on the newest version, as its author's."""
    deed = current()
    thing.status = thing.status or process.initial.code
    thing.process_version_id = thing.process_version_id or version_id
    if thing.created_by_id is None and deed is not None:
        thing.created_by_id = deed.actor.id
    if thing.status != process.initial.code or thing.decision_id is not None:
        raise Refused("state", say("A new record begins as “%(s)s”.", s=process.initial.label))
    if thing.process_version_id != version_id:
        raise Refused("state", say("A new record follows the newest version of its process."))
    if deed is not None and thing.created_by_id != deed.actor.id:
        raise Refused("state", say("A record is made in one's own name."))
    for name in process.step_fields:
        if "." not in name and not _empty(thing, name):
            raise Refused("locked", say("This is set by a step only."), name)


def _roles() -> frozenset[str]:
    deed = current()
    return roles_of(deed.actor) if deed is not None else frozenset()


def _changed(thing: Any, name: str) -> bool:
    return bool(sa.inspect(thing).attrs[name].history.has_changes())


def _empty(thing: Any, name: str) -> bool:
    return getattr(thing, name) is None


def _before(thing: Any, name: str) -> Any:
    """The value that the database still has."""
    history = sa.inspect(thing).attrs[name].history
    return history.deleted[0] if history.deleted else getattr(thing, name)


def _owners(session: Session, record: Record, child: Child, thing: Any) -> Iterator[Any]:
    """The record under whose lock a child stands, and the one it stood under before."""
    getattr(thing, child.owner)  # an expired key has no history
    attributes = sa.inspect(thing).attrs
    found: dict[int, Any] = {}
    for owner in attributes[child.relation].history.sum():
        if owner is not None:
            found[id(owner)] = owner
    for key in attributes[child.owner].history.sum():
        owner = session.get(record.entity, key) if key is not None else None
        if owner is not None:
            found[id(owner)] = owner
    yield from found.values()
