"""What the training is part of: programmes, organisations, venues, values and risks."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship

from panel.changelog.records import Logged, plain
from panel.columns import one_of

from .base import (
    Base,
    Bilingual,
    InRegion,
    Keyed,
    Versioned,
    filled,
    inside,
    period,
    reached_inside,
)
from .government import Region, Tier, Unit

CATEGORIES = ("prevention", "education", "enforcement")
STRATEGIES = ("education", "system_improvement", "repressive")
ORGANISATION_KINDS = ("national_agency", "regional_government", "agency", "media", "other")
VENUE_KINDS = ("hotel", "hall", "office", "other")


class Programme(Keyed, InRegion, Versioned, Logged, Base):
    """A line of sessions that goes down the tiers of one regional government."""

    __tablename__ = "programme"
    __table_args__ = (
        inside("owner_unit_id", "unit"),
        reached_inside(),
        sa.UniqueConstraint("region_id", "name"),
        period("period", "started_on", "ended_on"),
        filled("name"),
    )

    #: Name of the programme: "Bimtek Keluarga Berintegritas".
    name: Mapped[str] = plain(nullable=False)
    #: What it is for within the work against corruption.
    category: Mapped[str] = plain(one_of("category", CATEGORIES), nullable=False)
    #: Which of the three pillars it belongs to; none when not stated.
    strategy: Mapped[str | None] = plain(one_of("strategy", STRATEGIES))
    #: The unit that runs it, usually the inspectorate.
    owner_unit_id: Mapped[int | None] = plain()
    #: The tier on which it works at present.
    focus_tier_id: Mapped[int | None] = plain(sa.ForeignKey("tier.id"))
    #: First day on which it has sessions; none when not known.
    started_on: Mapped[date | None] = plain()
    #: Last day on which it has sessions; none while it runs.
    ended_on: Mapped[date | None] = plain()
    #: Where it wants to arrive in the end.
    long_term_goal: Mapped[str | None] = plain()
    #: What should be true of the families that took part.
    outcomes: Mapped[str | None] = plain()
    #: The idea behind it, in the words of this project.
    description: Mapped[str | None] = plain()

    owner_unit: Mapped[Unit | None] = relationship(foreign_keys=[owner_unit_id])
    focus_tier: Mapped[Tier | None] = relationship()

    def __str__(self) -> str:
        return self.name


class Organisation(Keyed, Versioned, Logged, Base):
    """A body that organises or supports a session; KPK belongs to no region."""

    __tablename__ = "organisation"
    __table_args__ = (
        sa.Index("uq_organisation_name", "region_id", "name", unique=True),
        inside("unit_id", "unit"),
        filled("name"),
    )

    #: The region it belongs to; none for a national body, which everybody reads.
    region_id: Mapped[int | None] = plain(sa.ForeignKey("region.id"))
    #: The unit that it is, when it is one of the region's own.
    unit_id: Mapped[int | None] = plain()
    #: Full name.
    name: Mapped[str] = plain(nullable=False)
    #: Abbreviation: "KPK".
    short_name: Mapped[str | None] = plain()
    #: Kind of body.
    kind: Mapped[str] = plain(one_of("kind", ORGANISATION_KINDS), nullable=False)

    region: Mapped[Region | None] = relationship()

    def __str__(self) -> str:
        return f"{self.name} ({self.short_name})" if self.short_name else self.name


class Venue(Keyed, InRegion, Versioned, Logged, Base):
    """A place where sessions are held."""

    __tablename__ = "venue"
    __table_args__ = (reached_inside(), sa.UniqueConstraint("region_id", "name"), filled("name"))

    #: Name on the invitation.
    name: Mapped[str] = plain(nullable=False)
    #: Kind of place.
    kind: Mapped[str] = plain(one_of("kind", VENUE_KINDS), nullable=False)
    #: Street and number.
    address: Mapped[str | None] = plain()

    def __str__(self) -> str:
        return self.name


class IntegrityValue(Bilingual, Keyed, Versioned, Logged, Base):
    """A value that sessions teach: the nine of KPK, and those that a region adds."""

    __tablename__ = "integrity_value"
    __table_args__ = (
        sa.CheckConstraint("is_national OR region_id IS NOT NULL", name="local_has_region"),
        filled("label_id"),
    )

    #: Code in lower case: "honesty".
    code: Mapped[str] = plain(nullable=False, unique=True)
    #: Place in the order in which they are listed.
    rank: Mapped[int] = plain(nullable=False)
    #: Name on Indonesian screens: "jujur".
    label_id: Mapped[str] = plain(nullable=False)
    #: Name on English screens.
    label_en: Mapped[str] = plain(nullable=False)
    #: Whether it is one of KPK's nine.
    is_national: Mapped[bool] = plain(nullable=False, default=False)
    #: The region that added it; none for KPK's nine.
    region_id: Mapped[int | None] = plain(sa.ForeignKey("region.id"))

    region: Mapped[Region | None] = relationship()


class RiskTag(Bilingual, Keyed, Versioned, Logged, Base):
    """A danger that sessions and commitments name, such as pressure from the family."""

    __tablename__ = "risk_tag"
    __table_args__ = (filled("label_id"),)

    #: Code in lower case: "family_pressure".
    code: Mapped[str] = plain(nullable=False, unique=True)
    #: Name on Indonesian screens.
    label_id: Mapped[str] = plain(nullable=False)
    #: Name on English screens.
    label_en: Mapped[str] = plain(nullable=False)
    #: What is meant.
    description: Mapped[str | None] = plain()
