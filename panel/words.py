"""Sentences of the panel: a message id with values, put into the reader's language at the edge.

Nothing here translates. Rules return a `Sentence`; a screen or a command tells it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Code = Literal["role", "duty", "scope", "state", "stale", "reason", "guard", "field", "locked"]


@dataclass(frozen=True)
class Label:
    """A name that is data: its text per language, as in ``{"id": "Draf", "en": "Draft"}``."""

    texts: Mapping[str, str]

    def text(self, language: str) -> str:
        """The text in `language`, else the first one given."""
        return self.texts.get(language) or next(iter(self.texts.values()))

    def __str__(self) -> str:
        return self.text("en")


@dataclass(frozen=True)
class Sentence:
    """An English message id with named values; values may be sentences and labels themselves."""

    id: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(
        self,
        translate: Callable[[str], str] = str,
        show: Callable[[object], str] = str,
    ) -> str:
        """The sentence after `translate` turned the id and `show` each value into text."""
        template = translate(self.id)
        if not self.values:
            return template
        return template % {name: show(value) for name, value in self.values.items()}

    def __str__(self) -> str:
        return self.text()


def say(id: str, /, **values: object) -> Sentence:
    """A sentence with its values; message catalogues are extracted from calls of this name."""
    return Sentence(id, values)


class Refused(Exception):
    """An answer, not a bug: the act was not done, nothing was written, and here is why."""

    def __init__(self, code: Code, sentence: Sentence, field: str | None = None) -> None:
        super().__init__(str(sentence))
        self.code: Code = code
        self.sentence = sentence
        self.field = field
