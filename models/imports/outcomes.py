"""What becomes of one row: its class, how it differs from what is recorded, and what to write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from panel.proposals.entries import Bundle, Entry, numbered
from panel.proposals.rules import Item, Op
from panel.words import Sentence

from .rows import Problem, Row

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
    #: The row itself, where it is at hand; else what stands in it, by field.
    row: Row | None = None
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> Mapping[str, str]:
        """What stands in the row, by field, for the excerpt."""
        return self.row.shown() if self.row is not None else self.texts

    @property
    def only_new(self) -> bool:
        """Whether it changes nothing that is recorded already."""
        return all(draft.op == "insert" for draft in self.drafts)


def is_plain(outcome: Outcome) -> bool:
    """Whether a row only adds one record, and nothing more is to be said of it."""
    return (
        outcome.kind == "new"
        and [draft.op for draft in outcome.drafts] == ["insert"]
        and not (outcome.doubts or outcome.differences or outcome.follows or outcome.hidden)
    )


def wanted(outcome: Outcome, policy: str) -> bool:
    """Whether a row goes into the proposal: never with a problem; with "skip" only what is new."""
    if outcome.kind == "problem" or not outcome.drafts:
        return False
    return policy != "skip" or outcome.only_new


def entries_of(found: Iterable[Outcome | Bundle], policy: str) -> list[Entry]:
    """What a proposal of these rows is made of; an appointment that two rows end, ends once."""
    return _joined(_numbered(found, policy))


def _numbered(found: Iterable[Outcome | Bundle], policy: str) -> Iterator[Entry]:
    number = 0
    for outcome in found:
        if isinstance(outcome, Bundle):
            yield outcome.numbered(number + 1)
            number += len(outcome)
            continue
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


def _joined(entries: Iterable[Entry]) -> list[Entry]:
    """Changes of one row as one item, the earlier end holding; numbers stay without a gap."""
    kept: dict[tuple[str, str], int] = {}
    found: list[Entry] = []
    for entry in entries:
        if isinstance(entry, Bundle) or entry.key is None:
            found.append(entry)
            continue
        at = kept.setdefault((entry.table, entry.key), len(found))
        if at == len(found):
            found.append(entry)
        else:
            found[at] = _both(found[at], entry)
    renewed = [*numbered(found)]
    new = {was.number: now.number for was, now in zip(found, renewed, strict=True)}
    if all(was == now for was, now in new.items()):
        return found
    return [
        one
        if isinstance(one, Bundle)
        else one._replace(
            values={
                column: (was, _renumbered(becomes, new))
                for column, (was, becomes) in one.values.items()
            }
        )
        for one in renewed
    ]


def _both(known: Item | Bundle, item: Item) -> Item:
    """Two changes of one row as one."""
    assert isinstance(known, Item), "a bundle holds new rows only"
    values = {**item.values, **known.values}
    ends = [one.values["ended_on"] for one in (known, item) if "ended_on" in one.values]
    if len(ends) == 2:
        values["ended_on"] = min(ends, key=lambda pair: pair[1] or "9999")
    return known._replace(values=values)


def _renumbered(text: str | None, new: Mapping[int, int]) -> str | None:
    return f"#{new[int(text[1:])]}" if text and text.startswith("#") else text
