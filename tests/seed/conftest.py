"""The program with reference data and demo: seeded once per test process, read by many tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from seed.commands import demonstrate, initialise
from wsgi import create_app

PASSWORD = "genteng-basah-47-pagi"


def app_on(folder: Path, url: str = "") -> Flask:
    """An application with its instance folder and database there."""
    settings = {
        "JENJANG_INSTANCE": str(folder),
        "JENJANG_DEMO_PASSWORD": PASSWORD,
        "JENJANG_THROTTLE": "0",
        "TESTING": True,
    }
    return create_app({**settings, "JENJANG_DATABASE_URL": url} if url else settings)


@pytest.fixture(scope="session")
def make_app() -> Callable[..., Flask]:
    """`make_app(folder, url)`: an application on an empty database."""
    return app_on


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The demo of both cities on SQLite; tests read it and change nothing."""
    app = app_on(tmp_path_factory.mktemp("seeded"))
    with app.app_context():
        initialise()
        demonstrate()
    return app
