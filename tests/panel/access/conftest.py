"""The office's application on each database, made once and put back; and a clock to put forward."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient

from panel.columns import now
from tests.keeping import PostgresKept, SqliteKept, kept_at
from tests.panel.access.office import Clock, db, make_app

#: The clock of all applications that are made once.
CLOCK = Clock()


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at this moment."""
    CLOCK.moment = now()
    return CLOCK


@pytest.fixture(scope="session")
def open_office(
    named: Callable[[str, str], str],
) -> Iterator[Callable[..., AbstractContextManager[Flask]]]:
    """`with open_office("sqlite", TOTP=True) as app`: the office on that database, as at first."""
    made: dict[tuple[str, str], tuple[Flask, SqliteKept | PostgresKept]] = {}

    @contextmanager
    def opened(kind: str, **settings: bool) -> Iterator[Flask]:
        name = "_".join(["office", *sorted(settings)]).lower()
        if (kind, name) not in made:
            url = named(kind, name)
            app = make_app(url, CLOCK, **settings)
            made[kind, name] = app, kept_at(url, lambda: close(app))
            made[kind, name][1].keep()
        app, kept = made[kind, name]
        kept.put_back()
        configured = dict(app.config)
        yield app
        app.config.clear()
        app.config.update(configured)
        with app.app_context():
            db.session.remove()

    yield opened
    for app, _ in made.values():
        close(app)


def close(app: Flask) -> None:
    """Leave no connection open."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(
    database_kind: str, clock: Clock, open_office: Callable[..., AbstractContextManager[Flask]]
) -> Iterator[Flask]:
    with open_office(database_kind) as app:
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
