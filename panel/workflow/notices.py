"""What people are told: that a record concerns them, is theirs to go on with, or waits too long.

Notices are written in the transaction of the step, or by the nightly command. They are no record
of what was done, which the log has in its decisions, and so they are not logged themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column

from ..columns import Utc, now, one_of
from ..listening import Heard
from .beginnings import begins_waiting
from .definition import TURN
from .hooks import Decided
from .records import Workflow, WorkflowRecord
from .turning import InTurn, in_turn, told

#: A step was taken; it is the reader's turn after it; its deadline is near; it came to him late.
KINDS = ("decided", "turn", "reminder", "escalated")

#: Where a session keeps the records that began in its latest flush.
BEGUN = "workflow.begun"

#: Whether somebody nearer than an actor was told that a record is his turn, and still could act:
#: ``nearer(notice, model, actor)``, SQL, where `notice` is a row about the latest decision.
Nearer = Callable[[Any, Any, Any], "sa.ColumnElement[bool]"]


class NoticeMixin:
    """One thing that one account is told about a record, and the decision that is told of."""

    __tablename__ = "notice"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        return (
            # nobody is told the same thing twice, however often the command runs
            sa.UniqueConstraint("decision_id", "account_id", "kind"),
            sa.Index(
                "uq_notice_beginning",  # a decision that there is not equals no other above
                "record_table",
                "record_id",
                "account_id",
                "kind",
                unique=True,
                sqlite_where=sa.text("decision_id IS NULL"),
                postgresql_where=sa.text("decision_id IS NULL"),
            ),
            sa.Index("ix_notice_record", "record_table", "record_id"),
            sa.Index("ix_notice_account", "account_id", "id"),
            sa.Index(
                "ix_notice_unread",
                "account_id",
                sqlite_where=sa.text("read_at IS NULL"),
                postgresql_where=sa.text("read_at IS NULL"),
            ),
        )

    #: Number of the notice; a later one is greater.
    id: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    #: Who is told.
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), nullable=False)
    #: Table of the record.
    record_table: Mapped[str] = mapped_column(sa.Text, nullable=False)
    #: Number of that record.
    record_id: Mapped[int] = mapped_column(sa.Integer, nullable=False)
    #: The decision since which the record is where it is told to be; none at its beginning.
    decision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("decision.id"))
    #: decided, turn, reminder or escalated.
    kind: Mapped[str] = mapped_column(one_of("kind", KINDS), nullable=False)
    #: When it was written, in UTC.
    at: Mapped[datetime] = mapped_column(Utc(), nullable=False, default=now)
    #: The deadline that a reminder speaks of.
    due_on: Mapped[date | None] = mapped_column(sa.Date)
    #: When its reader marked it as read, or did what it asked for.
    read_at: Mapped[datetime | None] = mapped_column(Utc())


class Notices:
    """The notices of an installation: written with each step of its workflow."""

    def __init__(
        self,
        workflow: Workflow,
        notice: Any,
        *,
        account: Any,
        nearer: Nearer | None = None,
        letter: Any = None,
    ) -> None:
        self.workflow = workflow
        self.notice = notice
        self.account = account
        self.nearer = nearer
        #: The class of the letters by which somebody stands in for somebody else, if there are any.
        self.letter = letter
        self._heard = Heard()
        workflow.before_commit(self.step_taken)

    def step_taken(self, decided: Decided, session: Session) -> None:
        """Tell those whom the step names, in its transaction; what was asked for is done."""
        workflow = self.workflow
        record = session.get_one(workflow.records()[decided.record_table].entity, decided.record_id)
        process = workflow.process_of(session, record)
        step = process.transitions.get(decided.step)
        if step is None:
            return  # it passed on to another version, where it stands as it did
        self.settle(session, decided)
        if not step.tell:
            return
        turn = in_turn(process, workflow.case(session, record)) if TURN in step.tell else InTurn()
        parties = workflow.parties(session, record) if set(step.tell) - {TURN} else {}
        found = told(step, parties, turn, self.same(session, decided.actor_id))
        self.write(session, record, self.fresh(session, record, found))

    def attach(self, target: Any) -> None:
        """Listen to the flushes of a session, a session class or a scoped session; once."""
        if self._heard.first(target):
            sa.event.listen(target, "after_flush", self._remember)
            sa.event.listen(target, "after_flush_postexec", self._begun)

    def _remember(self, session: Session, context: object) -> None:
        new = [one for one in session.new if isinstance(one, WorkflowRecord)]
        if self.letter is not None:
            new += [one for one in (*session.new, *session.dirty) if isinstance(one, self.letter)]
        if new:
            session.info.setdefault(BEGUN, []).extend(new)

    def _begun(self, session: Session, context: object) -> None:
        """Tell those whose turn it is of records that wait from their first moment.

        And both people of a letter, who stands in for whom.
        """
        for record in session.info.pop(BEGUN, ()):
            if self.letter is not None and isinstance(record, self.letter):
                both = dict.fromkeys((record.for_account_id, record.account_id), "decided")
                self.write(session, record, self.fresh(session, record, both))
                continue
            process = self.workflow.process_of(session, record)
            if record.decision_id is not None or not begins_waiting(process):
                continue
            turn = in_turn(process, self.workflow.case(session, record))
            makers = self.same(session, record.created_by_id)
            found = dict.fromkeys(turn.nearest - makers, "turn")
            self.write(session, record, self.fresh(session, record, found))

    def settle(self, session: Session, decided: Decided) -> None:
        """Mark as read what is done by this step: what its taker was told, and what was asked."""
        asked = {
            "table": decided.record_table,
            "number": decided.record_id,
            "taker": decided.actor_id,
            "moment": decided.at,
        }
        session.execute(_settling(self.notice), asked)

    def same(self, session: Session, account: int) -> set[int]:
        """An account, and the others of the same person."""
        same = self.workflow.same_people
        return {account, *(same(session, [account]).get(account, ()) if same else ())}

    def fresh(self, session: Session, record: Any, found: Mapping[int, str]) -> dict[int, str]:
        """Those of some accounts that were not told yet, each with the kind of the notice.

        Closed accounts are told nothing.
        """
        if not found:
            return {}
        latest = getattr(record, "decision_id", None)
        asked = {"table": record.__tablename__, "number": record.id, "decision": latest}
        known = set(map(tuple, session.execute(_told(self.notice), asked)))
        active = session.scalars(_active(self.account), {"accounts": list(found)})
        return {one: found[one] for one in active if (one, found[one]) not in known}

    def write(
        self,
        session: Session,
        record: Any,
        found: Mapping[int, str],
        due_on: date | None = None,
    ) -> None:
        """Write notices about a record, of these kinds by account; each must be a fresh one."""
        moment = now()
        rows = [
            {
                "account_id": one,
                "record_table": record.__tablename__,
                "record_id": record.id,
                "decision_id": getattr(record, "decision_id", None),
                "kind": kind,
                "at": moment,
                "due_on": due_on,
            }
            for one, kind in found.items()
        ]
        if rows:
            session.execute(sa.insert(self.notice), rows)


@cache
def _settling(notice: Any) -> sa.Update:
    """What `taker` was told of a record, and what was asked of anybody, is read at a `moment`."""
    return (
        sa.update(notice)
        .where(notice.record_table == sa.bindparam("table"))
        .where(notice.record_id == sa.bindparam("number"), notice.read_at.is_(None))
        .where(sa.or_(notice.account_id == sa.bindparam("taker"), notice.kind != "decided"))
        .values(read_at=sa.bindparam("moment"))
        .execution_options(synchronize_session=False)
    )


@cache
def _told(notice: Any) -> sa.Select[Any]:
    """Who was told what about the latest `decision` on a record."""
    return (
        sa.select(notice.account_id, notice.kind)
        .where(notice.record_table == sa.bindparam("table"))
        .where(notice.record_id == sa.bindparam("number"))
        .where(notice.decision_id.is_not_distinct_from(sa.bindparam("decision")))
    )


@cache
def _active(account: Any) -> sa.Select[Any]:
    """Those of some `accounts` that are not closed."""
    among = account.id.in_(sa.bindparam("accounts", expanding=True))
    return sa.select(account.id).where(among, account.active).order_by(account.id)
