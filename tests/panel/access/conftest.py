"""The office's application on each database, and a clock to put forward."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.panel.access.office import Clock, db, make_app


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(engine_url: str, clock: Clock) -> Iterator[Flask]:
    app = make_app(engine_url, clock)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
