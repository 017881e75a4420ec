"""What a process keeps in the database: its versions, the decisions taken, and the record itself.

Mixins without tables of their own; the host makes them concrete under these table names, because
foreign keys and triggers speak of them. A decision names its record by table and number, so that
one table of decisions serves every kind of record; the foreign key runs from the record to the
latest step, and the triggers refuse a decision without its record and the deletion of a record
with a decision: together as strong as a foreign key in both directions. Make them all `Logged`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, declared_attr

from ..changelog.deeds import current
from ..changelog.tables import APPEND_ONLY, personal, plain
from ..columns import Utc, now

#: Columns that the machinery sets; they are outside the lock and have rules of their own.
MACHINERY = frozenset({"status", "decision_id", "process_version_id", "created_by_id", "version"})


class ProcessVersionMixin:
    """One text of a process; records that began on it stay on it."""

    __tablename__ = "process_version"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        return (sa.UniqueConstraint("kind", "number"),)

    #: Number of the version over all processes.
    id: Mapped[int] = plain(sa.Integer, primary_key=True)
    #: Kind of record that the process is for: "action_plan".
    kind: Mapped[str] = plain(sa.Text, nullable=False)
    #: Table of those records; the triggers go by it.
    record_table: Mapped[str] = plain(sa.Text, nullable=False)
    #: Counts the versions of this kind from 1.
    number: Mapped[int] = plain(sa.Integer, nullable=False)
    #: The definition as it was written, TOML.
    text: Mapped[str] = plain(sa.Text, nullable=False)
    #: SHA-256 of the text.
    sha256: Mapped[str] = plain(sa.Text, nullable=False)
    #: When the text was brought in.
    created_at: Mapped[datetime] = plain(Utc(), nullable=False, default=now)
    #: The account that proposed it; none when it came with the program.
    proposed_by_id: Mapped[int | None] = plain(sa.Integer)
    #: The name it had then.
    proposed_by_name: Mapped[str | None] = personal(sa.Text)
    #: Why it is proposed.
    proposed_reason: Mapped[str | None] = plain(sa.Text)
    #: The account that published it; another one than proposed it.
    published_by_id: Mapped[int | None] = plain(sa.Integer)
    #: The name it had then.
    published_by_name: Mapped[str | None] = personal(sa.Text)
    #: Since when records begin on it; from then on nothing of it changes.
    published_at: Mapped[datetime | None] = plain(Utc())
    #: When the proposal was turned down; it is never published then.
    withdrawn_at: Mapped[datetime | None] = plain(Utc())


class ProcessStateMixin:
    """A state of one version, laid down for triggers and queries."""

    __tablename__ = "process_state"

    #: The version that has this state.
    version_id: Mapped[int] = plain(
        sa.Integer, sa.ForeignKey("process_version.id"), primary_key=True, autoincrement=False
    )
    #: Code as it stands in the record's status.
    code: Mapped[str] = plain(sa.Text, primary_key=True)
    #: draft, waiting, active, done or cancelled: what lists and boards count by.
    category: Mapped[str] = plain(sa.Text, nullable=False)
    #: Whether records begin here.
    initial: Mapped[bool] = plain(sa.Boolean, nullable=False)


class ProcessFieldMixin:
    """What is open: a field in a state, or a field that only a step sets. Never both."""

    __tablename__ = "process_field"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        return (
            sa.CheckConstraint("(state IS NULL) <> (step IS NULL)", name="state_or_step"),
            sa.Index("ix_process_field", "version_id", "field"),
        )

    #: Number of the row.
    id: Mapped[int] = plain(sa.Integer, primary_key=True)
    #: The version that opens the field.
    version_id: Mapped[int] = plain(sa.Integer, sa.ForeignKey("process_version.id"), nullable=False)
    #: The state in which it may be edited.
    state: Mapped[str | None] = plain(sa.Text)
    #: The step that sets it; then nothing else does.
    step: Mapped[str | None] = plain(sa.Text)
    #: "table.column"; "table.*" with adding and deleting; "*" for the record and all it holds.
    field: Mapped[str] = plain(sa.Text, nullable=False)


def _state_of_version(column: str, version: str) -> sa.ForeignKeyConstraint:
    # the column comes first: naming conventions go by the first one
    return sa.ForeignKeyConstraint(
        [column, version], ["process_state.code", "process_state.version_id"]
    )


class ProcessMappingMixin:
    """In which state of a version records of an older one go on; published with that version."""

    __tablename__ = "process_mapping"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        return (
            _state_of_version("was", "was_version_id"),
            _state_of_version("becomes", "version_id"),
        )

    #: The newer version.
    version_id: Mapped[int] = plain(
        sa.Integer, sa.ForeignKey("process_version.id"), primary_key=True, autoincrement=False
    )
    #: The version that records come from.
    was_version_id: Mapped[int] = plain(
        sa.Integer, sa.ForeignKey("process_version.id"), primary_key=True, autoincrement=False
    )
    #: The state in which they stand there.
    was: Mapped[str] = plain(sa.Text, primary_key=True)
    #: The state in which they go on.
    becomes: Mapped[str] = plain(sa.Text, nullable=False)


def _version_followed(context: Any) -> Any:
    return context.get_current_parameters()["process_version_id"]


class DecisionMixin:
    """The row that a move leaves: who, when, which step, on what, and why. It never changes."""

    __tablename__ = "decision"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        return (
            _state_of_version("was", "was_version_id"),
            _state_of_version("becomes", "process_version_id"),
            sa.Index("ix_decision_record", "record_table", "record_id", "id"),
            {"info": dict(APPEND_ONLY)},
        )

    #: Number of the decision; a later one is greater.
    id: Mapped[int] = plain(sa.Integer, primary_key=True)
    #: Table of the record decided on.
    record_table: Mapped[str] = plain(sa.Text, nullable=False)
    #: Number of that record.
    record_id: Mapped[int] = plain(sa.Integer, nullable=False)
    #: The version of the process that was followed.
    process_version_id: Mapped[int] = plain(
        sa.Integer, sa.ForeignKey("process_version.id"), nullable=False
    )
    #: The version followed until then; another one only where a record passes on to a newer one.
    was_version_id: Mapped[int] = plain(sa.Integer, nullable=False, default=_version_followed)
    #: The step taken.
    step: Mapped[str] = plain(sa.Text, nullable=False)
    #: The status before.
    was: Mapped[str] = plain(sa.Text, nullable=False)
    #: The status after.
    becomes: Mapped[str] = plain(sa.Text, nullable=False)
    #: When, in UTC.
    at: Mapped[datetime] = plain(Utc(), nullable=False)
    #: The account that decided.
    actor_id: Mapped[int] = plain(sa.Integer, nullable=False)
    #: The name it had then.
    actor_name: Mapped[str] = personal(sa.Text, nullable=False)
    #: The account whose place was taken by letter.
    acting_for_id: Mapped[int | None] = plain(sa.Integer)
    #: Number of that letter.
    letter_no: Mapped[str | None] = plain(sa.Text)
    #: Why, in the words of who decided.
    reason: Mapped[str] = plain(sa.Text, nullable=False, default="")
    #: SHA-256 of the snapshot, as it stood in the page that was decided on.
    seen_hash: Mapped[str] = plain(sa.Text, nullable=False)
    #: What was decided on: canonical JSON of the record and what it holds.
    snapshot: Mapped[str] = personal(sa.Text, nullable=False)
    #: The deed in which it happened, `deed.id`; that row is written at the commit, after this one.
    deed_id: Mapped[int | None] = plain(sa.BigInteger)
    #: The request in which it happened.
    request_id: Mapped[str] = plain(sa.Text, nullable=False, default="")


def _author() -> int:
    deed = current()
    if deed is None:
        raise LookupError("a record begins with an open deed: without an actor nothing is written")
    return deed.actor.id


class WorkflowRecord:
    """A record with a process. Its status is moved by `Workflow.move` and by nothing else.

    A child says once whose lock it shares: ``__locked_with__ = "plan"``, its many-to-one
    relationship to the record.
    """

    #: Columns of the record that no lock holds, beside `MACHINERY`.
    __machinery__: ClassVar[frozenset[str]] = frozenset()
    #: What a snapshot holds: columns, or paths such as "file.sha256"; all columns when not given.
    __frozen__: ClassVar[tuple[str, ...] | None] = None

    #: The present state, a code of the process version.
    status: Mapped[str] = plain(sa.Text, nullable=False, index=True)
    #: The version of the process that the record runs on.
    process_version_id: Mapped[int] = plain(
        sa.Integer, sa.ForeignKey("process_version.id"), nullable=False
    )
    #: The latest step taken; it only moves forward. Passing on to a newer version is no step.
    decision_id: Mapped[int | None] = plain(sa.Integer, sa.ForeignKey("decision.id"), unique=True)
    #: The account that made the record.
    created_by_id: Mapped[int] = plain(sa.Integer, nullable=False, default=_author)

    def parties(self, session: Session) -> Mapping[str, frozenset[int]]:
        """Accounts tied to the record by relation; creator and editors the change log knows."""
        return {}

    def proposed(self, column: str) -> object:
        """What the form of a step begins with in a column that the step sets."""
        return getattr(self, column)
