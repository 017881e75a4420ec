"""Screens of appointments and spouses: who holds which post, and who is married to whom, when."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import joinedload, selectinload

from models import couples, roster
from models.base import db
from models.clock import today
from models.doubts import Doubtful, of_appointment, of_spouse
from models.government import Position, Unit
from models.people import Appointment, Official, Spouse
from panel.screens.base import RecordView
from panel.screens.marks import blank
from panel.screens.sheets import Section
from panel.words import say

from .choosing import NARROWING, POST_ARGS, POST_WIDTHS
from .data_subjects import offered
from .fields import PhoneField
from .labels import APPOINTMENT_STATUS
from .rows import post_line
from .telephones import Telephoned

APPOINTMENT_LABELS = {
    "status": "Kind of appointment",
    "started_on": "Since",
    "ended_on": "Until",
    "decree_no": "Decree",
    "end_decree_no": "Decree that ended it",
    "official": "Official",
    "position": "Post",
    "unit": "Unit",
}
SPOUSE_LABELS = {
    "full_name": "Name of the spouse",
    "person": "Is the official",
    "married_on": "Married since",
    "ended_on": "Until",
    "phone": "Telephone",
    "official": "Official",
}
PERIOD = ("ended_on", say("The end cannot lie before the beginning."))
APPOINTMENT_SENTENCES = {
    "ck_appointment_period": PERIOD,
    "uq_appointment_official_id_position_id_status_started_on": (
        "started_on",
        say("This appointment is recorded already."),
    ),
}
SPOUSE_SENTENCES = {
    "ck_spouse_period": PERIOD,
    "ck_spouse_not_oneself": ("person", say("Nobody is his own spouse.")),
    "uq_spouse_official_id_full_name": (
        "full_name",
        say("This couple is recorded already."),
    ),
    "uq_spouse_official_id_person_id": ("person", say("This couple is recorded already.")),
}


def until(record: Appointment | Spouse) -> object:
    """The last day of a post or a marriage; "now" while it lasts."""
    return record.ended_on or blank(say("now"))


class AppointmentView(RecordView):
    """Who holds which post from when to when."""

    model = Appointment
    title = say("Appointments")
    one = say("Appointment")
    icon = "clock"
    empty_sentence = say(
        "Who holds which post since when stands here, entered by hand, by a rotation or from a "
        "list."
    )
    details_template = "rotation_from.html"
    columns = ("official", "position", "status", "started_on", "ended_on", "decree_no")
    details = (*columns, "end_decree_no")
    fields = (
        Section(
            say("Who and which post"),
            say("District and unit narrow the posts; who knows its name types it at once."),
            ["official", "district", "office", "position"],
        ),
        Section(
            say("How and since when"),
            say("An ended post is kept as history; what is not known stays empty."),
            ["status", "started_on", "ended_on", "decree_no", "end_decree_no"],
        ),
    )
    form_extra_fields = NARROWING
    form_args = POST_ARGS
    form_widget_args = {**POST_WIDTHS, "official": {"w": 6}}
    lookups = {"official": ("full_name",), "position": ("name",)}
    searchable = ("official.full_name", "position.name", "decree_no")
    filtered = ("status", "started_on", "ended_on", "position.tier")
    sort_by = {"official": "official.full_name", "position": "position.name"}
    default_order = ("-started_on",)
    choices = {"status": APPOINTMENT_STATUS}
    formats = {
        "position": lambda appointment: post_line(appointment.position),
        "ended_on": until,
    }
    list_joins = (
        joinedload(Appointment.position).joinedload(Position.unit).joinedload(Unit.parent),
    )
    target_joins = {
        "position": (
            selectinload(Position.appointments).joinedload(Appointment.official),
            joinedload(Position.unit),
        ),
    }
    labels = APPOINTMENT_LABELS
    constraint_sentences = APPOINTMENT_SENTENCES

    def before_save(self, record: Appointment, created: bool) -> None:
        """The unit is that of the post, whose time and holders are kept to."""
        roster.settle(db.session(), record)

    def doubts(self, record: Appointment) -> Iterable[Doubtful]:
        """A missing decree, an acting holder of long ago."""
        return of_appointment(record, today())


class SpouseView(Telephoned):
    """Spouses of officials, past and present."""

    model = Spouse
    title = say("Spouses")
    one = say("Spouse")
    icon = "pair"
    columns = ("full_name", "official", "person", "ended_on")
    details = ("full_name", "official", "person", "phone", "married_on", "ended_on")
    fields = ("official", "full_name", "person", "phone", "married_on", "ended_on")
    form_overrides = {"phone": PhoneField}
    lookups = {"official": ("full_name",), "person": ("full_name",)}
    searchable = ("full_name", "official.full_name")
    sort_by = {"official": "official.full_name", "person": "person.full_name"}
    formats = {"ended_on": until}
    default_order = ("full_name",)
    target_joins = {"official": (selectinload(Official.spouses),)}
    labels = SPOUSE_LABELS
    constraint_sentences = SPOUSE_SENTENCES
    details_template = "spouse.html"

    def details_page(self, record: Spouse, **more: Any) -> Any:
        """The record with what the person may ask of his data."""
        return super().details_page(record, **{"data_pages": offered(Spouse), **more})

    def before_save(self, record: Spouse, created: bool) -> None:
        """A spouse is of the region of the official, and recorded once."""
        couples.settle(record)

    def doubts(self, record: Spouse) -> Iterable[Doubtful]:
        """A spouse under the official's own name."""
        return of_spouse(record)
