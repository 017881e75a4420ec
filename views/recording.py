"""Screens of what is recorded at sessions: attendance mark by mark, and test points."""

from __future__ import annotations

from typing import Any

from flask import redirect, request
from sqlalchemy.orm import joinedload

from models.attendance import Attendance, Participation, Score
from models.government import Unit
from models.recording import ONE_SHEET, settle_attendance, settle_score, signed
from models.training import AgendaItem
from panel.screens.base import RecordView
from panel.screens.marks import badge, blank
from panel.screens.values import address_of
from panel.words import Refused, say

from .attendance import TONES
from .attendance_sheets import taking_attendance
from .labels import ATTENDANCE, PARTIES

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


class AttendanceView(RecordView):
    """Every mark of every list, one to a line."""

    model = Attendance
    title = say("Attendance")
    one = say("Attendance mark")
    path = "attendance"
    icon = "check"
    columns = ("official", "session", "agenda_item", "party", "status", "unit")
    details = (*columns, "participation", "sheet", "note")
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
        "sheet": "Attendance sheet",
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
        **ONE_SHEET,
    }

    def before_save(self, record: Attendance, created: bool) -> None:
        """The part belongs to the session of the participation, and the mark to its sheet."""
        settle_attendance(record)

    def saved(self, record: Attendance) -> Any:
        """Back to the row of the sheet, where the form was opened from there."""
        answer, page = super().saved(record), address_of(record.sheet)
        asked = "_add_another" in request.form or "_continue_editing" in request.form
        if page is None or asked or not request.args.get("url", "").startswith(page):
            return answer
        return redirect(f"{page}#row-{record.participation_id}", 303)

    def closed(self, record: Attendance, verb: str) -> Refused | None:
        """A mark on a signed sheet says how it can be changed all the same."""
        refused = super().closed(record, verb)
        return signed(record.sheet) or refused if refused and refused.code == "locked" else refused


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
