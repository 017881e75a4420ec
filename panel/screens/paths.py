"""Columns reached by a dotted path from a model: their conditions, loaders, kinds on the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import (
    InstrumentedAttribute,
    RelationshipProperty,
    aliased,
    joinedload,
    selectinload,
)

#: A dotted path, and the condition on the column at its end.
Asked = tuple[str, Callable[[Any], Any]]
#: Rows narrowed to the records of an entity that are seen.
Within = Callable[[Any, Any], Any]


#: Paths whose end is remembered: every cell of a list asks for the same few.
KNOWN = 4096


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


@lru_cache(maxsize=KNOWN)
def column_at(model: Any, path: str) -> sa.Column[Any] | None:
    """The table's column at the end of `path`, or None for relations and computed values."""
    way = list(walk(model, path))
    if len(way) != path.count(".") + 1 or is_relation(way[-1]):
        return None
    column: sa.Column[Any] = way[-1].property.columns[0]
    return column


@lru_cache(maxsize=KNOWN)
def owner_at(model: Any, path: str) -> Any:
    """The model that holds the last part of `path`."""
    for attribute in list(walk(model, path)):
        if is_relation(attribute) and not path.endswith(attribute.key):
            model = attribute.property.mapper.class_
    return model


@lru_cache(maxsize=KNOWN)
def kinds_on(model: Any, path: str) -> tuple[Any, ...]:
    """The models that `path` leads through, without the first."""
    steps = walk(model, path)
    return tuple(step.property.mapper.class_ for step in steps if is_relation(step))


def where(model: Any, path: str, condition: Callable[[Any], Any]) -> Any:
    """`condition` on the column at `path`, through relations as EXISTS, so that no row doubles."""
    first, _, rest = path.partition(".")
    attribute = getattr(model, first)
    if not rest:
        return condition(attribute)
    inner = where(attribute.property.mapper.class_, rest, condition)
    return attribute.any(inner) if attribute.property.uselist else attribute.has(inner)


def values_at(model: Any, path: str, value: Callable[[Any], Any]) -> sa.Select[Any]:
    """Pairs of `value` of the column at `path` and the key of its record, as `value` and `id`."""
    here = model
    rows = sa.select().select_from(model)
    *way, last = path.split(".")
    for step in way:
        attribute = getattr(here, step)
        here = aliased(attribute.property.mapper.class_)
        rows = rows.join(attribute.of_type(here))
    key = sa.inspect(model).mapper.primary_key[0]
    return rows.add_columns(value(getattr(here, last)).label("value"), key.label("id"))


def anywhere(model: Any, asked: Iterable[Asked], within: Within) -> Any:
    """As `where`, for any of several paths with a condition each: one EXISTS per relation.

    `within(rows, entity)` narrows rows to the records of an entity that are seen: of those that
    hang on a record no other is asked.
    """
    conditions, below = parted(model, asked)
    conditions += [hanging(model, one.key, one, inner, within) for one, inner in below]
    return sa.or_(*conditions) if conditions else sa.false()


def hanging(model: Any, way: str, attribute: Any, asked: Iterable[Asked], within: Within) -> Any:
    """Whether a record along a relation meets one of the conditions; EXISTS is nested no deeper.

    `way` is the dotted path from `model` to the relation.
    """
    there = alias_at(model, way)
    rows = sa.select(sa.literal(1)).select_from(there)
    rows, met = reached(rows, model, way, asked, within)
    rows = rows.where(attribute.of_type(there), met)
    return (within(rows, there) if attribute.property.uselist else rows).exists()


def reached(
    rows: Any, model: Any, way: str, asked: Iterable[Asked], within: Within
) -> tuple[Any, Any]:
    """The rows with what they refer to joined, and the condition that one of `asked` is met."""
    conditions, below = parted(alias_at(model, way), asked)
    for attribute, inner in below:
        further = f"{way}.{attribute.key}"
        if attribute.property.uselist:
            conditions.append(hanging(model, further, attribute, inner, within))
            continue
        joined = rows.outerjoin(attribute.of_type(alias_at(model, further)))
        rows, met = reached(joined, model, further, inner, within)
        conditions.append(met)
    return rows, sa.or_(*conditions)


@cache
def alias_at(model: Any, path: str) -> Any:
    """The alias of what stands at the end of a dotted path of relations from `model`.

    Made once: an alias proxies every column of its table, which a search would pay for each word
    anew. What is nested has a longer path, so an alias is never inside of itself.
    """
    for name in path.split("."):
        relation = getattr(model, name)
        model = relation.property.mapper.class_
    return aliased(model)


def parted(here: Any, asked: Iterable[Asked]) -> tuple[list[Any], list[tuple[Any, list[Asked]]]]:
    """The conditions on columns of `here`, and what is asked below each of its relations."""
    conditions = []
    below: defaultdict[str, list[Asked]] = defaultdict(list)
    for path, condition in asked:
        first, _, rest = path.partition(".")
        if rest:
            below[first].append((rest, condition))
        else:
            conditions.append(condition(getattr(here, first)))
    return conditions, [(getattr(here, name), inner) for name, inner in below.items()]


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
