"""The seats of the government on a day, each with whoever holds it: the roster as a table of posts.

A seat outlives its holder; a vacant one is still a seat.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from panel.access.rules import Actor

from .government import Position, Tier, Unit
from .people import Appointment, Official
from .queries import in_scope
from .relations import held_on

#: Who speaks for a seat first when several hold it.
PRECEDENCE = {"definitive": 0, "acting_vacant": 1, "interim": 2, "acting_absent": 3}


@dataclass(frozen=True)
class Seat:
    """A post and its holders on one day, the definitive one first."""

    position: Position
    holders: tuple[Appointment, ...] = ()

    @property
    def vacant(self) -> bool:
        """Whether nobody holds it, not even acting."""
        return not self.holders

    @property
    def holder(self) -> Appointment | None:
        """The definitive holder, else the acting one; None for a vacant seat."""
        return self.holders[0] if self.holders else None


def seats(
    session: Session,
    actor: Actor,
    day: date,
    *,
    tiers: Iterable[Tier] | None = None,
    unit: Unit | None = None,
) -> list[Seat]:
    """The posts in the actor's scope that exist on `day`, by tier from the top, unit and name.

    `tiers` keeps the posts of these tiers, `unit` those of this unit and all units below it. Tier,
    unit with its parent, holders, their officials and spouses are loaded: three statements.
    """
    wanted = in_scope(
        sa.select(Position.id).where(existing_on(day), *narrowed(tiers, unit)), Position, actor
    )
    positions = session.scalars(
        sa.select(Position)
        .join(Position.tier)
        .join(Position.unit)
        .where(Position.id.in_(wanted))
        .order_by(Tier.rank, Unit.path, Position.name, Position.id)
        .options(
            contains_eager(Position.tier), contains_eager(Position.unit).joinedload(Unit.parent)
        )
    ).all()
    return [
        Seat(position, tuple(held))
        for position, held in _held(session, actor, day, wanted, positions)
    ]


def existing_on(day: date) -> sa.ColumnElement[bool]:
    """The posts that exist on `day`; an unknown beginning counts as long ago."""
    return sa.and_(
        sa.or_(Position.valid_from.is_(None), Position.valid_from <= day),
        sa.or_(Position.valid_to.is_(None), Position.valid_to >= day),
    )


def narrowed(tiers: Iterable[Tier] | None, unit: Unit | None) -> list[sa.ColumnElement[bool]]:
    """Conditions on posts: of these tiers, and in this unit or below it (all, where None)."""
    conditions: list[sa.ColumnElement[bool]] = []
    if tiers is not None:
        conditions.append(Position.tier_id.in_([tier.id for tier in tiers]))
    if unit is not None:
        below = sa.select(Unit.id).where(
            Unit.region_id == unit.region_id, Unit.path.startswith(unit.path, autoescape=True)
        )
        conditions.append(Position.unit_id.in_(below))
    return conditions


def _held(
    session: Session, actor: Actor, day: date, wanted: sa.Select[Any], positions: Iterable[Position]
) -> Iterable[tuple[Position, list[Appointment]]]:
    """Each position with its appointments of that day in the order of precedence."""
    appointments = session.scalars(
        in_scope(
            sa.select(Appointment).where(held_on(day), Appointment.position_id.in_(wanted)),
            Appointment,
            actor,
        )
        .order_by(
            sa.case(PRECEDENCE, value=Appointment.status, else_=len(PRECEDENCE)),
            Appointment.started_on,
            Appointment.id,
        )
        .options(joinedload(Appointment.official).subqueryload(Official.spouses))
    )
    held: dict[int, list[Appointment]] = {}
    for appointment in appointments:
        held.setdefault(appointment.position_id, []).append(appointment)
    for position in positions:
        for appointment in held.get(position.id, ()):
            set_committed_value(appointment, "position", position)
            set_committed_value(appointment, "unit", position.unit)
        yield position, held.get(position.id, [])
