"""Screen of officials: who they are, the posts they hold and their spouses, in one form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from models import couples, roster
from models.base import db
from models.clock import today
from models.doubts import Doubtful, of_official
from models.government import Position, Unit
from models.people import Appointment, Official, Spouse
from models.portrait import appointments_of
from panel.screens.acting import the_actor
from panel.screens.base import RecordView
from panel.screens.lookup import Inline
from panel.screens.querying import seen
from panel.screens.sheets import Section
from panel.words import say

from .appointments import (
    APPOINTMENT_LABELS,
    APPOINTMENT_SENTENCES,
    SPOUSE_LABELS,
    SPOUSE_SENTENCES,
)
from .choosing import NARROWING, POST_ARGS, POST_WIDTHS
from .fields import FullNameField, NipField, PhoneField, TitlesAfterField, TitlesBeforeField
from .labels import APPOINTMENT_STATUS, EMPLOYMENT
from .official_filters import FILTERS
from .officials_list import OfficialList, follow_up_of, latest_session_of, name_line
from .officials_page import OfficialPage, posts_line
from .rows import posts_of, spouses_of


class OfficialView(OfficialList, OfficialPage, RecordView):
    """People of the roster, with posts and spouses inside."""

    model = Official
    title = say("Officials")
    one = say("Official")
    icon = "people"
    empty_sentence = say("Officials are entered one by one, or come in as a list under Imports.")
    columns = ("full_name", "posts", "spouses", "latest_session", "follow_up")
    details = ("nip", "employment_type", "grade", "phone", "aliases", "note")
    more_columns = ("nip", "phone", "employment_type", "grade")
    exported_as = {"full_name": "display_name"}
    exported = ("display_name", "nip", "employment_type", "grade", "phone", "posts", "spouses")
    fields = (
        Section(
            say("Name"),
            say("Titles stand apart, so that people are sorted and found by their name."),
            ["title_prefix", "full_name", "title_suffix", "aliases"],
        ),
        Section(
            say("Employment"),
            say("An elected official has no NIP."),
            ["employment_type", "nip", "grade"],
        ),
        Section(
            say("Contact and household"),
            say("Only what the invitation needs; no children, no wealth, no NIK."),
            ["phone", "without_spouse", "note"],
        ),
        Section(
            say("Posts"),
            say("One person may hold several; an ended post is kept as history."),
            ["appointments"],
        ),
        Section(say("Spouses"), say("None, one or several, past or present."), ["spouses"]),
    )
    form_overrides = {
        "full_name": FullNameField,
        "title_prefix": TitlesBeforeField,
        "title_suffix": TitlesAfterField,
        "nip": NipField,
        "phone": PhoneField,
    }
    form_args = {"nip": {"employment": "employment_type"}}
    form_widget_args = {
        "title_prefix": {"w": 1},
        "full_name": {"w": 3},
        "title_suffix": {"w": 2},
    }
    inlines = (
        Inline(
            "appointments",
            Appointment,
            (
                *("district", "office", "position", "status"),
                *("started_on", "ended_on", "decree_no", "end_decree_no"),
            ),
            one=say("Post"),
            form_extra_fields=NARROWING,
            form_args=POST_ARGS,
            form_widget_args=POST_WIDTHS,
            labels=APPOINTMENT_LABELS,
            choices={"status": APPOINTMENT_STATUS},
        ),
        Inline(
            "spouses",
            Spouse,
            ("full_name", "phone", "married_on", "ended_on"),
            one=say("Spouse"),
            labels=SPOUSE_LABELS,
            form_overrides={"phone": PhoneField},
        ),
    )
    searchable = (
        "full_name",
        "aliases",
        "nip",
        "appointments.position.name",
        "appointments.unit.name",
        "appointments.unit.short_name",
        "appointments.unit.parent.name",
    )
    exact_search = ("nip",)
    bulk_fields = ("grade", "employment_type")
    bulk_joins = (
        selectinload(Official.appointments)
        .joinedload(Appointment.position)
        .joinedload(Position.unit)
        .joinedload(Unit.parent),
        selectinload(Official.spouses),
    )
    filtered = (*FILTERS, "employment_type", "grade")
    default_order = ("full_name",)
    formats = {
        "full_name": name_line,
        "posts": posts_of,
        "spouses": spouses_of,
        "latest_session": latest_session_of,
        "follow_up": follow_up_of,
    }
    choices = {"employment_type": EMPLOYMENT, "appointments.status": APPOINTMENT_STATUS}
    helps = {"aliases": "Other ways in which the name is written, separated by commas."}
    labels = {
        "full_name": "Name",
        "display_name": "Name",
        "title_prefix": "Titles before",
        "title_suffix": "Titles after",
        "aliases": "Other spellings",
        "nip": "NIP",
        "posts": "Post",
        "latest_session": "Latest Bimtek",
        "follow_up": "Follow-up",
        "phone": "Telephone",
        "without_spouse": "Has no spouse",
        "employment_type": "Employment",
        "appointments": "Posts",
        "spouses": "Spouse",
        "appointments.status": "Kind of appointment",
    }
    constraint_sentences = {
        **APPOINTMENT_SENTENCES,
        **SPOUSE_SENTENCES,
        "uq_official_region_id_nip": ("nip", say("Another official of this region has this NIP.")),
        "ck_official_elected_no_nip": (
            "nip",
            say("An elected official has no NIP; leave it empty."),
        ),
    }

    def title_of(self, record: Official) -> str:
        """The name with its titles."""
        return record.display_name

    def belongs(self, record: Official) -> tuple[Any, ...]:
        """The posts of today, as `about_joins` loads them."""
        return (posts_line(record.appointments, today()),)

    def about(self, record: Official) -> tuple[Any, ...]:
        """The posts of today that lie in the reader's scope."""
        day = today()
        return (posts_line(appointments_of(db.session(), the_actor(), record, day), day),)

    def before_save(self, record: Official, created: bool) -> None:
        """Posts and spouses inside are of the same region, and posts name their unit.

        Posts that nobody touched stay as they are, whatever is wrong with them, and so do those
        out of the actor's scope.
        """
        touched = [
            one
            for one in record.appointments
            if not sa.inspect(one).persistent or db.session.is_modified(one)
        ]
        for appointment in seen(touched) if touched else ():
            roster.settle(db.session(), appointment, "appointments")
        for spouse in record.spouses:
            couples.settle(spouse, "spouses")

    def doubts(self, record: Official) -> Iterable[Doubtful]:
        """Age, grade, number and posts that do not go well together."""
        day = today()
        return of_official(record, appointments_of(db.session(), the_actor(), record, day), day)
