"""New rows that stand by themselves, in one statement a table: thousands of them go like few.

Each is made as a form would make it and asked by the same rules; only the unit of work, which could
order and tie them, has nothing to do. What the database refuses is written once more one by one, so
that the row is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import instance_dict

from ..words import Refused
from ..workflow.records import WorkflowRecord
from .bundles import LEAST
from .keeping import Keeper
from .rules import Item
from .texts import Entity, key_of

#: What the unit of work would call for a new record.
_EVENTS: Final = ("before_insert", "after_insert")


class Tied(Exception):
    """A rule has tied a new record to others: only the unit of work writes it."""


class Adding:
    """The new rows of one proposal that stand by themselves.

    `values` gives the attributes of a new record, `named` a refusal the words for its row.
    """

    def __init__(
        self,
        session: Session,
        entity: Entity,
        keeper: Callable[[str], Keeper],
        values: Callable[[Any, Item], Iterable[tuple[str, Any]]],
        named: Callable[[Item, Keeper, Refused], Refused],
    ) -> None:
        self.session = session
        self.entity = entity
        self.keeper = keeper
        self.values = values
        self.named = named

    def fitting(self, items: Sequence[Item], refers: Mapping[int, Collection[int]]) -> list[Item]:
        """Those of these items that can be written so; none where they are few.

        `refers` are the items that each item refers to, by number.
        """
        if len(items) < LEAST:
            return []
        named = set().union(*refers.values())
        found = [
            item
            for item in items
            if item.op == "insert"
            and not refers[item.number]
            and item.number not in named
            and is_plain(self.entity(item.table))
        ]
        return found if len(found) >= LEAST else []

    def add(self, items: Sequence[Item], region_id: int | None) -> dict[int, str] | None:
        """Write them; the keys by the number of the item. None: nothing is written of any.

        Raises `Refused` for the first row that a rule of its form refuses.
        """
        if not items:
            return {}
        held: dict[Any, list[tuple[Item, dict[str, Any]]]] = defaultdict(list)
        try:
            with self.session.no_autoflush:
                for item in items:
                    held[self.entity(item.table)].append((item, self._values(item, region_id)))
            with self.session.begin_nested():
                return {
                    item.number: str(values[key_of(entity).key])
                    for entity, rows in held.items()
                    for item, values in self._write(entity, rows)
                }
        except (IntegrityError, Tied):
            return None

    def _values(self, item: Item, region_id: int | None) -> dict[str, Any]:
        """What the row of a new record holds, when its rules have been asked."""
        entity, keeper = self.entity(item.table), self.keeper(item.table)
        record = entity()
        held = instance_dict(record)
        # nobody listens and nothing is to be written from here: the values are simply there
        held.update((name, []) for name in _collections(entity))
        if region_id is not None and "region_id" in _columns(entity):
            held["region_id"] = region_id
        try:
            held.update(self.values(entity, item))
            keeper.settle(record, True)
        except Refused as refused:
            raise self.named(item, keeper, refused) from refused
        return row_of(entity, held)

    def _write(
        self, entity: Any, rows: Collection[tuple[Item, dict[str, Any]]]
    ) -> Iterable[tuple[Item, dict[str, Any]]]:
        table, key = entity.__table__, key_of(entity).key
        told = {name for _, values in rows for name in values}
        empty = {
            name: None for name in told if table.c[name].nullable and not table.c[name].default
        }
        keys = new_keys(self.session, table.c[key], len(rows))
        for number, (_, values) in zip(keys, rows, strict=True):
            values[key] = number
        whole = [{**empty, **values} for _, values in rows]
        if not all(told <= values.keys() for values in whole):  # another default than none
            raise Tied
        self.session.execute(sa.insert(table), whole)
        return rows


def new_keys(session: Session, column: sa.Column[Any], count: int) -> Sequence[int]:
    """So many keys for new rows, as the database would give them; it is being written to."""
    if session.connection().dialect.name == "sqlite":
        last = session.scalar(sa.select(sa.func.max(column))) or 0
        return range(last + 1, last + 1 + count)
    named = sa.func.pg_get_serial_sequence(column.table.name, column.name)
    given = sa.func.generate_series(1, count).table_valued("n")
    return session.scalars(sa.select(sa.func.nextval(named)).select_from(given)).all()


def row_of(entity: Any, held: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a new record that holds this; `Tied` where there is more to it."""
    columns = _columns(entity)
    if any(held[name] for name in _collections(entity) if name in held):
        raise Tied
    found = {columns[name]: value for name, value in held.items() if name in columns}
    for name, pairs in _ties(entity).items():
        target = held.get(name)
        if target is not None:
            for column, other in pairs:
                found[column] = getattr(target, other)
    return found


@cache
def is_plain(entity: Any) -> bool:
    """Whether a new record of this class is a row and nothing else.

    It begins no process and hangs on none, names nothing that would name it back, and nobody
    listens to its writing.
    """
    mapper = sa.inspect(entity)
    if issubclass(entity, WorkflowRecord) or hasattr(entity, "__locked_with__"):
        return False
    if any(getattr(mapper.dispatch, name) for name in _EVENTS) or len(mapper.tables) > 1:
        return False
    heard = [act for one in mapper.attrs for act in getattr(entity, one.key).dispatch.set]
    if not all(act.__module__.startswith("sqlalchemy.") for act in heard):
        return False
    ties = [one for one in mapper.relationships if not one.uselist]
    return not any(one.back_populates or one.backref for one in ties)


@cache
def _columns(entity: Any) -> dict[str, str]:
    """The column of each attribute."""
    return {one.key: one.columns[0].name for one in sa.inspect(entity).column_attrs}


@cache
def _collections(entity: Any) -> frozenset[str]:
    return frozenset(one.key for one in sa.inspect(entity).relationships if one.uselist)


@cache
def _ties(entity: Any) -> dict[str, list[tuple[str, str]]]:
    """For each relation to one record the own columns and the attributes that they name."""
    found = {}
    for relation in sa.inspect(entity).relationships:
        if not relation.uselist:
            pairs = relation.local_remote_pairs
            found[relation.key] = [
                (own.name, relation.mapper.get_property_by_column(other).key)
                for own, other in pairs
            ]
    return found
