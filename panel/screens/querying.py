"""Every read of records through the one scoped query: list, count, one record, search and order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from flask import abort
from sqlalchemy.orm.interfaces import ORMOption

from ..plugin import current_panel
from .acting import actor, may, reads_lent
from .forgiving import conditions_of, holds, is_exactly, words_of
from .guarding import GuardedRecords
from .paths import anywhere, column_at, loader, owner_at

#: Beyond this many rows a list says "more than": counting on would cost more than it tells.
COUNT_LIMIT = 100_000


def scoped(entity: Any, *columns: Any) -> sa.Select[Any]:
    """A select of `entity`, or of its `columns`, within the actor's scope."""
    statement = sa.select(*(columns or (entity,))).select_from(entity)
    scope: sa.Select[Any] = current_panel().access.scoped(
        statement, entity, actor(), lent=reads_lent()
    )
    return scope


def key_of(entity: Any) -> Any:
    """The mapped attribute of the primary key; records here have one column as their key."""
    mapper = sa.inspect(entity).mapper
    return getattr(entity, mapper.get_property_by_column(mapper.primary_key[0]).key)


def parsed_key(entity: Any, text: Any) -> Any:
    """The key that `text` from an address or a form spells, or None: no such record."""
    if not isinstance(text, str | int) or len(sa.inspect(entity).mapper.primary_key) > 1:
        return None
    key = key_of(entity)
    if isinstance(key.type, sa.Integer):
        found = re.fullmatch(r"[1-9][0-9]{0,17}", str(text))
        most = 2**63 if isinstance(key.type, sa.BigInteger) else 2**31  # PostgreSQL takes no more
        return int(found[0]) if found and int(found[0]) < most else None
    text = str(text)
    return text if 0 < len(text) <= 200 and text.isprintable() else None


def within(rows: Any, entity: Any) -> Any:
    """`rows`, of which those of `entity` lie in the actor's scope."""
    return current_panel().access.scoped(rows, entity, actor(), lent=reads_lent())


def find(entity: Any, text: Any) -> Any:
    """The record in the actor's scope with the key that `text` spells, or None."""
    key = parsed_key(entity, text)
    if key is None:
        return None
    session = current_panel().db.session
    return session.scalars(scoped(entity).where(key_of(entity) == key)).unique().one_or_none()


def only_lent(record: Any) -> bool:
    """Whether a record lies in the actor's reach by letter alone; asks only who has a letter."""
    who = actor()
    if who is None or not who.stands_in or not sa.inspect(record).persistent:
        return False
    entity = type(record)
    key = key_of(entity)
    own = sa.select(key).where(key == getattr(record, key.key))
    session = current_panel().db.session
    return session.scalar(current_panel().access.scoped(own, entity, who)) is None


def seen(records: Iterable[Any]) -> list[Any]:
    """Those of some records of one kind that lie in the actor's scope, or are not stored yet."""
    found = list(records)
    stored = [one for one in found if sa.inspect(one).persistent]
    if not stored:
        return found
    entity = type(stored[0])
    key = key_of(entity)
    session = current_panel().db.session
    with session.no_autoflush:
        asked = scoped(entity, key).where(key.in_([getattr(one, key.key) for one in stored]))
        keys = set(session.scalars(asked))
    return [one for one in found if one not in stored or getattr(one, key.key) in keys]


class Querying(GuardedRecords):
    """The scoped reads of one record kind."""

    #: Dotted paths to search in; masked ones only by their whole value, see `exact_search`.
    searchable: tuple[str, ...] = ()
    #: Searchable paths that who may unmask them finds by the exact value alone.
    exact_search: tuple[str, ...] = ()
    #: Words that a search does not look for, such as titles; in lower case, without full stops.
    ignored_words: frozenset[str] = frozenset()
    #: Loader options, or relations, that the list needs beyond those of its columns.
    list_joins: tuple[Any, ...] = ()
    #: Loader options for what a record is called and where it belongs; else those of the list.
    about_joins: tuple[Any, ...] | None = None
    #: Where a list column is sorted by another one: ``{"unit": "unit.name"}``.
    sort_by: dict[str, str] = {}
    #: Order of a list that nobody sorted, "-" before a path for the other way round.
    default_order: tuple[str, ...] = ()
    #: The answer that leads to another page of the same list; of the screen.
    page_instead: Callable[[int], Any]

    def get_query(self) -> Any:
        """The records in scope, as Flask-Admin's own query."""
        inside = scoped(self.model, key_of(self.model))
        return self.session.session.query(self.model).filter(key_of(self.model).in_(inside))

    def get_count_query(self) -> Any:
        """The number of records in scope."""
        inside = scoped(self.model, key_of(self.model))
        counted = self.session.session.query(sa.func.count()).select_from(self.model)
        return counted.filter(key_of(self.model).in_(inside))

    def get_one(self, id: Any) -> Any:
        """The record in scope; 404 for what is out of scope, unknown, or no key at all."""
        record = find(self.model, id)
        if record is None:
            abort(404)
        return record

    def locked(self, id: Any) -> Any:
        """The record in scope, held against other writers until the transaction ends."""
        key = parsed_key(self.model, id)
        if key is not None:
            held = sa.select(key_of(self.model)).where(key_of(self.model) == key).with_for_update()
            self.session.session.execute(held)
        return self.get_one(id)

    def get_list(
        self,
        page: int | None,
        sort_column: str | None,
        sort_desc: bool,
        search: str | None,
        filters: Sequence[Any] | None,
        execute: bool = True,
        page_size: int | None = None,
    ) -> tuple[int, list[Any]]:
        """The rows of one page and the number of all; a page beyond the end leads to the last."""
        session = self.session.session
        matching = self.matching(search, filters)
        keys = matching.with_only_columns(key_of(self.model)).limit(COUNT_LIMIT)
        count = session.scalar(sa.select(sa.func.count()).select_from(keys.subquery())) or 0
        size = page_size or self.page_size
        if page and page * size >= count:
            last = max((count - 1) // size, 0)
            abort(self.page_instead(last))
        rows = self.ordered(matching, sort_column, bool(sort_desc)).options(*self.loaders())
        rows = rows.limit(size).offset((page or 0) * size)
        return count, list(session.scalars(rows).unique())

    def matching(self, search: str | None, filters: Sequence[Any] | None) -> sa.Select[Any]:
        """The records in scope that search and filters leave."""
        statement = scoped(self.model)
        for index, _name, value in filters or ():
            chosen = self._filters[index]
            statement = chosen.apply(statement, chosen.clean(value))
        return statement.where(*self.found(search or ""))

    def found(self, search: str) -> list[Any]:
        """What a record must meet to be found by this search; nothing where no word is in it."""
        return conditions_of(words_of(search, self.ignored_words), self.found_by)

    def found_by(self, word: str, held: Callable[[Any, str], Any] = holds) -> Any:
        """The condition that one word is in one of the columns that the actor may search."""
        asked: list[tuple[str, Callable[[Any], Any]]] = []
        for path in self.searchable:
            if not self.reaches(path):
                continue
            if not self.masks(path):
                asked.append((path, lambda column: held(column, word)))
            elif path in self.exact_search and may("unmask", owner_at(self.model, path)):
                asked.append((path, lambda column: is_exactly(column, word)))
        return anywhere(self.model, asked, within)

    def ordered(self, statement: Any, column: str | None, descending: bool) -> Any:
        """In the order asked for, then by key, so that pages never overlap."""
        key = key_of(self.model)
        if column is None or column not in self._sortable_columns:
            for path in self.default_order:
                statement = self.by(statement, path.removeprefix("-"), path.startswith("-"))
            return statement.order_by(key)
        statement = self.by(statement, self.sort_by.get(column, column), descending)
        return statement.order_by(key.desc() if descending else key)

    def by(self, statement: Any, path: str, descending: bool) -> Any:
        """Ordered by the column at `path`, whose relations are joined from outside."""
        statement, column = self.joined(statement, path)
        return statement.order_by(column.desc().nulls_last() if descending else column.nulls_last())

    def joined(self, statement: Any, path: str) -> tuple[Any, Any]:
        """The statement with what `path` leads through, and the column at its end."""
        here = self.model
        for part in path.split(".")[:-1]:
            there = sa.orm.aliased(getattr(here, part).property.mapper.class_)
            statement = statement.outerjoin(getattr(here, part).of_type(there))
            here = there
        return statement, getattr(here, path.rpartition(".")[2])

    def loaders(self, columns: Any = None) -> list[Any]:
        """Loader options for the related names in `columns`, else the list's: no query per row."""
        paths = [loader(self.model, name) for name, _label in columns or self._list_columns]
        declared = [
            option if isinstance(option, ORMOption) else loader(self.model, option.key)
            for option in self.list_joins
        ]
        return [option for option in (*paths, *declared) if option is not None]

    def naming_loaders(self) -> list[Any]:
        """Loader options for the line of a record among others of its kind."""
        return self.loaders() if self.about_joins is None else list(self.about_joins)

    def reaches(self, path: str) -> bool:
        """Whether the actor may see anything at `path` at all; overridden where it is known."""
        return True

    def masks(self, path: str) -> bool:
        """Whether the actor sees the value at `path` only as a mask."""
        return False

    def sortable_path(self, name: str) -> bool:
        """Whether a list can be sorted by column `name`: a real column, none that is masked."""
        path = self.sort_by.get(name, name)
        return column_at(self.model, path) is not None and not self.masks(path)
