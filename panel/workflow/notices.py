"""What people are told: that a record concerns them, is theirs to go on with, or waits too long.

Notices are written in the transaction of the step, or by the nightly command. They are no record
of what was done, which the log has in its decisions, and so they are not logged themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column

from ..columns import Utc, now, one_of
from .definition import TURN
from .hooks import Decided
from .records import Workflow
from .turning import InTurn, in_turn, told

#: A step was taken; it is the reader's turn after it; its deadline is near; it came to him late.
KINDS = ("decided", "turn", "reminder", "escalated")

#: Whether somebody nearer than an actor was told that a record is his turn, and still could act:
#: ``nearer(notice, model, actor)``, SQL, where `notice` is a row about the latest decision.
Nearer = Callable[[Any, Any, Any], "sa.ColumnElement[bool]"]


class NoticeMixin:
    """One thing that one account is told, about the decision by which the record came there."""

    __tablename__ = "notice"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        return (
            # nobody is told the same thing twice, however often the command runs
            sa.UniqueConstraint("decision_id", "account_id", "kind"),
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
    #: The decision that is told of; of a reminder, the one since which the record waits.
    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("decision.id"), nullable=False)
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
        self, workflow: Workflow, notice: Any, *, account: Any, nearer: Nearer | None = None
    ) -> None:
        self.workflow = workflow
        self.notice = notice
        self.account = account
        self.nearer = nearer
        workflow.before_commit(self.step_taken)

    def step_taken(self, decided: Decided, session: Session) -> None:
        """Tell those whom the step names, in its transaction; what was asked for is done."""
        workflow = self.workflow
        self.settle(session, decided)
        record = session.get_one(workflow.records()[decided.record_table].entity, decided.record_id)
        process = workflow.process_of(session, record)
        step = process.transitions.get(decided.step)
        if step is None or not step.tell:
            return
        turn = in_turn(process, workflow.case(session, record)) if TURN in step.tell else InTurn()
        parties = workflow.parties(session, record) if set(step.tell) - {TURN} else {}
        found = told(step, parties, turn, self.same(session, decided.actor_id))
        self.write(session, decided.id, self.fresh(session, decided.id, found))

    def settle(self, session: Session, decided: Decided) -> None:
        """Mark as read what is done by this step: what its taker was told, and what was asked."""
        notice, decision = self.notice, self.workflow.decision
        about = sa.select(decision.id).where(
            decision.record_table == decided.record_table, decision.record_id == decided.record_id
        )
        session.execute(
            sa.update(notice)
            .where(notice.decision_id.in_(about), notice.read_at.is_(None))
            .where(sa.or_(notice.account_id == decided.actor_id, notice.kind != "decided"))
            .values(read_at=decided.at)
            .execution_options(synchronize_session=False)
        )

    def same(self, session: Session, account: int) -> set[int]:
        """An account, and the others of the same person."""
        same = self.workflow.same_people
        return {account, *(same(session, [account]).get(account, ()) if same else ())}

    def fresh(self, session: Session, decision_id: int, found: Mapping[int, str]) -> dict[int, str]:
        """Those of some accounts that were not told this yet, with the kind of their notice.

        Closed accounts are told nothing.
        """
        if not found:
            return {}
        notice, account = self.notice, self.account
        told = sa.select(notice.account_id, notice.kind).where(notice.decision_id == decision_id)
        known = {(one, kind) for one, kind in session.execute(told)}
        active = session.scalars(
            sa.select(account.id).where(account.id.in_(found), account.active).order_by(account.id)
        )
        return {one: found[one] for one in active if (one, found[one]) not in known}

    def write(
        self,
        session: Session,
        decision_id: int,
        found: Mapping[int, str],
        due_on: date | None = None,
    ) -> None:
        """Write notices about a decision, of these kinds by account; each must be a fresh one."""
        moment = now()
        rows = [
            {
                "account_id": one,
                "decision_id": decision_id,
                "kind": kind,
                "at": moment,
                "due_on": due_on,
            }
            for one, kind in found.items()
        ]
        if rows:
            session.execute(sa.insert(self.notice), rows)
