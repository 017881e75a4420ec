"""Keeps `unit.path` in step with the tree, and the tree without a circle.

The path holds the numbers from the top down to the unit, "/3/17/", so that a subtree is a prefix.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, event
from sqlalchemy.orm import Mapper, Session, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from panel.access.rules import Actor
from panel.words import Refused, say

from .government import Unit
from .queries import in_scope

TABLE = Unit.__table__
CIRCLE = say("A unit cannot stand below itself. Choose another parent.")
#: Kinds of unit whose names repeat, and where each of them stands.
BELOW = {
    "urban_village": say("An urban village stands below a district."),
    "village": say("A village stands below a district."),
}


def refuse_without_parent(session: Session, actor: Actor, unit: Unit) -> None:
    """Refuse a village that does not name the unit above it, with those of its name in scope."""
    if unit.kind not in BELOW or unit.parent is not None:
        return
    alike = sa.select(Unit).where(
        Unit.kind == unit.kind, sa.func.lower(Unit.name) == (unit.name or "").lower()
    )
    with session.no_autoflush:
        rows = in_scope(alike, Unit, actor).options(joinedload(Unit.parent)).order_by(Unit.path)
        known = [one for one in session.scalars(rows) if one is not unit]
    sentence = say("%(rule)s Choose the unit above it.", rule=BELOW[unit.kind])
    if known:
        sentence = say(
            "%(rule)s There are already %(count)s named %(name)s: %(places)s. "
            "Choose the unit above it.",
            rule=BELOW[unit.kind],
            count=len(known),
            name=unit.name,
            places="; ".join(one.place for one in known),
        )
    raise Refused("field", sentence, "parent")


@event.listens_for(Unit.parent, "set")
def refuse_circle(unit: Unit, parent: Unit | None, _before: Any, _initiator: Any) -> None:
    """Refuse a parent that stands below the unit at once: a flush could not order such rows."""
    if parent is not None and unit.path and parent.path.startswith(unit.path):
        raise Refused("field", CIRCLE, "parent")


@event.listens_for(Unit, "after_insert")
@event.listens_for(Unit, "after_update")
def keep_path(mapper: Mapper[Any], connection: Connection, unit: Unit) -> None:
    """Write the path of a new or moved unit, and of all the units below it."""
    above = "/"
    if unit.parent_id is not None:
        above = connection.scalar(sa.select(TABLE.c.path).where(TABLE.c.id == unit.parent_id)) or ""
    path = f"{above}{unit.id}/"
    before = connection.scalar(sa.select(TABLE.c.path).where(TABLE.c.id == unit.id)) or ""
    if path == before:
        return
    if before and above.startswith(before):
        raise Refused("field", CIRCLE, "parent")
    connection.execute(sa.update(TABLE).where(TABLE.c.id == unit.id).values(path=path))
    if before:
        below = sa.and_(
            TABLE.c.region_id == unit.region_id,
            TABLE.c.id != unit.id,
            TABLE.c.path.startswith(before, autoescape=True),
        )
        moved = sa.literal(path).concat(sa.func.substr(TABLE.c.path, len(before) + 1))
        connection.execute(sa.update(TABLE).where(below).values(path=moved))
    set_committed_value(unit, "path", path)
