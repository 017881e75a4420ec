"""The workflow of an installation: `move` is the one verb by which a status changes.

A move locks the row, checks everything on what is stored, and writes decision, fields and status in
one transaction that the caller commits; a refusal writes nothing. The gate at the flush and the
triggers below it refuse every other way. The mixins of the tables are found under this name too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from ..access.rules import ROLE_NAMES, Actor
from ..changelog.authorship import inserted
from ..changelog.deeds import NoDeed, OpenDeed, current
from ..changelog.records import ChangeLog
from ..changelog.triggers import Trigger
from ..listening import Heard
from ..words import Label, Refused, Sentence
from .beginnings import beginnings
from .case import Case, Person
from .definition import OWN_DUTIES, Guard, Process
from .duties import acting_for, deciders
from .editors import editors
from .faults import numbered
from .gate import Gate, start
from .hooks import Hooks, attach
from .mixins import (
    MACHINERY,
    DecisionMixin,
    ProcessFieldMixin,
    ProcessMappingMixin,
    ProcessStateMixin,
    ProcessVersionMixin,
    WorkflowRecord,
)
from .past import decisions, steps_taken
from .publishing import Processes
from .rules import Offer, closed, offers, refusal
from .snapshot import fingerprint, frozen
from .triggers import gate_triggers
from .writing import decide, lock, tried, written

__all__ = [
    "MACHINERY",
    "DecisionMixin",
    "ProcessFieldMixin",
    "ProcessMappingMixin",
    "ProcessStateMixin",
    "ProcessVersionMixin",
    "UnknownStep",
    "Workflow",
    "WorkflowRecord",
]

#: Those who could act, by role and account: `people(session, record, roles)`.
People = Callable[[Session, Any, Collection[str]], Mapping[str, Mapping[int, str | Person]]]
#: Whether a record lies in an actor's own places: `reaches(session, record, actor)`.
Reaches = Callable[[Session, Any, Actor], bool]
#: Other accounts of the people behind some accounts: `same_people(session, accounts)`.
SamePeople = Callable[[Session, Collection[int]], Mapping[int, Collection[int]]]


class UnknownStep(LookupError):
    """A step that the process of this record does not have: 404."""


class Workflow(Processes):
    """Processes, their tables, and what may be done by them."""

    def __init__(
        self,
        *,
        log: ChangeLog,
        process_version: type[ProcessVersionMixin],
        process_state: type[ProcessStateMixin],
        process_field: type[ProcessFieldMixin],
        process_mapping: type[ProcessMappingMixin],
        decision: type[DecisionMixin],
        guards: Mapping[str, Guard],
        duties: Mapping[str, Sentence] = OWN_DUTIES,
        roles: Mapping[str, Label | Sentence] = ROLE_NAMES,
        people: People | None = None,
        same_people: SamePeople | None = None,
        reaches: Reaches | None = None,
    ) -> None:
        """`duties` gives each relation of `WorkflowRecord.parties` its sentence.

        A duty binds a person: what closes a step to one account closes it to those that
        `same_people` names with it. Without `reaches` nobody takes a step in another's place.
        """
        super().__init__(
            process_version=process_version,
            process_state=process_state,
            process_field=process_field,
            process_mapping=process_mapping,
            decision=decision,
            guards=guards,
            duties=duties,
            roles=roles,
        )
        self.log = log
        self.people = people
        self.same_people = same_people
        self.reaches = reaches
        self.gate = Gate(self.records, self.process_of, self._begin, self.decided)
        self.hooks = Hooks()
        self._heard = Heard()
        self.before_commit = self.hooks.before_commit
        self.after_commit = self.hooks.after_commit

    def triggers(self, dialect: str) -> list[Trigger]:
        """The gate below, for `install` and `differences`."""
        return gate_triggers(dialect, self.records().values(), self.log.tables.metadata)

    def attach(self, target: Any) -> None:
        """Listen to the flushes of a session, a session class or a scoped session; once."""
        if self._heard.first(target):
            event.listen(target, "before_flush", self.gate)
        attach(target)

    # questions

    def offers(
        self, session: Session, record: Any, actor: Actor, case: Case | None = None
    ) -> list[Offer]:
        """The steps from here, open or with their objection; `case` if it is known already."""
        process = self.process_of(session, record)
        case = case or self.case(session, record)
        found = offers(process, case, self.acting(session, record, actor))
        return [
            replace(one, objection=numbered(session, record, one.objection))
            if one.objection
            else one
            for one in found
        ]

    def closed(self, session: Session, record: Any, case: Case | None = None) -> list[Offer]:
        """The steps that start from another state, each with its objection."""
        process = self.process_of(session, record)
        return closed(process, case or self.case(session, record))

    def snapshot(self, session: Session, record: Any) -> tuple[str, str]:
        """Canonical JSON of what stands in the database for a record, and its SHA-256."""
        session.flush()
        text = frozen(session, self.records()[record.__tablename__], record)
        return text, fingerprint(text)

    def decisions(self, session: Session, record: Any) -> list[Any]:
        """The decisions on a record, latest first."""
        return decisions(session, self.decision, record)

    def decided(self, session: Session, record: Any) -> bool:
        """Whether there is a decision on a record, be it that it passed on to another version."""
        if record.decision_id is not None:
            return True
        first = session.get_one(self.process_version, record.process_version_id).number == 1
        with session.no_autoflush:
            return not first and bool(steps_taken(session, self.decision, record))

    def case(self, session: Session, record: Any, *, seen: str = "") -> Case:
        """A record as the rules see it."""
        process = self.process_of(session, record)
        steps = process.leaving(record.status)
        bound = any(step.duties for step in steps)
        past = steps_taken(session, self.decision, record) if bound or record.decision_id else []
        latest = next((one for one in past if one.id == record.decision_id), None)
        roles = {role for step in steps for role in step.roles}
        return Case(
            state=record.status,
            record=record,
            parties=self.parties(session, record, past) if bound else {},
            seen=seen,
            since=latest.at if latest else self.made_at(session, record, process),
            people=self.people(session, record, roles) if self.people else None,
        )

    def made_at(self, session: Session, record: Any, process: Process) -> datetime | None:
        """Since when a record waits that nobody decided on; None where it does not begin so."""
        asked, tables = [(record.id, process)], self.log.tables
        found = beginnings(tables, session, record.__tablename__, asked)
        return found[record.id].at if found else None

    def acting(self, session: Session, record: Any, actor: Actor) -> Actor:
        """The actor before this record: with his roles and stand-ins as far as each reaches it.

        Who stands in for nobody was asked for his scope when he found the record.
        """
        reaches = self.reaches
        if not actor.stands_in:
            return actor
        if reaches is None:
            return replace(actor, stands_in=())
        lent = tuple(one for one in actor.stands_in if reaches(session, record, one.actor))
        himself = replace(actor, stands_in=())
        roles = actor.roles if reaches(session, record, himself) else frozenset()
        return replace(actor, roles=roles, stands_in=lent)

    def parties(
        self, session: Session, record: Any, past: Sequence[Any] | None = None
    ) -> Mapping[str, frozenset[int]]:
        """Accounts tied to a record: what it says itself, and what the log knows.

        `past` are its decisions, latest first, if they are known already.
        """
        process = self.process_of(session, record)
        table = self.records()[record.__tablename__]
        made = inserted(self.log.tables, session, table.name, record.id) or 0
        past = steps_taken(session, self.decision, record) if past is None else past

        def followed(decision: Any) -> Process:
            return self.process_at(session, decision.process_version_id)

        approval = next((d.id for d in past if d.step in followed(d).approving), None)
        since = (approval and inserted(self.log.tables, session, "decision", approval)) or made
        edited = editors(
            self.log, session, table, record.id, since=since, ignoring=process.step_fields
        )
        own = {"creator": frozenset([record.created_by_id]), "editor": edited}
        found = {**record.parties(session), **own, **deciders(process, past, followed)}
        if self.same_people is None:
            return found
        others = self.same_people(session, frozenset().union(*found.values()))
        return {
            relation: accounts.union(*(others.get(account, ()) for account in accounts))
            for relation, accounts in found.items()
        }

    # the one verb

    def move(
        self,
        session: Session,
        record: Any,
        step: str,
        *,
        reason: str = "",
        seen: str,
        values: Mapping[str, Any] | None = None,
    ) -> Any:
        """Take a step as the open deed's actor, and give back the decision.

        `seen` is the hash of the snapshot that the actor had before him. `values` are the columns
        that the step sets; of a child: ``{"evidence.relevant": {number: value}}``. Raises `Refused`
        before anything is written, `UnknownStep` and `NoDeed`. The caller commits.
        """
        deed = current()
        if deed is None:
            raise NoDeed("a step is taken in an open deed: without an actor nothing is written")
        reason = reason.strip()
        table = self.records()[record.__tablename__]
        lock(session, table, record)
        process = self.process_of(session, record)
        if step not in process.transitions:
            raise UnknownStep(step)
        taken = process.transitions[step]
        own, theirs = written(session, table, record, taken, reason, values or {})
        text, digest = self.snapshot(session, record)
        actor = self.acting(session, record, _actor(deed))
        case = self.case(session, record, seen=digest)
        with session.no_autoflush, tried(record, own):
            objection = refusal(process, case, step, actor, reason=reason, seen=seen)
        if objection is not None:
            objection = numbered(session, record, objection)
            raise Refused(objection.code, objection.sentence, objection.field)
        lent = acting_for(case, taken, actor)
        with session.begin_nested() if self.hooks.may_refuse(process.kind) else nullcontext():
            way = (taken.name, taken.target, record.process_version_id)
            decision = decide(
                self, session, record, way, deed, reason=reason, frozen=(text, digest), lent=lent
            )
            becomes = (taken.target, decision.id, record.process_version_id)
            with self.gate._open(record, becomes, frozenset(taken.fields)):
                for child, name, value in theirs:
                    setattr(child, name, value)
                session.flush()
                for name, value in own.items():
                    setattr(record, name, value)
                record.status, record.decision_id = taken.target, decision.id
                session.flush()
            self.hooks.step_taken(process.kind, decision)
        deed.acting_for = decision.acting_for_id
        deed.acting_for_name, deed.letter = (lent.actor.name, lent.letter) if lent else ("", "")
        deed.action = f"{process.kind}.{step}"
        deed.reason = reason
        deed.subject = (record.__tablename__, str(record.id))
        return decision

    def _begin(self, session: Session, record: Any) -> None:
        version = self.latest(session, record.__tablename__)
        if version is None:
            raise LookupError(f"no process is published for {record.__tablename__}: run sync")
        record.process_version_id = record.process_version_id or version.id
        start(record, self.process_in(version), version.id)


def _actor(deed: OpenDeed) -> Actor:
    """Who acts; a command has no roles and so takes no step."""
    if isinstance(deed.actor, Actor):
        return deed.actor
    return Actor(deed.actor.id, deed.actor.name, kind=deed.actor.kind)
