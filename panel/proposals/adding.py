"""New rows that stand by themselves, in one statement a table: thousands of them go like few.

Each is made as a form would make it and asked by the same rules; only the unit of work, which could
order and tie them, has nothing to do. Whatever cannot be read, and what the database refuses, is
written once more one by one, so that the row is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, partial
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import instance_dict

from ..words import Refused
from ..workflow.records import WorkflowRecord
from .bundles import LEAST
from .entries import UNTOLD, Bundle, bundle_of
from .keeping import Keeper
from .rules import Item
from .texts import Entity, key_of, place_of, refers

#: What the unit of work would call for a new record.
_EVENTS: Final = ("before_insert", "after_insert")
#: What is read of a column of which a row says nothing.
_NOTHING: Final = object()


class Tied(Exception):
    """A rule has tied a new record to others: only the unit of work writes it."""


class Adding:
    """The new rows of one proposal that stand by themselves.

    `target` gives the record that a text of a column names; `named` a refusal the words for its
    row.
    """

    def __init__(
        self,
        session: Session,
        entity: Entity,
        keeper: Callable[[str], Keeper],
        target: Callable[[Any, str, str], Any],
        named: Callable[[Item, Keeper, Refused], Refused],
    ) -> None:
        self.session = session
        self.entity = entity
        self.keeper = keeper
        self.target = target
        self.named = named

    def fits(self, bundle: Bundle, named: AbstractSet[int]) -> bool:
        """Whether a bundle can be written so; `named` are the items that others refer to."""
        return is_plain(self.entity(bundle.table)) and named.isdisjoint(bundle.numbers)

    def gathered(self, items: Iterable[Item], named: AbstractSet[int]) -> list[Bundle]:
        """Bundles of those of these items that fit, where they are many."""
        by_table: dict[str, list[Item]] = defaultdict(list)
        new = (item for item in items if item.op == "insert" and item.number not in named)
        for item in new:
            if is_plain(self.entity(item.table)) and not refers(self.entity, item):
                by_table[item.table].append(item)
        found = [bundle_of(held) for held in by_table.values() if len(held) >= LEAST]
        return [one for one in found if one is not None]

    def add(self, bundles: Sequence[Bundle], region_id: int | None) -> dict[int, str] | None:
        """Write them; the keys by the number of the item. None: nothing is written of any.

        Raises `Refused` for the first row that a rule of its form refuses.
        """
        if not bundles:
            return {}
        held: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        numbers: dict[Any, list[int]] = defaultdict(list)
        try:
            with self.session.no_autoflush:
                for bundle in bundles:
                    entity = self.entity(bundle.table)
                    held[entity] += self._rows(entity, bundle, region_id)
                    numbers[entity] += bundle.numbers
            with self.session.begin_nested():
                return {
                    number: str(key)
                    for entity, rows in held.items()
                    for number, key in zip(numbers[entity], self._write(entity, rows), strict=True)
                }
        except (IntegrityError, Tied):
            return None

    def _rows(self, entity: Any, bundle: Bundle, region_id: int | None) -> Iterator[dict[str, Any]]:
        """What the rows of new records hold, when their rules have been asked."""
        keeper = self.keeper(bundle.table)
        names = [place_of(entity, column)[0] for column in bundle.columns]
        texts = [*zip(*bundle.rows, strict=True)][1:]
        read = [*map(partial(self._read, entity), bundle.columns, texts)]
        whole = not any(UNTOLD in told for told in texts)
        alike = (
            {"region_id": region_id}
            if region_id is not None and "region_id" in _columns(entity)
            else {}
        )
        collections = _collections(entity)
        for at, values in enumerate(zip(*read, strict=True)):
            record = entity()
            held = instance_dict(record)
            # nobody listens and nothing is to be written from here: the values are simply there
            for name in collections:
                held[name] = []
            held.update(alike)
            held.update(zip(names, values, strict=True))
            if not whole:
                for name, value in zip(names, values, strict=True):
                    if value is _NOTHING:
                        del held[name]
            try:
                keeper.settle(record, True)
            except Refused as refused:
                raise self.named(bundle.item(at), keeper, refused) from refused
            yield row_of(entity, held)

    def _read(self, entity: Any, column: str, texts: Sequence[Any]) -> Sequence[Any]:
        """What the texts of a column stand for; `Tied` where one of them stands for nothing, so
        that its row is named."""
        _, kind, read = place_of(entity, column)
        if read is str and UNTOLD not in texts and None not in texts:
            return texts
        known: dict[Any, Any] = {UNTOLD: _NOTHING, None: None}
        try:
            for text in dict.fromkeys(texts):
                if text not in known:
                    known[text] = self.target(kind, column, text) if kind else read(text)
        except (ValueError, Refused) as wrong:
            raise Tied from wrong
        return [known[text] for text in texts]

    def _write(self, entity: Any, rows: Sequence[dict[str, Any]]) -> Sequence[int]:
        table, key = entity.__table__, key_of(entity).key
        told = {name for values in rows for name in values}
        empty = {
            name: None for name in told if table.c[name].nullable and not table.c[name].default
        }
        keys = new_keys(self.session, table.c[key], len(rows))
        whole = [
            {**empty, **values, key: number} for number, values in zip(keys, rows, strict=True)
        ]
        if not all(told <= values.keys() for values in whole):  # another default than none
            raise Tied
        # only a statement that gives something back is written with many rows at once
        self.session.execute(sa.insert(table).returning(table.c[key]), whole).all()
        return keys


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
    for name in _collections(entity):
        if held.get(name):
            raise Tied
    columns = _columns(entity)
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
