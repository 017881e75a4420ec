"""What one row says, as far as it could be read, with its problems and doubts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from panel.words import Sentence

from .. import identifiers
from .rows import Problem, Row


@dataclass
class Said:
    """What a row says, as far as it could be read."""

    row: Row
    prefix: str = ""
    name: str = ""
    suffix: str = ""
    nip: str | None = None
    nip_kind: str | None = None
    grade: str | None = None
    employment: str | None = None
    phone: str | None = None
    post: str = ""
    #: The mark before the post as a choice repeats it: "Plt. ", or nothing.
    acting: str = ""
    status: str | None = None
    started_on: date | None = None
    decree_no: str | None = None
    spouse: str | None = None
    spouse_phone: str | None = None
    married_on: date | None = None
    note: str | None = None
    mark: str | None = None
    spouse_mark: str | None = None
    problems: list[Problem] = field(default_factory=list)
    doubts: list[tuple[str, Sentence]] = field(default_factory=list)

    @property
    def display_name(self) -> str:
        """The name with its titles, or what stands in its cell."""
        shown = identifiers.show_name(self.prefix, self.name, self.suffix)
        return shown or self.row.text("name") or self.row.text("name_nip")

    def wrong(self, name: str, sentence: Sentence, *, choices: Any = ()) -> None:
        """Note a problem at the cell of a field; another text is typed, or a choice is taken."""
        address = self.row.address(name)
        shown = self.row.text(name)
        self.problems.append(Problem(address, name, shown, sentence, address, choices))

    def ask(
        self, question: str, names: tuple[str, ...], sentence: Sentence, choices: Any, shown: str
    ) -> None:
        """Note a question that only one of the choices answers."""
        key = f"{self.row.number}:{question}"
        address = self.row.address(*names)
        self.problems.append(Problem(address, names[0], shown, sentence, key, choices, False))
