"""Where tables, keys and items stand in a text of TOML, however it is written."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path as File

import pytest

from panel.workflow.places import Path, places_of, too_deep
from tests.panel.workflow.office import PROCESS

SHIPPED = File(__file__).parents[3] / "models" / "processes" / "action_plan.toml"

ODD = '''# [[state]] in a comment
title = "a # [ = ] \\" b"
[[state]] # the first
text = """
code = "no key"
'\'\'[[state]]
"""
also = \'\'\'
x = [ { ""
\'\'\'
label.id = "x"
"quoted key" = [
  1, # one
  [2.5, 1979-05-27 07:32:00],
  { name = 'n', deep = { er = true } },
]
[state.table]
code = 1

[[state]]
code = "second"
[[state.inner]]
code = 1
[[state.inner]]
code = 2
'''

PLACES = {
    ("title",): (2, 1),
    ("state", 0): (3, 1),
    ("state", 0, "text"): (4, 1),
    ("state", 0, "also"): (8, 1),
    ("state", 0, "label"): (11, 1),
    ("state", 0, "label", "id"): (11, 1),
    ("state", 0, "quoted key", 0): (13, 3),
    ("state", 0, "quoted key", 1, 1): (14, 9),
    ("state", 0, "quoted key", 2, "deep", "er"): (15, 26),
    ("state", 0, "table"): (17, 1),
    ("state", 0, "table", "code"): (18, 1),
    ("state", 1): (20, 1),
    ("state", 1, "code"): (21, 1),
    ("state", 1, "inner", 0, "code"): (23, 1),
    ("state", 1, "inner", 1): (24, 1),
    ("state", 1, "inner", 1, "code"): (25, 1),
}


def _paths(value: object, path: Path = ()) -> Iterator[Path]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, (*path, key))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _paths(inner, (*path, at))


@pytest.mark.parametrize("text", [ODD, PROCESS, SHIPPED.read_text("utf-8")])
def test_everything_that_the_parser_reads_has_its_place_and_nothing_else(text: str) -> None:
    assert set(_paths(tomllib.loads(text))) == set(places_of(text))
    assert too_deep(text) is None


@pytest.mark.parametrize(("path", "place"), PLACES.items())
def test_each_thing_stands_where_one_sees_it(path: Path, place: tuple[int, int]) -> None:
    assert places_of(ODD)[path] == place


@pytest.mark.parametrize(
    "text", ["]", "=", "[", '"', "'''", '"""', "a = [", "{", ".", "\\", "a.", "[["]
)
def test_what_is_no_toml_ends_all_the_same(text: str) -> None:
    for many in (text, text * 1000):
        if too_deep(many) is None:
            assert places_of(many) is not None
