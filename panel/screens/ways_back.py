"""Where what a deed took is given back: one way for each record that it changed or deleted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import url_for

from ..words import Sentence, say
from .acting import may
from .stored import Known, kind_of
from .values import screen_of

#: As many records of one deed are offered one by one.
OFFERED = 5


@dataclass(frozen=True)
class Way:
    """A link to the preview of what would stand again."""

    text: Sentence
    url: str


def ways_back(
    number: int, changes: Iterable[Any], subject: tuple[str, str], known: Known
) -> list[Way]:
    """The ways that the reader has from this deed, as far as it changed records in his sight."""
    ops: dict[tuple[str, str], set[str]] = {}
    for change in changes:
        ops.setdefault((change.tbl, change.pk), set()).add(change.op)
    found = []
    for (table, pk), done in ops.items():
        screen = screen_of(table)
        if screen is None or not getattr(screen, "restorable", False) or "I" in done:
            continue
        here = pk in known.get(table, {})
        if "D" in done and not here and may("create", table):
            text = say("Bring back: %(kind)s", kind=kind_of(table))
            found.append(Way(text, url_for(f"{screen.endpoint}.bring_back_view", id=pk)))
        elif "D" not in done and here and may("edit", table):
            text = say("Give the earlier values back")
            if (table, pk) != subject:
                text = say("Give the earlier values back: %(kind)s", kind=kind_of(table))
            url = url_for(f"{screen.endpoint}.restore_view", id=pk, deed=number)
            found.append(Way(text, url))
    return found[:OFFERED]
