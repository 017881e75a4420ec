"""Rules of what is recorded at a session: by whom, at which part, and on which sheet."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session, object_session

from panel.changelog.records import current
from panel.words import Refused, say
from panel.workflow.opening import is_open, roles_of

from .attendance import Attendance, AttendanceSheet, Participation, Score
from .records import workflow
from .training import AgendaItem

#: The constraint by which a part has one sheet, and what who made the second one is told.
ONE_SHEET = {
    "uq_attendance_sheet_agenda_item_id": (
        "agenda_item",
        say("Somebody has just begun the sheet of this session part. Save once more."),
    )
}

#: What is said of a sheet that is signed, by what was to be changed.
SIGNED = {
    "attendance": say(
        "The attendance sheet “%(sheet)s” is signed. Ask for a correction on its page first; "
        "then change the row."
    ),
    "sheet_scan": say(
        "The attendance sheet “%(sheet)s” is signed. Ask for a correction on its page first; "
        "then attach the scan or take it away."
    ),
}


def sheet_of(session: Session, part: AgendaItem) -> AttendanceSheet:
    """The sheet of a session part; a new one in this transaction where there is none.

    Two who begin it at once meet the unique constraint, `ONE_SHEET`.
    """
    for one in session.new:
        if isinstance(one, AttendanceSheet) and one.agenda_item is part:
            return one
    with session.no_autoflush:
        found = session.scalar(
            sa.select(AttendanceSheet).where(AttendanceSheet.agenda_item_id == part.id)
        )
    if found is None:
        found = AttendanceSheet(region_id=part.region_id, agenda_item=part)
        session.add(found)
    return found


def place_mark(session: Session, mark: Attendance) -> None:
    """Put a mark on the sheet of its part; refuse it where that sheet or its own is closed."""
    part = mark.agenda_item
    if part is None:
        return
    if mark.sheet is None or mark.sheet.agenda_item_id != part.id:
        before, mark.sheet = mark.sheet, sheet_of(session, part)
        if before is not None:
            refuse_signed(before)
    elif not session.is_modified(mark):
        return
    refuse_signed(mark.sheet)


def refuse_signed(sheet: AttendanceSheet, table: str = "attendance") -> None:
    """Raise `Refused` where the state of a sheet leaves its marks (or scans) closed to who acts."""
    refused = signed(sheet, table)
    if refused is not None:
        raise refused


def signed(sheet: AttendanceSheet, table: str = "attendance") -> Refused | None:
    """Why the marks (or scans) of a sheet are closed now, with what to do; None while open."""
    session = object_session(sheet)
    if session is None or not sheet.status:
        return None
    process = workflow.process_of(session, sheet)
    deed = current()
    roles = roles_of(deed.actor) if deed is not None else frozenset()
    if is_open(process, sheet.status, roles, [table]):
        return None
    sentence = say(SIGNED[table].id, sheet=str(sheet.agenda_item))
    return Refused("locked", sentence, "agenda_item" if table == "attendance" else "sheet")


def refuse_other_people(participation: Participation) -> None:
    """Refuse another official or spouse where a mark of theirs stands on a sheet once signed.

    Who was there is what was signed, so no correction makes somebody else of him either.
    """
    official = _moved(participation, "official")
    spouse = official or _moved(participation, "spouse")
    session = object_session(participation)
    if session is None or not spouse:
        return
    for mark in participation.attendance:
        if mark.id is None or not (official or mark.party == "spouse"):
            continue
        sheet = mark.sheet
        held = sa.select(AttendanceSheet.status).where(AttendanceSheet.id == sheet.id)
        status = session.scalar(held.with_for_update())
        if workflow.process_of(session, sheet).states[status].category != "draft":
            sentence = say(
                "The attendance sheet “%(sheet)s” was signed with this person on it. Who else "
                "came has a participation of his own.",
                sheet=str(sheet.agenda_item),
            )
            raise Refused("locked", sentence, "official" if official else "spouse")


def _moved(participation: Participation, name: str) -> bool:
    """Whether a stored participation is about to name somebody else."""
    one, key = getattr(participation, name), getattr(participation, f"{name}_id")
    return participation.id is not None and (one.id if one is not None else None) != key


def settle_attendance(record: Attendance) -> None:
    """Take the session from the participation; refuse a part of another, and no one's spouse."""
    participation, session = record.participation, object_session(record)
    if participation is None or session is None:
        return
    record.region_id = participation.region_id
    record.training_session_id = participation.training_session_id
    part = record.agenda_item
    if part is not None and part.training_session_id != record.training_session_id:
        sentence = say("The session part belongs to another session.")
        raise Refused("field", sentence, "agenda_item")
    _has_party(record)
    place_mark(session, record)


def settle_score(record: Score) -> None:
    """Take the region from the participation; refuse points of nobody's spouse."""
    if record.participation is not None:
        record.region_id = record.participation.region_id
        _has_party(record)


def settle_sheet(sheet: AttendanceSheet) -> None:
    """A list belongs to a session part at which attendance is taken, and stays with its marks."""
    part = sheet.agenda_item
    if part is None:
        return
    sheet.region_id = part.region_id
    if not part.takes_attendance:
        raise Refused("field", say("No attendance is taken at this part."), "agenda_item")
    if sheet.id is not None and sheet.recorded and sheet.agenda_item_id != part.id:
        sentence = say("Marks stand on this sheet already; it stays with its part.")
        raise Refused("field", sentence, "agenda_item")


def _has_party(record: Attendance | Score) -> None:
    if record.party == "spouse" and record.participation.spouse_id is None:
        sentence = say("No spouse is named in this participation. Add the spouse there first.")
        raise Refused("field", sentence, "party")
