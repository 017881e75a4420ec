"""Recording one person at one session part: a new mark, another one, or none any more.

Who records names what he saw, as one number. What somebody else wrote meanwhile is not
overwritten; what is sent twice is done once. The caller commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal
from zlib import crc32

import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.words import Refused, say

from .attendance import ATTENDANCE, Attendance, Participation
from .recording import place_mark, refuse_signed
from .training import AgendaItem

#: Longest remark: a name, or a reason in a line.
LONGEST = 300
Done = Literal["create", "edit", "delete", ""]


@dataclass(frozen=True)
class Said:
    """What is to stand in a cell, over what was seen there."""

    #: One of `ATTENDANCE`; none to take the mark away.
    status: str | None
    #: Why, or by whom the person is represented.
    note: str | None = None
    #: What was seen, as `seen_of` tells it; 0 where nothing was recorded.
    seen: int = 0

    def __post_init__(self) -> None:
        if self.status is not None and self.status not in ATTENDANCE:
            raise Refused("field", say("Choose one of the kinds of attendance."), "status")
        if self.note is not None and len(self.note) > LONGEST:
            sentence = say("The remark is too long. At most %(most)s signs.", most=LONGEST)
            raise Refused("field", sentence, "note")


def seen_of(mark: Attendance | None) -> int:
    """What stands in a cell, as one number: the versions of each mark begin at 1 again."""
    if mark is None:
        return 0
    return mark.version * 10**6 + crc32(f"{mark.status} {mark.note or ''}".encode()) % 10**6


def marks_of(
    session: Session, part: AgendaItem, participations: Iterable[int] | None = None
) -> dict[tuple[int, str], Attendance]:
    """The marks of a part, of these participations or of all, by participation and party."""
    rows = sa.select(Attendance).where(Attendance.agenda_item_id == part.id)
    if participations is not None:
        rows = rows.where(Attendance.participation_id.in_(list(participations)))
    rows = rows.execution_options(populate_existing=True)
    return {(one.participation_id, one.party): one for one in session.scalars(rows)}


def record(
    session: Session,
    part: AgendaItem,
    one: Participation,
    party: str,
    said: Said,
    marks: Mapping[tuple[int, str], Attendance],
) -> tuple[Done, Attendance | None]:
    """Put `said` into a cell: what that did, "" where it stood there already, and the mark.

    `marks` are those that stand there now. Raises `Refused`: "stale" where somebody else wrote
    since, "locked" on a signed sheet, "field" for a spouse whom nobody named.
    """
    if party == "spouse" and one.spouse_id is None:
        sentence = say("No spouse is named in this participation. Add the spouse there first.")
        raise Refused("field", sentence, "party")
    mark = marks.get((one.id, party))
    note = said.note if said.status is not None else None
    if (said.status, note) == ((mark.status, mark.note) if mark else (None, None)):
        return "", mark
    if said.seen != seen_of(mark):
        raise Refused("stale", say("Somebody else recorded this in the meantime."))
    if mark is None:
        assert said.status is not None
        mark = Attendance(
            region_id=one.region_id,
            training_session_id=one.training_session_id,
            participation=one,
            agenda_item=part,
            party=party,
            status=said.status,
            note=note,
        )
        with session.no_autoflush:
            place_mark(session, mark)
        session.add(mark)
        return "create", mark
    refuse_signed(mark.sheet)
    if said.status is None:
        session.delete(mark)
        return "delete", None
    mark.status, mark.note = said.status, note
    return "edit", mark


def rest_present(
    session: Session,
    part: AgendaItem,
    people: Iterable[Participation],
    parties: Iterable[str],
) -> list[Attendance]:
    """Mark these people as present of whom nothing is recorded; the marks that were made."""
    people, parties = list(people), tuple(parties)
    marks = marks_of(session, part)
    made = []
    for one in people:
        for party in parties:
            if (one.id, party) not in marks and (party == "official" or one.spouse_id is not None):
                mark = record(session, part, one, party, Said("present"), marks)[1]
                assert mark is not None
                made.append(mark)
    return made
