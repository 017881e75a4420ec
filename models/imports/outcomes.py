"""What becomes of one row: its class, how it differs from what is recorded, and what to write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from panel.proposals.rules import Item, Op
from panel.words import Sentence

from .rows import Problem

#: What was, and what becomes.
Pair = tuple[str | None, str | None]
Class = Literal["matched", "new", "changed", "moved", "left", "vacant", "duplicate", "problem"]
CLASSES: Final[tuple[Class, ...]] = (
    "matched",
    "changed",
    "moved",
    "new",
    "left",
    "vacant",
    "duplicate",
    "problem",
)


@dataclass(frozen=True)
class Difference:
    """One field of a row beside what is recorded; codes are told by the screen."""

    field: str
    was: str | None
    becomes: str | None


class Draft(NamedTuple):
    """A change that a row asks for; "@0" in its values stands for the row's first draft."""

    table: str
    key: int | None
    op: Op
    label: str
    values: Mapping[str, Pair]


@dataclass
class Outcome:
    """What becomes of one row, or, with the number 0, of somebody or a post that has none."""

    number: int
    kind: Class
    name: str
    problems: Sequence[Problem] = ()
    doubts: Sequence[tuple[str, Sentence]] = ()
    differences: Sequence[Difference] = ()
    #: What else happens: who leaves the post that is taken.
    follows: Sequence[Sentence] = ()
    drafts: Sequence[Draft] = ()
    #: The recorded official that the row is about.
    official_id: int | None = None
    #: The appointment that ends because nobody in the list holds it, unless the clerk keeps it.
    leaves: int | None = None
    hidden: bool = False
    #: What stands in the row, by field, for the excerpt.
    shown: Mapping[str, str] = field(default_factory=dict)

    @property
    def only_new(self) -> bool:
        """Whether it changes nothing that is recorded already."""
        return all(draft.op == "insert" for draft in self.drafts)


def wanted(outcome: Outcome, policy: str) -> bool:
    """Whether a row goes into the proposal: never with a problem; with "skip" only what is new."""
    if outcome.kind == "problem" or not outcome.drafts:
        return False
    return policy != "skip" or outcome.only_new


def items_of(outcomes: Iterable[Outcome], policy: str) -> list[Item]:
    """The items of a proposal of these rows; an appointment that two rows end, ends once."""
    return list(_joined(_numbered(outcomes, policy)))


def _numbered(outcomes: Iterable[Outcome], policy: str) -> Iterator[Item]:
    number = 0
    for outcome in outcomes:
        if not wanted(outcome, policy):
            continue
        first = number + 1
        for draft in outcome.drafts:
            number += 1
            values = draft.values
            if len(outcome.drafts) > 1:
                values = {
                    column: (was, _placed(becomes, first))
                    for column, (was, becomes) in values.items()
                }
            key = str(draft.key) if draft.key is not None else None
            yield Item(number, draft.table, key, draft.op, draft.label, values)


def _placed(text: str | None, first: int) -> str | None:
    """A reference to a draft of the same row as one to the item that it becomes."""
    if text is not None and text.startswith("@") and text[1:].isdigit():
        return f"#{first + int(text[1:])}"
    return text


def _joined(items: Iterable[Item]) -> Iterator[Item]:
    """Changes of one row as one item, the earlier end holding; numbers stay without a gap."""
    kept: dict[tuple[str, str], Item] = {}
    found: list[Item] = []
    for item in items:
        known = kept.get((item.table, item.key)) if item.key is not None else None
        if known is None:
            found.append(item)
            if item.key is not None:
                kept[item.table, item.key] = item
            continue
        values = {**item.values, **known.values}
        ends = [one.values["ended_on"] for one in (known, item) if "ended_on" in one.values]
        if len(ends) == 2:
            values["ended_on"] = min(ends, key=lambda pair: pair[1] or "9999")
        both = known._replace(values=values)
        found[found.index(known)] = kept[item.table, item.key or ""] = both
    new = {item.number: number for number, item in enumerate(found, 1)}
    if all(was == now for was, now in new.items()):
        yield from found
        return
    for item in found:
        values = {
            column: (was, _renumbered(becomes, new))
            for column, (was, becomes) in item.values.items()
        }
        yield item._replace(number=new[item.number], values=values)


def _renumbered(text: str | None, new: Mapping[int, int]) -> str | None:
    return f"#{new[int(text[1:])]}" if text and text.startswith("#") else text
