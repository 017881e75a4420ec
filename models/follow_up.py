"""What becomes of a promise: action plans with their steps and evidence.

The due date of a plan stays as it was approved; `last_day` is the day that counts, with what was
granted later (`extensions`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, relationship

from panel.changelog.records import Logged, personal, plain
from panel.columns import one_of
from panel.workflow.records import WorkflowRecord

from .base import Base, InRegion, Keyed, Versioned, filled, inside, of_same_official, reached_inside
from .commitments import AREAS, Commitment
from .concrete import ProcessState
from .files import StoredFile
from .government import Unit
from .people import Appointment, Official
from .relations import parties_of

if TYPE_CHECKING:
    from .extensions import Extension

PLAN_KINDS = ("improvement", "outreach")
RESULTS = ("conforming", "not_yet_conforming", "not_followed_up", "cannot_be_followed_up")
VERDICTS = ("yes", "no")


class ActionPlan(Keyed, InRegion, Versioned, WorkflowRecord, Logged, Base):
    """What will be done, by when, and how one can tell; moves by its process alone."""

    __tablename__ = "action_plan"
    __table_args__ = (
        inside("official_id", "official"),
        inside("unit_id", "unit"),
        inside("commitment_id", "commitment"),
        of_same_official("appointment_id", "appointment"),
        reached_inside(),
        sa.UniqueConstraint("region_id", "code"),
        filled("title"),
        sa.CheckConstraint(
            "result_class <> 'cannot_be_followed_up'"
            " OR length(trim(coalesce(result_note, ''))) > 0",
            name="result_has_reason",
        ),
        sa.CheckConstraint("audience_count IS NULL OR audience_count >= 0", name="audience_count"),
        sa.Index("ix_action_plan_region_status", "region_id", "status", "id"),
        sa.Index("ix_action_plan_official", "official_id"),
        sa.Index("ix_action_plan_unit", "unit_id"),
    )
    __process__ = "action_plan"

    #: Number in the office's own series: "RTL-0143".
    code: Mapped[str] = plain(nullable=False)
    #: What will be done, in one line.
    title: Mapped[str] = plain(nullable=False)
    #: Improvement at work, or passing on to the community.
    kind: Mapped[str] = plain(one_of("kind", PLAN_KINDS), nullable=False, default="improvement")
    #: The official whose plan it is.
    official_id: Mapped[int] = plain(nullable=False)
    #: The post under which it was made.
    appointment_id: Mapped[int | None] = plain()
    #: The unit of that post on the day it was made.
    unit_id: Mapped[int | None] = plain()
    #: The commitment that it carries out.
    commitment_id: Mapped[int | None] = plain()
    #: Where it is to work.
    area: Mapped[str | None] = plain(one_of("area", AREAS))
    #: What shall be different afterwards.
    target: Mapped[str | None] = plain()
    #: How one can tell, with a measure.
    indicator: Mapped[str | None] = plain()
    #: Last day as it was approved; it stays so when more time is granted.
    due_on: Mapped[date | None] = plain()
    #: Who besides the official carries it.
    responsible: Mapped[str | None] = personal()
    #: Whom an outreach plan wants to reach.
    audience: Mapped[str | None] = plain()
    #: How many people it reached.
    audience_count: Mapped[int | None] = plain()
    #: How the work goes; the one field that is open while the plan runs.
    progress_note: Mapped[str | None] = plain()
    #: What the verification found; set by the step that verifies.
    result_class: Mapped[str | None] = plain(one_of("result_class", RESULTS))
    #: Reason for the result, required when it cannot be followed up.
    result_note: Mapped[str | None] = plain()

    official: Mapped[Official] = relationship(
        foreign_keys=[official_id], back_populates="action_plans"
    )
    appointment: Mapped[Appointment | None] = relationship(foreign_keys=[appointment_id])
    unit: Mapped[Unit | None] = relationship(foreign_keys=[unit_id])
    commitment: Mapped[Commitment | None] = relationship(
        foreign_keys=[commitment_id], back_populates="action_plans"
    )
    steps: Mapped[list[ActionStep]] = relationship(
        back_populates="plan",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="(ActionStep.number, ActionStep.id)",
        foreign_keys="ActionStep.plan_id",
    )
    evidence: Mapped[list[Evidence]] = relationship(
        back_populates="plan",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="Evidence.id",
        foreign_keys="Evidence.plan_id",
    )
    #: Requests for more time, oldest first.
    extensions: Mapped[list[Extension]] = relationship(viewonly=True, order_by="Extension.id")
    #: The present state as its process laid it down.
    state: Mapped[ProcessState] = relationship(
        viewonly=True,
        primaryjoin=lambda: sa.and_(
            ProcessState.version_id == sa.orm.foreign(ActionPlan.process_version_id),
            ProcessState.code == sa.orm.foreign(ActionPlan.status),
        ),
    )
    if TYPE_CHECKING:
        #: The day that counts: the last one that was granted, else the due date. The database's.
        last_day: Mapped[date | None]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def extended_from(self) -> date | None:
        """The due date as it was approved, where more time was granted; else None."""
        return self.due_on if self.last_day != self.due_on else None

    def overdue_on(self, day: date) -> bool:
        """Whether the last day has passed on `day`."""
        return self.last_day is not None and self.last_day < day

    def parties(self, session: Session) -> Mapping[str, frozenset[int]]:
        """Accounts tied to this plan by relation: official, spouse, subordinate, uploader."""
        return parties_of(self, session)


class ActionStep(Keyed, InRegion, Versioned, Logged, Base):
    """One step of a plan."""

    __tablename__ = "action_step"
    __table_args__ = (
        inside("plan_id", "action_plan", ondelete="CASCADE"),
        sa.UniqueConstraint("plan_id", "number"),
        filled("text"),
    )
    __locked_with__ = "plan"

    #: The plan.
    plan_id: Mapped[int] = plain(nullable=False)
    #: Place in the order.
    number: Mapped[int] = plain(nullable=False)
    #: What is done.
    text: Mapped[str] = plain(nullable=False)
    #: By when.
    due_on: Mapped[date | None] = plain()
    #: When it was done; none while it is not.
    done_on: Mapped[date | None] = plain()
    #: How it went.
    progress_note: Mapped[str | None] = plain()

    plan: Mapped[ActionPlan] = relationship(foreign_keys=[plan_id], back_populates="steps")

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"


class Evidence(Keyed, InRegion, Versioned, Logged, Base):
    """A file that shows what was done, with a verdict per criterion."""

    __tablename__ = "evidence"
    __table_args__ = (
        inside("plan_id", "action_plan", ondelete="CASCADE"),
        inside("file_id", "stored_file"),
        sa.UniqueConstraint("plan_id", "file_id"),
        filled("title"),
    )
    __locked_with__ = "plan"
    __frozen__ = (
        "plan_id",
        "title",
        "file_id",
        "file.sha256",
        "uploaded_by_id",
        "sufficient",
        "competent",
        "relevant",
    )

    #: The plan.
    plan_id: Mapped[int] = plain(nullable=False)
    #: What the file shows.
    title: Mapped[str] = plain(nullable=False)
    #: The file, with its hash.
    file_id: Mapped[int] = plain(nullable=False)
    #: Account that uploaded it; that account may not judge it.
    uploaded_by_id: Mapped[int] = plain(sa.ForeignKey("account.id"), nullable=False)
    #: Enough to conclude from ("cukup").
    sufficient: Mapped[str | None] = plain(one_of("sufficient", VERDICTS))
    #: From a source one can rely on ("kompeten").
    competent: Mapped[str | None] = plain(one_of("competent", VERDICTS))
    #: About what the plan promised ("relevan").
    relevant: Mapped[str | None] = plain(one_of("relevant", VERDICTS))

    plan: Mapped[ActionPlan] = relationship(foreign_keys=[plan_id], back_populates="evidence")
    file: Mapped[StoredFile] = relationship(foreign_keys=[file_id])

    def __str__(self) -> str:
        return self.title
