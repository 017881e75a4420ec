"""The rows of an attendance sheet in words: couple by couple, and what differs of whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import joinedload

from models.attendance import Attendance, AttendanceSheet, Participation
from models.base import db
from models.corrections import Mark, Row, RowChange, ScanChange, differing
from models.government import Unit
from panel.screens.acting import may
from panel.screens.deciding import Rows
from panel.screens.language import tell
from panel.screens.marks import badge
from panel.screens.querying import scoped
from panel.words import Sentence, say

from .attendance import TONES
from .labels import ATTENDANCE


@dataclass(frozen=True)
class Couple:
    """One line of a sheet: who it is about, what is recorded, and the corrections that touch it."""

    one: Participation
    #: By party, "official" and "spouse".
    marks: Mapping[str, Attendance]
    #: Numbers of corrections, by party.
    corrected: Mapping[str, list[int]]


def couples_of(sheet: AttendanceSheet, corrected: Mapping[Row, list[int]]) -> list[Couple]:
    """The couples on the session's list that the actor sees, by name, with their marks here."""
    if not may("read", Participation):
        return []
    held = sheet.agenda_item.training_session_id
    rows = scoped(Participation).where(Participation.training_session_id == held)
    names = (
        joinedload(Participation.official),
        joinedload(Participation.spouse),
        joinedload(Participation.unit).joinedload(Unit.parent),
    )
    found = list(db.session.scalars(rows.options(*names)))
    marks: dict[int, dict[str, Attendance]] = {}
    for mark in db.session.scalars(scoped(Attendance).where(Attendance.sheet_id == sheet.id)):
        marks.setdefault(mark.participation_id, {})[mark.party] = mark
    found.sort(key=lambda one: (one.official.full_name, one.id))
    return [
        Couple(
            one,
            marks.get(one.id, {}),
            {party: corrected.get((one.id, party), []) for party in ("official", "spouse")},
        )
        for one in found
    ]


def came(mark: Attendance) -> Any:
    """How one person came, as a badge."""
    return badge(*TONES[mark.status], ATTENDANCE[mark.status])


def told_changes(before: str, after: str) -> Rows:
    """The rows and scans that differ between two snapshots of a sheet, with whose each is."""
    rows, scans = differing(before, after)
    return [*told_rows(rows), *told_scans(scans)]


def told_scans(changes: Iterable[ScanChange]) -> Rows:
    """Scans that came or went, by the beginning of their fingerprint."""
    label = say("Scan of a signed sheet")
    return [(label, *(text and text[:8] for text in (one.was, one.now))) for one in changes]


def told_rows(
    changes: Iterable[RowChange], known: Mapping[int, Participation] | None = None
) -> Rows:
    """Rows that differ as person, before and after; people out of scope are not named."""
    changes = list(changes)
    if not changes:
        return []
    people = known if known is not None else people_of({one.participation_id for one in changes})
    return [told_row(people.get(one.participation_id), one) for one in changes]


def told_row(who: Participation | None, one: RowChange) -> tuple[Any, str | None, str | None]:
    """One row; of somebody who is not the reader's to see, without the remark."""
    remark = who is not None
    return whose(who, one.party), in_words(one.was, remark), in_words(one.now, remark)


def people_of(participations: Iterable[int]) -> dict[int, Participation]:
    """These participations with the couple, as far as the actor sees them."""
    rows = scoped(Participation).where(Participation.id.in_(participations))
    names = (joinedload(Participation.official), joinedload(Participation.spouse))
    return {one.id: one for one in db.session.scalars(rows.options(*names))}


def whose(one: Participation | None, party: str) -> Any:
    """Whose row it is."""
    if one is None:
        return say("Somebody outside of your units")
    if party == "official":
        return one.official.full_name
    return spouse_of(one)


def spouse_of(one: Participation) -> Sentence:
    """The spouse by name, and whose."""
    official = one.official.full_name
    if one.spouse is None:
        return say("The spouse of %(official)s", official=official)
    return say("%(name)s, spouse of %(official)s", name=one.spouse.full_name, official=official)


def in_words(mark: Mark | None, remark: bool) -> str | None:
    """The status of a row, with its `remark` or without; None where there is none."""
    if mark is None:
        return None
    status, note = mark
    told = tell(ATTENDANCE[status])
    return f"{told} ({note})" if note and remark else told


def keyed(found: Iterable[Couple]) -> dict[int, Participation]:
    """The participations of these lines by their number."""
    return {couple.one.id: couple.one for couple in found}
