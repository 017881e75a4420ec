"""Where a record belongs: the region of what it hangs on, else the actor's only one; one alone."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import instance_dict

from ..access.rules import NOWHERE
from ..words import Refused, say
from .acting import the_actor

ELSEWHERE = say("This belongs to another region. Choose one of the same region.")


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
    if getattr(record, "region_id", 0) is None and _needs_region(type(record)):
        raise Refused("field", NOWHERE)


@cache
def _needs_region(entity: Any) -> bool:
    column = sa.inspect(entity).columns.get("region_id")
    return column is not None and not column.nullable


def refuse_elsewhere(record: Any, others: Iterable[Any]) -> None:
    """Refuse ties between regions, as somebody who works in several could make them.

    `others` are the further records of the save; those inside of the form are named by their
    table. What has no region may be tied to everything.
    """
    for one in dict.fromkeys((record, *others)):
        own, loaded = getattr(one, "region_id", None), instance_dict(one)
        for name in _ties(type(one)):
            held = loaded.get(name)
            if held is None:
                continue
            for other in held if isinstance(held, list) else [held]:
                region = getattr(other, "region_id", None)
                if region is None:
                    continue
                if own is not None and region != own:
                    field = name if one is record else one.__tablename__
                    raise Refused("field", ELSEWHERE, field)
                own = region


@cache
def _ties(entity: Any) -> tuple[str, ...]:
    """The relations of a class to what it hangs on; not those to what hangs on it."""
    relations = sa.inspect(entity).relationships
    return tuple(one.key for one in relations if one.secondary is not None or not one.uselist)


@cache
def ties_to_own_kind(entity: Any) -> tuple[str, ...]:
    """The relations over which a record of a class could name itself."""
    relations = sa.inspect(entity).relationships
    return tuple(
        one.key for one in relations if not one.uselist and issubclass(entity, one.mapper.class_)
    )
