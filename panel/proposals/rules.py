"""What a proposal is made of: changes of rows as texts, compared, carried on, taken back, ordered.

A value is a text in the one form of its type, or None; `["3", "4"]` is what was and what becomes.
In a new row "#2" stands for the row that item 2 makes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, cast

Op = Literal["insert", "update", "delete"]
OPS: tuple[Op, ...] = ("insert", "update", "delete")
#: What was and what becomes, by column.
Values = Mapping[str, tuple[str | None, str | None]]
#: What stands in a row now, by column; None where there is no such row.
Present = Mapping[str, str | None] | None


class Item(NamedTuple):
    """One row that shall be added, changed or deleted; `label` is what it was called then."""

    number: int
    table: str
    #: Key of the row; none for a new one.
    key: str | None
    op: Op
    label: str
    values: Values


@dataclass(frozen=True)
class Moved:
    """A row that is not as the proposal says it was; `now` holds the columns that differ."""

    item: Item
    now: Mapping[str, str | None]
    gone: bool = False


class Tangled(ValueError):
    """New rows refer to each other in a circle, or to no row at all; the text names the item."""


def canonical(table: str, values: Values) -> str:
    """The values of one item as canonical JSON: the same values give the same text."""
    pairs = {column: list(pair) for column, pair in values.items()}
    return json.dumps({table: pairs}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> tuple[str, dict[str, tuple[str | None, str | None]]]:
    """Table and values of `canonical`."""
    [(table, pairs)] = json.loads(text).items()
    return table, {column: (was, becomes) for column, (was, becomes) in pairs.items()}


def changed(values: Values) -> dict[str, tuple[str | None, str | None]]:
    """The columns in which something becomes another."""
    return {column: pair for column, pair in values.items() if pair[0] != pair[1]}


def moved(item: Item, present: Present) -> Moved | None:
    """How the row differs from what it was when it was proposed, or None: it does not."""
    if item.op == "insert":
        return None
    if present is None:
        return Moved(item, {}, gone=True)
    now = {
        column: present.get(column)
        for column, (was, _) in item.values.items()
        if present.get(column) != was
    }
    return Moved(item, now) if now else None


def carried_on(item: Item, present: Present) -> Item | None:
    """The item from what stands there now; None when nothing is left of it to do."""
    if item.op == "insert":
        return item
    if present is None:
        return None
    values = {column: (present.get(column), after) for column, (_, after) in item.values.items()}
    if item.op == "update":
        values = changed(values)
    return item._replace(values=values) if values else None


def turned_round(item: Item, made: str | None = None) -> Item:
    """The item that takes an applied one back; `made` is the key of the row that it added."""
    values = {column: (after, was) for column, (was, after) in item.values.items()}
    if item.op == "insert":
        return item._replace(op="delete", key=made, values=values)
    if item.op == "delete":
        return item._replace(op="insert", key=None, values=values)
    return item._replace(values=values)


def reference(text: str | None) -> int | None:
    """The number of the item whose new row a value stands for, or None."""
    if text is None or text[:1] != "#":
        return None
    found = re.fullmatch(r"#([1-9][0-9]{0,8})", text)
    return int(found[1]) if found else None


def resolved(item: Item, made: Mapping[int, str | None]) -> Item:
    """The item with the keys of the rows that were made, in place of the numbers of their items."""
    values = {
        column: tuple(made.get(reference(one) or 0, one) for one in pair)
        for column, pair in item.values.items()
    }
    return item._replace(values=cast("Values", values))


def renewed(
    items: Sequence[Item],
    were: Sequence[str | None],
    points: Callable[[str, str], Collection[str]],
) -> list[Item]:
    """Items that bring deleted rows back, and name them as what they will be.

    `were` has the key that the row of each item had before it was deleted, or None; `points` gives
    the tables whose rows a column names. The items are numbered anew, in their order.
    """
    number_of = {
        (item.table, key): number
        for number, (item, key) in enumerate(zip(items, were, strict=True), 1)
        if key is not None
    }

    def named(table: str, column: str, text: str | None) -> str | None:
        places = (number_of.get((other, text or "")) for other in points(table, column))
        return next((f"#{number}" for number in places if number), text)

    return [
        item._replace(
            number=number,
            values={
                column: (was, named(item.table, column, becomes))
                for column, (was, becomes) in item.values.items()
            },
        )
        for number, item in enumerate(items, 1)
    ]


def in_order(items: Iterable[Item], refers: Callable[[Item], Collection[int]]) -> list[Item]:
    """New rows after those that they refer to, then changes, then deletions from the last one up.

    `refers` gives the numbers of the items that an item refers to. Raises `Tangled`.
    """
    items = list(items)
    waiting = {item.number: item for item in items if item.op == "insert"}
    placed: list[Item] = []
    done: set[int] = set()
    while waiting:
        free = [item for item in waiting.values() if done.issuperset(refers(item))]
        if not free:
            raise Tangled(str(min(waiting)))
        for item in free:
            placed.append(waiting.pop(item.number))
            done.add(item.number)
    for item in items:
        if item.op == "update" and not done.issuperset(refers(item)):
            raise Tangled(str(item.number))
    placed += [item for item in items if item.op == "update"]
    return placed + [item for item in reversed(items) if item.op == "delete"]
