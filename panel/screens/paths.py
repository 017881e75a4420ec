"""Columns reached by a dotted path from a model: their conditions, loaders, kinds on the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, RelationshipProperty, joinedload, selectinload


def walk(model: Any, path: str) -> Iterator[Any]:
    """The attributes on the way along `path`; ends early at what is not mapped."""
    here = model
    for part in path.split("."):
        attribute = getattr(here, part, None)
        if not isinstance(attribute, InstrumentedAttribute):
            return
        yield attribute
        if is_relation(attribute):
            here = attribute.property.mapper.class_


def is_relation(attribute: Any) -> bool:
    """Whether the attribute leads to other records."""
    return isinstance(getattr(attribute, "property", None), RelationshipProperty)


def column_at(model: Any, path: str) -> sa.Column[Any] | None:
    """The table's column at the end of `path`, or None for relations and computed values."""
    way = list(walk(model, path))
    if len(way) != path.count(".") + 1 or is_relation(way[-1]):
        return None
    column: sa.Column[Any] = way[-1].property.columns[0]
    return column


def owner_at(model: Any, path: str) -> Any:
    """The model that holds the last part of `path`."""
    for attribute in list(walk(model, path)):
        if is_relation(attribute) and not path.endswith(attribute.key):
            model = attribute.property.mapper.class_
    return model


def kinds_on(model: Any, path: str) -> list[Any]:
    """The models that `path` leads through, without the first."""
    return [step.property.mapper.class_ for step in walk(model, path) if is_relation(step)]


def where(model: Any, path: str, condition: Callable[[Any], Any]) -> Any:
    """`condition` on the column at `path`, through relations as EXISTS, so that no row doubles."""
    first, _, rest = path.partition(".")
    attribute = getattr(model, first)
    if not rest:
        return condition(attribute)
    inner = where(attribute.property.mapper.class_, rest, condition)
    return attribute.any(inner) if attribute.property.uselist else attribute.has(inner)


def anywhere(model: Any, asked: Iterable[tuple[str, Callable[[Any], Any]]]) -> Any:
    """As `where`, for any of several paths with a condition each: one EXISTS per relation."""
    conditions, below = [], defaultdict(list)
    for path, condition in asked:
        first, _, rest = path.partition(".")
        if rest:
            below[first].append((rest, condition))
        else:
            conditions.append(condition(getattr(model, first)))
    for first, inner in below.items():
        attribute = getattr(model, first)
        met = anywhere(attribute.property.mapper.class_, inner)
        conditions.append(attribute.any(met) if attribute.property.uselist else attribute.has(met))
    return sa.or_(*conditions) if conditions else sa.false()


def loader(model: Any, path: str) -> Any:
    """A loader option for the relations on `path`, or None where there are none."""
    option: Any = None
    for step in walk(model, path):
        if not is_relation(step):
            break
        many = step.property.uselist
        if option is None:
            option = selectinload(step) if many else joinedload(step)
        else:
            option = option.selectinload(step) if many else option.joinedload(step)
    return option
