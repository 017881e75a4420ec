"""Items as they are stored: each in a row of its own, long runs of new rows bundled into one.

A roster of five thousand people is so twenty rows to lock, to log and to decide on. A bundle's text
is a JSON list, that of one item an object. New rows of one table that name none of each other are
told by columns, `[{"columns": [...], "count": 2, "first": 7, "table": ...}, [label, text, ...],
...]`, in the place of a text 0 where a row says nothing of a column; others one by one, `[[number,
table, label, {column: becomes}], ...]`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, Literal

from .entries import ENCODER, Bundle, Entry, between, bundle_of, spread, unreadable
from .rules import Item, Op, Values, canonical, read

#: New rows that follow each other before they are bundled, and as many as one bundle takes.
LEAST: Final = 20
MOST: Final = 250
_READ: Final = json.JSONDecoder()


@dataclass(frozen=True)
class Stored:
    """The columns of one stored row: an item, or a bundle under the number of its first one."""

    number: int
    record_table: str
    record_id: int | None
    op: Op
    label: str
    changes: str


def stored(entries: Iterable[Entry]) -> Iterator[Stored]:
    """The rows that these entries, in the order of their numbers, are stored in."""
    for kind, run in groupby(entries, key=_kind):
        if kind == "bundle":
            yield from (whole(one) for one in run if isinstance(one, Bundle))
            continue
        held = [one for one in run if isinstance(one, Item)]
        if kind == "other" or len(held) < LEAST:
            yield from map(alone, held)
            continue
        for first in range(0, len(held), MOST):
            yield together(held[first : first + MOST])


def _kind(entry: Entry) -> Literal["bundle", "new", "other"]:
    if isinstance(entry, Bundle):
        return "bundle"
    return "new" if entry.op == "insert" else "other"


def alone(item: Item) -> Stored:
    """The row of one item."""
    key = int(item.key) if item.key is not None else None
    text = canonical(item.table, item.values)
    return Stored(item.number, item.table, key, item.op, item.label, text)


def whole(bundle: Bundle) -> Stored:
    """The row of a bundle."""
    head: dict[str, Any] = {"table": bundle.table, "columns": bundle.columns}
    if isinstance(bundle.numbers, range):
        head |= {"first": bundle.number, "count": len(bundle)}
    else:
        head["numbers"] = bundle.numbers
    text = f"[{ENCODER.encode(head)},{bundle.body}]"
    return Stored(bundle.number, bundle.table, None, bundle.op, bundle.label, text)


def together(items: Sequence[Item]) -> Stored:
    """The row of several new ones."""
    bundle = bundle_of(items)
    if bundle is not None:
        return whole(bundle)
    first, last = items[0], items[-1]
    rows = [
        (item.number, item.table, item.label, {name: new for name, (_, new) in item.values.items()})
        for item in items
    ]
    label = between(first.label, last.label)
    return Stored(first.number, first.table, None, "insert", label, ENCODER.encode(rows))


def entries_in(row: Any) -> list[Entry]:
    """What a stored row holds, whatever has its columns.

    Raises `Refused` where somebody has written there what cannot be read.
    """
    try:
        if is_bundle(row.changes):
            return bundled(row.changes)
        table, values = read(row.changes)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as wrong:
        raise unreadable(row.number) from wrong
    key = str(row.record_id) if row.record_id is not None else None
    return [Item(row.number, table, key, row.op, row.label, values)]


def items_in(row: Any) -> list[Item]:
    """The items of a stored row, whatever has its columns."""
    return spread(entries_in(row))


def bundled(text: str) -> list[Entry]:
    """What the text of several new rows holds."""
    head, end = _READ.raw_decode(text, 1)
    if isinstance(head, dict):
        count = min(head.get("count", 0), MOST + 1)
        numbers = head.get("numbers") or range(head["first"], head["first"] + count)
        names = head["table"], *head["columns"]
        if {*map(type, names)} != {str} or {*map(type, numbers)} != {int} or len(numbers) > MOST:
            raise ValueError(text)
        return [Bundle(numbers, head["table"], head["columns"], text[end + 1 : -1])]
    return [
        Item(number, table, None, "insert", label, _values(told))
        for number, table, label, told in json.loads(text)
    ]


def _values(told: dict[str, str | None]) -> Values:
    return {column: (None, becomes) for column, becomes in told.items()}


def is_bundle(changes: str) -> bool:
    """Whether a stored text is of several new rows."""
    return changes.startswith("[")


def numbers_in(row: Any) -> Sequence[int]:
    """The numbers of the items of a stored row."""
    entries = entries_in(row)
    if isinstance(entries[0], Bundle):
        return entries[0].numbers
    return [item.number for item in spread(entries)]


def outcome_of(row: Any) -> dict[int, str | None]:
    """The keys of the rows that a stored row added, by the number of their item."""
    if not is_bundle(row.changes):
        return {row.number: row.outcome}
    keys = json.loads(row.outcome or "[]")
    return dict(zip(numbers_in(row), keys, strict=False))


def outcome_text(row: Any, made: Mapping[int, str]) -> str | None:
    """What a stored row keeps of the rows that were made; None: it added none."""
    if not is_bundle(row.changes):
        return made.get(row.number)
    return json.dumps([made.get(number) for number in numbers_in(row)])
