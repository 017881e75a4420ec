"""Screens of programmes and sessions, with tiers, agenda and organisers inside."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import selectinload

from models import timetable
from models.base import db
from models.doubts import Doubtful, of_session
from models.government import Unit
from models.organisations import settle, why_kept
from models.programme import Organisation, Programme, Venue
from models.session_guards import has_begun
from models.training import AgendaItem, SessionOrganisation, SessionTier, TrainingSession
from panel.screens.acting import the_actor
from panel.screens.base import RecordView
from panel.screens.fields import PartialDateField
from panel.screens.lookup import Inline
from panel.screens.marks import badge
from panel.screens.sheets import Section
from panel.screens.workflow import WorkflowView
from panel.words import Refused, say

from .agenda import NUMBERED
from .labels import CATEGORIES, KNOWN, ORGANISATION_KINDS, STRATEGIES, VENUE_KINDS
from .rounds import ProgrammePage, audience_of, date_of
from .rows import by_language
from .session_page import SessionPage

#: Fields of a session by the column with which the process opens them.
GOES_WITH = {"held": "held_on", "values": "theme", "risks": "theme"}


class ProgrammeView(ProgrammePage, RecordView):
    """Lines of sessions that go down the tiers."""

    model = Programme
    title = say("Programmes")
    one = say("Programme")
    icon = "folder"
    columns = ("name", "category", "strategy", "focus_tier", "owner_unit")
    details = (*columns, "started_on", "ended_on", "long_term_goal", "outcomes", "description")
    exported = (*columns, "started_on", "ended_on")
    fields = (
        Section(say("Programme"), "", ["name", "category", "strategy", "owner_unit", "focus_tier"]),
        Section(
            say("Time"),
            say("Sessions lie inside of it. Left empty, a beginning or an end is not known."),
            ["started_on", "ended_on"],
        ),
        Section(say("What it wants"), "", ["long_term_goal", "outcomes", "description"]),
    )
    long_fields = ("long_term_goal", "outcomes", "description")
    searchable = ("name", "description")
    filtered = ("category", "strategy", "focus_tier", "owner_unit")
    sort_by = {"focus_tier": "focus_tier.rank", "owner_unit": "owner_unit.name"}
    default_order = ("name",)
    choices = {"category": CATEGORIES, "strategy": STRATEGIES}
    choice_joins = {"owner_unit": (Unit.parent,)}
    formats = {"focus_tier": lambda programme: by_language(programme.focus_tier)}
    list_joins = (Programme.focus_tier,)
    labels = {
        "owner_unit": "Run by",
        "focus_tier": "Tier in focus",
        "started_on": "Since",
        "ended_on": "Until",
    }
    constraint_sentences = {
        "uq_programme_region_id_name": ("name", say("There is a programme of this name.")),
        "ck_programme_period": ("ended_on", say("The end cannot lie before the beginning.")),
    }

    def before_save(self, record: Programme, created: bool) -> None:
        """No session is left outside of the programme's time."""
        timetable.settle_programme(db.session(), record)


class OrganisationView(RecordView):
    """Bodies that organise or support sessions; national ones are the same for all regions."""

    model = Organisation
    title = say("Organisations")
    one = say("Organisation")
    icon = "flag"
    columns = ("name", "short_name", "kind", "origin")
    fields = ("name", "short_name", "kind")
    searchable = ("name", "short_name")
    filtered = ("kind", "region")
    default_order = ("name",)
    list_joins = (Organisation.region,)
    choices = {"kind": ORGANISATION_KINDS}
    formats = {"origin": lambda one: one.region or badge("line", "", say("All regions"))}
    labels = {"short_name": "Abbreviation", "origin": "Region", "region": "Region"}
    helps = {"kind": "A national body, such as KPK, is one record for all regions."}
    constraint_sentences = {
        "uq_organisation_name": ("name", say("There is an organisation of this name.")),
    }

    def closed(self, record: Organisation, verb: str) -> Refused | None:
        """A body that other regions use as well is not changed from here."""
        sentence = why_kept(db.session(), the_actor(), record)
        return super().closed(record, verb) or (Refused("locked", sentence) if sentence else None)

    def before_save(self, record: Organisation, created: bool) -> None:
        """A national body belongs to no region, any other to the clerk's."""
        settle(db.session(), the_actor(), record)


class VenueView(RecordView):
    """Places where sessions are held."""

    model = Venue
    title = say("Venues")
    one = say("Venue")
    icon = "pin"
    columns = ("name", "kind", "address")
    fields = ("name", "kind", "address")
    searchable = ("name", "address")
    filtered = ("kind",)
    default_order = ("name",)
    choices = {"kind": VENUE_KINDS}
    constraint_sentences = {
        "uq_venue_region_id_name": ("name", say("There is a venue of this name.")),
    }


class TrainingSessionView(WorkflowView, SessionPage):
    """One day with one audience; every change of status is a step of its process."""

    model = TrainingSession
    descendants = ("participations.attendance",)
    title = say("Training sessions")
    one = say("Training session")
    icon = "calendar"
    empty_sentence = say(
        "A session says for which tiers it is; who must come is derived from their posts."
    )
    details_template = "session.html"
    stands_for = {"held": ("held_on", "date_precision")}
    columns = ("name", "held", "status", "tiers", "includes_spouses", "venue")
    details = (
        "programme",
        "held",
        "date_source",
        "starts_at",
        "ends_at",
        "venue",
        "tiers",
        "includes_spouses",
        "organisers",
        "stated_headcount",
        "theme",
        "objectives",
        "background",
        "values",
        "risks",
        "previous",
        "note",
    )
    fields = (
        Section(
            say("Session"),
            say("Unknown stays unknown: a year, a month or nothing may stand for the date."),
            ["programme", "name", "held", "date_source", "starts_at", "ends_at", "venue"],
        ),
        Section(
            say("Audience"),
            say("The expected list follows from the posts of these tiers."),
            ["tiers", "tiers_complete", "includes_spouses", "stated_headcount"],
        ),
        Section(say("Organisers and partners"), "", ["organisers"]),
        Section(
            say("Agenda"),
            say("Tick where attendance is taken: only such parts get an attendance list."),
            ["agenda"],
        ),
        Section(
            say("Content"),
            "",
            ["theme", "objectives", "background", "values", "risks", "previous", "note"],
        ),
    )
    long_fields = ("objectives", "background", "note")
    form_extra_fields = {"held": PartialDateField(say("Date"))}
    inlines = (
        Inline("tiers", SessionTier, ("tier",), one=say("Tier")),
        Inline(
            "organisers",
            SessionOrganisation,
            ("organisation", "role"),
            one=say("Organisation"),
            choices={"role": {"organiser": say("Organiser"), "partner": say("Partner")}},
        ),
        Inline(
            "agenda",
            AgendaItem,
            ("number", "title", "starts_at", "ends_at", "takes_attendance"),
            one=say("Agenda item"),
            form_widget_args=NUMBERED,
        ),
    )
    list_joins = (selectinload(TrainingSession.tiers).joinedload(SessionTier.tier),)
    searchable = ("name", "theme", "venue.name", "programme.name", "news.title")
    filtered = ("status", "programme", "held_on", "includes_spouses", "tiers.tier")
    sort_by = {"held": "held_on", "venue": "venue.name"}
    default_order = ("-held_on", "name")
    choices = {"includes_spouses": KNOWN}
    formats = {
        "held": date_of,
        "tiers": audience_of,
        "organisers": lambda session: [
            say("%(name)s (partner)", name=str(one.organisation))
            if one.role == "partner"
            else str(one.organisation)
            for one in session.organisers
        ],
    }
    labels = {
        "held": "Date",
        "held_on": "Date",
        "date_source": "Source of the date",
        "starts_at": "Begins",
        "ends_at": "Ends",
        "tiers": "Meant for",
        "tiers.tier": "Tier",
        "tiers_complete": "These are all tiers",
        "includes_spouses": "With spouses",
        "organisers": "Organised by",
        "stated_headcount": "Participants as stated",
        "agenda": "Agenda",
        "values": "Integrity values",
        "risks": "Risks named",
        "previous": "Session before",
        "status": "Status",
    }
    constraint_sentences = {
        "uq_session_tier_training_session_id_tier_id": ("tiers", say("One tier is named twice.")),
        "uq_session_organisation_role": (
            "organisers",
            say("One organisation is named twice for the same role."),
        ),
        "uq_training_session_region_id_name": ("name", say("There is a session of this name.")),
        "ck_agenda_item_times": ("agenda", say("The end cannot lie before the beginning.")),
        "ck_training_session_times": ("ends_at", say("The end cannot lie before the beginning.")),
        "ck_training_session_not_its_own_predecessor": (
            "previous",
            say("A session cannot come before itself."),
        ),
    }

    def left_open(self, field: Any, name: str, fields: frozenset[str] | None) -> bool:
        """The date is a column under another name; values and risks go with what was told."""
        return super().left_open(field, GOES_WITH.get(name, name), fields)

    def doubts(self, record: TrainingSession) -> Iterable[Doubtful]:
        """A day after the end of the programme."""
        return of_session(record)

    def before_save(self, record: TrainingSession, created: bool) -> None:
        """Times follow each other, the programme is of the same region, what was held is past."""
        if record.programme is not None:
            record.region_id = record.programme.region_id
        timetable.number(record.agenda)
        for item in record.agenda:
            item.region_id = record.region_id
        numbers = [item.number for item in record.agenda]
        if len(numbers) != len(set(numbers)):
            raise Refused("field", say("Two agenda items have the same number."), "agenda")
        timetable.settle(record)
        lies_ahead = has_begun(record) if record.status and self.was_held(record) else None
        if lies_ahead is not None:
            raise Refused("field", lies_ahead, "held")

    def was_held(self, record: TrainingSession) -> bool:
        """Whether the session is said to be over, and its report waited for."""
        return self.category_of(record) == "waiting"
