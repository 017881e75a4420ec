"""Requests for a later due date, and the last day of a plan, which is computed from them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, Session, column_property, foreign, relationship, remote

from panel.changelog.records import Logged, plain
from panel.workflow.records import WorkflowRecord

from .base import Base, InRegion, Keyed, Versioned, filled, inside
from .concrete import Decision
from .follow_up import ActionPlan
from .relations import of_official


class Extension(Keyed, InRegion, Versioned, WorkflowRecord, Logged, Base):
    """A request for a later due date of a plan; what is granted counts from then on."""

    __tablename__ = "extension"
    __table_args__ = (
        inside("plan_id", "action_plan"),
        filled("reason"),
        sa.CheckConstraint(
            "granted_until IS NULL OR granted_until <= asked_due_on", name="granted_within_asked"
        ),
        sa.Index("ix_extension_plan", "plan_id"),
    )
    __process__ = "extension"

    #: The plan.
    plan_id: Mapped[int] = plain(nullable=False)
    #: The due date that is asked for.
    asked_due_on: Mapped[date] = plain(nullable=False)
    #: Why more time is needed.
    reason: Mapped[str] = plain(nullable=False)
    #: The last day that was granted; set by the step that grants, none before.
    granted_until: Mapped[date | None] = plain()

    plan: Mapped[ActionPlan] = relationship(foreign_keys=[plan_id])
    #: The latest decision.
    decision: Mapped[Decision | None] = relationship(
        viewonly=True, primaryjoin=lambda: foreign(Extension.decision_id) == Decision.id
    )
    #: Other requests of the same plan, oldest first.
    others: Mapped[list[Extension]] = relationship(
        viewonly=True,
        order_by=lambda: Extension.id,
        primaryjoin=lambda: sa.and_(
            remote(foreign(Extension.plan_id)) == Extension.plan_id,
            remote(Extension.id) != Extension.id,
        ),
    )

    def __str__(self) -> str:
        return str(self.plan)

    @hybrid_property
    def unit_id(self) -> int | None:
        """The unit of the plan."""
        return self.plan.unit_id

    @unit_id.inplace.expression
    @classmethod
    def _unit_id(cls) -> sa.ColumnElement[int | None]:
        return _of_plan(cls, ActionPlan.unit_id)

    @hybrid_property
    def appointment_id(self) -> int | None:
        """The post under which the plan was made."""
        return self.plan.appointment_id

    @appointment_id.inplace.expression
    @classmethod
    def _appointment_id(cls) -> sa.ColumnElement[int | None]:
        return _of_plan(cls, ActionPlan.appointment_id)

    def proposed(self, column: str) -> object:
        """The day that is asked for stands in the form of who grants."""
        return self.asked_due_on if column == "granted_until" else super().proposed(column)

    def parties(self, session: Session) -> Mapping[str, frozenset[int]]:
        """Accounts tied to the plan's official: official, spouse, subordinate."""
        return of_official(session, self.region_id, self.plan.official_id)


def _of_plan(extension: Any, column: Any) -> Any:
    """A column of the plan, for each request."""
    of = sa.select(column).where(ActionPlan.id == extension.plan_id)
    return of.correlate(extension).scalar_subquery()


def _last_day() -> sa.ColumnElement[date | None]:
    plan, granted = ActionPlan.__table__, Extension.__table__.alias("granted")
    later = sa.select(sa.func.max(granted.c.granted_until)).where(
        granted.c.plan_id == plan.c.id, granted.c.granted_until > plan.c.due_on
    )
    return sa.func.coalesce(later.correlate(plan).scalar_subquery(), plan.c.due_on)


ActionPlan.last_day = column_property(_last_day())
