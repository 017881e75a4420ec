"""What the test processes of one run have in common: made by the first that needs it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def worker() -> str:
    """The name of this test process."""
    return os.environ.get("PYTEST_XDIST_WORKER", "alone")


class Together:
    """A folder of this run that every test process knows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def first(self, name: str) -> Iterator[Path]:
        """The path of something; nobody else is making it, or taking it away, meanwhile."""
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self.folder / name


@pytest.fixture(scope="session")
def together(tmp_path_factory: pytest.TempPathFactory) -> Together:
    """The folder; without other processes it is of this one alone."""
    own = tmp_path_factory.getbasetemp()
    return Together(own if worker() == "alone" else own.parent)
