"""Values of records as texts and back, by the types of their columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..columns import Utc
from ..workflow.snapshot import text_of
from .rules import Item, reference

#: The mapped class of a table.
Entity = Callable[[str], Any]


def key_of(entity: Any) -> Any:
    """The attribute of the key; what a proposal is about has one column as its key."""
    return _key_of(entity)


@cache
def _key_of(entity: Any) -> Any:
    mapper = sa.inspect(entity)
    return getattr(entity, mapper.get_property_by_column(mapper.primary_key[0]).key)


def attribute(entity: Any, column: str) -> str:
    """The name of the attribute of a column."""
    return _attribute(entity, column)


@cache
def _attribute(entity: Any, column: str) -> str:
    mapper = sa.inspect(entity)
    return str(mapper.get_property_by_column(mapper.local_table.c[column]).key)


def relation_over(entity: Any, column: str) -> Any:
    """The many-to-one relation that a column, beside that of the region, is the key of, or None."""
    return _relation_over(entity, column)


@cache
def _relation_over(entity: Any, column: str) -> Any:
    for relation in sa.inspect(entity).relationships:
        names = {local.name for local, _ in relation.local_remote_pairs} - {"region_id"}
        if not relation.uselist and names == {column}:
            return relation
    return None


@cache
def relations_of(entity: Any) -> dict[str, Any]:
    """The relations of `relation_over`, by their column."""
    columns = sa.inspect(entity).local_table.c.keys()
    found = {column: relation_over(entity, column) for column in columns}
    return {column: relation for column, relation in found.items() if relation is not None}


@cache
def place_of(entity: Any, column: str) -> tuple[str, Any, Callable[[str], Any]]:
    """Where the value of a column is put: an attribute, the class of the record that it names over
    a relation or None, and how its texts are read."""
    relation = relation_over(entity, column)
    if relation is not None:
        return relation.key, relation.mapper.class_, int
    return attribute(entity, column), None, _reader(entity, column)


def value_of(entity: Any, column: str, text: str | None) -> Any:
    """What a text stands for in a column; ValueError where it stands for nothing there."""
    return None if text is None else _reader(entity, column)(text)


@cache
def _reader(entity: Any, column: str) -> Callable[[str], Any]:
    """How the texts of a column are read, by its type."""
    kind = entity.__table__.c[column].type
    if isinstance(kind, sa.Boolean):
        return _boolean
    if isinstance(kind, sa.Integer):
        return int
    if isinstance(kind, Utc | sa.DateTime):
        return datetime.fromisoformat
    if isinstance(kind, sa.Date):
        return date.fromisoformat
    if isinstance(kind, sa.Time):
        return time.fromisoformat
    return str


def _boolean(text: str) -> bool:
    try:
        return {"true": True, "false": False}[text]
    except KeyError as wrong:
        raise ValueError(text) from wrong


def texts(record: Any, columns: Iterable[str]) -> dict[str, str | None]:
    """What stands in these columns of a record, as texts."""
    entity = type(record)
    return {column: text_of(getattr(record, attribute(entity, column))) for column in columns}


def presents(
    session: Session, items: Iterable[Item], entity: Entity
) -> dict[tuple[str, str | None], dict[str, str | None]]:
    """What stands in the rows of the items now, by table and key; one query for each table."""
    keys: dict[str, set[int]] = defaultdict(set)
    columns: dict[str, dict[str, None]] = defaultdict(dict)
    for item in items:
        if item.key is not None:
            keys[item.table].add(int(item.key))
            columns[item.table].update(dict.fromkeys(item.values))
    found: dict[tuple[str, str | None], dict[str, str | None]] = {}
    for table, wanted in columns.items():
        kind, names = entity(table), list(wanted)
        key = key_of(kind)
        asked = [getattr(kind, attribute(kind, name)) for name in names]
        for row in session.execute(sa.select(key, *asked).where(key.in_(keys[table]))):
            found[table, str(row[0])] = dict(zip(names, map(text_of, row[1:]), strict=True))
    return found


def refers(entity: Entity, item: Item) -> set[int]:
    """The numbers of the items whose new rows an item refers to."""
    named = {name: reference(new) for name, (_, new) in item.values.items() if new and "#" in new}
    columns = entity(item.table).__table__.c if named else {}
    return {n for name, n in named.items() if n is not None and columns[name].foreign_keys}


def points_at(entity: Entity, table: str, column: str) -> set[str]:
    """The tables whose rows a column names."""
    return {key.column.table.name for key in entity(table).__table__.c[column].foreign_keys}
