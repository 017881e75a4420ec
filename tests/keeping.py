"""Databases that are filled once and put back as they were, of which a test may change everything.

Nothing is done for a test after one that only read: it costs less to look whether anything was
written than to make a copy and open it again.
"""

from __future__ import annotations

import shutil
import sqlite3
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from psycopg import conninfo, sql
from sqlalchemy import make_url

#: Everything that a statement about tables, functions or triggers leaves behind in the catalogue.
SHAPE = """
SELECT md5(string_agg(part, ',' ORDER BY part)) FROM (
    SELECT 'class' || oid || ' ' || xmin FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'column' || attrelid || ' ' || attnum || ' ' || a.xmin
    FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'function' || oid || ' ' || xmin FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'trigger' || t::text FROM pg_trigger t  -- the same when it was off for a while
    UNION ALL SELECT 'constraint' || oid || ' ' || xmin FROM pg_constraint
    UNION ALL SELECT 'default' || oid || ' ' || xmin FROM pg_attrdef
    UNION ALL SELECT 'schema' || oid || ' ' || xmin FROM pg_namespace WHERE nspname !~ '^pg_t'
) AS catalogue(part)
"""
#: Triggers that fire even where rows are put back.
ALWAYS = """
SELECT relname, tgname FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
WHERE tgenabled = 'A' AND relnamespace = 'public'::regnamespace
"""
#: Each table by what any write of a row changes: how many there are, and the newest of them.
ROWS = "SELECT count(*) || ' ' || coalesce(max(xmin::text::bigint), 0) FROM public.{}"
SEQUENCE = "SELECT last_value || ' ' || is_called FROM public.{}"


class SqliteKept:
    """A file of SQLite with its copies beside it; `release` closes all connections to it.

    Pages are put back through SQLite's own way to copy a database, by a connection that stays:
    those of others stay, too, and with them the schema that they read and their statements.
    """

    def __init__(self, path: Path, release: Callable[[], None] = lambda: None) -> None:
        self.path, self.release = path, release
        #: What stood in the file, as `_written` has it, when it was this one's last.
        self._stands: tuple[object, ...] = ()
        self._own: sqlite3.Connection | None = None
        #: The copies as they are read, each with the number of its schema.
        self._kept: dict[str, tuple[sqlite3.Connection, int]] = {}

    def keep(self, name: str = "made") -> None:
        """Keep the present state under this name."""
        self._let_go()
        shutil.copyfile(self.path, f"{self.path}.{name}")
        copy = sqlite3.connect(f"{Path(f'{self.path}.{name}').as_uri()}?immutable=1", uri=True)
        weakref.finalize(self, copy.close)
        self._kept[name] = (copy, schema_of(copy))
        self._open(name)

    def has(self, name: str) -> bool:
        """Whether a state was kept under this name."""
        return name in self._kept

    def put_back(self, name: str = "made") -> None:
        """The file as it was when this was kept."""
        written = self._written()
        if self._stands == (name, *written):
            return
        copy, schema = self._kept[name]
        try:
            if written and self._own is not None and schema_of(self._own) == schema:
                self._own.execute("BEGIN IMMEDIATE")  # the copying itself would wait for ever
                self._own.execute("ROLLBACK")
                copy.backup(self._own)
                # it counts as a change of the schema, which it is not
                self._own.execute(f"PRAGMA schema_version={schema}")
                self._stands = (name, *self._written())
                return
        except sqlite3.Error:
            pass  # somebody holds a lock, or the file is no database any more
        self._let_go()
        for rest in ("-wal", "-shm"):
            Path(f"{self.path}{rest}").unlink(missing_ok=True)
        shutil.copyfile(f"{self.path}.{name}", self.path)
        self._open(name)

    def _open(self, name: str) -> None:
        own = sqlite3.connect(self.path, timeout=1, isolation_level=None, check_same_thread=False)
        self._closing = weakref.finalize(self, own.close)
        own.execute("PRAGMA synchronous=OFF")
        schema_of(own)  # its journal is made by the first reading
        self._own, self._files = own, self._found()
        self._stands = (name, *self._written())

    def _let_go(self) -> None:
        """Close every connection to the file."""
        if self._own is not None:
            self._closing()
            self._own = None
        self.release()

    def _found(self) -> list[int]:
        """Which files these are: others may stand in their place."""
        journal = Path(f"{self.path}-wal")
        return [one.stat().st_ino for one in (self.path, journal) if one.exists()]

    def _written(self) -> tuple[int, ...]:
        """What any write changes; nothing where other files stand there."""
        if self._own is None or self._found() != self._files:
            return ()
        found = self.path.stat()
        try:
            [version] = self._own.execute("PRAGMA data_version").fetchone()
        except sqlite3.Error:
            return ()
        return version, found.st_mtime_ns, found.st_size


def schema_of(connection: sqlite3.Connection) -> int:
    """A number that each statement about tables or triggers raises."""
    return int(connection.execute("PRAGMA schema_version").fetchone()[0])


class PostgresKept:
    """A database of PostgreSQL: rows are put back in their tables, a changed schema from a copy.

    `release` closes all connections to it.
    """

    def __init__(self, url: str, release: Callable[[], None] = lambda: None) -> None:
        self.url, self.release = url, release
        self.name = make_url(url).database or ""
        #: What stood there when each state was kept: shape, and tables and sequences by name.
        self._kept: dict[str, tuple[str, list[str], dict[str, str]]] = {}
        self._stands: tuple[str, dict[str, str]] = ("", {})
        self._own: Any = None

    def keep(self, name: str = "made") -> None:
        """Keep the present state under this name."""
        self._let_go()
        schema = sql.Identifier(f"kept_{name}")
        with connected(self.url) as connection:
            tables = self._names(connection, "r")
            sequences = self._names(connection, "S")
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
            for table in tables:
                copy = sql.SQL("CREATE TABLE {}.{} AS TABLE public.{}")
                of = sql.Identifier(table)
                connection.execute(copy.format(schema, of, of))
            shape = connection.execute(SHAPE).fetchone()
            stands = self._look(connection, tables, sequences)
            assert shape is not None
            left = {one: stands[one] for one in sequences}
            self._kept[name] = (shape[0], tables, left)
            self._stands = (name, stands)
        run(self.url, "CREATE DATABASE {} TEMPLATE {}", f"{self.name}_{name}", self.name)

    def put_back(self, name: str = "made") -> None:
        """The database as it was when this was kept."""
        try:
            if self._own is None:
                self._own = connected(self.url)
                self._closing = weakref.finalize(self, self._own.close)
            with self._own.transaction():
                if self._rows_are_back(self._own, name):
                    return
        except psycopg.Error:
            pass  # somebody holds a lock, or the database is gone
        self._let_go()
        run(self.url, "DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)
        run(self.url, "CREATE DATABASE {} TEMPLATE {}", self.name, f"{self.name}_{name}")
        _, tables, sequences = self._kept[name]
        with connected(self.url) as connection:
            self._stands = (name, self._look(connection, tables, sequences))

    def _let_go(self) -> None:
        """Close every connection to the database."""
        if self._own is not None:
            self._closing()
            self._own = None
        self.release()

    def _rows_are_back(self, connection: Any, name: str) -> bool:
        """Whether it was enough to put rows back, for nobody changed the schema."""
        shape, tables, sequences = self._kept[name]
        if connection.execute(SHAPE).fetchone()[0] != shape:
            return False
        stands = self._look(connection, tables, sequences)
        if (name, stands) == self._stands:
            return True
        known = self._stands[1] if self._stands[0] == name else {}
        connection.execute("SET LOCAL lock_timeout = '2s'")
        connection.execute("SET LOCAL session_replication_role = replica")  # no trigger fires
        again = sql.SQL("DELETE FROM public.{}; INSERT INTO public.{} SELECT * FROM {}.{}")
        schema = sql.Identifier(f"kept_{name}")
        written = [table for table in tables if known.get(table) != stands[table]]
        firing = [one for one in connection.execute(ALWAYS).fetchall() if one[0] in written]
        self._switch(connection, firing, "DISABLE TRIGGER")
        for table in written:
            of = sql.Identifier(table)
            connection.execute(again.format(of, of, schema, of))
        self._switch(connection, firing, "ENABLE ALWAYS TRIGGER")
        for sequence, told in sequences.items():
            if stands[sequence] != told:
                last, called = told.split()
                of = sql.Identifier("public", sequence).as_string(connection)
                connection.execute("SELECT setval(%s, %s, %s)", (of, int(last), called == "true"))
        left = self._look(connection, written, ()) if written else {}
        self._stands = (name, {**stands, **sequences, **left})
        return True

    def _switch(self, connection: Any, triggers: list[tuple[str, str]], how: str) -> None:
        statement = sql.SQL(f"ALTER TABLE public.{{}} {how} {{}}")
        for table, trigger in triggers:
            connection.execute(statement.format(*map(sql.Identifier, (table, trigger))))

    def _names(self, connection: Any, kind: str) -> list[str]:
        query = (
            "SELECT relname FROM pg_class WHERE relkind = %s"
            " AND relnamespace = 'public'::regnamespace ORDER BY relname"
        )
        return [name for (name,) in connection.execute(query, (kind,))]

    def _look(self, connection: Any, tables: Any, sequences: Any) -> dict[str, str]:
        """What stands in each table and sequence now, in words that any write changes."""
        parts = [(name, ROWS) for name in tables] + [(name, SEQUENCE) for name in sequences]
        queries = [
            sql.SQL("({})").format(sql.SQL(text).format(sql.Identifier(name)))
            for name, text in parts
        ]
        query = sql.SQL("SELECT {}").format(sql.SQL(", ").join(queries))
        found = connection.execute(query).fetchone()
        return {name: told for (name, _), told in zip(parts, found, strict=True)}


def kept_at(url: str, release: Callable[[], None] = lambda: None) -> SqliteKept | PostgresKept:
    """The database at this address, as one that can be put back."""
    if url.startswith("sqlite"):
        return SqliteKept(Path(make_url(url).database or ""), release)
    return PostgresKept(url, release)


def connected(url: str) -> Any:
    """A connection to the database at this address."""
    given = make_url(url)
    where = conninfo.make_conninfo(host=str(given.query["host"]), user="postgres")
    return psycopg.connect(where, dbname=given.database, autocommit=True)


def run(url: str, statement: str, *names: str) -> None:
    """One statement about whole databases, outside of any transaction."""
    where = conninfo.make_conninfo(host=str(make_url(url).query["host"]), user="postgres")
    with psycopg.connect(where, dbname="postgres", autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def database(url: str, name: str) -> str:
    """The address of another database of the same server."""
    return make_url(url).set(database=name).render_as_string(hide_password=False)
