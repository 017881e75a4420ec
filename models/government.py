"""Regional governments, their units, the tiers of their officials and the seats in them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, object_session, relationship

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

if TYPE_CHECKING:
    from .people import Appointment

REGION_KINDS = ("province", "regency", "city")
UNIT_KINDS = (
    "secretariat",
    "agency",
    "inspectorate",
    "division",
    "council",
    "district",
    "urban_village",
    "village",
    "other",
)


class Region(Keyed, Versioned, Logged, Base):
    """A regional government, such as Kota Serang."""

    __tablename__ = "region"
    __table_args__ = (filled("name"),)

    #: Full name as the government writes it: "Kota Serang".
    name: Mapped[str] = plain(nullable=False)
    #: Kind of regional government.
    kind: Mapped[str] = plain(one_of("kind", REGION_KINDS), nullable=False)
    #: Kemendagri code, such as 36.73.
    kemendagri_code: Mapped[str] = plain(nullable=False, unique=True)
    #: Province in which it lies.
    province: Mapped[str] = plain(nullable=False)
    #: Name of the time zone in which its deadlines are counted.
    time_zone: Mapped[str] = plain(nullable=False, default="Asia/Jakarta")
    #: When work begins there in the morning, "07.30"; the measure of punctuality commitments.
    office_start: Mapped[str | None] = plain()

    def __str__(self) -> str:
        return self.name


class Unit(Keyed, InRegion, Versioned, Logged, Base):
    """An office in the tree of one region; names repeat, so show it with its parent."""

    __tablename__ = "unit"
    __table_args__ = (
        inside("parent_id", "unit"),
        inside("merged_into_id", "unit"),
        reached_inside(),
        sa.UniqueConstraint("region_id", "kemendagri_code"),
        sa.Index("uq_unit_parent_name", "region_id", "parent_id", "kind", "name", unique=True),
        sa.Index(
            "uq_unit_top_name",  # an empty parent equals no other in the index above
            "region_id",
            "kind",
            "name",
            unique=True,
            sqlite_where=sa.text("parent_id IS NULL"),
            postgresql_where=sa.text("parent_id IS NULL"),
        ),
        sa.CheckConstraint("parent_id <> id", name="not_its_own_parent"),
        period("valid", "valid_from", "valid_to"),
        filled("name"),
        sa.Index("ix_unit_path", "region_id", "path"),
    )

    #: The unit directly above; none for the units at the top of the region.
    parent_id: Mapped[int | None] = plain()
    #: Kind of unit; a kecamatan is a district, a kelurahan an urban village.
    kind: Mapped[str] = plain(one_of("kind", UNIT_KINDS), nullable=False)
    #: Name without its kind: "Sukawana".
    name: Mapped[str] = plain(nullable=False)
    #: Abbreviation in daily use: "BKPSDM".
    short_name: Mapped[str | None] = plain()
    #: Kemendagri code of a territorial unit, such as 36.73.01.1008.
    kemendagri_code: Mapped[str | None] = plain()
    #: Numbers of the units from the top down to this one, "/3/17/"; scope is a prefix of it.
    path: Mapped[str] = plain(nullable=False, default="")
    #: First day on which the unit exists; none when not known.
    valid_from: Mapped[date | None] = plain()
    #: Last day on which it existed; none while it does.
    valid_to: Mapped[date | None] = plain()
    #: The unit that took over its work.
    merged_into_id: Mapped[int | None] = plain()
    #: What the entry rests on: "verified" or "approximate".
    source: Mapped[str | None] = plain()

    region: Mapped[Region] = relationship()
    parent: Mapped[Unit | None] = relationship(
        foreign_keys=[parent_id], remote_side="Unit.id", back_populates="children"
    )
    children: Mapped[list[Unit]] = relationship(
        foreign_keys=[parent_id], back_populates="parent", order_by="(Unit.name, Unit.id)"
    )
    merged_into: Mapped[Unit | None] = relationship(
        foreign_keys=[merged_into_id], remote_side="Unit.id"
    )
    positions: Mapped[list[Position]] = relationship(
        foreign_keys="Position.unit_id",
        back_populates="unit",
        order_by="(Position.name, Position.id)",
    )

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """The name with its kind: "Kelurahan Sukawana"; other kinds carry theirs in the name."""
        kinds = {"district": "Kecamatan", "urban_village": "Kelurahan", "village": "Desa"}
        return f"{kinds[self.kind]} {self.name}" if self.kind in kinds else self.name

    @property
    def place(self) -> str:
        """The name with its parent, so that the two Sukawana are told apart."""
        if self.kind in ("urban_village", "village") and self.parent is not None:
            return f"{self.full_name}, Kec. {self.parent.name}"
        return self.full_name

    @property
    def choice_name(self) -> str:
        """What a choice calls it: its place."""
        return self.place


class Tier(Bilingual, Keyed, Versioned, Logged, Base):
    """A rung of the government, from the top down; data, so that a new one needs no code."""

    __tablename__ = "tier"
    __table_args__ = (filled("label_id"), filled("label_en"))

    #: Code in lower case, made from the English name.
    code: Mapped[str] = plain(nullable=False, unique=True)
    #: Place in the order from the top; the programme goes down it.
    rank: Mapped[int] = plain(nullable=False, unique=True)
    #: Name on Indonesian screens.
    label_id: Mapped[str] = plain(nullable=False)
    #: Name on English screens.
    label_en: Mapped[str] = plain(nullable=False)
    #: Echelon of the post, "IV.a"; none for elected officials.
    echelon: Mapped[str | None] = plain()
    #: How the post is filled: elected, or a class of civil servants.
    employment: Mapped[str | None] = plain()
    #: Why this tier matters to the programme.
    description: Mapped[str | None] = plain()
    #: Other words that people use for it, separated by commas: "kepala kelurahan".
    synonyms: Mapped[str | None] = plain()

    @property
    def above(self) -> Tier | None:
        """The tier directly above in the order; none for the first, and for one without a place."""
        session = object_session(self)
        if session is None or self.rank is None:
            return None
        higher = sa.select(Tier).where(Tier.rank < self.rank, Tier.id != self.id)
        with session.no_autoflush:
            return session.scalars(higher.order_by(Tier.rank.desc()).limit(1)).first()


def rank_of(tier_id: Any) -> Any:
    """The place of a tier among all, from the top."""
    return sa.select(Tier.rank).where(Tier.id == tier_id).scalar_subquery()


class Position(Keyed, InRegion, Versioned, Logged, Base):
    """A seat in a unit at a tier: what the roster counts, filled or vacant."""

    __tablename__ = "position"
    __table_args__ = (
        inside("unit_id", "unit"),
        reached_inside(),
        sa.UniqueConstraint("id", "region_id", "unit_id"),
        sa.Index("uq_position_unit_name", "unit_id", "name", unique=True),
        period("valid", "valid_from", "valid_to"),
        filled("name"),
    )

    #: The unit in which the seat stands.
    unit_id: Mapped[int] = plain(nullable=False, index=True)
    #: The rung of the seat.
    tier_id: Mapped[int] = plain(sa.ForeignKey("tier.id"), nullable=False, index=True)
    #: Name of the post: "Lurah Sukawana".
    name: Mapped[str] = plain(nullable=False)
    #: Whether its holder serves a territory and meets the public there.
    territorial: Mapped[bool] = plain(nullable=False, default=False)
    #: First day on which the post exists; none when not known.
    valid_from: Mapped[date | None] = plain()
    #: Last day on which it existed; none while it does.
    valid_to: Mapped[date | None] = plain()

    region: Mapped[Region] = relationship()
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id], back_populates="positions")
    tier: Mapped[Tier] = relationship()
    appointments: Mapped[list[Appointment]] = relationship(
        foreign_keys="Appointment.position_id",
        back_populates="position",
        order_by="(Appointment.started_on.desc().nulls_last(), Appointment.id.desc())",
    )

    def __str__(self) -> str:
        return self.name

    @property
    def choice_name(self) -> str:
        """What a choice calls it: with the district of an urban village, "Lurah X, Kec. Y"."""
        unit = self.unit
        if unit is not None and unit.kind in ("urban_village", "village") and unit.parent:
            return f"{self.name}, Kec. {unit.parent.name}"
        return self.name
