"""What a list after a rotation is complete for, and what is recorded beside it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from panel.access.rules import Actor

from ..clock import today
from ..commitments import Commitment
from ..government import Position, Unit
from ..handover import OFFICE
from ..people import Appointment
from ..queries import in_scope
from ..roster_imports import RosterImport
from .known import directory
from .promises import Promise, Promises
from .rotations import RotationDirectory


def rotation_directory(session: Session, actor: Actor, record: RosterImport) -> RotationDirectory:
    """Officials, posts and appointments on the day of the rotation, and promises of the offices."""
    day = record.on_day or today()
    known = directory(session, actor, record.region_id, day)
    return RotationDirectory(
        people=known.people,
        posts=known.posts,
        grades=known.grades,
        today=today(),
        on_day=record.on_day,
        decree_no=record.decree_no,
        whole=_whole(session, actor, record),
        promises=_promises(session, actor, record.region_id, day),
    )


def _whole(session: Session, actor: Actor, record: RosterImport) -> frozenset[int]:
    """The posts of the tiers, in the units and what is below them; whichever of them is named."""
    tiers, units = record.complete_for
    if not tiers and not units:
        return frozenset()
    rows = sa.select(Position.id).where(Position.region_id == record.region_id)
    if tiers:
        rows = rows.where(Position.tier_id.in_(tiers))
    if units:
        top = aliased(Unit)
        rows = rows.join(Unit, Unit.id == Position.unit_id).join(
            top, sa.and_(top.region_id == Unit.region_id, Unit.path.startswith(top.path))
        )
        rows = rows.where(top.id.in_(units))
    return frozenset(session.scalars(in_scope(rows, Position, actor)))


def _promises(session: Session, actor: Actor, region_id: int, day: date) -> Promises:
    """Commitments of offices that nobody has continued, and who left each such post last."""
    later: Any = aliased(Commitment)
    continued = sa.exists().where(later.continued_from_id == Commitment.id).correlate(Commitment)
    columns = (
        *(Commitment.id, Commitment.official_id, Commitment.template_id, Commitment.category),
        *(Commitment.area, Commitment.text, Commitment.indicator, Appointment.position_id),
    )
    rows = (
        sa.select(*columns)
        .join(Commitment.appointment)
        .where(
            Commitment.region_id == region_id,
            Commitment.area.in_(OFFICE),
            Commitment.party != "spouse",
            ~continued,
        )
        .order_by(Commitment.id)
    )
    of_post: dict[int, list[Promise]] = defaultdict(list)
    for row in session.execute(in_scope(rows, Commitment, actor)):
        template = str(row.template_id) if row.template_id is not None else None
        promise = Promise(
            id=row.id,
            official_id=row.official_id,
            template=template,
            category=row.category,
            area=row.area,
            text=row.text,
            indicator=row.indicator,
        )
        of_post[row.position_id].append(promise)
    left = (
        sa.select(Appointment.position_id, Appointment.official_id)
        .where(
            Appointment.position_id.in_(of_post),
            Appointment.status == "definitive",
            Appointment.ended_on < day,
        )
        .order_by(Appointment.ended_on, Appointment.id)
    )
    last = {row.position_id: row.official_id for row in session.execute(left)}
    return Promises(of_post, last)
