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
from uuid import uuid4

import psycopg
import pytest
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
    """Address of an empty PostgreSQL server, its database `postgres` included."""
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


@pytest.fixture()
def postgres_database(postgres_url: str) -> Iterator[str]:
    """Address of a fresh, empty database on PostgreSQL."""
    server = make_url(postgres_url)
    name = f"test_{uuid4().hex[:12]}"
    with psycopg.connect(**_where(postgres_url), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    yield server.set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(**_where(postgres_url), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _where(url: str) -> dict[str, str]:
    made = make_url(url)
    return {"host": str(made.query["host"]), "user": "postgres", "dbname": "postgres"}


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a fresh, empty database, on each of the two in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'jenjang.db'}"
    url: str = request.getfixturevalue("postgres_database")
    return url
