"""What is recorded, loaded once for a whole file: a constant number of statements."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from panel.access.rules import Actor

from ..government import Position, Tier, Unit
from ..people import Appointment, Grade, Official, Spouse
from ..queries import in_scope
from .officials import Directory
from .people import Held, Known, People
from .posts import Post, Posts


def directory(session: Session, actor: Actor, region_id: int, day: date) -> Directory:
    """Officials, posts and appointments of a region in the actor's scope, as of `day`."""
    grades = {row.id: row.code for row in session.execute(sa.select(Grade.id, Grade.code))}
    people = _officials(session, actor, region_id, grades)
    _appointments(session, actor, people, region_id, day)
    _spouses(session, actor, people, region_id, day)
    nips = sa.select(Official.nip).where(Official.region_id == region_id, Official.nip.is_not(None))
    return Directory(
        people=People(people.values(), filter(None, session.scalars(nips))),
        posts=Posts(_posts(session, actor, region_id, day)),
        grades={code: key for key, code in grades.items()},
        today=day,
    )


def _officials(
    session: Session, actor: Actor, region_id: int, grades: dict[int, str]
) -> dict[int, Known]:
    columns = (
        *(Official.id, Official.title_prefix, Official.full_name, Official.title_suffix),
        *(Official.nip, Official.employment_type, Official.grade_id, Official.phone),
        Official.aliases,
    )
    rows = in_scope(sa.select(*columns).where(Official.region_id == region_id), Official, actor)
    return {
        row.id: Known.of(row, grade=grades.get(row.grade_id), phone=row.phone)
        for row in session.execute(rows.order_by(Official.id))
    }


def _appointments(
    session: Session, actor: Actor, people: dict[int, Known], region_id: int, day: date
) -> None:
    columns = (
        *(Appointment.id, Appointment.official_id, Appointment.position_id, Appointment.status),
        *(Appointment.started_on, Appointment.ended_on, Appointment.decree_no),
    )
    rows = sa.select(*columns).where(Appointment.region_id == region_id)
    for row in session.execute(in_scope(rows, Appointment, actor).order_by(Appointment.id)):
        if row.official_id in people:
            held, official = Held(*row), people[row.official_id]
            (official.held if held.lasts(day) else official.past).append(held)


def _spouses(
    session: Session, actor: Actor, people: dict[int, Known], region_id: int, day: date
) -> None:
    current = sa.or_(Spouse.ended_on.is_(None), Spouse.ended_on >= day)
    rows = sa.select(Spouse.official_id, Spouse.id, Spouse.full_name, Spouse.phone).where(
        Spouse.region_id == region_id, current
    )
    for official_id, *spouse in session.execute(in_scope(rows, Spouse, actor).order_by(Spouse.id)):
        if official_id in people:
            people[official_id].spouses.append((spouse[0], spouse[1], spouse[2]))


def _posts(session: Session, actor: Actor, region_id: int, day: date) -> list[Post]:
    above: Any = aliased(Unit)
    columns = (
        *(Position.id, Position.name, Position.unit_id, Position.valid_from, Position.valid_to),
        *(Unit.name.label("unit"), Unit.short_name, Unit.kind, above.name.label("above")),
        Tier.employment,
    )
    rows = (
        sa.select(*columns)
        .join(Unit, Unit.id == Position.unit_id)
        .outerjoin(above, above.id == Unit.parent_id)
        .join(Tier, Tier.id == Position.tier_id)
        .where(
            Position.region_id == region_id,
            sa.or_(Position.valid_to.is_(None), Position.valid_to >= day),
        )
    )
    return [
        Post(
            id=row.id,
            name=row.name,
            unit_id=row.unit_id,
            unit=row.unit,
            district=_district(row),
            short=row.short_name or "",
            employment=row.employment,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            in_village=row.kind in ("urban_village", "village"),
        )
        for row in session.execute(in_scope(rows, Position, actor).order_by(Position.id))
    ]


def _district(row: Any) -> str:
    """The district that a post lies in: above a village, or the unit itself."""
    if row.kind in ("urban_village", "village"):
        return str(row.above or "")
    return str(row.unit) if row.kind == "district" else ""
