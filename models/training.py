"""Training sessions, their audience, agenda, speakers, messages and news.

Half-known facts are normal here: a date may be a year only, spouses may be "unknown".
"""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, backref, object_session, relationship

from panel.changelog.records import PLAIN, Logged, plain
from panel.columns import one_of
from panel.dates import PartialDate, Precision
from panel.words import Label
from panel.workflow.records import WorkflowRecord

from .base import Base, InRegion, Keyed, Versioned, filled, inside, period, reached_inside
from .government import Region, Tier, rank_of
from .programme import IntegrityValue, Organisation, Programme, RiskTag, Venue
from .traces import unsigned_lists, was_held

if TYPE_CHECKING:
    from .attendance import Participation
    from .papers import SessionPaper
    from .speaking import KeyMessage, NewsSource, SessionSpeaker

PRECISIONS = ("day", "month", "year", "unknown")
KNOWN = ("yes", "no", "unknown")
ROLES_OF_ORGANISATIONS = ("organiser", "partner")

session_value = sa.Table(
    "session_value",
    Base.metadata,
    sa.Column(
        "training_session_id",
        sa.ForeignKey("training_session.id", ondelete="CASCADE"),
        primary_key=True,
        info=PLAIN,
    ),
    sa.Column(
        "integrity_value_id", sa.ForeignKey("integrity_value.id"), primary_key=True, info=PLAIN
    ),
    info={"logged": True},
)
session_risk = sa.Table(
    "session_risk",
    Base.metadata,
    sa.Column(
        "training_session_id",
        sa.ForeignKey("training_session.id", ondelete="CASCADE"),
        primary_key=True,
        info=PLAIN,
    ),
    sa.Column("risk_tag_id", sa.ForeignKey("risk_tag.id"), primary_key=True, info=PLAIN),
    info={"logged": True},
)


class TrainingSession(Keyed, InRegion, Versioned, WorkflowRecord, Logged, Base):
    """One day with one audience, such as the lurah of Kota Serang and their spouses."""

    __tablename__ = "training_session"
    __table_args__ = (
        inside("programme_id", "programme"),
        inside("venue_id", "venue"),
        inside("previous_id", "training_session"),
        reached_inside(),
        sa.UniqueConstraint("region_id", "name"),
        filled("name"),
        sa.CheckConstraint(
            "(date_precision = 'unknown') = (held_on IS NULL)", name="date_matches_precision"
        ),
        sa.CheckConstraint("previous_id <> id", name="not_its_own_predecessor"),
        period("times", "starts_at", "ends_at"),
        sa.Index("ix_training_session_held_on", "region_id", "held_on"),
    )
    __process__ = "training_session"

    #: The programme that the session belongs to.
    programme_id: Mapped[int] = plain(nullable=False)
    #: Name that tells it from the programme's other sessions.
    name: Mapped[str] = plain(nullable=False)
    #: Day of the session; the first day of the month or year when that is all that is known.
    held_on: Mapped[date | None] = plain()
    #: How much of `held_on` is known.
    date_precision: Mapped[str] = plain(one_of("date_precision", PRECISIONS), nullable=False)
    #: Where the date is known from, or why it is not.
    date_source: Mapped[str | None] = plain()
    #: When it begins, local time.
    starts_at: Mapped[time | None] = plain(sa.Time())
    #: When it ends, local time.
    ends_at: Mapped[time | None] = plain(sa.Time())
    #: Where it is held.
    venue_id: Mapped[int | None] = plain()
    #: Its theme.
    theme: Mapped[str | None] = plain()
    #: What it wants to reach.
    objectives: Mapped[str | None] = plain()
    #: Why it is held.
    background: Mapped[str | None] = plain()
    #: Further remarks, with who said so.
    note: Mapped[str | None] = plain()
    #: How many people came as stated by the source; counted attendance is not stored here.
    stated_headcount: Mapped[int | None] = plain()
    #: Whether spouses are invited.
    includes_spouses: Mapped[str] = plain(
        one_of("includes_spouses", KNOWN), nullable=False, default="unknown"
    )
    #: Whether the target tiers are all of them, or only those that the source names.
    tiers_complete: Mapped[bool] = plain(nullable=False, default=True)
    #: The session before it in the programme.
    previous_id: Mapped[int | None] = plain()

    region: Mapped[Region] = relationship()
    programme: Mapped[Programme] = relationship(
        foreign_keys=[programme_id],
        backref=backref(
            "sessions",
            order_by=lambda: (TrainingSession.held_on.nulls_last(), TrainingSession.id),
        ),
    )
    venue: Mapped[Venue | None] = relationship(foreign_keys=[venue_id])
    previous: Mapped[TrainingSession | None] = relationship(
        foreign_keys=[previous_id], remote_side="TrainingSession.id"
    )
    #: From the top.
    tiers: Mapped[list[SessionTier]] = relationship(
        back_populates="session",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by=lambda: (rank_of(SessionTier.tier_id), SessionTier.id),
    )
    organisers: Mapped[list[SessionOrganisation]] = relationship(
        back_populates="session",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="SessionOrganisation.id",
    )
    agenda: Mapped[list[AgendaItem]] = relationship(
        foreign_keys="AgendaItem.training_session_id",
        back_populates="session",
        order_by="(AgendaItem.number, AgendaItem.id)",
    )
    speakers: Mapped[list[SessionSpeaker]] = relationship(
        foreign_keys="SessionSpeaker.training_session_id",
        back_populates="session",
        order_by="SessionSpeaker.id",
    )
    messages: Mapped[list[KeyMessage]] = relationship(
        foreign_keys="KeyMessage.training_session_id",
        back_populates="session",
        order_by="KeyMessage.id",
    )
    news: Mapped[list[NewsSource]] = relationship(
        foreign_keys="NewsSource.training_session_id",
        back_populates="session",
        order_by="(NewsSource.published_on.nulls_last(), NewsSource.id)",
    )
    papers: Mapped[list[SessionPaper]] = relationship(
        foreign_keys="SessionPaper.training_session_id",
        back_populates="session",
        order_by="SessionPaper.id",
    )
    participations: Mapped[list[Participation]] = relationship(
        foreign_keys="Participation.training_session_id",
        back_populates="session",
        order_by="Participation.id",
    )
    values: Mapped[list[IntegrityValue]] = relationship(
        secondary=session_value, order_by="(IntegrityValue.rank, IntegrityValue.id)"
    )
    risks: Mapped[list[RiskTag]] = relationship(
        secondary=session_risk, order_by="(RiskTag.label_id, RiskTag.id)"
    )

    def __str__(self) -> str:
        return self.name

    @property
    def held(self) -> PartialDate | None:
        """The date as far as it is known; setting it sets day and precision together."""
        if self.held_on is None:
            return None
        return PartialDate(self.held_on, cast(Precision, self.date_precision))

    @held.setter
    def held(self, value: PartialDate | None) -> None:
        self.held_on = value.first if value else None
        self.date_precision = value.precision if value else "unknown"

    @property
    def left_traces(self) -> bool:
        """Whether it is seen elsewhere that it was held."""
        session = object_session(self)
        return session is not None and was_held(session, self.id)

    @property
    def unsigned_lists(self) -> int:
        """How many of its attendance lists are not signed."""
        session = object_session(self)
        return unsigned_lists(session, self.id) if session is not None else 0


class SessionTier(Keyed, Logged, Base):
    """A tier that a session is meant for."""

    __tablename__ = "session_tier"
    __table_args__ = (sa.UniqueConstraint("training_session_id", "tier_id"),)
    __locked_with__ = "session"

    #: The session.
    training_session_id: Mapped[int] = plain(
        sa.ForeignKey("training_session.id", ondelete="CASCADE"), nullable=False
    )
    #: The tier.
    tier_id: Mapped[int] = plain(sa.ForeignKey("tier.id"), nullable=False)

    session: Mapped[TrainingSession] = relationship(back_populates="tiers")
    #: Loaded along: a snapshot reads the link anew, and lists name the tier of every row.
    tier: Mapped[Tier] = relationship(lazy="joined", innerjoin=True)

    @property
    def label(self) -> Label:
        """The name of the tier in the reader's language."""
        return self.tier.label

    def __str__(self) -> str:
        return str(self.tier)


class SessionOrganisation(Keyed, Logged, Base):
    """A body that organises a session or supports it."""

    __tablename__ = "session_organisation"
    __table_args__ = (
        sa.UniqueConstraint(
            "training_session_id", "organisation_id", "role", name="uq_session_organisation_role"
        ),
    )
    __locked_with__ = "session"

    #: The session.
    training_session_id: Mapped[int] = plain(
        sa.ForeignKey("training_session.id", ondelete="CASCADE"), nullable=False
    )
    #: The body.
    organisation_id: Mapped[int] = plain(sa.ForeignKey("organisation.id"), nullable=False)
    #: Organiser or partner.
    role: Mapped[str] = plain(one_of("role", ROLES_OF_ORGANISATIONS), nullable=False)

    session: Mapped[TrainingSession] = relationship(back_populates="organisers")
    organisation: Mapped[Organisation] = relationship()

    def __str__(self) -> str:
        return str(self.organisation)


class AgendaItem(Keyed, InRegion, Versioned, Logged, Base):
    """A part of a session; those that take attendance are its session parts."""

    __tablename__ = "agenda_item"
    __table_args__ = (
        inside("training_session_id", "training_session"),
        reached_inside(),
        sa.UniqueConstraint("id", "region_id", "training_session_id"),
        sa.UniqueConstraint("training_session_id", "number"),
        period("times", "starts_at", "ends_at"),
        filled("title"),
    )
    __locked_with__ = "session"

    #: The session.
    training_session_id: Mapped[int] = plain(nullable=False)
    #: Place in the order of the day; forms that leave it out get the next one.
    number: Mapped[int] = plain(nullable=False, info={"filled": True})
    #: What happens.
    title: Mapped[str] = plain(nullable=False)
    #: When it begins, local time.
    starts_at: Mapped[time | None] = plain(sa.Time())
    #: When it ends, local time.
    ends_at: Mapped[time | None] = plain(sa.Time())
    #: Whether attendance is taken for it.
    takes_attendance: Mapped[bool] = plain(nullable=False, default=False)

    session: Mapped[TrainingSession] = relationship(
        foreign_keys=[training_session_id], back_populates="agenda"
    )

    @property
    def choice_name(self) -> str:
        """The title with its session: sessions have parts of one name."""
        return f"{self.title} ({self.session})"

    def __str__(self) -> str:
        return self.title
