"""Databases for the tests: a file of SQLite, and a PostgreSQL that the tests start themselves.

The server is Debian's, lives in a folder of its own, in memory where there is room, listens on a
socket there and nowhere else, and ends with the tests; the test processes share it, each with
databases of its own. Without it its tests are skipped, but with CI=true they fail.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from psycopg import sql

from panel.changelog import verify
from tests.keeping import PostgresKept, SqliteKept, connected, database, kept_at, run
from tests.together import Together, worker

#: No write has to survive a power cut here, nobody copies the server, and its tables are small.
HASTY = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=256MB",
    "dynamic_shared_memory_type=mmap",  # goes with the folder
    "autovacuum=off",
    "jit=off",
)

#: Bytes that such a server may come to need, some times over.
ROOM = 4 * 2**30


def _programs() -> Path | None:
    def version(path: Path) -> float:
        return float(path.parent.parent.name)

    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=version)
    return found[-1].parent if found else None


def _owner() -> dict[str, str]:
    """PostgreSQL refuses to run as root."""
    return {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}


def _call(*command: str | Path) -> None:
    made = subprocess.run(
        command,
        stdout=subprocess.DEVNULL,  # what it starts would keep a pipe open
        stderr=subprocess.DEVNULL,
        cwd="/",
        **_owner(),
    )
    assert made.returncode == 0, command


@contextmanager
def server_of_its_own() -> Iterator[str | None]:
    """Address of a database on a server that keeps what it is told; none without PostgreSQL."""
    programs = _programs()
    if programs is None:
        yield None
        return
    folder = _start(programs, ())
    try:
        yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    finally:
        _call(programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _memory() -> str | None:
    """A folder in memory, if there is room: a database is made there in a sixth of the time."""
    memory = "/dev/shm"
    found = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    return memory if found else None


def _start(programs: Path, more: Collection[str] = HASTY) -> Path:
    """The folder of a new server that answers; one that is hasty lives in memory."""
    where = _memory() if more == HASTY else None
    folder = Path(tempfile.mkdtemp(prefix="jenjang-pg-", dir=where))
    if _owner():
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
    make = [programs / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust"]
    _call(*make, "-E", "UTF8", "--locale=C", "--no-sync")
    settings = ("listen_addresses=", f"unix_socket_directories={folder}", *more)
    told = " ".join(f"--{setting}" for setting in settings)
    start = [programs / "pg_ctl", "-D", folder / "data", "-l", folder / "log", "-o", told]
    _call(*start, "-w", "start")
    return folder


@pytest.fixture(scope="session")
def postgres_server(together: Together) -> Iterator[Path]:
    """The folder of the server; whoever needs it first starts it, and the last one ends it."""
    programs = _programs()
    if programs is None:
        missing = "PostgreSQL is not installed: no /usr/lib/postgresql/*/bin/initdb"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with together.first("postgres") as known:
        if not known.exists():
            known.write_text(str(_start(programs)))
        folder = Path(known.read_text())
        users = (together.folder / "postgres.users").open("w")
        fcntl.flock(users, fcntl.LOCK_SH)
    yield folder
    with together.first("postgres") as known, users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        known.unlink()
        _call(programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url(postgres_server: Path) -> str:
    """Address of a database of this process; ask for `postgres_database` to have it empty."""
    url = f"postgresql+psycopg://postgres@/postgres?host={postgres_server}"
    run(url, "CREATE DATABASE {}", f"tests_{worker()}")
    return database(url, f"tests_{worker()}")


@pytest.fixture
def postgres_database(postgres_url: str) -> str:
    """Address of an empty database on PostgreSQL; emptied before each test, for that is quick."""
    with connected(postgres_url) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        schemas = connection.execute(
            "SELECT nspname FROM pg_namespace"
            " WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
        ).fetchall()
        for (name,) in schemas:
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))
        connection.execute("CREATE SCHEMA public")
    return postgres_url


#: Marks for what only one of the two knows.
ON_SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Each of the two in turn."""
    kind: str = request.param
    return kind


@pytest.fixture
def engine_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a fresh, empty database, on each of the two in turn."""
    if database_kind == "sqlite":
        return f"sqlite:///{tmp_path / 'jenjang.db'}"
    url: str = request.getfixturevalue("postgres_database")
    return url


@pytest.fixture(scope="session")
def named(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, str], str]:
    """`named("sqlite", "town")`: address of a new, empty database for many tests."""

    def make(kind: str, name: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path_factory.mktemp(name) / name}.db"
        server = request.getfixturevalue("postgres_url")
        run(server, "CREATE DATABASE {}", f"{name}_{worker()}")
        return database(server, f"{name}_{worker()}")

    return make


@pytest.fixture(scope="session")
def prepared(named: Callable[[str, str], str]) -> Callable[[str, str, Callable[[str], Any]], str]:
    """`prepared("sqlite", "town", fill)`: the address of a database that `fill(url)` filled.

    It is filled at the first asking and put back at each further one; connections to it must be
    closed by then.
    """
    made: dict[tuple[str, str], SqliteKept | PostgresKept] = {}
    urls: dict[tuple[str, str], str] = {}

    def prepare(kind: str, name: str, fill: Callable[[str], Any]) -> str:
        if (kind, name) not in made:
            urls[kind, name] = url = named(kind, name)
            fill(url)
            made[kind, name] = kept_at(url)
            made[kind, name].keep()
        made[kind, name].put_back()
        return urls[kind, name]

    return prepare


@pytest.fixture(scope="session")
def standing(
    named: Callable[[str, str], str],
) -> Iterator[Callable[[str, str, Callable[[str], Any]], Any]]:
    """`standing("sqlite", "town", make)`: what `make(url)` made of an empty database.

    It is made at the first asking, and stays open by its `engine`; at each further one what stands
    in the database is put back.
    """
    made: dict[tuple[str, str], tuple[Any, SqliteKept | PostgresKept]] = {}

    def stand(kind: str, name: str, make: Callable[[str], Any]) -> Any:
        if (kind, name) not in made:
            url = named(kind, name)
            one = make(url)
            made[kind, name] = one, kept_at(url, one.engine.dispose)
            made[kind, name][1].keep()
        one, kept = made[kind, name]
        kept.put_back()
        verify._points.clear()  # a glance tells a log that went back from one that is whole
        return one

    yield stand
    for one, _ in made.values():
        one.engine.dispose()
