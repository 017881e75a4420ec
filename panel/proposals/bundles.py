"""Items as they are stored: each in a row of its own, long runs of new rows bundled into one.

A roster of five thousand people is so twenty rows to lock, to log and to decide on. A bundle's text
is a JSON list, `[[number, table, label, {column: becomes}], ...]`; that of one item is an object.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from .rules import Item, Op, Values, canonical, read

#: New rows that follow each other before they are bundled, and as many as one bundle takes.
LEAST: Final = 20
MOST: Final = 250
_JSON: Final = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), check_circular=False
)


@dataclass(frozen=True)
class Stored:
    """The columns of one stored row: an item, or a bundle under the number of its first one."""

    number: int
    record_table: str
    record_id: int | None
    op: Op
    label: str
    changes: str


def stored(items: Iterable[Item]) -> Iterator[Stored]:
    """The rows that these items, in the order of their numbers, are stored in."""
    for new, run in groupby(items, key=lambda item: item.op == "insert"):
        held = list(run)
        if not new or len(held) < LEAST:
            yield from map(alone, held)
            continue
        for first in range(0, len(held), MOST):
            yield together(held[first : first + MOST])


def alone(item: Item) -> Stored:
    """The row of one item."""
    key = int(item.key) if item.key is not None else None
    text = canonical(item.table, item.values)
    return Stored(item.number, item.table, key, item.op, item.label, text)


def together(items: Sequence[Item]) -> Stored:
    """The row of several new ones."""
    first, last = items[0], items[-1]
    rows = [
        (item.number, item.table, item.label, {name: new for name, (_, new) in item.values.items()})
        for item in items
    ]
    text = _JSON.encode(rows)
    label = f"{first.label} … {last.label}"
    return Stored(first.number, first.table, None, "insert", label, text)


def items_in(row: Any) -> list[Item]:
    """The items of a stored row, whatever has its columns."""
    if is_bundle(row.changes):
        return bundled(row.changes)
    table, values = read(row.changes)
    key = str(row.record_id) if row.record_id is not None else None
    return [Item(row.number, table, key, row.op, row.label, values)]


def bundled(text: str) -> list[Item]:
    """The items of a bundle."""
    return [
        Item(number, table, None, "insert", label, _values(told))
        for number, table, label, told in json.loads(text)
    ]


def _values(told: dict[str, str | None]) -> Values:
    return {column: (None, becomes) for column, becomes in told.items()}


def is_bundle(changes: str) -> bool:
    """Whether a stored text is of several new rows."""
    return changes.startswith("[")


def outcome_of(row: Any) -> dict[int, str | None]:
    """The keys of the rows that a stored row added, by the number of their item."""
    if not is_bundle(row.changes):
        return {row.number: row.outcome}
    keys = json.loads(row.outcome or "[]")
    return dict(zip((item.number for item in bundled(row.changes)), keys, strict=False))


def outcome_text(items: Sequence[Item], changes: str, made: Mapping[int, str]) -> str | None:
    """What a stored row keeps of the rows that were made; None: it added none."""
    if not is_bundle(changes):
        return made.get(items[0].number)
    return json.dumps([made.get(item.number) for item in items])
