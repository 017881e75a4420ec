"""Screens of the government: regions, tiers, units and positions."""

from __future__ import annotations

from markupsafe import Markup
from sqlalchemy.orm import joinedload, selectinload

from models.government import Position, Region, Tier, Unit
from models.people import Appointment
from panel.screens.base import RecordView
from panel.screens.marks import badge, sub
from panel.screens.sheets import Section
from panel.screens.showing import Related
from panel.words import say

from .labels import EMPLOYMENT, REGION_KINDS, UNIT_KINDS
from .rows import by_language, held_by, unit_line


class RegionView(RecordView):
    """Regional governments of this installation."""

    model = Region
    title = say("Regions")
    one = say("Region")
    icon = "unit"
    columns = ("name", "kind", "kemendagri_code", "province")
    details = (*columns, "time_zone", "office_start")
    fields = ("name", "kind", "kemendagri_code", "province", "time_zone", "office_start")
    searchable = ("name", "kemendagri_code")
    choices = {"kind": REGION_KINDS}
    labels = {"kemendagri_code": "Kemendagri code", "office_start": "Work begins at"}


class TierView(RecordView):
    """The rungs of the government, from the top down."""

    model = Tier
    title = say("Tiers")
    one = say("Tier")
    icon = "stairs"
    columns = ("label_id", "rank", "echelon", "employment", "synonyms")
    details = (
        "label_id",
        "label_en",
        "code",
        "rank",
        "echelon",
        "employment",
        "synonyms",
        "description",
    )
    fields = details
    long_fields = ("description",)
    searchable = ("label_id", "label_en", "synonyms")
    default_order = ("rank",)
    choices = {"employment": EMPLOYMENT}
    labels = {
        "label_id": "Name",
        "label_en": "Name in English",
        "rank": "Order from the top",
        "employment": "How it is filled",
        "synonyms": "Other words for it",
    }
    constraint_sentences = {
        "uq_tier_code": ("code", say("There is a tier with this code.")),
        "uq_tier_rank": ("rank", say("Another tier stands at this place in the order.")),
    }


class UnitView(RecordView):
    """The tree of offices; a name is shown with its parent because names repeat."""

    model = Unit
    title = say("Units")
    one = say("Unit")
    icon = "unit"
    columns = ("name", "kind", "kemendagri_code", "short_name")
    details = (
        "full_name",
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
    filtered = ("kind", "parent")
    sort_by = {"name": "name"}
    default_order = ("kemendagri_code", "name")
    formats = {"name": unit_line, "source": lambda unit: _source(unit)}
    choices = {"kind": UNIT_KINDS}
    labels = {
        "full_name": "Name",
        "parent": "Directly above",
        "kemendagri_code": "Kemendagri code",
        "short_name": "Abbreviation",
        "valid_from": "Since",
        "valid_to": "Until",
        "source": "Rests on",
    }
    related = (
        Related(say("Units directly below"), "children", ("name", "kind", "kemendagri_code")),
        Related(say("Positions"), "positions", ("name", "tier", "territorial")),
    )
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


def _source(unit: Unit) -> object:
    if unit.source == "approximate":
        return badge("line", "", say("Approximate"))
    return say("Verified") if unit.source == "verified" else None


def seat_line(position: Position) -> Markup:
    """A post's name over the unit above its own."""
    above = position.unit.parent if position.unit else None
    return Markup("{}{}").format(position.name, sub(above.full_name) if above else "")


class PositionView(RecordView):
    """The seats of the roster, filled or vacant."""

    model = Position
    title = say("Positions")
    one = say("Position")
    icon = "seat"
    columns = ("name", "tier", "holder")
    details = ("name", "unit", "tier", "holder", "territorial", "valid_from", "valid_to")
    exported = ("name", "unit.name", "tier", "holder", "territorial")
    fields = (
        Section(
            say("Seat"),
            say("A vacant seat counts in the coverage and reads “kosong”."),
            ["unit", "tier", "name", "territorial"],
        ),
        Section(say("Validity"), "", ["valid_from", "valid_to"]),
    )
    choice_joins = {"unit": (Unit.parent,)}
    list_joins = (
        selectinload(Position.appointments).joinedload(Appointment.official),
        joinedload(Position.unit).joinedload(Unit.parent),
    )
    searchable = ("name", "unit.name")
    filtered = ("tier", "unit", "territorial")
    sort_by = {"tier": "tier.rank"}
    default_order = ("tier.rank", "name")
    formats = {
        "name": seat_line,
        "holder": held_by,
        "tier": lambda position: by_language(position.tier),
    }
    labels = {
        "name": "Post",
        "unit": "Unit",
        "holder": "Held by",
        "territorial": "Serves a territory",
        "valid_from": "Since",
        "valid_to": "Until",
    }
    related = (
        Related(
            say("Who held it"),
            "appointments",
            ("official", "status", "started_on", "ended_on", "decree_no"),
        ),
    )
    constraint_sentences = {
        "uq_position_unit_name": ("name", say("This unit has a post of this name already.")),
        "ck_position_valid": ("valid_to", say("The end cannot lie before the beginning.")),
    }
