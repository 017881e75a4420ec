"""Reading as at a moment: a session whose statements find the tables as they stood then.

Every logged table that a statement names and that changed since is shadowed by what it was. The
transaction only reads. Tables outside the log, and the log itself, are read as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from .as_at import Then, then
from .layout import LogTables
from .shadow import UNHEX, Shadow, before, shadow, unhex

_read: ContextVar[Past | None] = ContextVar("past", default=None)

Rule = Callable[["sa.Select[Any]", Any], "sa.Select[Any]"]


def past() -> Past | None:
    """The past that is being read; None in the present."""
    return _read.get()


def day_read() -> date | None:
    """The day at whose end is being read; None in the present."""
    found = _read.get()
    return found.day if found is not None else None


@contextmanager
def present() -> Iterator[None]:
    """Rules that go by the present day do so here, also while the past is being read."""
    token = _read.set(None)
    try:
        yield
    finally:
        _read.reset(token)


class Past:
    """The tables at the end of one day, for one reader; `erased` is what an erased text says."""

    def __init__(self, tables: LogTables, day: date, moment: datetime, erased: str) -> None:
        self.tables = tables
        self.day = day
        #: When the next day began: what came then or later is undone.
        self.moment = moment
        self.erased_text = erased
        self._logged = {table.name: table for table in tables.logged()}
        self._then: dict[str, Then] = {}
        self._shadows: dict[str, Shadow] = {}
        self._seen: dict[tuple[str, Hashable], str] = {}
        #: Whether the log itself is being asked, and the tables as they are.
        self._asking = False
        self._session: Session | None = None

    @contextmanager
    def reading(self, session: Session) -> Iterator[None]:
        """What `session` asks inside is answered from the past; it must not have begun yet."""
        event.listen(session, "after_begin", self._attach)
        self._session = session
        token = _read.set(self)
        try:
            yield
        finally:
            _read.reset(token)
            session.close()
            event.remove(session, "after_begin", self._attach)

    def of(self, connection: Connection, name: str) -> Then:
        """How the rows of a logged table were, where they changed since."""
        if name not in self._then:
            self._asking = True
            try:
                found = then(connection, self.tables, self._logged[name], self.moment)
            finally:
                self._asking = False
            self._then[name] = found
        return self._then[name]

    def deleted_since(self, name: str, pk: str) -> bool:
        """Whether a record that was asked for was deleted since, whatever has its key now."""
        found = self._then.get(name)
        return found is not None and pk in found.gone

    def erased(self, name: str, pk: str, column: str) -> bool:
        """Whether a value that was asked for was erased by law."""
        found = self._then.get(name)
        return found is not None and column in found.erased.get(pk, ())

    def narrowed(
        self, rows: sa.Select[Any], entity: Any, rule: Rule, reader: Hashable, whole: Iterable[Any]
    ) -> sa.Select[Any]:
        """`rows` of `entity` as far as the reader sees them today, by `rule`.

        What is gone today he sees as `rule` says of that day, in the places that he holds whole:
        `whole` are values of the scope column.
        """
        assert self._session is not None, "only while it is being read"
        connection = self._session.connection()
        mapper = sa.inspect(entity).mapper
        table, kind = mapper.local_table, mapper.class_
        if table.name not in self._logged or len(mapper.primary_key) > 1:
            return rule(rows, entity)
        name = mapper.get_property_by_column(mapper.primary_key[0]).key
        key, own = getattr(entity, name), getattr(kind, name)
        gone = sorted(self.of(connection, table.name).gone)
        if (table.name, reader) not in self._seen:
            with present():
                here = rule(sa.select(own), kind)
                found = connection.execute(here, execution_options=_as_they_are(connection))
                # a key that was given to another record is not that of the one that had it
                seen = {str(one) for (one,) in found}.difference(gone)
                self._seen[table.name, reader] = json.dumps(sorted(seen))
        today = key.in_(_keys(connection, self._seen[table.name, reader], key.type))
        if not gone:
            return rows.where(today)
        lost = rule(sa.select(own), kind).where(
            own.in_(_keys(connection, json.dumps(gone), key.type))
        )
        if self.tables.scope in table.c:
            place = table.c[self.tables.scope]
            lost = lost.where(sa.or_(place.is_(None), place.in_(sorted(whole))))
        return rows.where(sa.or_(today, key.in_(lost.correlate(None))))

    def _attach(self, _session: Session, _transaction: Any, connection: Connection) -> None:
        if connection.dialect.name == "sqlite":
            driver: Any = connection.connection.driver_connection
            driver.create_function(UNHEX, 1, unhex, deterministic=True)
        event.listen(connection, "before_cursor_execute", self._shadowed, retval=True)

    def _shadowed(
        self,
        connection: Connection,
        _cursor: Any,
        statement: str,
        parameters: Any,
        context: Any,
        _many: bool,
    ) -> tuple[str, Any]:
        options = context.execution_options if context is not None else {}
        if self._asking or options.get("schema_translate_map"):
            return statement, parameters
        words = re.findall(r"\w+", statement)
        if not words or words[0].upper() not in READS:
            return statement, parameters
        names = sorted(set(words) & set(self._logged))
        names = [name for name in names if self.of(connection, name).changed]
        if not names:
            return statement, parameters
        found = [self._shadow(connection, name) for name in names]
        text, given = before(statement, parameters, found, names)
        return text, given

    def _shadow(self, connection: Connection, name: str) -> Shadow:
        if name not in self._shadows:
            found = self.of(connection, name)
            made = shadow(connection, self._logged[name], found, self.erased_text)
            self._shadows[name] = made
        return self._shadows[name]


#: How a statement begins that reads.
READS = ("SELECT", "WITH")


def _as_they_are(connection: Connection) -> dict[str, Any]:
    schema = (
        "main" if connection.dialect.name == "sqlite" else connection.dialect.default_schema_name
    )
    return {"schema_translate_map": {None: schema}}


def _keys(connection: Connection, texts: str, kind: Any) -> sa.Select[Any]:
    """The keys of a JSON list as a subquery."""
    given = sa.literal(texts, sa.Text())
    if connection.dialect.name == "sqlite":
        each = sa.func.json_each(given).table_valued("value")
        return sa.select(sa.cast(each.c.value, kind))
    each = sa.func.json_array_elements_text(sa.cast(given, sa.JSON)).table_valued("value")
    return sa.select(sa.cast(each.c.value, kind))
