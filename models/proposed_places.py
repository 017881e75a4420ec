"""Where a proposal lies: in the smallest unit that holds everything that it touches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.access.rules import Actor
from panel.words import Refused, say

from .clock import today
from .government import Unit
from .people import Appointment, Official
from .proposals import Proposal
from .queries import in_scope
from .relations import held_on


def place(
    session: Session, proposal: Proposal, records: Mapping[Any, Sequence[int]], author: Actor
) -> None:
    """Give a proposal region and unit of what it touches; refused where that is of two regions."""
    regions: set[int | None] = set()
    paths: set[str | None] = set()
    for entity, keys in records.items():
        regions |= set(session.scalars(sa.select(entity.region_id).where(entity.id.in_(keys))))
        paths |= paths_of(session, entity, keys, author)
    if not records:
        regions = {one.region_id for one in author.places}
        paths = {None}
    if len(regions) != 1 or None in regions:
        raise Refused("field", say("Pick records of one region."))
    [proposal.region_id] = regions
    proposal.unit_id = shared_unit(paths)


def paths_of(session: Session, entity: Any, keys: Sequence[int], author: Actor) -> set[str | None]:
    """The paths of the units of some records; None for what lies in no unit.

    Officials lie in the units of their posts of today, as far as the author sees them.
    """
    if entity is Unit:
        return set(session.scalars(sa.select(Unit.path).where(Unit.id.in_(keys))))
    if entity is Official:
        held = (
            sa.select(Appointment.official_id, Unit.path)
            .join(Unit, Unit.id == Appointment.unit_id)
            .where(Appointment.official_id.in_(keys), held_on(today()))
        )
        found = session.execute(in_scope(held, Appointment, author)).all()
        paths: set[str | None] = {path for _, path in found}
        return paths | ({None} if {key for key, _ in found} != set(keys) else set())
    if not hasattr(entity, "unit_id"):
        return {None}
    rows = sa.select(Unit.path).select_from(entity).outerjoin(Unit, Unit.id == entity.unit_id)
    return set(session.scalars(rows.where(entity.id.in_(keys)).distinct()))


def shared_unit(paths: Iterable[str | None]) -> int | None:
    """The number of the last unit that all of these paths go through: of "/3/17/" and "/3/", 3."""
    ways = [(path or "").strip("/").split("/") for path in paths]
    shared = ""
    for steps in zip(*ways, strict=False):
        if len(set(steps)) > 1:
            break
        shared = steps[0]
    return int(shared) if shared else None
