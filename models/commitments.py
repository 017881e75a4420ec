"""What families promise: commitments of official and spouse, and the wordings they start from."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship

from panel.changelog.records import PLAIN, Logged, plain
from panel.columns import one_of

from .base import Base, InRegion, Keyed, Versioned, filled, inside, of_same_official, reached_inside
from .government import Region, Unit
from .people import Appointment, Official, Spouse
from .programme import IntegrityValue, RiskTag
from .training import TrainingSession

if TYPE_CHECKING:
    from .follow_up import ActionPlan

COMMITMENT_CATEGORIES = (
    "time_discipline",
    "simple_living",
    "honest_living",
    "service",
    "family_support",
    "other",
)
AREAS = ("public_service", "workplace", "household", "community")
SIGNERS = ("official", "spouse", "both")

commitment_risk = sa.Table(
    "commitment_risk",
    Base.metadata,
    sa.Column(
        "commitment_id",
        sa.ForeignKey("commitment.id", ondelete="CASCADE"),
        primary_key=True,
        info=PLAIN,
    ),
    sa.Column("risk_tag_id", sa.ForeignKey("risk_tag.id"), primary_key=True, info=PLAIN),
    info={"logged": True},
)


class CommitmentTemplate(Keyed, Versioned, Logged, Base):
    """A wording for commitments that clerks start from; read in every region."""

    __tablename__ = "commitment_template"
    __table_args__ = (sa.UniqueConstraint("code", "edition"), filled("text"))

    #: Code in lower case.
    code: Mapped[str] = plain(nullable=False)
    #: Edition of the wording; a changed wording is a new edition.
    edition: Mapped[int] = plain(nullable=False, default=1)
    #: The region that made it; none when it came with the panel.
    region_id: Mapped[int | None] = plain(sa.ForeignKey("region.id"))
    #: Subject.
    category: Mapped[str] = plain(one_of("category", COMMITMENT_CATEGORIES), nullable=False)
    #: Where it is to be lived.
    area: Mapped[str | None] = plain(one_of("area", AREAS))
    #: Whose promise it is.
    party: Mapped[str] = plain(one_of("party", SIGNERS), nullable=False)
    #: The wording.
    text: Mapped[str] = plain(nullable=False)
    #: How one can tell that it is kept.
    indicator: Mapped[str | None] = plain()
    #: Whether it is only an example that came with the panel ("contoh").
    is_example: Mapped[bool] = plain(nullable=False, default=False)
    #: The value that it serves.
    integrity_value_id: Mapped[int | None] = plain(sa.ForeignKey("integrity_value.id"))

    integrity_value: Mapped[IntegrityValue | None] = relationship()
    region: Mapped[Region | None] = relationship()

    def __str__(self) -> str:
        return self.text


class Commitment(Keyed, InRegion, Versioned, Logged, Base):
    """A promise of an official, of the spouse, or of both, signed by each."""

    __tablename__ = "commitment"
    __table_args__ = (
        inside("official_id", "official"),
        inside("unit_id", "unit"),
        inside("training_session_id", "training_session"),
        inside("continued_from_id", "commitment"),
        of_same_official("appointment_id", "appointment"),
        of_same_official("spouse_id", "spouse"),
        reached_inside(),
        filled("text"),
        sa.CheckConstraint("party = 'official' OR spouse_id IS NOT NULL", name="party_has_spouse"),
        sa.CheckConstraint(
            "spouse_signed_on IS NULL OR spouse_id IS NOT NULL", name="signature_has_spouse"
        ),
        sa.Index("ix_commitment_official", "official_id"),
        sa.Index("ix_commitment_unit", "unit_id"),
    )

    #: The official.
    official_id: Mapped[int] = plain(nullable=False)
    #: The post on the day of the promise.
    appointment_id: Mapped[int | None] = plain()
    #: The unit of that post on that day.
    unit_id: Mapped[int | None] = plain()
    #: The spouse who promises too.
    spouse_id: Mapped[int | None] = plain()
    #: The session at which it was given.
    training_session_id: Mapped[int | None] = plain()
    #: The template that it started from.
    template_id: Mapped[int | None] = plain(sa.ForeignKey("commitment_template.id"))
    #: Whose promise it is.
    party: Mapped[str] = plain(one_of("party", SIGNERS), nullable=False)
    #: Subject.
    category: Mapped[str] = plain(one_of("category", COMMITMENT_CATEGORIES), nullable=False)
    #: Where it is to be lived.
    area: Mapped[str | None] = plain(one_of("area", AREAS))
    #: The promise.
    text: Mapped[str] = plain(nullable=False)
    #: How one can tell that it is kept.
    indicator: Mapped[str | None] = plain()
    #: The predecessor's commitment that this one goes on with after a rotation.
    continued_from_id: Mapped[int | None] = plain()
    #: Day on which the official signed; none while not signed.
    official_signed_on: Mapped[date | None] = plain()
    #: Day on which the spouse signed; none while not signed.
    spouse_signed_on: Mapped[date | None] = plain()

    official: Mapped[Official] = relationship(
        foreign_keys=[official_id], back_populates="commitments"
    )
    appointment: Mapped[Appointment | None] = relationship(foreign_keys=[appointment_id])
    unit: Mapped[Unit | None] = relationship(foreign_keys=[unit_id])
    spouse: Mapped[Spouse | None] = relationship(foreign_keys=[spouse_id])
    session: Mapped[TrainingSession | None] = relationship(foreign_keys=[training_session_id])
    template: Mapped[CommitmentTemplate | None] = relationship()
    continued_from: Mapped[Commitment | None] = relationship(
        foreign_keys=[continued_from_id],
        remote_side="Commitment.id",
        back_populates="continued_by",
    )
    continued_by: Mapped[list[Commitment]] = relationship(
        foreign_keys=[continued_from_id],
        back_populates="continued_from",
        order_by="Commitment.id",
    )
    risks: Mapped[list[RiskTag]] = relationship(
        secondary=commitment_risk, order_by="(RiskTag.label_id, RiskTag.id)"
    )
    action_plans: Mapped[list[ActionPlan]] = relationship(
        foreign_keys="ActionPlan.commitment_id",
        back_populates="commitment",
        order_by="ActionPlan.id",
    )

    def __str__(self) -> str:
        return self.text
