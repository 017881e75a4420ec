"""One unit in the tree, as one actor may see it: what is above, what is below, how many posts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from panel.access.rules import Actor

from .attendance import Attendance, Participation
from .called_off import stands
from .government import Position, Unit
from .people import Appointment
from .programme import Programme
from .queries import in_scope
from .relations import held_on
from .seats import Seat, existing_on, narrowed
from .training import TrainingSession


@dataclass(frozen=True)
class Posts:
    """How many posts a unit and the units below it have, and how many nobody holds."""

    count: int = 0
    vacant: int = 0

    @property
    def filled(self) -> int:
        """Posts with a holder, definitive or acting."""
        return self.count - self.vacant


@dataclass(frozen=True)
class Branch:
    """A unit with its posts, those below it included, and with its own branches."""

    unit: Unit
    posts: Posts
    below: list[Branch] = field(default_factory=list)


def above(session: Session, actor: Actor, unit: Unit) -> list[Unit]:
    """The units in scope that this one stands under, from the top down."""
    keys = [int(key) for key in unit.path.strip("/").split("/")[:-1] if key]
    rows = in_scope(sa.select(Unit).where(Unit.id.in_(keys)), Unit, actor)
    return list(session.scalars(rows.order_by(Unit.path)))


def branches(
    session: Session, actor: Actor, unit: Unit, day: date, seats: Iterable[Seat]
) -> list[Branch]:
    """The units that stand under this one on `day`, as a tree; `seats` are those of its subtree."""
    rows = in_scope(
        sa.select(Unit).where(
            Unit.region_id == unit.region_id,
            Unit.path.startswith(unit.path, autoescape=True),
            Unit.id != unit.id,
            sa.or_(Unit.valid_to.is_(None), Unit.valid_to >= day),
        ),
        Unit,
        actor,
    )
    by_parent: dict[int | None, list[Unit]] = {}
    for one in session.scalars(rows.order_by(Unit.kemendagri_code.nulls_last(), Unit.name)):
        by_parent.setdefault(one.parent_id, []).append(one)
    taken = [(seat.position.unit.path, seat.vacant) for seat in seats]

    def branch(one: Unit) -> Branch:
        inside = [vacant for path, vacant in taken if path.startswith(one.path)]
        below = [branch(child) for child in by_parent.get(one.id, [])]
        return Branch(one, Posts(len(inside), sum(inside)), below)

    return [branch(one) for one in by_parent.get(unit.id, [])]


def merged_into(session: Session, actor: Actor, unit: Unit) -> list[Unit]:
    """The units in scope whose work this one took over."""
    rows = in_scope(sa.select(Unit).where(Unit.merged_into_id == unit.id), Unit, actor)
    return list(session.scalars(rows.order_by(Unit.name, Unit.id)))


def posts_of(
    session: Session, actor: Actor, day: date, units: Iterable[Unit]
) -> Mapping[int, Posts]:
    """The posts of each of these units and of those below it, by the unit's number."""
    holder, below = aliased(Unit), aliased(Unit)
    held = sa.exists().where(Appointment.position_id == Position.id, held_on(day))
    inside = sa.and_(
        below.region_id == holder.region_id, below.path.startswith(holder.path, autoescape=False)
    )
    statement = in_scope(
        sa.select(holder.id, sa.func.count(Position.id), sa.func.sum(sa.case((held, 0), else_=1)))
        .select_from(Position)
        .join(below, below.id == Position.unit_id)
        .join(holder, inside)
        .where(holder.id.in_([one.id for one in units]), existing_on(day))
        .group_by(holder.id),
        Position,
        actor,
    )
    return {key: Posts(count, vacant) for key, count, vacant in session.execute(statement)}


def attended(
    session: Session, actor: Actor, unit: Unit
) -> Mapping[int, Mapping[int, frozenset[str]]]:
    """By post in the subtree, by official: the programmes attended under that post."""
    came = sa.exists().where(
        Attendance.participation_id == Participation.id,
        Attendance.party == "official",
        Attendance.status == "present",
    )
    rows = session.execute(
        in_scope(
            sa.select(Position.id, Participation.official_id, Programme.name)
            .select_from(Participation)
            .join(Appointment, Appointment.id == Participation.appointment_id)
            .join(Position, Position.id == Appointment.position_id)
            .join(TrainingSession, TrainingSession.id == Participation.training_session_id)
            .join(Programme, Programme.id == TrainingSession.programme_id)
            .where(came, stands(), *narrowed(None, unit))
            .distinct(),
            Participation,
            actor,
        )
    )
    found: dict[int, dict[int, set[str]]] = {}
    for position, official, name in rows:
        found.setdefault(position, {}).setdefault(official, set()).add(name)
    return {
        position: {official: frozenset(names) for official, names in people.items()}
        for position, people in found.items()
    }
