"""Rules of what is recorded at a session: by whom, at which part, and on which list."""

from __future__ import annotations

from panel.words import Refused, say

from .attendance import Attendance, AttendanceSheet, Score


def settle_attendance(record: Attendance) -> None:
    """Take the session from the participation; refuse a part of another, and no one's spouse."""
    participation = record.participation
    if participation is None:
        return
    record.region_id = participation.region_id
    record.training_session_id = participation.training_session_id
    part = record.agenda_item
    if part is not None and part.training_session_id != record.training_session_id:
        sentence = say("The session part belongs to another session.")
        raise Refused("field", sentence, "agenda_item")
    _has_party(record)


def settle_score(record: Score) -> None:
    """Take the region from the participation; refuse points of nobody's spouse."""
    if record.participation is not None:
        record.region_id = record.participation.region_id
        _has_party(record)


def settle_sheet(sheet: AttendanceSheet) -> None:
    """A list belongs to a session part at which attendance is taken."""
    part = sheet.agenda_item
    if part is None:
        return
    sheet.region_id = part.region_id
    if not part.takes_attendance:
        raise Refused("field", say("No attendance is taken at this part."), "agenda_item")


def _has_party(record: Attendance | Score) -> None:
    if record.party == "spouse" and record.participation.spouse_id is None:
        sentence = say("No spouse is named in this participation. Add the spouse there first.")
        raise Refused("field", sentence, "party")
