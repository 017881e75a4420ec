"""The person whose data a request is about: an official, a spouse or a speaker."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from flask import abort, request, url_for

from models.base import db
from models.erasure import Holdings
from models.imports.retention import words_of
from models.people import Official, Spouse
from models.speaking import Speaker
from panel.changelog.entries import Record
from panel.screens.acting import may
from panel.screens.language import tell
from panel.screens.querying import find
from panel.screens.stored import kind_of
from panel.screens.values import screen_of
from panel.words import Refused, say

#: The kinds of people, by their table.
PEOPLE: dict[str, type[Any]] = {
    "official": Official,
    "spouse": Spouse,
    "speaker": Speaker,
}
#: Longest text that is taken.
LONGEST = 1000


@dataclass(frozen=True)
class Subject:
    """The record of a person, and what the pages call him."""

    kind: str
    record: Any

    @property
    def key(self) -> int:
        """Number of the record."""
        return int(self.record.id)

    @property
    def address(self) -> dict[str, Any]:
        """What names the person in an address."""
        return {"kind": self.kind, "id": self.key}

    @property
    def url(self) -> str:
        """The person's own page."""
        return url_for(f"{screen_of(self.kind).endpoint}.details_view", id=self.key)

    @property
    def title(self) -> str:
        """The name as the screens show it."""
        return tell(screen_of(self.kind).title_of(self.record))

    def words(self) -> list[str]:
        """By what a text can name the person: name, other spellings, numbers."""
        return words_of(self.record)


def subject() -> Subject:
    """The person that the request names; 404 for what is not there or out of scope."""
    kind = request.values.get("kind", "official")
    if kind not in PEOPLE:
        abort(404)
    record = find(PEOPLE[kind], request.values.get("id"))
    if record is None:
        abort(404)
    return Subject(kind, record)


def again(person: Subject) -> Subject:
    """The same person in the transaction that is open now."""
    record = find(PEOPLE[person.kind], person.key)
    if record is None:
        abort(404)
    return Subject(person.kind, record)


def typed(name: str) -> str:
    """What was typed, without blanks around it; `Refused` at the field for more than is taken."""
    text = request.form.get(name, "").strip()
    if len(text) > LONGEST:
        sentence = say("The text is too long. At most %(most)s characters.", most=LONGEST)
        raise Refused("field", sentence, name)
    return text


def kinds_of(tables: Iterable[str]) -> list[tuple[str, Any]]:
    """Tables with what one of their records is called, by name."""
    return sorted(((table, kind_of(table)) for table in tables), key=lambda one: tell(one[1]))


def offered(kind: type[Any]) -> dict[str, bool]:
    """Which of the pages the actor may open for this kind of person."""
    pages = {"report": may("unmask", kind), "erase": may("delete", "erasure")}
    return {**pages, "hold": may("create", "legal_hold")}


def session() -> Any:
    """The session of this request."""
    return db.session()


def with_facts(found: Holdings, facts: dict[str, Collection[str]]) -> list[Record]:
    """Every living and deleted record, and the office's facts, as the log names them."""
    pairs = {(table, key) for table, keys in found.live.items() for key in keys}
    pairs |= {(table, key) for table, keys in found.gone.items() for key in keys}
    pairs |= {(table, key) for table, keys in facts.items() for key in keys}
    return sorted(pairs)
