"""The whole application with both cities in it: seeded once per test process, put back per test.

A test may change what it gets: a file of SQLite, or a database of PostgreSQL made from a template.
`client_of("ani")` is a browser in which she has signed in.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import conninfo, sql
from sqlalchemy import make_url

from models.base import db
from panel.changelog import verify
from seed.commands import prepare
from wsgi import create_app

PASSWORD = "genteng-basah-47-pagi"
#: Hashes that nobody has to fear to crack: a sign-in costs the tests next to nothing.
QUICK_HASHES = {
    "argon2__time_cost": 1,
    "argon2__memory_cost": 64,
    "argon2__parallelism": 1,
}
#: The database of PostgreSQL that the tests work on.
COPY = "jenjang_copy"

#: For tests that one database is enough for.
ON_SQLITE = pytest.mark.parametrize("installation", ["sqlite"], indirect=True)


def site_in(folder: Path, url: str = "") -> Flask:
    """The application with its instance folder there."""
    settings = {
        "JENJANG_INSTANCE": str(folder),
        "JENJANG_DEMO_PASSWORD": PASSWORD,
        "JENJANG_THROTTLE": "0",
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": QUICK_HASHES,
        "TESTING": True,
    }
    return create_app({**settings, "JENJANG_DATABASE_URL": url} if url else settings)


def fill(folder: Path, url: str = "") -> None:
    """Migrate and seed, and leave no connection open: only then can one copy."""
    app = site_in(folder, url)
    list(prepare(app))
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with the seeded database; never opened again."""
    folder = tmp_path_factory.mktemp("seed") / "instance"
    fill(folder)
    return folder


@pytest.fixture(scope="session")
def postgres_seed(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The instance folder, with the keys, that belongs to the seeded template database."""
    folder = tmp_path_factory.mktemp("seed") / "instance"
    run(postgres_url, "CREATE DATABASE {}", kept_as("seeded"))
    fill(folder, database(postgres_url, kept_as("seeded")))
    return folder


@dataclass
class Installation:
    """The application on one database, and the states that it can be put back to."""

    app: Flask
    #: Address of the server of PostgreSQL; none on SQLite.
    server: str = ""
    #: What was remembered with each state that was kept.
    kept: dict[str, Any] = field(default_factory=dict)

    def keep(self, name: str, remembered: Any = None) -> Any:
        """Keep the present state under a name, with something to remember of it."""
        path = self._rest()
        if self.server:
            run(self.server, "CREATE DATABASE {} TEMPLATE {}", kept_as(name), COPY)
        else:
            shutil.copyfile(path, f"{path}.{name}")
        self.kept[name] = remembered
        return remembered

    def put_back(self, name: str = "seeded") -> Any:
        """Everything as it was when it was kept; gives what was remembered."""
        path = self._rest()
        verify._points.clear()  # a glance tells a log that went back from one that is whole
        if self.server:
            run(self.server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", COPY)
            run(self.server, "CREATE DATABASE {} TEMPLATE {}", COPY, kept_as(name))
        else:
            for rest in ("-wal", "-shm"):
                Path(f"{path}{rest}").unlink(missing_ok=True)
            shutil.copyfile(f"{path}.{name}", path)
        return self.kept[name]

    def _rest(self) -> str:
        """Leave no connection open: only then can one copy; gives the path of SQLite's file."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
            return db.engine.url.database or ""


@pytest.fixture(scope="session")
def installations(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Installation]:
    """`installations("sqlite")`: made at the first asking, then the same for every test."""

    @cache
    def installation(kind: str) -> Installation:
        folder = tmp_path_factory.mktemp("site") / "instance"
        if kind == "sqlite":
            shutil.copytree(request.getfixturevalue("sqlite_seed"), folder)
            made = Installation(site_in(folder))
            made.keep("seeded")
            return made
        shutil.copytree(request.getfixturevalue("postgres_seed"), folder)
        url = request.getfixturevalue("postgres_url")
        return Installation(site_in(folder, database(url, COPY)), url, {"seeded": None})

    return installation


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(
    request: pytest.FixtureRequest, installations: Callable[[str], Installation]
) -> Installation:
    """The application on each of the two databases in turn, as it was seeded."""
    found = installations(request.param)
    found.put_back()
    return found


@pytest.fixture
def site(installation: Installation) -> Iterator[Flask]:
    """The seeded application; a test may change its records and its configuration."""
    configured = dict(installation.app.config)
    yield installation.app
    installation.app.config.clear()
    installation.app.config.update(configured)
    with installation.app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client_of(site: Flask) -> Callable[[str], FlaskClient]:
    """`client_of(username)`: a browser in which this demo account has signed in."""
    clients: dict[str, FlaskClient] = {}

    def client_of(username: str) -> FlaskClient:
        if username not in clients:
            clients[username] = site.test_client()
            sign_in(clients[username], username)
        return clients[username]

    return client_of


def kept_as(name: str) -> str:
    """The template database of PostgreSQL that holds a kept state."""
    return f"jenjang_{name}"


def sign_in(client: FlaskClient, username: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in page and send it."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/login").text)
    assert token is not None
    form = {"username": username, "password": password, "csrf_token": token[1]}
    answer = client.post("/login", data=form)
    assert (answer.status_code, answer.location) == (302, "/")


def run(url: str, statement: str, *names: str) -> None:
    """One statement about whole databases, outside of any transaction."""
    where = conninfo.make_conninfo(host=str(make_url(url).query["host"]), user="postgres")
    with psycopg.connect(where, dbname="postgres", autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def database(url: str, name: str) -> str:
    """The address of another database of the same server."""
    return make_url(url).set(database=name).render_as_string(hide_password=False)
