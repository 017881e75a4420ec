"""Processes of an installation: taken in from files, published as versions, found for a record."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..access.rules import ROLE_NAMES
from ..columns import now
from ..words import Label, Sentence
from .definition import OWN_DUTIES, Guard, Process
from .mixins import (
    DecisionMixin,
    ProcessFieldMixin,
    ProcessMappingMixin,
    ProcessStateMixin,
    ProcessVersionMixin,
)
from .reading import read_file, read_process
from .snapshot import fingerprint
from .tables import Record, records

#: Of a mapping: the version that records come from, their state there, the state they go on in.
Row = tuple[int, str, str]


class Processes:
    """Definitions and their versions; the part of a `Workflow` that is about no single record."""

    def __init__(
        self,
        *,
        process_version: type[ProcessVersionMixin],
        process_state: type[ProcessStateMixin],
        process_field: type[ProcessFieldMixin],
        process_mapping: type[ProcessMappingMixin],
        decision: type[DecisionMixin],
        guards: Mapping[str, Guard],
        duties: Mapping[str, Sentence] = OWN_DUTIES,
        roles: Mapping[str, Label | Sentence] = ROLE_NAMES,
    ) -> None:
        """`duties` gives each relation of `WorkflowRecord.parties` its sentence."""
        self.process_version: Any = process_version
        self.process_state: Any = process_state
        self.process_field: Any = process_field
        self.process_mapping: Any = process_mapping
        self.decision: Any = decision
        self.guards = guards
        self.duties = duties
        self.roles = roles
        self._texts: dict[str, str] = {}
        self._checked: dict[str, Process] = {}
        self._read: dict[str, Process] = {}
        self._records: dict[str, Record] = {}

    def define(self, text: str | Path) -> None:
        """Take in a process, from a file or from text; `sync` brings it into the database."""
        text = read_file(text) if isinstance(text, Path) else text
        process = self.read(text)
        self._texts[process.kind] = text

    def read(self, text: str, *, strictly: bool = False) -> Process:
        """The process in `text`; `strictly` checks its columns against the tables as well."""
        fields = None
        if strictly:
            fields = {n: c for record in self.records().values() for n, c in record.fields.items()}
        return read_process(
            text, guards=self.guards, duties=self.duties, roles=self.roles, fields=fields
        )

    def processes(self) -> list[Process]:
        """The processes that were defined, checked against the tables."""
        for text in set(self._texts.values()) - set(self._checked):
            self._checked[text] = self.read(text, strictly=True)
        return [self._checked[text] for text in self._texts.values()]

    def sync(self, session: Session) -> list[Any]:
        """Bring in each defined process whose text was never there; give back the new versions.

        The first process of a kind is published. A later one waits as a proposal that nobody made:
        two people have to take it up and publish it. Records that run keep the version they began
        on until they are passed on. The caller commits.
        """
        made = []
        for process in self.processes():
            latest = self.latest(session, process.table)
            known = sa.select(self.process_version.sha256).where(
                self.process_version.record_table == process.table
            )
            if fingerprint(process.text) in set(session.scalars(known)):
                continue
            version = self.proposed(session, process)
            if latest is None:
                self.publish(session, version, process)
            made.append(version)
        return made

    def proposed(
        self,
        session: Session,
        process: Process,
        *,
        by: tuple[int, str] | None = None,
        reason: str | None = None,
    ) -> Any:
        """A version that is not published, from an account, its number and name, or from nobody."""
        model = self.process_version
        numbers = sa.select(sa.func.max(model.number)).where(model.kind == process.kind)
        version: Any = model(
            kind=process.kind,
            record_table=process.table,
            number=(session.scalar(numbers) or 0) + 1,
            text=process.text,
            sha256=fingerprint(process.text),
            proposed_by_id=by and by[0],
            proposed_by_name=by and by[1],
            proposed_reason=reason,
        )
        session.add(version)
        session.flush()
        return version

    def lay_mapping(
        self, session: Session, version: Any, process: Process, rows: Collection[Row] = ()
    ) -> None:
        """Lay down the states of a version that is not published, and the mapping to them."""
        for table in (self.process_mapping, self.process_state):
            session.execute(sa.delete(table).where(table.version_id == version.id))
        session.add_all(
            self.process_state(
                version_id=version.id,
                code=state.code,
                category=state.category,
                initial=state.initial,
            )
            for state in process.states.values()
        )
        session.flush()
        session.add_all(
            self.process_mapping(version_id=version.id, was_version_id=old, was=was, becomes=now)
            for old, was, now in rows
        )
        session.flush()

    def publish(
        self,
        session: Session,
        version: Any,
        process: Process,
        by: tuple[int, str] | None = None,
        mapping: Collection[Row] = (),
    ) -> None:
        """Lay down what a version opens, then close it for ever; the triggers ask who does it."""
        self.lay_mapping(session, version, process, mapping)
        field = self.process_field
        session.execute(sa.delete(field).where(field.version_id == version.id))
        children = {child.name for child in self.records()[process.table].children}
        session.add_all(
            self.process_field(version_id=version.id, **row)
            for row in field_rows(process, children)
        )
        session.flush()
        version.published_by_id, version.published_by_name = by or (None, None)
        version.published_at = now()
        session.flush()

    def latest(self, session: Session, table: str) -> Any:
        """The version on which records of a table begin, or None."""
        return session.scalar(_latest(self.process_version), {"table": table})

    def records(self) -> Mapping[str, Record]:
        """The tables of records with a process, once all models are there."""
        if not self._records:
            self._records = records(self.decision.registry)
        return self._records

    def process_of(self, session: Session, record: Any) -> Process:
        """The process that a record follows, as that version was published."""
        return self.process_at(session, record.process_version_id)

    def process_at(self, session: Session, version_id: int) -> Process:
        """The process that a version holds, by the number of that version."""
        # held by the session: a list of records asks for their version once, not once a row
        held: dict[int, Any] = session.info.setdefault("process_versions", {})
        version = held.get(version_id)
        if version is None or version not in session:
            version = held[version_id] = session.get_one(self.process_version, version_id)
        return self.process_in(version)

    def process_in(self, version: Any) -> Process:
        """The process that a version holds; its text is read once, for it never changes."""
        found = self._read.get(version.sha256)
        if found is None:
            found = self._read[version.sha256] = self.read(version.text)
        return found


@cache
def _latest(version: Any) -> sa.Select[Any]:
    return (
        sa.select(version)
        .where(version.record_table == sa.bindparam("table"), version.published_at.is_not(None))
        .order_by(version.number.desc())
        .limit(1)
    )


def field_rows(process: Process, children: Collection[str]) -> Iterator[dict[str, str]]:
    """The rows of `process_field`: what each state opens, and what each step alone sets."""

    def full(name: str) -> str:
        if name == "all":
            return "*"
        if name in children:
            return f"{name}.*"
        return name if "." in name else f"{process.table}.{name}"

    for state in process.states.values():
        for name in state.editable:
            yield {"state": state.code, "field": full(name)}
    for step in process.transitions.values():
        for name in step.fields:
            yield {"step": step.name, "field": full(name)}
