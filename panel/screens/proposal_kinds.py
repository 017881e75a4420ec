"""The rows of a proposal by kind of record: their order on its pages, and how many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from ..proposals.entries import Entry, count_of
from ..proposals.rules import Op
from .proposal_rows import ItemRow
from .stored import kind_of
from .values import screen_of


@dataclass(frozen=True)
class Kind:
    """One kind of record: how many rows of each sort, and the page where the first stands."""

    table: str
    title: Any
    counts: tuple[tuple[Op, int], ...]
    page: int


@dataclass(frozen=True)
class Group:
    """The rows of one kind on one page."""

    kind: Kind
    rows: tuple[ItemRow, ...]


def by_kind(entries: Iterable[Entry]) -> list[Entry]:
    """Items kind by kind, as the kinds first come; within a kind in their order."""
    entries = list(entries)
    places = {table: at for at, table in enumerate(dict.fromkeys(one.table for one in entries))}
    return sorted(entries, key=lambda one: (places[one.table], one.number))


def kinds_of(entries: Sequence[Entry], size: int) -> dict[str, Kind]:
    """The kinds of items that are in the order of `by_kind`, `size` on a page."""
    found, place = {}, 0
    for table, group in groupby(entries, key=lambda one: one.table):
        counts: Counter[Op] = Counter()
        for one in group:
            counts[one.op] += count_of(one)
        title = many_of(table)
        found[table] = Kind(table, title, tuple(counts.most_common()), place // size)
        place += counts.total()
    return found


def many_of(table: str) -> Any:
    """What the records of a table are called together."""
    screen = screen_of(table)
    return screen.title if screen is not None else kind_of(table)


def grouped(rows: Iterable[ItemRow], kinds: dict[str, Kind]) -> list[Group]:
    """The rows of one page by their kind."""
    return [
        Group(kinds[table], tuple(group)) for table, group in groupby(rows, lambda one: one.table)
    ]
