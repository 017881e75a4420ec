"""Fixtures that every test may use."""

import gc

import pytest

pytest_plugins = ["tests.together", "tests.databases", "tests.site"]

# An application is a million objects that stay: looking through them again and again for circles
# takes a fifth of the time of all tests.
gc.set_threshold(50_000, 50, 100)

#: Files that take longest, whose tests are begun first: else one core ends with them alone.
LONG = (
    "tests/views/test_walk.py",
    "tests/test_make_run.py",
    "tests/views/test_search.py",
    "tests/views/test_lists.py",
    "tests/test_production.py",
    "tests/views/test_rotation.py",
    "tests/seed/test_commands.py",
    "tests/panel/access/test_two_factor.py",
    "tests/attack/test_duties.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files first, the others in the order of their names."""
    place = {name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(LONG)))
