"""Writing the items of a proposal, one after the other, in the caller's transaction.

The first row that a rule refuses ends it, with a sentence that names row and field.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..access.asking import Access
from ..access.rules import Actor
from ..words import Refused, say
from .keeping import Keeper
from .rules import Item, Tangled, in_order, reference
from .texts import Entity, attribute, key_of, relation_over, value_of


class Writing:
    """One proposal while it is written."""

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
        self._records: dict[tuple[str, str | None], Any] = {}
        self._targets: dict[tuple[Any, Any], Any] = {}
        self._made: dict[int, Any] = {}

    def hold(self, items: Sequence[Item]) -> None:
        """Lock and load the rows that are there; two statements for each table, and its loaders."""
        keys: dict[str, list[int]] = defaultdict(list)
        for item in items:
            if item.key is not None:
                keys[item.table].append(int(item.key))
        for table, wanted in sorted(keys.items()):
            entity = self.entity(table)
            key = key_of(entity)
            rows = sa.select(key).where(key.in_(wanted)).order_by(key).with_for_update()
            self.session.execute(rows)
            loaded = (
                sa.select(entity)
                .where(key.in_(wanted))
                .options(*self.keeper(table).loaders())
                .execution_options(populate_existing=True)
            )
            for record in self.session.scalars(loaded).unique():
                self._records[table, str(getattr(record, key.key))] = record

    def write(self, items: Sequence[Item], region_id: int | None) -> Mapping[int, Any]:
        """Write every item; gives the new records by the number of their item."""
        try:
            order = in_order(items, partial(refers, self.entity))
        except Tangled as tangled:
            number = int(str(tangled))
            why = say("it refers to no row that could come before it")
            raise at(next(one for one in items if one.number == number), why) from tangled
        for item in order:
            keeper = self.keeper(item.table)
            try:
                with self.session.no_autoflush:
                    self._write(item, keeper, region_id)
                self.session.flush()
            except Refused as refused:
                raise self._named(item, keeper, refused) from refused
            except IntegrityError as error:
                raise self._named(item, keeper, keeper.refusal(error)) from error
        self._refuse_unseen(items)
        return self._made

    def _write(self, item: Item, keeper: Keeper, region_id: int | None) -> None:
        if item.op == "delete":
            record = self._records[item.table, item.key]
            keeper.release(record)
            self.session.delete(record)
            return
        if item.op == "insert":
            record = self._made[item.number] = self.entity(item.table)()
            if "region_id" in sa.inspect(type(record)).columns:
                record.region_id = region_id
        else:
            record = self._records[item.table, item.key]
        for column, (_, text) in item.values.items():
            self._put(record, column, text)
        if item.op == "insert":
            self.session.add(record)
        keeper.settle(record, item.op == "insert")

    def _put(self, record: Any, column: str, text: str | None) -> None:
        """A value where a form would put it: through the relation that the column is the key of."""
        entity = type(record)
        relation = relation_over(entity, column)
        if relation is None or (text is None and relation is not None):
            target = None
        else:
            target = self._target(relation.mapper.class_, column, text)
        if relation is not None:
            setattr(record, relation.key, target)
            return
        try:
            setattr(record, attribute(entity, column), value_of(entity, column, text))
        except (ValueError, KeyError) as wrong:
            raise Refused("field", say("This value makes no sense here."), column) from wrong

    def _target(self, entity: Any, column: str, text: str | None) -> Any:
        """The record that a value names: a new one of this proposal, or one in scope."""
        number = reference(text)
        if number is not None:
            return self._made[number]
        known = (entity, text)
        if known not in self._targets:
            key = key_of(entity)
            rows = sa.select(entity).where(key == int(text or 0))
            found = self.session.scalars(self.access.scoped(rows, entity, self.author)).unique()
            self._targets[known] = found.one_or_none()
        if self._targets[known] is None:
            raise Refused("field", say("This record is not there any more."), column)
        return self._targets[known]

    def _refers(self, item: Item) -> set[int]:
        entity = self.entity(item.table)
        names = [name for name in item.values if entity.__table__.c[name].foreign_keys]
        found = {reference(item.values[name][1]) for name in names}
        return {number for number in found if number is not None}

    def _refuse_unseen(self, items: Sequence[Item]) -> None:
        """Refuse new rows that their author would not see, as a form does."""
        for item in items:
            record = self._made.get(item.number)
            if record is None:
                continue
            key = key_of(type(record))
            own = sa.select(key).where(key == getattr(record, key.key))
            seen = self.access.scoped(own, type(record), self.author)
            if self.session.scalar(seen) is None:
                raise at(item, say("it would lie outside of the scope of the author"))

    def _named(self, item: Item, keeper: Keeper, refused: Refused) -> Refused:
        """A refusal that names row and field; the status says that the whole was refused."""
        code = refused.code if refused.code in ("locked", "state") else "guard"
        if refused.field is None:
            return Refused(code, at(item, refused.sentence).sentence)
        sentence = say(
            "Nothing was applied. Row %(number)s, %(record)s, %(field)s: %(why)s",
            number=item.number,
            record=item.label,
            field=keeper.label(refused.field),
            why=refused.sentence,
        )
        return Refused(code, sentence)


def refers(entity: Entity, item: Item) -> set[int]:
    """The numbers of the items whose new rows an item refers to."""
    columns = entity(item.table).__table__.c
    names = [name for name in item.values if columns[name].foreign_keys]
    found = {reference(item.values[name][1]) for name in names}
    return {number for number in found if number is not None}


def at(item: Item, why: object) -> Refused:
    """A refusal that names the row."""
    sentence = say(
        "Nothing was applied. Row %(number)s, %(record)s: %(why)s",
        number=item.number,
        record=item.label,
        why=why,
    )
    return Refused("guard", sentence)
