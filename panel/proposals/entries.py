"""What a proposal is made of: single items, and bundles of new rows that are read when asked for.

Thousands of new rows go so from a checked file into a proposal, over its page and into the database
without being made into items.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import Any, Final

from ..words import Refused, say
from .rules import Item, Values

#: What stands for a column of which a row says nothing, where other rows of its bundle do.
UNTOLD: Final = 0
ENCODER: Final = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), check_circular=False
)
#: What may stand in a row of a bundle.
_KINDS: Final = frozenset({str, int, type(None)})


def unreadable(number: int) -> Refused:
    """The refusal of what stands stored under this number."""
    sentence = say(
        "Row %(number)s cannot be read: it was changed outside of the application.", number=number
    )
    return Refused("guard", sentence)


class Bundle:
    """New rows of one table that name none of each other; read when they are asked for."""

    op: Final = "insert"

    def __init__(
        self,
        numbers: Sequence[int],
        table: str,
        columns: Sequence[str],
        body: str,
        label: str | None = None,
    ) -> None:
        self.numbers = numbers
        self.table = table
        self.columns = columns
        #: The text of its rows, a JSON list without its brackets.
        self.body = body
        self._label = label

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def number(self) -> int:
        """The number of its first row."""
        return self.numbers[0]

    @property
    def label(self) -> str:
        """What it is called."""
        return self._label or between(self.rows[0][0], self.rows[-1][0])

    @cached_property
    def rows(self) -> list[list[Any]]:
        """What each row is called, and its texts by column; `UNTOLD` where it says nothing.

        Raises `Refused` where somebody has written there what cannot be read.
        """
        try:
            found: list[list[Any]] = json.loads(f"[{self.body}]")
            lengths, kinds = {*map(len, found)}, {*map(type, chain.from_iterable(found))}
        except (ValueError, TypeError, RecursionError) as wrong:
            raise unreadable(self.number) from wrong
        if lengths != {len(self.columns) + 1} or len(found) != len(self) or kinds - _KINDS:
            raise unreadable(self.number)
        return found

    def texts(self, column: str) -> list[str | None]:
        """What its rows say of a column."""
        at = self.columns.index(column) + 1
        return [row[at] for row in self.rows if row[at] != UNTOLD]

    def item(self, at: int) -> Item:
        """One of its rows, counted from 0."""
        label, *texts = self.rows[at]
        pairs = zip(self.columns, texts, strict=True)
        values = {column: (None, text) for column, text in pairs if text != UNTOLD}
        return Item(self.numbers[at], self.table, None, "insert", label, values)

    def items(self) -> list[Item]:
        """All of its rows."""
        return [*map(self.item, range(len(self)))]

    def numbered(self, first: int) -> Bundle:
        """The same rows, numbered from `first` on."""
        numbers = range(first, first + len(self))
        return Bundle(numbers, self.table, self.columns, self.body, self._label)


#: What a proposal is made of.
Entry = Item | Bundle


def bundle_of(items: Sequence[Item]) -> Bundle | None:
    """New rows as a bundle, if they are of one table and none looks like naming another."""
    table = items[0].table
    if any(item.table != table for item in items):
        return None
    told = [(item.label, item.values) for item in items]
    return bundled_as(table, told, [item.number for item in items])


def bundled_as(
    table: str, told: Sequence[tuple[str, Values]], numbers: Sequence[int]
) -> Bundle | None:
    """New rows of one table, by what they are called and hold, as a bundle; or None as above."""
    columns = sorted({*chain.from_iterable(values for _, values in told)})
    rows = [
        [label, *[values[name][1] if name in values else UNTOLD for name in columns]]
        for label, values in told
    ]
    body = ENCODER.encode(rows)[1:-1]
    if '"#' in body:
        return None
    if numbers[-1] - numbers[0] == len(numbers) - 1:
        numbers = range(numbers[0], numbers[-1] + 1)
    return Bundle(numbers, table, columns, body, between(told[0][0], told[-1][0]))


def between(first: str, last: str) -> str:
    """What a bundle is called."""
    return f"{first} … {last}"


def spread(entries: Iterable[Entry]) -> list[Item]:
    """Every item by itself."""
    return [
        item
        for entry in entries
        for item in (entry.items() if isinstance(entry, Bundle) else (entry,))
    ]


def parted(entries: Iterable[Entry]) -> tuple[list[Item], list[Bundle]]:
    """The items that stand alone, and the bundles."""
    items, bundles = [], []
    for entry in entries:
        if isinstance(entry, Bundle):
            bundles.append(entry)
        else:
            items.append(entry)
    return items, bundles


def count_of(entry: Entry) -> int:
    """How many rows an entry stands for."""
    return len(entry) if isinstance(entry, Bundle) else 1


def columns_of(entry: Entry) -> Collection[str]:
    """The columns of which an entry says anything."""
    return entry.columns if isinstance(entry, Bundle) else entry.values.keys()


def numbered(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The same, numbered from 1 on."""
    first = 1
    for entry in entries:
        if isinstance(entry, Bundle):
            yield entry.numbered(first)
        else:
            yield entry if entry.number == first else entry._replace(number=first)
        first += count_of(entry)


def cut(entries: Iterable[Entry], start: int, stop: int) -> list[Item]:
    """Some of the rows, counted from 0 over all of them."""
    found: list[Item] = []
    at = 0
    for entry in entries:
        if isinstance(entry, Bundle):
            places = range(max(start - at, 0), min(stop - at, len(entry)))
            found += map(entry.item, places)
        elif start <= at < stop:
            found.append(entry)
        at += count_of(entry)
    return found
