"""The whole application with both cities in it: seeded once, put back per test.

A test may change what it gets, on SQLite and on PostgreSQL.
`client_of("ani")` is a browser in which she has signed in.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.base import db
from panel.changelog import verify
from seed.commands import prepare
from tests.keeping import PostgresKept, SqliteKept, database, kept_at, run
from tests.together import Together, worker
from wsgi import create_app

PASSWORD = "genteng-basah-47-pagi"
#: Hashes that nobody has to fear to crack: a sign-in costs the tests next to nothing.
QUICK_HASHES = {
    "argon2__time_cost": 1,
    "argon2__memory_cost": 64,
    "argon2__parallelism": 1,
}
#: The database of PostgreSQL that those of the test processes are copied from.
SEEDED = "jenjang_seeded"

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
def sqlite_seed(together: Together) -> Path:
    """An instance folder with the seeded database; never opened again."""
    with together.first("seed") as folder:
        if not folder.exists():
            fill(folder)
    return folder


@pytest.fixture(scope="session")
def postgres_seed(postgres_url: str, together: Together) -> Path:
    """The instance folder, with the keys, that belongs to the seeded template database."""
    with together.first("seed_postgres") as folder:
        if not folder.exists():
            run(postgres_url, "CREATE DATABASE {}", SEEDED)
            fill(folder, database(postgres_url, SEEDED))
    return folder


@dataclass
class Installation:
    """The application on one database, and the states that it can be put back to."""

    app: Flask
    on: SqliteKept | PostgresKept
    #: What was remembered with each state that was kept.
    kept: dict[str, Any] = field(default_factory=dict)

    def keep(self, name: str, remembered: Any = None) -> Any:
        """Keep the present state under a name, with something to remember of it."""
        self.on.keep(name)
        self.kept[name] = remembered
        return remembered

    def put_back(self, name: str = "seeded") -> Any:
        """Everything as it was when it was kept; gives what was remembered."""
        with self.app.app_context():
            db.session.remove()
        verify._points.clear()  # a glance tells a log that went back from one that is whole
        self.on.put_back(name)
        return self.kept[name]


def kept(app: Flask) -> SqliteKept | PostgresKept:
    """The application's database, as one that can be put back."""

    def release() -> None:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()

    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
    return kept_at(url, release)


@pytest.fixture(scope="session")
def installations(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Installation]]:
    """`installations("sqlite")`: made at the first asking, then the same for every test."""
    made: dict[str, Installation] = {}

    def installation(kind: str) -> Installation:
        if kind in made:
            return made[kind]
        folder = tmp_path_factory.mktemp("site") / "instance"
        if kind == "sqlite":
            shutil.copytree(request.getfixturevalue("sqlite_seed"), folder)
            app = site_in(folder)
        else:
            shutil.copytree(request.getfixturevalue("postgres_seed"), folder)
            url, name = request.getfixturevalue("postgres_url"), f"jenjang_{worker()}"
            run(url, "CREATE DATABASE {} TEMPLATE {}", name, SEEDED)
            app = site_in(folder, database(url, name))
        made[kind] = Installation(app, kept(app))
        made[kind].keep("seeded")
        return made[kind]

    yield installation
    for one in made.values():
        one.on.release()


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


def sign_in(client: FlaskClient, username: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in page and send it."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/login").text)
    assert token is not None
    form = {"username": username, "password": password, "csrf_token": token[1]}
    answer = client.post("/login", data=form)
    assert (answer.status_code, answer.location) == (302, "/")
