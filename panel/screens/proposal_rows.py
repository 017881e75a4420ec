"""Rows of a proposal in words: as its page lists them, summed up, and as two versions differ."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from types import SimpleNamespace
from typing import Any

from flask import url_for

from ..proposals.bundles import items_in
from ..proposals.entries import Entry, spread
from ..proposals.rules import Item, Moved, reference
from ..words import say
from .acting import may
from .deciding import Rows
from .language import tell
from .sight import in_scope
from .stored import Known, entities, entity_at, label_of, reader_of, told, told_values
from .values import screen_of

#: As many values as the summary names, and as many rows as a difference lists.
SUMMED, LISTED = 8, 200
#: As many values as the line of a folded row names, and the most fields that are not folded away.
SAMPLE, UNFOLDED = 3, 4


@dataclass(frozen=True)
class Line:
    """One field of one row: what was, what becomes, and what stands there now if it moved."""

    label: Any
    was: Any
    becomes: Any
    moved: bool = False
    now: Any = None


@dataclass(frozen=True)
class ItemRow:
    """One row of a proposal."""

    number: int
    table: str
    title: str
    url: str | None
    op: Any
    lines: tuple[Line, ...]
    #: Whether its fields are folded away: a new row, or one that goes, has all of them.
    folded: bool = False
    gone: bool = False
    #: Why a rule refused it when the proposal was to be applied.
    why: Any = None

    @property
    def about(self) -> list[str]:
        """A few of the values of a folded row, by which it is known."""
        values = (line.becomes if line.becomes is not None else line.was for line in self.lines)
        told = [one for one in values if one and one not in self.title and one[:2] != "••"]
        return told[:SAMPLE]


@dataclass(frozen=True)
class Sum:
    """How many rows get one value in one field, and from how many different ones."""

    label: Any
    becomes: Any
    count: int
    before: tuple[tuple[Any, int], ...]


def known_of(items: Iterable[Item], moved: Iterable[Moved] = ()) -> Known:
    """The records in scope that values of these items name; one query for each kind."""
    texts: defaultdict[tuple[str, str], set[str | None]] = defaultdict(set)
    for item in items:
        for column, pair in item.values.items():
            texts[item.table, column].update(pair)
    for one in moved:
        for column, text in one.now.items():
            texts[one.item.table, column].add(text)
    asked: defaultdict[str, set[str]] = defaultdict(set)
    for (table, column), found in texts.items():
        kind = entity_at(entities()[table], column)
        if kind is not None:
            asked[kind.__tablename__].update(one for one in found if one)
    return {table: in_scope(table, keys) for table, keys in asked.items()}


def page_of(
    items: Sequence[Item],
    moved: Mapping[int, Moved],
    labels: Mapping[int, str],
    refused: tuple[int, Any] | None = None,
) -> list[ItemRow]:
    """Some items in words; `labels` are of the rows that they name, `refused` is one and why."""
    here = [moved[item.number] for item in items if item.number in moved]
    known = known_of(items, here)
    reader = cache(partial(reader_of, known=known))

    @cache
    def label(table: str, column: str) -> str:
        """A column in words."""
        return tell(label_of(table, column))

    def said(table: str, column: str, text: str | None) -> str | None:
        """A value in words; another row of the proposal by what that is called."""
        row = reference(text)
        if row not in labels or entity_at(entities()[table], column) is None:
            return None if text is None else reader(table, column)(text)
        return tell(say("%(record)s (row %(number)s)", record=labels[row], number=row))

    number, sentence = refused or (0, None)
    rows = []
    for item in items:
        other, why = moved.get(item.number), sentence if item.number == number else None
        lines = tuple(
            Line(
                label(item.table, column),
                said(item.table, column, was),
                said(item.table, column, becomes),
                other is not None and column in other.now,
                told(item.table, column, other.now.get(column), known) if other else None,
            )
            for column, (was, becomes) in item.values.items()
        )
        gone, many = other is not None and other.gone, len(lines) > UNFOLDED
        rows.append(
            ItemRow(
                number=item.number,
                table=item.table,
                title=item.label,
                url=url_of(item, gone),
                op=item.op,
                lines=lines,
                folded=(item.op != "update" or many) and other is None,
                gone=gone,
                why=why,
            )
        )
    return rows


def labels_of(items: Iterable[Item], entries: Iterable[Entry]) -> dict[int, str]:
    """What the new rows among `entries` are called that these items name."""
    texts = (text for item in items for pair in item.values.values() for text in pair)
    named = {number for number in map(reference, texts) if number is not None}
    return (
        {one.number: one.label for one in spread(entries) if one.number in named} if named else {}
    )


def url_of(item: Item, gone: bool) -> str | None:
    """Where the record of an item is read, or None."""
    screen = screen_of(item.table)
    if screen is None or item.key is None or gone or not may("read", screen.model):
        return None
    return url_for(f"{screen.endpoint}.details_view", id=item.key)


def summary_of(items: Sequence[Item]) -> list[Sum]:
    """What becomes of how many rows, the most frequent first; nothing where every row differs."""
    counted: Counter[tuple[str, str, str | None]] = Counter()
    before: dict[tuple[str, str, str | None], Counter[str | None]] = {}
    for item in items:
        for column, (was, becomes) in item.values.items() if item.op == "update" else ():
            counted[item.table, column, becomes] += 1
            before.setdefault((item.table, column, becomes), Counter())[was] += 1
    if len(counted) > SUMMED or not counted:
        return []
    firsts = {key: held.most_common(SUMMED) for key, held in before.items()}
    named = [
        Item(0, table, None, "update", "", {column: (was, becomes)})
        for (table, column, becomes), found in firsts.items()
        for was, _ in found
    ]
    known = known_of(named)
    return [
        Sum(
            label_of(table, column),
            told(table, column, becomes, known),
            count,
            tuple(
                (told(table, column, was, known), n) for was, n in firsts[table, column, becomes]
            ),
        )
        for (table, column, becomes), count in counted.most_common()
    ]


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Rows:
    """Rows that two snapshots of a proposal do not hold alike, by what their record is called."""
    [table] = {*before["children"], *after["children"]} or {""}
    was, now = (items_by_number(one["children"].get(table, {})) for one in (before, after))
    rows: Rows = []
    found = [number for number in {**was, **now} if was.get(number) != now.get(number)]
    for number in sorted(found)[:LISTED]:
        old, new = was.get(number), now.get(number)
        held = new or old
        assert held is not None, "a row that differs stands on one side at least"
        label = say("Row %(number)s: %(record)s", number=number, record=held.label)
        told = [one and told_values(one.table, one.values) for one in (old, new)]
        rows.append((label, *told))
    if len(found) > LISTED:
        rows.append((say("%(count)s more", count=len(found) - LISTED), None, None))
    return rows


def items_by_number(children: Mapping[str, Any]) -> dict[int, Item]:
    """The items that a snapshot of a proposal holds, by their number."""
    rows = [SimpleNamespace(**one) for one in children.values()]
    return {int(item.number): item for row in rows for item in items_in(row)}
