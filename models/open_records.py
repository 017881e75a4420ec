"""Open records of one process in scope, narrowed by what a page asks: state, unit, tier.

A kind without a unit or without a post has no district or tier to be narrowed by.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from panel.access.rules import Actor

from .concrete import Change, Decision, Deed, ProcessState
from .follow_up import ActionPlan
from .government import Position, Tier, Unit
from .people import Appointment
from .queries import in_scope

#: Categories of states in which a record does not rest.
OPEN = ("draft", "waiting", "active")


#: State, number of the district and of the tier of a record.
Place = tuple[str, int | None, int | None]


@dataclass(frozen=True)
class Asked:
    """What the page is about and narrowed by; nothing means all."""

    actor: Actor
    status: str | None = None
    unit: Unit | None = None
    tier: Tier | None = None
    #: The kind of record.
    model: Any = ActionPlan

    @property
    def table(self) -> str:
        """The table of these records."""
        return str(self.model.__tablename__)

    @property
    def by_unit(self) -> bool:
        """Whether a record lies in a unit."""
        return hasattr(self.model, "unit_id")

    @property
    def by_tier(self) -> bool:
        """Whether a record is made under a post."""
        return hasattr(self.model, "appointment_id")

    @property
    def region(self) -> Any:
        """Number of a record's region; null for kinds of no region."""
        return getattr(self.model, "region_id", sa.null())


def open_records(asked: Asked, *columns: Any) -> sa.Select[Any]:
    """Open records with the decision that brought them where they are."""
    model = asked.model
    found = (
        sa.select(*columns)
        .select_from(model)
        .join(
            ProcessState,
            sa.and_(
                ProcessState.version_id == model.process_version_id,
                ProcessState.code == model.status,
            ),
        )
        .outerjoin(Decision, Decision.id == model.decision_id)
        .where(ProcessState.category.in_(OPEN))
    )
    if asked.status is not None:
        found = found.where(model.status == asked.status)
    return narrowed(found, asked)


def narrowed(records: sa.Select[Any], asked: Asked) -> sa.Select[Any]:
    """The records in scope, of a unit and those below it, and of a tier."""
    if asked.unit is not None and asked.by_unit:
        below = aliased(Unit)
        records = records.join(below, below.id == asked.model.unit_id).where(
            below.path.startswith(asked.unit.path, autoescape=True)
        )
    if asked.tier is not None and asked.by_tier:
        records = records.where(tier_of(asked.model) == asked.tier.id)
    return in_scope(records, asked.model, asked.actor)


@cache
def district_of(model: Any) -> Any:
    """Number of the district that a record's unit is or lies in; none for offices of the city."""
    own, district = aliased(Unit), aliased(Unit)
    return (
        sa.select(district.id)
        .select_from(own)
        .join(
            district,
            sa.and_(
                district.region_id == own.region_id,
                own.path.startswith(district.path, autoescape=False),
            ),
        )
        .where(own.id == model.unit_id, district.kind == "district")
        .limit(1)
        .correlate(model)
        .scalar_subquery()
    )


@cache
def tier_of(model: Any) -> Any:
    """Number of the tier of the post under which a record was made."""
    return (
        sa.select(Position.tier_id)
        .join(Appointment, Appointment.position_id == Position.id)
        .where(Appointment.id == model.appointment_id)
        .correlate(model)
        .scalar_subquery()
    )


def places(asked: Asked) -> tuple[Any, ...]:
    """Where a record is counted: its state, district and tier, the last two null without one."""
    model = asked.model
    return (
        model.status,
        (district_of(model) if asked.by_unit else sa.null()).label("district"),
        (tier_of(model) if asked.by_tier else sa.null()).label("tier"),
    )


def made_at(model: Any) -> Any:
    """When a record was made, by the change log; for kinds that begin with waiting."""
    return (
        sa.select(sa.func.max(Deed.at))
        .join_from(Change, Deed, Deed.id == Change.deed_id)
        .where(
            Change.tbl == model.__tablename__,
            Change.op == "I",
            Change.pk == sa.cast(model.id, sa.Text),
            Change.id <= Deed.last,
        )
        .correlate(model)
        .scalar_subquery()
    )
