"""Databases for the tests: a file of SQLite, and a PostgreSQL that the tests start themselves.

The server is Debian's, lives in a folder of its own, listens on a socket there and nowhere else,
and ends with the tests; every test worker has its own. Without it its tests are skipped, but with
CI=true they fail.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import conninfo, sql
from sqlalchemy import make_url

#: No write has to survive a power cut here.
HASTY = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")


def _programs() -> Path | None:
    def version(path: Path) -> float:
        return float(path.parent.parent.name)

    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=version)
    return found[-1].parent if found else None


def _owner() -> dict[str, str]:
    """PostgreSQL refuses to run as root."""
    return {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Address of a server's one database; ask for `postgres_database` to have it empty."""
    programs = _programs()
    if programs is None:
        missing = "PostgreSQL is not installed: no /usr/lib/postgresql/*/bin/initdb"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    folder = Path(tempfile.mkdtemp(prefix="jenjang-pg-"))
    owner = _owner()
    if owner:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
    data = folder / "data"
    try:
        make = [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        subprocess.run(
            [*make, "--locale=C", "--no-sync"],
            check=True,
            capture_output=True,
            cwd="/",
            **owner,  # type: ignore[call-overload]
        )
        settings = ("listen_addresses=", f"unix_socket_directories={folder}", *HASTY)
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, *(f"--{setting}" for setting in settings)],
                stdout=log,
                stderr=log,
                cwd="/",
                **owner,  # type: ignore[call-overload]
            )
        try:
            _wait(server, folder)
            yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
        finally:
            server.send_signal(3)  # SIGQUIT: at once
            server.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(server: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > until:
                pytest.fail(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}")
            time.sleep(0.05)
        else:
            return


@pytest.fixture
def postgres_database(postgres_url: str) -> str:
    """Address of an empty database on PostgreSQL; emptied before each test, for that is quick."""
    with psycopg.connect(_where(postgres_url), autocommit=True) as connection:
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


def _where(url: str) -> str:
    return conninfo.make_conninfo(host=str(make_url(url).query["host"]), user="postgres")


#: Marks for what only one of the two knows.
ON_SQLITE = pytest.mark.parametrize("engine_url", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("engine_url", ["postgresql"], indirect=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a fresh, empty database, on each of the two in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'jenjang.db'}"
    url: str = request.getfixturevalue("postgres_database")
    return url
