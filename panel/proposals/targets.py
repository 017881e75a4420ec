"""The records that new values name, loaded in the scope of the author; asked for once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..access.asking import Access
from ..access.rules import Actor
from ..words import Refused, say
from .entries import Bundle
from .keeping import Keeper
from .rules import Item
from .texts import Entity, key_of, relations_of


class Targets:
    """What the values of one proposal name."""

    def __init__(
        self,
        session: Session,
        access: Access,
        author: Actor,
        entity: Entity,
        keeper: Callable[[str], Keeper],
    ) -> None:
        self.session = session
        self.access = access
        self.author = author
        self.entity = entity
        self.keeper = keeper
        self._found: dict[tuple[Any, Any], Any] = {}

    def load(self, items: Sequence[Item], bundles: Sequence[Bundle]) -> None:
        """Load what they name: one statement for each relation, and its loaders."""
        told: dict[str, dict[str, set[Any]]] = defaultdict(lambda: defaultdict(set))
        for item in items if len(items) > 1 else ():
            if item.op != "delete":
                for column in relations_of(self.entity(item.table)).keys() & item.values.keys():
                    told[item.table][column].add(item.values[column][1])
        for bundle in bundles:
            for column in relations_of(self.entity(bundle.table)).keys() & set(bundle.columns):
                told[bundle.table][column].update(bundle.texts(column))
        for table, by_column in told.items():
            for column, texts in by_column.items():
                self._load(table, relations_of(self.entity(table))[column], texts)

    def _load(self, table: str, relation: Any, texts: Collection[str | None]) -> None:
        keys = sorted(int(text) for text in texts if text is not None and text.isdecimal())
        if not keys:
            return
        entity = relation.mapper.class_
        key = key_of(entity)
        rows = sa.select(entity).where(key.in_(keys))
        rows = rows.options(*self.keeper(table).target_loaders(relation.key))
        for found in self.session.scalars(self.access.scoped(rows, entity, self.author)).unique():
            self._found[entity, str(getattr(found, key.key))] = found

    def find(self, entity: Any, column: str, text: str | None) -> Any:
        """The record that a text of a column names; `Refused` where none in scope has this key."""
        known = (entity, text)
        if known not in self._found:
            key = key_of(entity)
            rows = sa.select(entity).where(key == int(text or 0))
            found = self.session.scalars(self.access.scoped(rows, entity, self.author)).unique()
            self._found[known] = found.one_or_none()
        if self._found[known] is None:
            raise Refused("field", say("This record is not there any more."), column)
        return self._found[known]
