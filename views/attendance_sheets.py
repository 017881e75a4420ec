"""The screen of attendance sheets: who is recorded how, the signature, and numbered corrections."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import joinedload

from models.attendance import AttendanceSheet
from models.recording import settle_sheet
from models.training import AgendaItem
from panel.screens.deciding import Rows
from panel.screens.locks import open_fields
from panel.screens.workflow import WorkflowView
from panel.words import Refused, say

from .sheet_page import SheetPage
from .sheet_rows import told_changes

#: What the page of a signed sheet says of changing it.
SIGNED = say(
    "This sheet is signed. A row that is wrong is changed by a correction: ask for it here, with "
    "its reason."
)
#: What it says while a correction is open.
CORRECTING = say(
    "A correction is open: change the rows below by “Edit”. The session part stays as it is."
)


def taking_attendance() -> Any:
    """The session parts that can be chosen."""
    return AgendaItem.takes_attendance


def counted(sheet: AttendanceSheet) -> Any:
    """How many of those on the list are recorded."""
    return say("%(recorded)s of %(expected)s", recorded=sheet.recorded, expected=sheet.expected)


class AttendanceSheetView(SheetPage, WorkflowView):
    """The lists of the session parts: how far each is filled in, and whether it is signed."""

    model = AttendanceSheet
    title = say("Attendance sheets")
    one = say("Attendance sheet")
    icon = "sheet"
    empty_sentence = say("Each session part where attendance is taken has its sheet here.")
    columns = ("sheet", "held_on", "counted", "status")
    details = ("agenda_item", "session", "held_on", "counted")
    exported = ("agenda_item.title", "session", "held_on", "recorded", "expected", "status")
    fields = ("agenda_item",)
    helps = {"agenda_item": "Parts of sessions at which attendance is taken."}
    form_args = {"agenda_item": {"joins": (AgendaItem.session,), "where": taking_attendance}}
    lookups = {"agenda_item": ("title", "session.name")}
    list_joins = (joinedload(AttendanceSheet.agenda_item).joinedload(AgendaItem.session),)
    searchable = ("agenda_item.title", "agenda_item.session.name")
    filtered = ("agenda_item.session", "status")
    sort_by = {
        "sheet": "agenda_item.session.name",
        "held_on": "agenda_item.session.held_on",
    }
    default_order = ("-agenda_item.session.held_on", "agenda_item.number")
    formats = {
        "sheet": str,
        "session": lambda sheet: sheet.agenda_item.session,
        "held_on": lambda sheet: sheet.agenda_item.session.held_on,
        "counted": counted,
    }
    labels = {
        "sheet": "Attendance sheet",
        "agenda_item": "Session part",
        "agenda_item.title": "Session part",
        "agenda_item.session": "Session",
        "agenda_item.session.name": "Session",
        "held_on": "Date",
        "counted": "Recorded",
        "recorded": "Recorded",
        "expected": "Expected",
    }
    constraint_sentences = {
        "uq_attendance_sheet_agenda_item_id": (
            "agenda_item",
            say("This session part has its attendance sheet already."),
        ),
    }

    def about(self, record: AttendanceSheet) -> tuple[Any, ...]:
        """The day, as far as it is known; the session is in the name."""
        held = record.agenda_item.session
        return (held.held_on,) if held.held_on else (say("date not known"),)

    def waits_where(self) -> tuple[Any, ...]:
        """An open sheet waits once the day has come and everybody is recorded."""
        return (AttendanceSheet.decided_or_complete(),)

    def differing(self, before: str, after: str) -> Rows:
        """The rows that differ, each with the person."""
        return told_changes(before, after)

    def before_save(self, record: AttendanceSheet, created: bool) -> None:
        """A new sheet is open; it belongs to a part that takes attendance."""
        settle_sheet(record)

    def closed(self, record: AttendanceSheet, verb: str) -> Refused | None:
        """A sheet keeps its part from the signature on, also while its marks are corrected."""
        refused = super().closed(record, verb)
        if verb == "edit" and refused is not None and refused.code == "locked":
            return Refused("locked", SIGNED)
        if refused is None and verb == "edit" and open_fields(record) is not None:
            return Refused("locked", CORRECTING)
        return refused
