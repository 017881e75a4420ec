"""How a transaction begins on each database: to read, to write, or under a deed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=15000",
    "foreign_keys=ON",
    "recursive_triggers=ON",
)
#: What a connection is known by that only reads, or does not.
QUERY_ONLY = "jenjang.query_only"
#: How libpq says that the last statement of a message gave rows.
_TUPLES = 2


def prepare(driver: Any, record: Any) -> None:
    """Settings of a new connection to SQLite."""
    driver.isolation_level = None  # BEGIN is ours: deferred to read, immediate to write
    for pragma in PRAGMAS:
        driver.execute(f"PRAGMA {pragma}")


def is_sqlite(connection: Connection) -> bool:
    """Whether it is SQLite, and not PostgreSQL."""
    return connection.dialect.name == "sqlite"


def _driver_of(connection: Connection) -> Any:
    return connection.connection.driver_connection


def begin_sqlite(connection: Connection, reading: bool, *, at_once: bool) -> None:
    """Begin to read, or `at_once` to write; what only reads is held to it."""
    # a connection that was AUTOCOMMIT comes back with the driver's own way of beginning
    _driver_of(connection).isolation_level = None
    if connection.info.get(QUERY_ONLY) is not reading:
        # only when it turns: SQLite then prepares every statement anew, with all their triggers
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
        connection.info[QUERY_ONLY] = reading
    connection.exec_driver_sql("BEGIN IMMEDIATE" if at_once else "BEGIN")


def begin_postgresql(connection: Connection, reading: bool) -> None:
    """Have the driver begin with the first statement; what only reads is held to it."""
    # the driver says READ ONLY within its BEGIN: no further round trip
    driver = _driver_of(connection)
    if not driver.closed:  # else the first statement says so, and SQLAlchemy understands
        driver.read_only = reading


def begin_under(connection: Connection, id: int) -> bool:
    """Begin and tell the deed in one message; False: the driver has to do it its own way."""
    driver = _driver_of(connection)
    if driver.closed or (driver.isolation_level, driver.deferrable) != (None, None):
        return False
    told = f"BEGIN READ WRITE; SELECT set_config('jenjang.deed', '{id:d}', true)"
    return bool(driver.pgconn.exec_(told.encode()).status == _TUPLES)


def autocommits(connection: Connection) -> bool:
    """Whether every statement is stored by itself."""
    if not is_sqlite(connection):
        return bool(_driver_of(connection).autocommit)
    return connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT"
