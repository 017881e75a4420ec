"""Who can be reached by telephone: officials in post with a mobile number, another one, or none.

An invitation goes out by WhatsApp, so an office number reaches nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from panel.access.rules import Actor

from .government import Position, Tier, Unit
from .people import Appointment, Official
from .queries import in_scope
from .relations import held_on

#: A mobile number as it is stored: ten to thirteen digits with the leading zero, none of them 080.
MOBILE = r"^\+628[1-9][0-9]{7,10}$"
KINDS = ("mobile", "other", "missing")


def phone_kind(phone: Any) -> sa.ColumnElement[str]:
    """What stands in a column of telephones: a mobile number, another one, or nothing."""
    return sa.case(
        (sa.or_(phone.is_(None), phone == ""), "missing"),
        (phone.regexp_match(MOBILE), "mobile"),
        else_="other",
    )


@dataclass(frozen=True)
class UnitReach:
    """The officials in post in one unit, and those of them that no message reaches."""

    unit: Unit
    in_post: int
    missing: tuple[Appointment, ...]
    other: tuple[Appointment, ...]

    @property
    def reached(self) -> int:
        """Officials with a mobile number."""
        return self.in_post - len(self.missing) - len(self.other)

    @property
    def unreached(self) -> tuple[Appointment, ...]:
        """One post of each who is not reached."""
        return (*self.missing, *self.other)


def reach_by_unit(session: Session, actor: Actor, day: date) -> list[UnitReach]:
    """Each unit with somebody in post on `day`, in the actor's scope; one statement.

    Who holds posts in two units is counted in both, who holds two posts in one unit once in it.
    """
    kind = phone_kind(Official.phone)
    rows = (
        in_scope(sa.select(Appointment, kind), Appointment, actor)
        .where(held_on(day))
        .join(Appointment.official)
        .join(Appointment.position)
        .join(Position.tier)
        .join(Appointment.unit)
        .order_by(Unit.path, Unit.id, Tier.rank, Official.full_name, Appointment.id)
        .options(
            contains_eager(Appointment.official),
            contains_eager(Appointment.position),
            contains_eager(Appointment.unit).joinedload(Unit.parent),
        )
    )
    units: dict[int, dict[int, tuple[Appointment, str]]] = {}
    for appointment, phone in session.execute(rows):
        units.setdefault(appointment.unit_id, {}).setdefault(
            appointment.official_id, (appointment, phone)
        )
    return [counted(list(people.values())) for people in units.values()]


def counted(people: Sequence[tuple[Appointment, str]]) -> UnitReach:
    """The officials of one unit with the kind of their number."""
    found = {kind: tuple(one for one, own in people if own == kind) for kind in KINDS}
    return UnitReach(people[0][0].unit, len(people), found["missing"], found["other"])
