"""One thing that a news text says about a session, beside what is recorded of it now.

Pure.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Final

from panel.dates import PartialDate
from panel.words import Sentence

#: The fields of a session that a text can speak of, in the order of its page.
FIELDS: Final = (
    "held",
    "venue",
    "tiers",
    "includes_spouses",
    "organisers",
    "speakers",
    "values",
    "risks",
    "places",
)
#: States of a proposal that can be taken over.
OPEN: Final = frozenset({"new", "contradicts"})


@dataclass(frozen=True)
class Proposal:
    """One thing that the text says; `field` is that of the session it would go into."""

    field: str
    value: Any
    shown: Any
    #: "new", "same", "contradicts", "unknown" (no such record yet), or "told" (for reading only).
    state: str
    before: str
    words: str
    after: str
    #: What is recorded now; None is nothing.
    present: Any = None
    doubts: tuple[Sentence, ...] = ()
    position: str = ""
    institution: str = ""
    mentions: int = 1

    @property
    def key(self) -> str:
        """The same for the same content in every reading of the text."""
        content = f"{self.field}|{self.value}|{self.position}"
        return hashlib.sha256(content.encode()).hexdigest()[:16]

    @property
    def is_open(self) -> bool:
        """Whether it can be taken over into the session."""
        return self.state in OPEN


def state_of_day(value: PartialDate, now: PartialDate | None) -> str:
    """How a date of the text stands to the recorded one: a day inside of a known year is new."""
    if now is None:
        return "new"
    if value == now or (value.first <= now.first and now.last <= value.last):
        return "same"
    inside = now.first <= value.first and value.last <= now.last
    return "new" if inside else "contradicts"
