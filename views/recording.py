"""Screens of what is recorded at sessions: attendance, the lists it stands on, and test points."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import joinedload

from models.attendance import Attendance, AttendanceSheet, Participation, Score
from models.government import Unit
from models.recording import settle_attendance, settle_score, settle_sheet
from models.training import AgendaItem
from panel.screens.base import RecordView
from panel.screens.marks import badge, blank
from panel.words import Refused, say

from .attendance import TONES
from .labels import ATTENDANCE, PARTIES, SHEET_STATUS

PARTY = {key: PARTIES[key] for key in ("official", "spouse")}
PARTICIPATION = {"participation": (Participation.official, Participation.session)}


def people_of(relation: Any) -> tuple[Any, ...]:
    """What the names of a participation need: official, session, and the unit on the day."""
    return (
        joinedload(relation).joinedload(Participation.official),
        joinedload(relation).joinedload(Participation.session),
        joinedload(relation).joinedload(Participation.unit).joinedload(Unit.parent),
    )


def unit_of(record: Attendance | Score) -> Any:
    """The unit of the post on the day."""
    unit = record.participation.unit
    return unit.place if unit else None


def taking_attendance() -> Any:
    """The session parts that can be chosen."""
    return AgendaItem.takes_attendance


class AttendanceView(RecordView):
    """Every mark of every list, one to a line."""

    model = Attendance
    title = say("Attendance")
    one = say("Attendance mark")
    path = "attendance"
    icon = "check"
    columns = ("official", "session", "agenda_item", "party", "status", "unit")
    details = (*columns, "participation", "note")
    exported = ("official", "unit", "session", "agenda_item.title", "party", "status", "note")
    fields = ("participation", "agenda_item", "party", "status", "note")
    form_args = {"agenda_item": {"joins": (AgendaItem.session,), "where": taking_attendance}}
    lookups = {
        "participation": ("official.full_name", "session.name"),
        "agenda_item": ("title", "session.name"),
    }
    choice_joins = PARTICIPATION
    list_joins = (*people_of(Attendance.participation), joinedload(Attendance.agenda_item))
    searchable = ("participation.official.full_name", "agenda_item.title")
    filtered = (
        "participation.session",
        "agenda_item",
        "party",
        "status",
        "participation.unit",
    )
    sort_by = {
        "official": "participation.official.full_name",
        "session": "participation.session.name",
        "agenda_item": "agenda_item.number",
        "unit": "participation.unit.name",
    }
    default_order = ("-id",)
    choices = {"party": PARTY, "status": ATTENDANCE}
    formats = {
        "official": lambda one: one.participation.official,
        "session": lambda one: one.participation.session,
        "unit": unit_of,
        "status": lambda one: badge(*TONES[one.status], ATTENDANCE[one.status]),
    }
    labels = {
        "participation.session": "Session",
        "participation.unit": "Unit on the day",
        "participation.official.full_name": "Official",
        "agenda_item": "Session part",
        "agenda_item.title": "Session part",
        "party": "Who",
        "status": "Attendance",
        "unit": "Unit on the day",
    }
    constraint_sentences = {
        "uq_attendance_participation_id_agenda_item_id_party": (
            "agenda_item",
            say("One person is recorded twice for the same session part."),
        ),
    }

    def before_save(self, record: Attendance, created: bool) -> None:
        """The part belongs to the session of the participation."""
        settle_attendance(record)


def counted(sheet: AttendanceSheet) -> Any:
    """How many of those on the list are recorded."""
    return say("%(recorded)s of %(expected)s", recorded=sheet.recorded, expected=sheet.expected)


class AttendanceSheetView(RecordView):
    """The lists of the session parts, with how far each is filled in."""

    model = AttendanceSheet
    title = say("Attendance sheets")
    one = say("Attendance list")
    icon = "sheet"
    columns = ("agenda_item", "session", "held_on", "counted", "status")
    details = (*columns, "signed_on")
    exported = ("agenda_item.title", "session", "held_on", "recorded", "expected", "status")
    fields = ("agenda_item",)
    helps = {"agenda_item": "Parts of sessions at which attendance is taken."}
    form_args = {"agenda_item": {"joins": (AgendaItem.session,), "where": taking_attendance}}
    lookups = {"agenda_item": ("title", "session.name")}
    list_joins = (joinedload(AttendanceSheet.agenda_item).joinedload(AgendaItem.session),)
    searchable = ("agenda_item.title", "agenda_item.session.name")
    filtered = ("agenda_item.session", "status")
    sort_by = {
        "agenda_item": "agenda_item.title",
        "session": "agenda_item.session.name",
        "held_on": "agenda_item.session.held_on",
    }
    default_order = ("-agenda_item.session.held_on", "agenda_item.number")
    choices = {"status": SHEET_STATUS}
    formats = {
        "session": lambda sheet: sheet.agenda_item.session,
        "held_on": lambda sheet: sheet.agenda_item.session.held_on,
        "counted": counted,
    }
    labels = {
        "agenda_item": "Session part",
        "agenda_item.title": "Session part",
        "agenda_item.session": "Session",
        "agenda_item.session.name": "Session",
        "held_on": "Date",
        "counted": "Recorded",
        "recorded": "Recorded",
        "expected": "Expected",
        "signed_on": "Signed on",
    }
    constraint_sentences = {
        "uq_attendance_sheet_agenda_item_id": (
            "agenda_item",
            say("This session part has its attendance sheet already."),
        ),
    }

    def before_save(self, record: AttendanceSheet, created: bool) -> None:
        """A new sheet is open; it belongs to a part that takes attendance."""
        settle_sheet(record)

    def closed(self, record: AttendanceSheet, verb: str) -> Refused | None:
        """A signed sheet stays as it is."""
        if record.status != "open":
            return Refused("locked", say("This sheet is signed and stays as it is."))
        return super().closed(record, verb)


def points(value: int | None) -> Any:
    """A result, or in words that there is none."""
    return blank(say("not tested yet")) if value is None else value


class ScoreView(RecordView):
    """Results of the tests before and after a session."""

    model = Score
    title = say("Test results")
    one = say("Test result")
    icon = "star"
    columns = ("official", "session", "party", "before", "after", "unit")
    details = (*columns, "participation")
    exported = ("official", "unit", "session", "party", "before_points", "after_points")
    fields = ("participation", "party", "before", "after")
    helps = {
        "before": "0 to 100. Left empty: not tested.",
        "after": "0 to 100. Left empty: not tested.",
    }
    form_args = {"before": {"most": 100}, "after": {"most": 100}}
    lookups = {"participation": ("official.full_name", "session.name")}
    choice_joins = PARTICIPATION
    list_joins = people_of(Score.participation)
    searchable = ("participation.official.full_name",)
    filtered = ("participation.session", "party", "participation.unit")
    sort_by = {
        "official": "participation.official.full_name",
        "session": "participation.session.name",
        "unit": "participation.unit.name",
    }
    default_order = ("-id",)
    choices = {"party": PARTY}
    formats = {
        "official": lambda one: one.participation.official,
        "session": lambda one: one.participation.session,
        "unit": unit_of,
        "before": lambda one: points(one.before),
        "after": lambda one: points(one.after),
        "before_points": lambda one: one.before,
        "after_points": lambda one: one.after,
    }
    labels = {
        "participation.session": "Session",
        "participation.unit": "Unit on the day",
        "participation.official.full_name": "Official",
        "party": "Who",
        "unit": "Unit on the day",
        "before": "Before",
        "after": "After",
        "before_points": "Before",
        "after_points": "After",
    }
    constraint_sentences = {
        "uq_score_participation_id_party": (
            "party",
            say("The results of this person are recorded already."),
        ),
        "ck_score_before_range": ("before", say("Type a number from 0 to 100.")),
        "ck_score_after_range": ("after", say("Type a number from 0 to 100.")),
    }

    def before_save(self, record: Score, created: bool) -> None:
        """Points belong to somebody who takes part."""
        settle_score(record)
