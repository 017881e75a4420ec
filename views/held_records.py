"""The record that a legal hold covers: which kinds there are, and finding one by its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from models.base import db
from panel.screens.acting import may
from panel.screens.language import tell
from panel.screens.lookup import FOUND, WEIGHED, best_first, line_of
from panel.screens.querying import find
from panel.screens.stored import entities, kind_of
from panel.screens.values import screen_of
from panel.words import Refused, say

#: Letters of a search; what follows is left out.
LONGEST = 100
#: Between the kind of a record and its number in a choice.
BETWEEN = ":"


@dataclass(frozen=True)
class Choice:
    """A record that may be chosen: its kind and number as one value, and what it is called."""

    value: str
    text: str


def kinds() -> list[tuple[str, Any]]:
    """Kinds of records that a hold may cover: those that the actor reads and can search."""
    tables = [
        table
        for table, entity in entities().items()
        if "region_id" in entity.__table__.c
        and getattr(screen_of(table), "searchable", ())
        and may("read", table)
    ]
    return sorted(((table, kind_of(table)) for table in tables), key=lambda one: tell(one[1]))


def choice_of(table: str, record: Any) -> Choice:
    """A record as the field offers it."""
    return Choice(f"{table}{BETWEEN}{record.id}", line_of(record))


def found_by(table: str, text: str) -> list[Choice]:
    """Records of a kind in scope that each word of the text finds, best first."""
    screen = screen_of(table)
    if screen is None or table not in dict(kinds()):
        return []
    text = text.strip()[:LONGEST]
    rows = screen.matching(text, ()).options(*screen.naming_loaders())
    rows = screen.ordered(rows, None, False).limit(WEIGHED if text else FOUND)
    found = [choice_of(table, one) for one in db.session.scalars(rows).unique()]
    texts = {one.value: one for one in found}
    named = best_first(text, [(one.value, one.text) for one in found])
    return [texts[value] for value, _ in named[:FOUND]]


def record_at(value: str) -> Any:
    """The record in scope that a choice names, or None."""
    table, _, number = value.partition(BETWEEN)
    return find(entities()[table], number) if table in dict(kinds()) else None


def record_asked(value: str) -> Any:
    """The same; `Refused` at the field where there is none."""
    if not value:
        raise Refused("field", say("Choose the record that it covers."), "record")
    record = record_at(value)
    if record is None:
        raise Refused("field", say("Choose one of the records offered."), "record")
    return record
