"""What the inbox is narrowed by: the kecamatan that a record lies in, the tier of its post."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from models.base import db
from models.government import Tier, Unit
from models.open_records import district_of, tier_of
from panel.screens.waiting import Dimension
from panel.words import say

from .rows import by_language


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
