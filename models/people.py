"""Officials, the posts they hold, and their spouses: dated, because people rotate."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship

from panel.changelog.records import Logged, personal, plain
from panel.columns import one_of

from .base import Base, InRegion, Keyed, Versioned, filled, inside, period, reached_inside

if TYPE_CHECKING:
    from .attendance import Participation
    from .follow_up import ActionPlan, Commitment
    from .government import Position, Region, Unit

EMPLOYMENT = ("asn_pns", "asn_pppk", "elected", "other")
APPOINTMENT_STATUS = ("definitive", "acting_vacant", "acting_absent", "interim")


class Grade(Keyed, Versioned, Logged, Base):
    """A grade of civil servants with the name of its rank."""

    __tablename__ = "grade"

    #: Place in the order, lowest first.
    rank: Mapped[int] = plain(nullable=False, unique=True)
    #: Code as printed: "IV/b".
    code: Mapped[str] = plain(nullable=False, unique=True)
    #: Name of the rank: "Pembina Tingkat I".
    name: Mapped[str] = plain(nullable=False)

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Official(Keyed, InRegion, Versioned, Logged, Base):
    """A person who holds or held a post; no NIK, no children, no wealth."""

    __tablename__ = "official"
    __table_args__ = (
        reached_inside(),
        sa.UniqueConstraint("region_id", "nip"),
        sa.Index("ix_official_region_name", "region_id", "full_name", "id"),
        filled("full_name"),
        sa.CheckConstraint("nip IS NULL OR length(nip) = 18", name="nip_18_digits"),
        sa.CheckConstraint("phone IS NULL OR phone LIKE '+%'", name="phone_e164"),
        sa.CheckConstraint("employment_type <> 'elected' OR nip IS NULL", name="elected_no_nip"),
    )

    #: Titles before the name: "Drs. H."
    title_prefix: Mapped[str | None] = personal()
    #: Name without titles; people are sorted and found by it.
    full_name: Mapped[str] = personal(nullable=False)
    #: Titles after the name: "S.Sos., M.Si."
    title_suffix: Mapped[str | None] = personal()
    #: Other spellings in which the name is met, separated by commas.
    aliases: Mapped[str | None] = personal()
    #: Employee number, 18 digits; none for elected officials or while unknown.
    nip: Mapped[str | None] = personal(sa.String(18))
    #: Class of employment.
    employment_type: Mapped[str] = plain(one_of("employment_type", EMPLOYMENT), nullable=False)
    #: Grade of a civil servant.
    grade_id: Mapped[int | None] = plain(sa.ForeignKey("grade.id"))
    #: Telephone in E.164: "+6281200001234".
    phone: Mapped[str | None] = personal(sa.String(16))
    #: Whether the person is known to live without a spouse; none when not asked.
    without_spouse: Mapped[bool | None] = personal()
    #: What a clerk should know about this entry.
    note: Mapped[str | None] = personal()

    region: Mapped[Region] = relationship()
    grade: Mapped[Grade | None] = relationship()
    appointments: Mapped[list[Appointment]] = relationship(
        foreign_keys="Appointment.official_id",
        back_populates="official",
        order_by="(Appointment.started_on.desc().nulls_last(), Appointment.id.desc())",
    )
    spouses: Mapped[list[Spouse]] = relationship(
        foreign_keys="Spouse.official_id", back_populates="official", order_by="Spouse.id"
    )
    participations: Mapped[list[Participation]] = relationship(
        foreign_keys="Participation.official_id",
        back_populates="official",
        order_by="Participation.id",
    )
    commitments: Mapped[list[Commitment]] = relationship(
        foreign_keys="Commitment.official_id", back_populates="official", order_by="Commitment.id"
    )
    action_plans: Mapped[list[ActionPlan]] = relationship(
        foreign_keys="ActionPlan.official_id", back_populates="official", order_by="ActionPlan.id"
    )

    @property
    def display_name(self) -> str:
        """The name with its titles, as printed: "Drs. H. Fulan Contoh, M.Si."."""
        name = " ".join(part for part in (self.title_prefix, self.full_name) if part)
        return f"{name}, {self.title_suffix}" if self.title_suffix else name

    def __str__(self) -> str:
        return self.display_name


class Appointment(Keyed, InRegion, Versioned, Logged, Base):
    """An official holding a post from one day to another, definitive or acting."""

    __tablename__ = "appointment"
    __table_args__ = (
        inside("official_id", "official"),
        sa.ForeignKeyConstraint(
            ["position_id", "region_id", "unit_id"],
            ["position.id", "position.region_id", "position.unit_id"],
        ),
        inside("unit_id", "unit"),
        reached_inside(),
        sa.UniqueConstraint("id", "official_id"),
        sa.UniqueConstraint("official_id", "position_id", "status", "started_on"),
        period("period", "started_on", "ended_on"),
        sa.Index("ix_appointment_position", "position_id", "ended_on"),
        sa.Index("ix_appointment_unit", "unit_id", "ended_on"),
    )

    #: Who holds the post.
    official_id: Mapped[int] = plain(nullable=False, index=True)
    #: The post that is held.
    position_id: Mapped[int] = plain(nullable=False)
    #: The unit of the post.
    unit_id: Mapped[int] = plain(nullable=False)
    #: Definitive, acting while vacant (Plt.), acting while absent (Plh.), interim (Pj.).
    status: Mapped[str] = plain(one_of("status", APPOINTMENT_STATUS), nullable=False)
    #: First day in the post; none when not known.
    started_on: Mapped[date | None] = plain()
    #: Last day in the post; none while it is held.
    ended_on: Mapped[date | None] = plain()
    #: Number of the decree that gave the post.
    decree_no: Mapped[str | None] = plain()
    #: Number of the decree that ended the appointment, when it is another one.
    end_decree_no: Mapped[str | None] = plain()

    official: Mapped[Official] = relationship(
        foreign_keys=[official_id], back_populates="appointments"
    )
    position: Mapped[Position] = relationship(
        foreign_keys=[position_id], back_populates="appointments"
    )
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id])

    def __str__(self) -> str:
        return f"{self.official} ({self.position})"

    @property
    def choice_name(self) -> str:
        """What a choice calls it: the official and the post with its place."""
        return f"{self.official} ({self.position.choice_name})"

    def holds_on(self, day: date) -> bool:
        """Whether the post is held on `day`; an unknown beginning counts as long ago."""
        begun = self.started_on is None or self.started_on <= day
        return begun and (self.ended_on is None or self.ended_on >= day)


class Spouse(Keyed, InRegion, Versioned, Logged, Base):
    """A spouse of an official, past or present; may be an official as well."""

    __tablename__ = "spouse"
    __table_args__ = (
        inside("official_id", "official"),
        inside("person_id", "official"),
        reached_inside(),
        sa.UniqueConstraint("id", "official_id"),
        sa.UniqueConstraint("official_id", "full_name"),
        sa.UniqueConstraint("official_id", "person_id"),
        period("period", "married_on", "ended_on"),
        filled("full_name"),
        sa.CheckConstraint("person_id IS NULL OR person_id <> official_id", name="not_oneself"),
        sa.CheckConstraint("phone IS NULL OR phone LIKE '+%'", name="phone_e164"),
    )

    #: The official whose spouse this is.
    official_id: Mapped[int] = plain(nullable=False, index=True)
    #: Name with titles as the person writes it.
    full_name: Mapped[str] = personal(nullable=False)
    #: The official that the spouse is too; none for all others.
    person_id: Mapped[int | None] = plain(index=True)
    #: Telephone in E.164.
    phone: Mapped[str | None] = personal(sa.String(16))
    #: First day of the marriage; none when not known.
    married_on: Mapped[date | None] = personal()
    #: Last day of the marriage; none while it lasts.
    ended_on: Mapped[date | None] = personal()

    official: Mapped[Official] = relationship(foreign_keys=[official_id], back_populates="spouses")
    person: Mapped[Official | None] = relationship(foreign_keys=[person_id])

    def __str__(self) -> str:
        return self.full_name
