"""Cells that several screens share: a unit with its parent, a post with its holder, a tier."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from markupsafe import Markup

from models.clock import today
from models.government import Position, Tier, Unit
from models.people import Appointment, Official
from panel.screens.marks import badge, blank, sub
from panel.screens.values import address_of
from panel.words import Label, say

from .labels import APPOINTMENT_MARKS


def by_language(tier: Tier | None) -> Label | None:
    """A tier's name in the reader's language."""
    return Label({"id": tier.label_id, "en": tier.label_en}) if tier else None


def unit_line(unit: Unit) -> Markup:
    """A unit's name over that of its parent."""
    above = sub(unit.parent.full_name) if unit.parent else ""
    return Markup("{}{}").format(unit.full_name, above)


def place_above(unit: Unit | None) -> str:
    """The district of an urban village in short, nothing for other units."""
    if unit is None or unit.kind != "urban_village" or unit.parent is None:
        return ""
    return f"(Kec. {unit.parent.name})"


def record_link(record: Any, text: Any = None) -> Markup:
    """The record's name, as a link where the reader has its page."""
    address = address_of(record)
    name = str(record) if text is None else text
    return (
        Markup('<a href="{}">{}</a>').format(address, name)
        if address
        else Markup("{}").format(name)
    )


def current_posts(
    appointments: Iterable[Appointment], day: date | None = None
) -> list[Appointment]:
    """The appointments held on `day`, the definitive ones first."""
    day = day or today()
    held = [one for one in appointments if one.holds_on(day)]
    return sorted(held, key=lambda one: (one.status != "definitive", one.id))


def mark_of(appointment: Appointment) -> Markup | str:
    """Plt., Plh. or Pj. as an outline badge; nothing for the ordinary case."""
    text = APPOINTMENT_MARKS.get(appointment.status)
    return badge("line", "", text) if text else ""


def held_by(position: Position) -> Markup:
    """Who holds the seat today, with the mark of an acting holder; "kosong" when nobody does."""
    held = current_posts(position.appointments)
    if not held:
        return blank(say("vacant"))
    lines = (Markup("{} {}").format(record_link(one.official), mark_of(one)) for one in held)
    return Markup("<br>").join(lines)


def post_line(position: Position | None) -> Markup | None:
    """A post over the unit above its own, so that the two Lurah Sukawana are told apart."""
    if position is None:
        return None
    above = position.unit.parent if position.unit else None
    return Markup("{}{}").format(record_link(position), sub(above.full_name) if above else "")


def posts_of(official: Official) -> Markup:
    """The posts an official holds today, each over its unit."""
    held = current_posts(official.appointments)
    if not held:
        return blank(say("no post"))
    return Markup("").join(
        Markup("<div>{} {}{}</div>").format(
            one.position.name,
            mark_of(one),
            sub(one.unit.parent.full_name) if one.unit.parent else "",
        )
        for one in held
    )


def spouses_of(official: Official) -> Markup | str:
    """The present spouses; known to live without one, or not filled in."""
    names = [spouse.full_name for spouse in official.spouses if spouse.ended_on is None]
    if names:
        return ", ".join(names)
    return blank(say("without spouse") if official.without_spouse else None)


def tier_names(tiers: Iterable[Any]) -> list[Label | None]:
    """The names of a session's tiers, from the top down."""
    return [by_language(one.tier) for one in sorted(tiers, key=lambda one: one.tier.rank)]
