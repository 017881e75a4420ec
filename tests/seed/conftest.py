"""The program with reference data and demo: seeded once per test process, read by many tests."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.site import site_in


@pytest.fixture(scope="session")
def make_app() -> Callable[..., Flask]:
    """`make_app(folder, url)`: an application on an empty database."""
    return site_in


@pytest.fixture(scope="session")
def seeded(sqlite_seed: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The demo of both cities on SQLite; tests read it and change nothing."""
    folder = tmp_path_factory.mktemp("seeded") / "instance"
    shutil.copytree(sqlite_seed, folder)
    return site_in(folder)
