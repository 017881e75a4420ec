"""The whole application with both cities in it: seeded once per test process, copied per test.

A test gets a copy of its own that it may change: a file of SQLite, or a database of PostgreSQL
made from a template. `client_of("ani")` is a browser in which she has signed in.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import conninfo, sql
from sqlalchemy import make_url

from models.base import db
from seed.commands import prepare
from wsgi import create_app

PASSWORD = "genteng-basah-47-pagi"
#: Hashes that nobody has to fear to crack: a sign-in costs the tests next to nothing.
QUICK_HASHES = {
    "argon2__time_cost": 1,
    "argon2__memory_cost": 64,
    "argon2__parallelism": 1,
}
TEMPLATE, COPY = "jenjang_template", "jenjang_copy"

#: For tests that one database is enough for.
ON_SQLITE = pytest.mark.parametrize("site", ["sqlite"], indirect=True)


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
    run(postgres_url, "CREATE DATABASE {}", TEMPLATE)
    fill(folder, database(postgres_url, TEMPLATE))
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The seeded application on each of the two databases in turn; the test may change it."""
    folder = tmp_path / "instance"
    if request.param == "sqlite":
        shutil.copytree(request.getfixturevalue("sqlite_seed"), folder)
        app = site_in(folder)
    else:
        shutil.copytree(request.getfixturevalue("postgres_seed"), folder)
        url = request.getfixturevalue("postgres_url")
        run(url, "DROP DATABASE IF EXISTS {} WITH (FORCE)", COPY)
        run(url, "CREATE DATABASE {} TEMPLATE {}", COPY, TEMPLATE)
        app = site_in(folder, database(url, COPY))
    yield app
    with app.app_context():
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
