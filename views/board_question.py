"""What a reader asks of the tier board: a day, a programme, a district; read from the address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, request

from models.clock import today
from models.government import Unit
from models.programme import Programme
from panel.screens.days_past import day_asked, reading
from panel.screens.querying import find
from panel.words import Refused, Sentence, say


@dataclass(frozen=True)
class Chosen:
    """What the reader asks of the board; `wrong` says what is wrong with the day, as typed."""

    day: date
    typed: str
    programme: Programme | None
    unit: Unit | None
    wrong: Sentence | None
    #: Whether the day is asked as it was recorded then, not as it is known today.
    recorded: bool = False

    def reading(self) -> AbstractContextManager[Any]:
        """Inside, what is asked of the database is answered as the question means it."""
        return reading(self.day) if self.recorded else nullcontext()

    @property
    def narrowed(self) -> Mapping[str, Any]:
        """The arguments by which the counts are narrowed."""
        return {"programme": self.programme, "unit": self.unit}

    @property
    def address(self) -> dict[str, str]:
        """The arguments of the page's address that ask the same."""
        asked = {
            "programme": str(self.programme.id) if self.programme else "",
            "on": "" if self.day == today() else self.day.isoformat(),
            "unit": str(self.unit.id) if self.unit else "",
            "known": "then" if self.recorded else "",
        }
        return {name: text for name, text in asked.items() if text}


def chosen() -> Chosen:
    """What the address asks for; 404 for a programme or a unit that is not in scope."""
    typed = request.args.get("on", "").strip()
    day, wrong = day_of(typed)
    recorded = request.args.get("known") == "then" and day < today()
    if recorded:
        try:
            day_asked(day.isoformat())
        except Refused as refused:
            wrong, recorded = refused.sentence, False
            day = today()
    programme, unit = picked(Programme, "programme"), picked(Unit, "unit")
    return Chosen(day, typed, programme, unit, wrong, recorded)


def day_of(typed: str) -> tuple[date, Sentence | None]:
    """The day that was typed, today for none; and what is wrong with it."""
    if not typed:
        return today(), None
    try:
        found = re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", typed)
        day = date.fromisoformat(typed) if found else None
    except ValueError:
        day = None
    if day is None:
        return today(), say("This is no day. Write it as 2025-11-18.")
    if day > today():
        return today(), say("This day has not come yet. Pick today or a day before.")
    return day, None


def picked(entity: Any, name: str) -> Any:
    """The record that the address names, None for none; 404 for what is out of scope."""
    text = request.args.get(name, "").strip()
    record = find(entity, text) if text else None
    if text and record is None:
        abort(404)
    return record
