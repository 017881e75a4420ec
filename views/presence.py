"""How a couple came to a session, in words: together, alone, represented, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.attendance import Attendance, Participation
from panel.screens.marks import badge, blank
from panel.words import Sentence, say

from .attendance import TONES
from .labels import ATTENDANCE

#: What is said of the spouse beside the official's own attendance.
SPOUSE_BESIDE = say("spouse: %(status)s")


@dataclass(frozen=True)
class Part:
    """One session part, or several in which the couple came in the same way."""

    #: The part's title; none when it goes for the whole session.
    title: str | None
    #: How they came, as a badge.
    how: Any
    #: What stands beside it: how the spouse did, and remarks.
    beside: tuple[Any, ...] = ()


def parts_of(one: Participation) -> list[Part]:
    """How the couple came to each part; a single line where they came to all parts alike."""
    by_item: dict[int, list[Attendance]] = {}
    for row in sorted(one.attendance, key=lambda row: (row.agenda_item.number, row.id)):
        by_item.setdefault(row.agenda_item_id, []).append(row)
    if not by_item:
        delegated = badge(*TONES["represented"], represented(one)) if one.delegate else None
        how = delegated or blank(say("not recorded"))
        return [Part(None, how, (one.note,) if one.note else ())]
    parts = [part_of(one, rows) for rows in by_item.values()]
    if all((part.how, part.beside) == (parts[0].how, parts[0].beside) for part in parts):
        parts = [Part(None, parts[0].how, parts[0].beside)]
    if one.note:
        last = parts[-1]
        parts[-1] = Part(last.title, last.how, (*last.beside, one.note))
    return parts


def part_of(one: Participation, rows: list[Attendance]) -> Part:
    """How the couple came to one part."""
    status = {row.party: row.status for row in rows}
    by = next((row.note for row in rows if names_delegate(row)), None)
    beside: list[Any] = [row.note for row in rows if row.note and not names_delegate(row)]
    spouse = status.get("spouse")
    if "official" in status and spouse not in (None, "present"):
        beside.insert(0, say(SPOUSE_BESIDE.id, status=ATTENDANCE[spouse]))
    if spouse == "present" and status.get("official", "present") != "present":
        beside.insert(0, say("the spouse came"))
    return Part(rows[0].agenda_item.title, how(one, status, by), tuple(beside))


def names_delegate(row: Attendance) -> bool:
    """Whether the remark of a mark says who came in the official's place."""
    return row.party == "official" and row.status == "represented"


def how(one: Participation, status: Mapping[str, str], by: str | None = None) -> Any:
    """The badge for one part; `by` is who came in the official's place, where the mark says it."""
    official, spouse = status.get("official"), status.get("spouse")
    if official == "present":
        words = say("With the spouse") if spouse == "present" else say("Alone")
        return badge(*TONES["present"], words)
    if official is None:
        assert spouse is not None
        return badge(*TONES[spouse], say(SPOUSE_BESIDE.id, status=ATTENDANCE[spouse]))
    words = represented(one, by) if official == "represented" else ATTENDANCE[official]
    return badge(*TONES[official], words)


def represented(one: Participation, by: str | None = None) -> Sentence:
    """By whom, where that is known: from the mark, else from the participation."""
    name = by or one.delegate
    return say("Represented by %(name)s", name=name) if name else say("Represented")
