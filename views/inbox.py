"""What the inbox is narrowed by: the kecamatan that a record lies in, the tier of its post."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models.base import db
from models.government import Position, Tier, Unit
from models.people import Appointment
from panel.screens.waiting import Dimension
from panel.words import say

from .rows import by_language


def district_of(model: Any) -> Any:
    """The number of the kecamatan at or above a record's unit; none outside of all of them."""
    own, district = aliased(Unit), aliased(Unit)
    return (
        sa.select(district.id)
        .join(own, own.path.startswith(district.path))
        .where(own.id == model.unit_id, district.kind == "district")
        .where(district.region_id == model.region_id)
        .correlate(model)
        .scalar_subquery()
    )


def tier_of(model: Any) -> Any:
    """The number of the tier of the post that a record was made under."""
    return (
        sa.select(Position.tier_id)
        .join(Appointment, Appointment.position_id == Position.id)
        .where(Appointment.id == model.appointment_id)
        .correlate(model)
        .scalar_subquery()
    )


def district_names(keys: Collection[Any]) -> Mapping[Any, Any]:
    """The names of these kecamatan, by number, in their order."""
    rows = sa.select(Unit).where(Unit.id.in_(keys)).order_by(Unit.name)
    return {unit.id: unit.full_name for unit in db.session.scalars(rows)}


def tier_names(keys: Collection[Any]) -> Mapping[Any, Any]:
    """The names of these tiers, by number, from the top."""
    rows = sa.select(Tier).where(Tier.id.in_(keys)).order_by(Tier.rank)
    return {tier.id: by_language(tier) for tier in db.session.scalars(rows)}


DISTRICT = Dimension("district", say("Kecamatan"), district_of, district_names)
TIER = Dimension("tier", say("Tier"), tier_of, tier_names)
