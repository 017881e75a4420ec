"""Deleting the rows of a proposal: asked about and written as one, so that thousands go like few.

Rows that refer to each other go together; what else refers to one of them keeps it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from ..words import Refused
from .keeping import Keeper
from .rules import Item
from .texts import Entity, key_of

#: As many keys as one statement names.
CHUNK = 500


class Removing:
    """The deletions of one proposal; `named` gives a refusal the words for its row."""

    def __init__(
        self,
        session: Session,
        entity: Entity,
        keeper: Callable[[str], Keeper],
        named: Callable[[Item, Keeper, Refused], Refused],
    ) -> None:
        self.session = session
        self.entity = entity
        self.keeper = keeper
        self.named = named

    def remove(self, items: Sequence[Item], records: Sequence[Any]) -> None:
        """Delete the records of these items, all of them or, with a `Refused`, none."""
        if not items:
            return
        with self.session.no_autoflush:
            self._ask(items, records)
        try:
            with self.session.begin_nested():
                for record in records:
                    self.session.delete(record)
                self.session.flush()
        except IntegrityError:
            # nothing of it stands: once more row by row, to name the row
            for item, record in zip(items, records, strict=True):
                self._alone(item, record)
        forget(self.session, records)

    def _ask(self, items: Sequence[Item], records: Sequence[Any]) -> None:
        """Refuse what has to be kept; load what goes by a deletion, a few statements a table."""
        going: dict[str, set[int]] = defaultdict(set)
        of_table: dict[str, dict[Any, Item]] = defaultdict(dict)
        for item, record in zip(items, records, strict=True):
            going[item.table].add(int(item.key or 0))
            of_table[item.table][record] = item
        for table, asked in of_table.items():
            self._load_owned(table, sorted(going[table]))
            keeper = self.keeper(table)
            kept = keeper.release(list(asked), going)
            if kept is not None:
                raise self.named(asked[kept[0]], keeper, kept[1])

    def _load_owned(self, table: str, keys: Sequence[int]) -> None:
        """What hangs on the records, which a deletion looks through, at once."""
        entity = self.entity(table)
        relations = [
            getattr(entity, one.key)
            for one in sa.inspect(entity).relationships
            if one.uselist and not one.viewonly and one.passive_deletes is False
        ]
        for first in range(0, len(keys) if relations else 0, CHUNK):
            rows = sa.select(entity).where(key_of(entity).in_(keys[first : first + CHUNK]))
            rows = rows.options(*(selectinload(one) for one in relations))
            self.session.scalars(rows).unique().all()

    def _alone(self, item: Item, record: Any) -> None:
        keeper = self.keeper(item.table)
        try:
            self.session.delete(record)
            self.session.flush()
        except IntegrityError as error:
            raise self.named(item, keeper, keeper.refusal(error)) from error


def forget(session: Session, gone: Collection[Any]) -> None:
    """Take deleted records out of the collections that are loaded: rules look through them."""
    gone, kinds = set(gone), {type(one) for one in gone}
    names: dict[type[Any], list[str]] = {}
    for place in list(session):
        entity = type(place)
        if entity not in names:
            relations = sa.inspect(entity).relationships
            names[entity] = [
                one.key for one in relations if one.uselist and one.mapper.class_ in kinds
            ]
        loaded = sa.inspect(place).dict
        for name in names[entity]:
            if any(one in gone for one in loaded.get(name, ())):
                left = [one for one in loaded[name] if one not in gone]
                set_committed_value(place, name, left)
