"""Screens of participation: the couple, their posts on the day, and how they attended."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import flash
from markupsafe import Markup
from sqlalchemy.orm import joinedload, selectinload

from models.attendance import Attendance, Participation
from models.base import db
from models.government import Position, Unit
from models.people import Appointment, Spouse
from models.recording import ONE_SHEET, place_mark, refuse_other_people
from models.timetable import post_not_held
from models.training import AgendaItem
from panel.screens.base import RecordView
from panel.screens.language import tell
from panel.screens.lookup import Inline
from panel.screens.marks import badge, blank
from panel.screens.sheets import Section
from panel.screens.showing import Related
from panel.words import Refused, say

from .choosing import APPOINTMENT_NAMES
from .labels import ATTENDANCE, KNOWN, PARTIES
from .rows import post_line

TONES = {
    "present": ("done", "s-done"),
    "excused": ("wait", ""),
    "sick": ("wait", ""),
    "on_duty": ("wait", ""),
    "absent": ("stop", ""),
    "represented": ("info", ""),
}


def presence(participation: Participation) -> Any:
    """Who of the couple came, in a word: as a couple, alone, or why not."""
    official = {one.status for one in participation.attendance if one.party == "official"}
    spouse = {one.status for one in participation.attendance if one.party == "spouse"}
    if not official and not spouse:
        return blank(say("not recorded"))
    if "present" in official and "present" in spouse:
        return badge("done", "s-done", say("Both present"))
    if "present" in official:
        return badge("done", "s-done", say("Present alone"))
    return _badges(official or spouse)


def _badges(codes: Iterable[str]) -> Markup:
    return Markup(" ").join(badge(*TONES[code], ATTENDANCE[code]) for code in sorted(codes))


class ParticipationView(RecordView):
    """An official and the spouse at one session."""

    model = Participation
    title = say("Participations")
    one = say("Participation")
    icon = "grid"
    empty_sentence = say(
        "Who must come to a session is taken onto its list from the page of the session."
    )
    columns = ("official", "appointment", "spouse", "reply", "presence", "session")
    details = (
        "session",
        "official",
        "appointment",
        "unit",
        "spouse",
        "invited_on",
        "reply",
        "presence",
        "delegate",
        "note",
    )
    fields = (
        Section(
            say("Who takes part"),
            say("The post is kept as it is on the day, also when people rotate later."),
            ["session", "official", "appointment", "spouse"],
        ),
        Section(say("Invitation"), "", ["invited_on", "reply", "delegate", "note"]),
        Section(
            say("Attendance"),
            say("Coming alone is a fact, not an error."),
            ["attendance"],
        ),
    )
    inlines = (
        Inline(
            "attendance",
            Attendance,
            ("agenda_item", "party", "status", "note"),
            one=say("Attendance"),
            choices={
                "party": {key: PARTIES[key] for key in ("official", "spouse")},
                "status": ATTENDANCE,
            },
            labels={"agenda_item": "Session part", "party": "Who", "status": "Attendance"},
            form_args={"agenda_item": {"on": "session", "of": "training_session_id"}},
        ),
    )
    lookups = {"official": ("full_name",)}
    form_args = {key: {"on": "official", "of": "official_id"} for key in ("appointment", "spouse")}
    choice_joins = {
        "appointment": APPOINTMENT_NAMES,
    }
    list_joins = (
        joinedload(Participation.appointment)
        .joinedload(Appointment.position)
        .joinedload(Position.unit)
        .joinedload(Unit.parent),
        joinedload(Participation.unit).joinedload(Unit.parent),
        selectinload(Participation.attendance),
    )
    searchable = ("official.full_name", "spouse.full_name", "appointment.position.name")
    bulk_fields = ("invited_on", "reply")
    bulk_joins = (
        joinedload(Participation.appointment).joinedload(Appointment.official),
        joinedload(Participation.spouse).joinedload(Spouse.official),
        selectinload(Participation.attendance).options(
            joinedload(Attendance.agenda_item).joinedload(AgendaItem.session),
            joinedload(Attendance.sheet),
        ),
    )
    filtered = ("session", "reply", "attendance.status", "unit")
    sort_by = {"official": "official.full_name", "session": "session.held_on"}
    default_order = ("-session.held_on", "official.full_name")
    formats = {
        "presence": presence,
        "appointment": lambda one: post_line(one.appointment.position) if one.appointment else None,
        "unit": lambda one: one.unit.place if one.unit else None,
    }
    choices = {"reply": KNOWN, "attendance.status": ATTENDANCE}
    helps = {"delegate": "Only when another person came in the official's place."}
    labels = {
        "appointment": "Post on the day",
        "unit": "Unit on the day",
        "session": "Session",
        "presence": "Attendance",
        "attendance.status": "Attendance",
        "invited_on": "Invited on",
        "delegate": "Represented by",
    }
    related = (
        Related(
            say("Attendance by session part"),
            "attendance",
            ("agenda_item", "party", "status", "note"),
        ),
    )
    constraint_sentences = {
        "uq_participation_training_session_id_official_id": (
            "official",
            say("This official is on the session's list already."),
        ),
        "uq_attendance_participation_id_agenda_item_id_party": (
            "attendance",
            say("One person is recorded twice for the same session part."),
        ),
        **ONE_SHEET,
    }

    def before_save(self, record: Participation, created: bool) -> None:
        """Post and spouse must be the official's own; attendance belongs to the same session."""
        official, post, spouse = record.official, record.appointment, record.spouse
        if official is None or record.session is None:
            return
        record.region_id = record.session.region_id
        if post is not None and post.official is not official:
            raise Refused("field", say("This is another official's post."), "appointment")
        if spouse is not None and spouse.official is not official:
            raise Refused("field", say("This is another official's spouse."), "spouse")
        refuse_other_people(record)
        record.unit_id = post.unit_id if post is not None else record.unit_id
        for one in record.attendance:
            one.region_id = record.region_id
            if one.agenda_item is not None and one.agenda_item.session is not record.session:
                raise Refused(
                    "field", say("The session part belongs to another session."), "attendance"
                )
            one.training_session_id = record.session.id
            self.place_mark(one)

    @staticmethod
    def place_mark(mark: Attendance) -> None:
        """Put a mark on the sheet of its part; what is signed is told at the marks."""
        try:
            place_mark(db.session(), mark)
        except Refused as refused:
            raise Refused(refused.code, refused.sentence, "attendance") from refused

    def saved(self, record: Participation) -> Any:
        """A post that was not held on the day is told and kept: the source may say so."""
        doubt = post_not_held(record)
        if doubt is not None:
            flash(tell(doubt), "warning")
        return super().saved(record)
