"""Screens of the government: regions, units and positions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import flash, g, redirect, url_for
from flask import session as browser
from markupsafe import Markup
from sqlalchemy.orm import joinedload, selectinload

from models import posts
from models.base import db
from models.doubts import Doubtful, of_unit
from models.government import Position, Region, Unit
from models.people import Appointment
from models.records import AccountGrant
from models.tree import refuse_without_parent
from panel.access.two import giving
from panel.dates import clock_time, show_time
from panel.plugin import current_panel
from panel.screens.acting import the_actor
from panel.screens.base import RecordView
from panel.screens.fields import NumberField, TextField
from panel.screens.language import tell
from panel.screens.marks import badge, sub
from panel.screens.sheets import Section
from panel.typed import Checked
from panel.words import say

from .choosing import PARENT_ARGS
from .labels import REGION_KINDS, TIME_ZONES, UNIT_KINDS
from .position_page import PositionPage
from .rows import by_language, held_by, unit_line
from .unit_page import UnitPage, posts_cell


class ClockField(TextField):
    """A time of day that is kept as it is printed: "07.30"."""

    def read(self, text: str) -> Checked[str]:
        """The time in one form."""
        return Checked(show_time(clock_time(text).value))


class RegionView(RecordView):
    """Regional governments of this installation."""

    model = Region
    title = say("Regions")
    one = say("Region")
    icon = "map"
    columns = ("name", "kind", "kemendagri_code", "province")
    details = (*columns, "time_zone", "office_start")
    fields = (
        Section(
            say("Region"),
            say(
                "Who adds a region sees it at once; other accounts only after it was added to "
                "their scope. Your sessions in other browsers end."
            ),
            ["name", "kind", "kemendagri_code", "province"],
        ),
        Section(say("Times"), "", ["time_zone", "office_start"]),
    )
    searchable = ("name", "kemendagri_code", "province")
    filtered = ("kind",)
    choices = {"kind": REGION_KINDS, "time_zone": TIME_ZONES}
    form_overrides = {"office_start": ClockField}
    labels = {
        "kemendagri_code": "Kemendagri code",
        "time_zone": "Time zone",
        "office_start": "Work begins at",
    }
    constraint_sentences = {
        "uq_region_kemendagri_code": (
            "kemendagri_code",
            say("Another region has this Kemendagri code."),
        ),
    }

    def before_save(self, record: Region, created: bool) -> None:
        """A new region is empty: who adds it gets it into his scope, in the same deed."""
        if created:
            self.session.session.add(AccountGrant(account_id=the_actor().id, region=record))

    def authorise(self, session: Any) -> None:
        """As for every record; the new place of the actor holds from the flush on."""
        fresh = any(isinstance(one, Region) for one in session.new)
        super().authorise(session)
        if fresh:
            with giving(the_actor().id):
                session.flush()
            access, g.region_added = current_panel().access, True
            g.actor = access.actor_of(access.find(session, id=the_actor().id))

    def saved(self, record: Region) -> Any:
        """New places end the sessions of an account; this one goes on, under a new token."""
        if g.pop("region_added", False):
            browser.renew(the_actor().id)
        return super().saved(record)


class UnitView(UnitPage, RecordView):
    """The tree of offices; a name is shown with its parent because names repeat."""

    model = Unit
    title = say("Units")
    one = say("Unit")
    icon = "unit"
    columns = ("name", "kind", "posts", "kemendagri_code", "short_name")
    details = (
        "kind",
        "parent",
        "short_name",
        "kemendagri_code",
        "valid_from",
        "valid_to",
        "merged_into",
        "source",
    )
    exported = (
        "name",
        "kind",
        "parent.name",
        "kemendagri_code",
        "short_name",
        "valid_from",
        "valid_to",
    )
    fields = (
        Section(
            say("Name and place"),
            say("Two units may share a name; the parent tells them apart."),
            ["kind", "name", "parent", "short_name", "kemendagri_code"],
        ),
        Section(
            say("Validity"),
            say("A unit that ended is kept: its history refers to it."),
            ["valid_from", "valid_to", "merged_into"],
        ),
    )
    choice_joins = {"parent": (Unit.parent,), "merged_into": (Unit.parent,)}
    list_joins = (Unit.parent,)
    searchable = ("name", "short_name", "kemendagri_code", "parent.name")
    bulk_fields = ("parent", "valid_from", "valid_to", "merged_into")
    filtered = ("kind", "parent")
    sort_by = {"name": "name"}
    default_order = ("kemendagri_code", "name")
    formats = {"name": unit_line, "posts": posts_cell, "source": lambda unit: _source(unit)}
    choices = {"kind": UNIT_KINDS}
    form_args = PARENT_ARGS
    helps = {
        "name": "Without “Kecamatan” or “Kelurahan”: the kind says it.",
        "kemendagri_code": "For example 36.73.01.1001; it begins with the code of the unit above.",
    }
    labels = {
        "full_name": "Name",
        "parent": "Directly above",
        "kemendagri_code": "Kemendagri code",
        "short_name": "Abbreviation",
        "valid_from": "Since",
        "valid_to": "Until",
        "source": "Rests on",
    }
    constraint_sentences = {
        "uq_unit_top_name": (
            "name",
            say("There is a unit of this name and kind at the top. Choose the unit above."),
        ),
        "uq_unit_parent_name": (
            "name",
            say("There is a unit of this name and kind under the same parent."),
        ),
        "uq_unit_region_id_kemendagri_code": (
            "kemendagri_code",
            say("Another unit has this Kemendagri code."),
        ),
        "ck_unit_valid": ("valid_to", say("The end cannot lie before the beginning.")),
        "ck_unit_not_its_own_parent": (
            "parent",
            say("A unit cannot stand below itself. Choose another parent."),
        ),
    }

    def belongs(self, record: Unit) -> tuple[str, ...]:
        """The unit above: there are two Kelurahan Sukawana."""
        return (record.parent.full_name,) if record.parent else ()

    def before_save(self, record: Unit, created: bool) -> None:
        """Names of villages repeat: each names the unit above it."""
        refuse_without_parent(db.session(), the_actor(), record)

    def doubts(self, record: Unit) -> Iterable[Doubtful]:
        """A code or a place that does not fit."""
        return of_unit(record)


def _source(unit: Unit) -> object:
    if unit.source == "approximate":
        return badge("line", "", say("Approximate"))
    return say("Verified") if unit.source == "verified" else None


def seat_line(position: Position) -> Markup:
    """A post's name over the unit above its own."""
    above = position.unit.parent if position.unit else None
    return Markup("{}{}").format(position.name, sub(above.full_name) if above else "")


class PositionView(PositionPage, RecordView):
    """The seats of the roster, filled or vacant."""

    model = Position
    title = say("Positions")
    one = say("Position")
    icon = "seat"
    details_template = "position.html"
    columns = ("name", "tier", "holder")
    details = ("name", "unit", "tier", "holder", "territorial", "valid_from", "valid_to")
    exported = ("name", "unit.name", "tier", "holder", "territorial")
    fields = (
        Section(
            say("Seat"),
            say("A vacant seat counts in the coverage and reads “kosong”."),
            ["unit", "tier", "name", "territorial", "seats"],
        ),
        Section(say("Validity"), "", ["valid_from", "valid_to"]),
    )
    form_extra_fields = {
        "seats": NumberField(
            say("Number of seats"),
            default=1,
            least=1,
            most=posts.MOST_SEATS,
            description=say(
                "More than one makes posts that are numbered: “%(one)s 1”, “%(one)s 2” …",
                one=say("Member"),
            ),
        )
    }
    choice_joins = {"unit": (Unit.parent,)}
    list_joins = (
        selectinload(Position.appointments).joinedload(Appointment.official),
        joinedload(Position.unit).joinedload(Unit.parent),
    )
    about_joins = (joinedload(Position.unit).joinedload(Unit.parent),)
    searchable = ("name", "unit.name", "unit.short_name", "unit.parent.name")
    bulk_fields = ("tier", "territorial", "valid_from", "valid_to")
    filtered = ("tier", "unit", "territorial")
    sort_by = {"tier": "tier.rank"}
    default_order = ("tier.rank", "name")
    formats = {
        "name": seat_line,
        "holder": held_by,
        "tier": lambda position: by_language(position.tier),
    }
    helps = {"name": "As it is written in the decree, with the name of the place."}
    labels = {
        "name": "Post",
        "unit": "Unit",
        "holder": "Held by",
        "territorial": "Serves a territory",
        "valid_from": "Since",
        "valid_to": "Until",
    }
    constraint_sentences = {
        "uq_position_unit_name": ("name", say("This unit has a post of this name already.")),
        "ck_position_valid": ("valid_to", say("The end cannot lie before the beginning.")),
    }

    def belongs(self, record: Position) -> tuple[str, ...]:
        """The unit with its district: there are two Lurah Sukawana."""
        return (record.unit.place,)

    def edit_form(self, obj: Any = None) -> Any:
        """A post that is there is one seat."""
        form = super().edit_form(obj)
        if "seats" in form:
            del form["seats"]
        return form

    def before_save(self, record: Position, created: bool) -> None:
        """A post stands in a unit that exists; several seats are made at once, or none."""
        posts.settle(record)
        if created and (record.seats or 1) > 1:
            self.session.session.add_all(posts.numbered(record, record.seats))

    def saved(self, record: Position) -> Any:
        """Several seats are shown as a list."""
        seats = getattr(record, "seats", None) or 1
        if seats == 1:
            return super().saved(record)
        name = record.name.removesuffix(" 1")
        flash(tell(say("Saved: %(seats)s posts, %(name)s.", seats=seats, name=name)), "success")
        return redirect(url_for(".index_view", search=name), 303)
