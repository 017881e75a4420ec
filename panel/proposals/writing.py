"""Writing the items of a proposal, all at once or none, in the caller's transaction.

The first row that a rule refuses ends it, with a sentence that names row and field.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..access.asking import Access
from ..access.rules import Actor
from ..words import Refused, say
from .adding import Adding
from .deferring import deferred, needed
from .entries import Bundle, Entry, spread
from .keeping import Keeper
from .removing import Removing
from .rules import Item, Tangled, in_order, reference
from .targets import Targets
from .texts import Entity, key_of, place_of, refers

#: Before the number of a row: the field of a refusal that is about that row.
ROW = "row-"


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
        self._targets = Targets(session, access, author, entity, keeper)
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

    def write(
        self, items: Sequence[Item], bundles: Sequence[Bundle], region_id: int | None
    ) -> Mapping[int, str]:
        """Write every item and bundle; gives the keys of the new records by the number of their
        item.

        Rules see the rows as all of them are to be: one holder leaves a post as another comes.
        """
        adding = Adding(self.session, self.entity, self.keeper, self._targets.find, self._named)
        named = set().union(*(refers(self.entity, item) for item in items))
        plain = [one for one in bundles if adding.fits(one, named)]
        single = [*items, *spread(one for one in bundles if one not in plain)]
        plain += adding.gathered(single, named)
        told = {number for one in plain for number in one.numbers}
        order = self._in_order(item for item in single if item.number not in told)
        self._targets.load(order, plain)
        kept = [item for item in order if item.op != "delete"]
        first, last = self._deletions(order, kept)
        removing = Removing(self.session, self.entity, self.keeper, self._named)
        removing.remove(first, [self._record(item) for item in first])
        keys = adding.add(plain, region_id)
        if keys is None:
            order = self._in_order([*items, *spread(bundles)])
            kept = [item for item in order if item.op != "delete"]
        with self._keys_of(kept):
            self._together(kept, region_id)
        removing.remove(last, [self._record(item) for item in last])
        made = (keys or {}) | {number: self._key(one) for number, one in self._made.items()}
        self._refuse_unseen([*items, *bundles], made)
        return made

    def _in_order(self, items: Iterable[Item]) -> list[Item]:
        """Items in the order in which they can be written."""
        found = sorted(items, key=lambda one: one.number)
        named = {item.number: refers(self.entity, item) for item in found}
        try:
            return in_order(found, lambda item: named[item.number])
        except Tangled as tangled:
            number = int(str(tangled))
            why = say("it refers to no row that could come before it")
            raise at(next(one for one in found if one.number == number), why) from tangled

    def _keys_of(self, kept: Sequence[Item]) -> AbstractContextManager[None]:
        """Keys wait until all rows stand, where rows that belong together are repointed."""
        if not needed(self.entity, kept):
            return nullcontext()
        return deferred(self.session, sorted({item.table for item in kept}))

    def _deletions(
        self, order: Sequence[Item], kept: Sequence[Item]
    ) -> tuple[list[Item], list[Item]]:
        """The deletions that come before everything else, and those that wait: a row is let go of
        before it is deleted."""
        held = {
            (column.table.name, was)
            for item in kept
            if item.op == "update"
            for name, (was, _) in item.values.items()
            if was is not None
            for column in (
                key.column for key in self.entity(item.table).__table__.c[name].foreign_keys
            )
        }
        gone = [item for item in order if item.op == "delete"]
        waiting = bool(held & {(item.table, item.key) for item in gone})
        return ([], gone) if waiting else (gone, [])

    def _together(self, items: Sequence[Item], region_id: int | None) -> None:
        """Put all rows, keep the rules of each, write them at once."""
        try:
            with self.session.begin_nested():
                with self.session.no_autoflush:
                    for item in items:
                        with self._naming(item):
                            self._put_all(item, region_id)
                    for item in items:
                        with self._naming(item):
                            self.keeper(item.table).settle(self._record(item), item.op == "insert")
                self.session.flush()
        except IntegrityError:
            # nothing of it stands: once more row by row, those that let go first, to name the row
            self._made.clear()
            bound = {one.number for one in items if one.op != "update" or refers(self.entity, one)}
            for item in sorted(items, key=lambda one: one.number in bound):
                self._alone(item, region_id)

    def _alone(self, item: Item, region_id: int | None) -> None:
        """Write one row."""
        with self._naming(item):
            with self.session.no_autoflush:
                self._put_all(item, region_id)
                self.keeper(item.table).settle(self._record(item), item.op == "insert")
            self.session.flush()

    @contextmanager
    def _naming(self, item: Item) -> Iterator[None]:
        """Whatever is refused in here is refused of this row."""
        try:
            yield
        except Refused as refused:
            raise self._named(item, self.keeper(item.table), refused) from refused
        except IntegrityError as error:
            keeper = self.keeper(item.table)
            raise self._named(item, keeper, keeper.refusal(error)) from error

    def _record(self, item: Item) -> Any:
        """The row of an item: there already, or made."""
        if item.op == "insert":
            return self._made[item.number]
        return self._records[item.table, item.key]

    def _put_all(self, item: Item, region_id: int | None) -> None:
        """The values of one row into its record."""
        if item.op == "insert":
            record = self._made[item.number] = self.entity(item.table)()
            if "region_id" in sa.inspect(type(record)).columns:
                record.region_id = region_id
        else:
            record = self._records[item.table, item.key]
        self._put_values(record, item)
        if item.op == "insert":
            self.session.add(record)

    def _put_values(self, record: Any, item: Item) -> None:
        for name, value in self.values(type(record), item):
            setattr(record, name, value)

    def values(self, entity: Any, item: Item) -> Iterator[tuple[str, Any]]:
        """What a form would put where: by the relation that a column is the key of, if it is."""
        for column, (_, text) in item.values.items():
            name, kind, read = place_of(entity, column)
            if text is None:
                yield name, None
            elif kind is not None:
                yield name, self._target(kind, column, text)
            else:
                try:
                    yield name, read(text)
                except ValueError as wrong:
                    sentence = say("This value makes no sense here.")
                    raise Refused("field", sentence, column) from wrong

    def _target(self, entity: Any, column: str, text: str) -> Any:
        """The record that a value names: a new one of this proposal, or one in scope."""
        number = reference(text)
        return self._made[number] if number else self._targets.find(entity, column, text)

    def _key(self, record: Any) -> str:
        return str(getattr(record, key_of(type(record)).key))

    def _refuse_unseen(self, entries: Sequence[Entry], made: Mapping[int, str]) -> None:
        """Refuse new rows that their author would not see, as a form does."""
        new: dict[str, dict[int, int]] = defaultdict(dict)
        for entry in entries:
            numbers = entry.numbers if isinstance(entry, Bundle) else (entry.number,)
            new[entry.table] |= {int(made[one]): one for one in numbers if one in made}
        for table, held in new.items():
            if not held:
                continue
            entity = self.entity(table)
            key = key_of(entity)
            own = sa.select(key).where(key.between(min(held), max(held)))
            seen = set(self.session.scalars(self.access.scoped(own, entity, self.author)))
            unseen = min((number for one, number in held.items() if one not in seen), default=None)
            if unseen is not None:
                item = next(one for one in spread(entries) if one.number == unseen)
                raise at(item, say("it would lie outside of the scope of the author"))

    def _named(self, item: Item, keeper: Keeper, refused: Refused) -> Refused:
        """A refusal that names row and field; the status says that the whole was refused."""
        code = refused.code if refused.code in ("locked", "state") else "guard"
        if refused.field is None:
            return Refused(code, at(item, refused.sentence).sentence, f"{ROW}{item.number}")
        sentence = say(
            "Nothing was applied. Row %(number)s, %(record)s, %(field)s: %(why)s",
            number=item.number,
            record=item.label,
            field=keeper.label(refused.field),
            why=refused.sentence,
        )
        return Refused(code, sentence, f"{ROW}{item.number}")


def at(item: Item, why: object) -> Refused:
    """A refusal that names the row."""
    sentence = say(
        "Nothing was applied. Row %(number)s, %(record)s: %(why)s",
        number=item.number,
        record=item.label,
        why=why,
    )
    return Refused("guard", sentence, f"{ROW}{item.number}")
