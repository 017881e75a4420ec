"""Where a new record belongs: the region of what it hangs on, else the actor's only one."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ..access.rules import NOWHERE
from ..words import Refused
from .acting import the_actor


def place(new: Any) -> None:
    """Give a record without a region that of the records it hangs on, else the actor's only one."""
    if getattr(new, "region_id", 0) is not None:
        return
    held = [
        getattr(new, relation.key)
        for relation in sa.inspect(type(new)).relationships
        if not relation.uselist
    ]
    regions = [getattr(other, "region_id", None) for other in held if other is not None]
    places = {place.region_id for place in the_actor().places}
    regions += places if len(places) == 1 else []
    new.region_id = next((region for region in regions if region is not None), None)


def refuse_nowhere(record: Any) -> None:
    """Refuse a record whose region nothing tells, before the database does in its own words."""
    column = sa.inspect(type(record)).columns.get("region_id")
    if column is not None and not column.nullable and record.region_id is None:
        raise Refused("field", NOWHERE)
