"""The change log of an installation: what begins, seals or refuses every transaction.

A transaction begun under a deed may write and is sealed at its commit; any other is read only,
unless it says `write=True` (tables outside the log) or `write="schema"` (migrations). If sealing
fails, everything is rolled back. Tables, marks and deeds are found under this name too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakSet

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Dialect, ExceptionContext
from sqlalchemy.orm import Session

from .beginning import (
    PRAGMAS,
    autocommits,
    begin_postgresql,
    begin_sqlite,
    begin_under,
    is_sqlite,
    prepare,
)
from .capture import log_triggers
from .deeds import NoDeed, OpenDeed, current, deed, new_id, note
from .layout import LogTables
from .prepared import Prepared
from .rules import key_id
from .seal import seal
from .tables import (
    APPEND_ONLY,
    PERSONAL,
    PLAIN,
    SECRET,
    AdoptionMixin,
    ChangeMixin,
    DeedMixin,
    LogContextMixin,
    Logged,
    LogTime,
    personal,
    plain,
    secret,
)
from .triggers import Trigger

__all__ = [
    "APPEND_ONLY",
    "PERSONAL",
    "PLAIN",
    "PRAGMAS",
    "SECRET",
    "AdoptionMixin",
    "ChangeLog",
    "ChangeMixin",
    "DeedMixin",
    "LogContextMixin",
    "LogTime",
    "Logged",
    "NoDeed",
    "OpenDeed",
    "current",
    "deed",
    "note",
    "personal",
    "plain",
    "secret",
]

#: How the databases say that a transaction only reads.
READ_ONLY = {"25006", sqlite3.SQLITE_READONLY}


class ChangeLog:
    """The log's tables, its key, and the listeners that keep it."""

    def __init__(
        self,
        *,
        deed: type[DeedMixin],
        change: type[ChangeMixin],
        context: type[LogContextMixin],
        adoption: type[AdoptionMixin],
        metadata: sa.MetaData,
        key: Callable[[], bytes],
        scope: str | None = None,
        reads_only: bool = True,
        other_keys: Callable[[], Sequence[bytes]] = tuple,
    ) -> None:
        """`key` seals the first deed; `other_keys` are those that others are sealed with.

        `scope` names the column by which readers are let in; the log copies its value.

        Without `reads_only` a transaction that has no deed may write what is not logged, as the
        tables of a host that had them before the log came; of logged tables it is refused as ever.
        """
        self.deed = deed
        self.change = change
        self.tables = LogTables(deed, change, context, adoption, metadata, scope)
        self.key = key
        self.reads_only = reads_only
        self.other_keys = other_keys
        told = sqlite.insert(self.tables.context).values(id=1, deed_id=sa.bindparam("deed_id"))
        self._telling = Prepared(
            told.on_conflict_do_update(
                index_elements=["id"], set_={"deed_id": told.excluded.deed_id}
            )
        )
        self._attached: WeakSet[Engine] = WeakSet()
        self._laid: WeakSet[Dialect] = WeakSet()

    def keys(self) -> dict[str, bytes]:
        """Keys by their short names, the first that of a new log."""
        return {key_id(key): key for key in (self.key(), *self.other_keys())}

    def triggers(self, dialect_name: str) -> list[Trigger]:
        """What captures and guards on that database; for `install` and `differences`."""
        return log_triggers(self.tables, dialect_name)

    def attach(self, engine: Engine) -> None:
        """Listen to `engine`; once, however often it is called."""
        if engine in self._attached:
            return
        self._attached.add(engine)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", prepare)
        event.listen(engine, "begin", self._begin)
        event.listen(engine, "commit", self._commit)
        event.listen(engine, "rollback", _forget)
        event.listen(engine, "checkin", _checkin)
        event.listen(engine, "handle_error", _explain)

    def deed_id(self, session: Session) -> int | None:
        """The number under which the session's running transaction captures."""
        writing = session.connection().info.get("jenjang.deed")
        return writing[1] if writing else None

    def join(self, connection: Connection, act: OpenDeed) -> None:
        """Seal a running transaction of a migration under `act`: its log may be new in it."""
        if connection.get_execution_options().get("write") != "schema":
            raise NoDeed("only a migration's transaction is given its deed at the end")
        self._open(connection, act)

    def _begin(self, connection: Connection) -> None:
        act = current()
        write = connection.get_execution_options().get("write", False)
        _forget(connection)
        if autocommits(connection):
            if act or not write:
                raise NoDeed("an AUTOCOMMIT connection is not sealed: it needs write=True, no deed")
            return
        reading = self.reads_only and not (act or write)
        connection.info["jenjang.reading"] = reading
        if is_sqlite(connection):
            begin_sqlite(connection, reading, at_once=bool(act or write))
        elif act and begin_under(connection, id := new_id()):
            _belongs(connection, act, id)
            return
        else:
            begin_postgresql(connection, reading)
        if act:
            self._open(connection, act)
        elif write is True or not (reading or write):
            newest = self._newest(connection) if is_sqlite(connection) else 0
            connection.info["jenjang.unlogged"] = newest

    def _open(self, connection: Connection, act: OpenDeed) -> None:
        id = new_id()
        if is_sqlite(connection):
            self._tell(connection, id)
        else:
            connection.exec_driver_sql(f"SELECT set_config('jenjang.deed', '{id:d}', true)")
        _belongs(connection, act, id)

    def _tell(self, connection: Connection, id: int | None) -> None:
        self._telling.run(connection, deed_id=id)

    def _commit(self, connection: Connection) -> None:
        try:
            self._seal(connection)
        except BaseException:
            # SQLAlchemy leaves the transaction open: the next user would commit it
            connection.connection.rollback()
            _forget(connection)
            raise
        _forget(connection)

    def _seal(self, connection: Connection) -> None:
        writing = connection.info.get("jenjang.deed")
        if writing:
            act, id = writing
            change, deed = self.tables.change, self.tables.deed
            kept = seal(connection, change, deed, act, id, self.keys())
            if not kept and is_sqlite(connection):
                self._tell(connection, None)  # a kept deed clears it by trigger
        elif connection.info.get("jenjang.unlogged") is not None and self._strays(connection):
            raise NoDeed("logged tables were written without a deed")

    def _is_laid(self, connection: Connection) -> bool:
        """Whether the log's table is there yet; a first migration begins without it."""
        dialect = connection.dialect
        if dialect not in self._laid and dialect.has_table(connection, self.tables.change.name):
            self._laid.add(dialect)
        return dialect in self._laid

    def _newest(self, connection: Connection) -> int:
        if not self._is_laid(connection):
            return 0
        return connection.scalar(sa.select(sa.func.max(self.tables.change.c.id))) or 0

    def _strays(self, connection: Connection) -> bool:
        """Whether this transaction captured rows although it has no deed."""
        if not self._is_laid(connection):
            return False
        change = self.tables.change
        query = sa.select(change.c.id).where(change.c.deed_id.is_(None)).limit(1)
        if is_sqlite(connection):
            query = query.where(change.c.id > connection.info["jenjang.unlogged"])
        else:
            tx = sa.cast(sa.func.pg_current_xact_id_if_assigned(), sa.Text)
            query = query.where(change.c.tx == tx)
        return connection.scalar(query) is not None


def _belongs(connection: Connection, act: OpenDeed, id: int) -> None:
    connection.info["jenjang.deed"] = (act, id)
    act.writing.add(id)


def _forget(connection: Connection) -> None:
    _clear(connection.info)


def _clear(info: dict[Any, Any]) -> None:
    writing = info.pop("jenjang.deed", None)
    if writing:
        act, id = writing
        act.writing.discard(id)
    info.pop("jenjang.unlogged", None)
    info.pop("jenjang.reading", None)


def _checkin(driver: Any, record: Any) -> None:
    _clear(record.info)
    if driver is not None:
        driver.rollback()  # COMMIT itself may have failed and left the transaction open


def _explain(context: ExceptionContext) -> None:
    connection = context.connection
    if connection is None or connection.invalidated or not connection.info.get("jenjang.reading"):
        return
    found = context.original_exception
    # by code: PostgreSQL may speak any language
    if READ_ONLY & {getattr(found, "sqlstate", None), getattr(found, "sqlite_errorcode", None)}:
        raise NoDeed("no open deed when the transaction began: it only reads") from found
