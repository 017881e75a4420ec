"""A database out into a file and back, by the means of the database itself.

SQLite by its online backup, page by page while others write; PostgreSQL by pg_dump in one snapshot,
and back in one transaction, so that a restore that fails has changed nothing.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.pool import NullPool

from ..changelog.verify import snapshot
from ..words import Refused, say

#: Name of the database in a backup, by kind.
MEMBERS = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
#: Before a script that replaces a database: everything of the old one goes, or all stays.
REPLACED = """\
SET lock_timeout = '15s';
SET client_min_messages = error;
DO $$
DECLARE one record;
BEGIN
  FOR one IN SELECT oid::regclass AS name FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
  LOOP EXECUTE format('DROP TABLE IF EXISTS %s CASCADE', one.name); END LOOP;
  FOR one IN SELECT oid::regprocedure AS name FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND prorettype = 'trigger'::regtype
  LOOP EXECUTE format('DROP FUNCTION %s', one.name); END LOOP;
END $$;
"""


@contextmanager
def copied(engine: Engine, folder: Path) -> Iterator[tuple[Path, Connection]]:
    """The database as a file in `folder`, and a connection that reads just what is in the file."""
    path = folder / MEMBERS[engine.dialect.name]
    if engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(_file(engine))) as source, closing(_new(path)) as copy:
            source.backup(copy, pages=4096, sleep=0.01)
            copy.execute("PRAGMA journal_mode=DELETE")
        read = sa.create_engine(f"sqlite:///{path}", poolclass=NullPool)
        with read.connect() as connection:
            yield path, connection
        return
    with snapshot(engine) as connection:
        name = connection.scalar(sa.select(sa.func.pg_export_snapshot()))
        path.touch(mode=0o600)
        asked = ["--format=custom", "--schema=public", f"--snapshot={name}", f"--file={path}"]
        _call(engine, "pg_dump", *asked)
        yield path, connection


def put_back(engine: Engine, path: Path, *, replace: bool) -> None:
    """Make a file of `copied` the database; `replace` when there is one already."""
    if engine.dialect.name == "sqlite":
        target = Path(_file(engine))
        engine.dispose()
        if not target.exists():
            target.touch(mode=0o600)
        try:
            with (
                closing(sqlite3.connect(path)) as source,
                closing(sqlite3.connect(target, timeout=15)) as present,
            ):
                source.backup(present)
        except sqlite3.Error as error:
            raise _failed(str(error)) from None
        return
    script = path.with_suffix(".sql")
    before = path.with_name("before.sql")
    before.write_text(REPLACED if replace else "SELECT 1;\n")
    options = ["--no-owner", "--schema=public", f"--file={script}", str(path)]
    _call(engine, "pg_restore", *options, connects=False)
    engine.dispose()
    options = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-1", "-f", str(before), "-f", str(script)]
    _call(engine, "psql", *options)


def is_empty(engine: Engine) -> bool:
    """Whether there is no table yet; a file that does not exist holds none."""
    if engine.dialect.name == "sqlite" and not Path(_file(engine)).exists():
        return True
    with engine.connect() as connection:
        return not sa.inspect(connection).get_table_names()


def revision_of(connection: Connection) -> str | None:
    """The migration that a database is at."""
    found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return found


def _file(engine: Engine) -> str:
    return str(engine.url.database)


def _new(path: Path) -> sqlite3.Connection:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    return sqlite3.connect(path)


def _call(engine: Engine, program: str, *words: str, connects: bool = True) -> None:
    """Run a program of PostgreSQL's; where the database is it learns from the environment."""
    found = shutil.which(program)
    if found is None:
        raise Refused(
            "state",
            say("%(program)s is not installed: install PostgreSQL's client.", program=program),
        )
    _, given = engine.dialect.create_connect_args(engine.url)
    environment = {**os.environ, **(_named(given) if connects else {})}
    done = subprocess.run([found, *words], env=environment, capture_output=True, text=True)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [program]
        raise _failed(next((line for line in lines if "error" in line.lower()), lines[0]))


def _named(given: Mapping[str, Any]) -> dict[str, str]:
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
    names |= {"dbname": "PGDATABASE", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
    return {names[name]: str(value) for name, value in given.items() if name in names}


def _failed(why: str) -> Refused:
    return Refused("guard", say("The database refused it, and stays as it was: %(why)s", why=why))
