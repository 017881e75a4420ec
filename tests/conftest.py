"""Fixtures that every test may use."""

import gc
import sqlite3
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from passlib.totp import AppWallet

from panel.changelog import beginning
from panel.collecting import set_apart

pytest_plugins = ["tests.together", "tests.databases", "tests.site"]

# An application is a million objects that stay: looking through them again and again for circles
# takes a fifth of the time of all tests.
gc.set_threshold(50_000, 50, 100)


# No write has to survive a power cut here; tests/test_databases.py sees that it is heard.
beginning.PRAGMAS = (*beginning.PRAGMAS, "synchronous=OFF")


@sa.event.listens_for(sa.Engine, "connect")
def _in_haste(driver: Any, record: Any) -> None:
    """Neither have those writes that another program makes."""
    if isinstance(driver, sqlite3.Connection):
        driver.execute("PRAGMA synchronous=OFF")


# Nobody has to fear that secrets of authenticators are cracked here.
AppWallet.encrypt_cost = 4


class Compiled(BytecodeCache):
    """Templates that one application compiled, for all those that come after it."""

    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.known:
            bucket.bytecode_from_string(self.known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[bucket.key] = bucket.bytecode_to_string()


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Compiled()}

#: Files that take longest, whose tests are begun first: else one core ends with them alone.
LONG = (
    "tests/views/test_walk.py",
    "tests/test_make_run.py",
    "tests/views/test_lists.py",
    "tests/views/test_search.py",
    "tests/views/test_rotation.py",
    "tests/views/test_hostile_input.py",
    "tests/journey/test_refusals.py",
    "tests/test_production.py",
    "tests/views/test_people.py",
    "tests/panel/screens/test_start.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files first, the others in the order of their names; those of the plugin, last.

    They are short, so that both cores end together.
    """
    place = {name: number for number, name in enumerate(LONG)}

    def turn(item: pytest.Item) -> int:
        file = item.nodeid.partition("::")[0]
        return place.get(file, len(LONG) + file.startswith("tests/panel/"))

    items.sort(key=turn)


def pytest_collection_finish() -> None:
    """Modules and tests stay: as in a server, they are not looked through any more."""
    set_apart()
