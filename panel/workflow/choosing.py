"""What becomes of running records when a version is published: chosen while it is proposed.

Nothing commits here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..access.rules import Actor
from ..words import Refused, say
from .blocks import Complaint
from .definition import Process, State
from .mapping import candidates, flaws, given, mapped
from .places import Place, places_of
from .publishing import Row
from .reading import WrongProcess
from .records import Workflow
from .rules import Objection

#: A number that no version has before.
LAST = 2**31 - 1


@dataclass(frozen=True)
class Way:
    """What becomes of records in one state of an older version."""

    state: State
    #: Where they go on; None: they stay on their version.
    becomes: State | None
    #: What its proposer may choose from; nothing where it is not to be chosen.
    choices: tuple[State, ...]
    #: Records that stand there now.
    count: int


@dataclass(frozen=True)
class Earlier:
    """An older version, and what becomes of the records on it."""

    version: Any
    process: Process
    ways: tuple[Way, ...]

    @property
    def passing(self) -> int:
        """Records that would pass on."""
        return sum(way.count for way in self.ways if way.becomes is not None)

    @property
    def staying(self) -> int:
        """Records that stay: they are at their end, or no mapping leads on."""
        return sum(way.count for way in self.ways if way.becomes is None)

    @property
    def to_choose(self) -> list[Way]:
        """The states for which somebody says what becomes of them."""
        return [way for way in self.ways if way.choices]


def foreseen(workflow: Workflow, session: Session, process: Process) -> list[Earlier]:
    """The same of a file that is not proposed yet, as its own mapping says; refuses a wrong one."""
    rows: dict[int, dict[str, str]] = {}
    for older, was, becomes in chosen_by_file(workflow, session, process):
        rows.setdefault(older, {})[was] = becomes
    to = workflow.process_version(record_table=process.table, number=LAST)
    return ways_to(workflow, session, to, process, rows)


def ways_to(
    workflow: Workflow,
    session: Session,
    version: Any,
    process: Process,
    chosen: Mapping[int, Mapping[str, str]] | None = None,
) -> list[Earlier]:
    """What becomes of the records on each older version, newest first. Three statements at most.

    Of a published version this is what was published; of a proposal, what would be.
    """
    standing = _standing(workflow, session, version.record_table)
    model = workflow.process_version
    query = (
        sa.select(model)
        .where(model.record_table == version.record_table, model.published_at.is_not(None))
        .where(model.number < version.number)
        .order_by(model.number.desc())
    )
    rows = rows_of(workflow, session, version) if chosen is None else chosen
    found = []
    for at, older in enumerate(session.scalars(query).all()):
        counts = standing.get(older.id, {})
        if counts or at == 0 or older.id in rows:
            before = workflow.process_in(older)
            ways = _ways(before, process, rows.get(older.id, {}), counts, version.published_at)
            found.append(Earlier(older, before, ways))
    return found


def _ways(
    before: Process,
    after: Process,
    rows: Mapping[str, str],
    counts: Mapping[str, int],
    published: Any,
) -> tuple[Way, ...]:
    found = rows if published else mapped(before, after, rows)
    settled = given(before, after)
    ways = []
    for code, state in before.states.items():
        becomes = found.get(code)
        choices = () if published or code in settled else candidates(before, after, code)
        target = after.states[becomes] if becomes else None
        ways.append(Way(state, target, tuple(choices), counts.get(code, 0)))
    return tuple(ways)


def mapping_rows(earlier: Iterable[Earlier]) -> list[Row]:
    """The rows of a mapping that is shown so."""
    return [
        (one.version.id, way.state.code, way.becomes.code)
        for one in earlier
        for way in one.ways
        if way.becomes is not None
    ]


def lay_given(workflow: Workflow, session: Session, version: Any, process: Process) -> None:
    """Lay down what the file of a new proposal says of older versions; refuses what is wrong."""
    rows = chosen_by_file(workflow, session, process)
    if rows:
        workflow.lay_mapping(session, version, process, rows)


def chosen_by_file(workflow: Workflow, session: Session, process: Process) -> list[Row]:
    """The mapping in a file; raises `WrongProcess` where it does not fit the versions."""
    if not process.mapping:
        return []
    model = workflow.process_version
    query = sa.select(model).where(
        model.record_table == process.table, model.published_at.is_not(None)
    )
    versions = {one.number: one for one in session.scalars(query)}
    earlier = {number: workflow.process_in(one) for number, one in versions.items()}
    places = places_of(process.text)
    wrong = [
        (places.get(path, Place(1, 1)), Complaint(path, what))
        for path, what in flaws(process, earlier)
    ]
    if wrong:
        raise WrongProcess(wrong)
    return [(versions[one.from_version].id, one.was, one.becomes) for one in process.mapping]


def may_choose(version: Any, actor: Actor) -> Objection | None:
    """Why this actor does not say what becomes of running records, or None."""
    if version.published_at is not None:
        return Objection("state", say("This version is published and never changes."))
    if version.withdrawn_at is not None:
        return Objection("state", say("This proposal was turned down."))
    if version.proposed_by_id != actor.id:
        return Objection("duty", say("Who proposed the change says what becomes of records."))
    return None


def choose(
    workflow: Workflow,
    session: Session,
    version: Any,
    process: Process,
    picked: Mapping[tuple[int, str], str],
    *,
    actor: Actor,
) -> None:
    """Lay down what the proposer picked: by older version and state the new state, or ""."""
    model = workflow.process_version
    session.execute(sa.select(model.id).where(model.id == version.id).with_for_update())
    session.refresh(version)
    why = may_choose(version, actor)
    if why is not None:
        raise Refused(why.code, why.sentence)
    rows: list[Row] = []
    for older in ways_to(workflow, session, version, process):
        for way in older.to_choose:
            code = picked.get((older.version.id, way.state.code), "")
            if not code:
                continue
            if code not in {state.code for state in way.choices}:
                sentence = say("“%(state)s” does not go on there.", state=way.state.label)
                raise Refused("field", sentence, field_of(older.version.id, way.state.code))
            rows.append((older.version.id, way.state.code, code))
    workflow.lay_mapping(session, version, process, rows)


def field_of(version_id: int, was: str) -> str:
    """The name of the field in which the new state is picked."""
    return f"becomes-{version_id}-{was}"


def mapping_of(workflow: Workflow, session: Session, version: Any) -> list[Row]:
    """The mapping that is laid down for a version."""
    way = workflow.process_mapping
    query = sa.select(way.was_version_id, way.was, way.becomes).where(way.version_id == version.id)
    return [(older, was, becomes) for older, was, becomes in session.execute(query)]


def rows_of(workflow: Workflow, session: Session, version: Any) -> dict[int, dict[str, str]]:
    """The same by older version, from state to state."""
    found: dict[int, dict[str, str]] = {}
    for older, was, becomes in mapping_of(workflow, session, version):
        found.setdefault(older, {})[was] = becomes
    return found


def _standing(workflow: Workflow, session: Session, table: str) -> dict[int, dict[str, int]]:
    """How many records stand in each state of each version."""
    record: Any = workflow.records()[table].entity
    by = (record.process_version_id, record.status)
    found: dict[int, dict[str, int]] = {}
    for version, status, count in session.execute(
        sa.select(*by, sa.func.count()).group_by(*by).order_by(*by)
    ):
        found.setdefault(version, {})[status] = count
    return found
