"""Action plans that do not rest, narrowed by what a page asks: state, unit, tier; in scope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from panel.access.rules import Actor

from .concrete import Decision, ProcessState
from .follow_up import ActionPlan
from .government import Position, Tier, Unit
from .people import Appointment
from .queries import in_scope

#: Categories of states in which a record does not rest.
OPEN = ("draft", "waiting", "active")


@dataclass(frozen=True)
class Asked:
    """What the page is narrowed by; nothing means all."""

    actor: Actor
    status: str | None = None
    unit: Unit | None = None
    tier: Tier | None = None


def open_plans(asked: Asked, *columns: Any) -> sa.Select[Any]:
    """Open plans with the decision that brought them where they are."""
    found = (
        sa.select(*columns)
        .select_from(ActionPlan)
        .join(
            ProcessState,
            sa.and_(
                ProcessState.version_id == ActionPlan.process_version_id,
                ProcessState.code == ActionPlan.status,
            ),
        )
        .outerjoin(Decision, Decision.id == ActionPlan.decision_id)
        .where(ProcessState.category.in_(OPEN))
    )
    if asked.status is not None:
        found = found.where(ActionPlan.status == asked.status)
    return narrowed(found, asked)


def narrowed(plans: sa.Select[Any], asked: Asked) -> sa.Select[Any]:
    """The plans in scope, of a unit and those below it, and of a tier."""
    if asked.unit is not None:
        below = aliased(Unit)
        plans = plans.join(below, below.id == ActionPlan.unit_id).where(
            below.path.startswith(asked.unit.path, autoescape=True)
        )
    if asked.tier is not None:
        plans = plans.where(tier_of() == asked.tier.id)
    return in_scope(plans, ActionPlan, asked.actor)


def district_of() -> Any:
    """Number of the district that a plan's unit is or lies in; none for offices of the city."""
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
        .where(own.id == ActionPlan.unit_id, district.kind == "district")
        .limit(1)
        .correlate(ActionPlan)
        .scalar_subquery()
        .label("district")
    )


def tier_of() -> Any:
    """Number of the tier of the post under which a plan was made."""
    return (
        sa.select(Position.tier_id)
        .join(Appointment, Appointment.position_id == Position.id)
        .where(Appointment.id == ActionPlan.appointment_id)
        .correlate(ActionPlan)
        .scalar_subquery()
        .label("tier")
    )
