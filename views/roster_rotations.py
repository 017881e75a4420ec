"""A list after a rotation on the terminal: what it is complete for, who came, moved and left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from models.base import db
from models.government import Tier, Unit
from models.imports.checking import Report
from models.imports.outcomes import Class, Outcome
from models.queries import in_scope
from models.roster_imports import TIERS, UNITS, RosterImport, as_json
from panel.access.rules import Actor
from panel.screens.language import tell
from panel.words import Refused, say

from .import_rotations import refuse_without_day
from .import_words import ROTATION_TILES

#: What is listed, in this order.
LISTED: Sequence[Class] = ("new", "moved", "left", "vacant")


def tell_whole(
    actor: Actor, record: RosterImport, tiers: Iterable[str], units: Iterable[str]
) -> None:
    """Take tiers by their code and units by number, code or name; of a rotation alone."""
    tiers, units = tuple(tiers), tuple(units)
    if record.kind != "rotation":
        if tiers or units:
            raise Refused("field", say("Only a list after a rotation is complete for something."))
        return
    refuse_without_day(record)
    told = {
        TIERS: ",".join(str(tier_named(code)) for code in tiers),
        UNITS: ",".join(str(unit_named(actor, record.region_id, text)) for text in units),
    }
    record.answers = as_json(told)


def tier_named(code: str) -> int:
    """The number of the tier with this code."""
    found = db.session.scalar(sa.select(Tier.id).where(Tier.code == code))
    if found is None:
        known = db.session.scalars(sa.select(Tier.code).order_by(Tier.rank))
        raise Refused("field", say("Name a tier by its code: %(codes)s.", codes=", ".join(known)))
    return int(found)


def unit_named(actor: Actor, region_id: int, text: str) -> int:
    """The number of the one unit of the region in scope that this means."""
    rows = in_scope(sa.select(Unit).where(Unit.region_id == region_id), Unit, actor)
    found = [
        one
        for one in db.session.scalars(rows.options(joinedload(Unit.parent)))
        if text.casefold() in spellings(one)
    ]
    if len(found) != 1:
        sentence = say(
            "%(count)s units are called “%(text)s”. Name one by its number, code or full name.",
            count=len(found),
            text=text,
        )
        raise Refused("field", sentence)
    return int(found[0].id)


def spellings(unit: Unit) -> set[str]:
    """How a unit may be named, without case."""
    names = (str(unit.id), unit.kemendagri_code, unit.short_name, unit.name, unit.place)
    return {one.casefold() for one in (*names, unit.full_name) if one}


def tell_rotation(report: Report) -> None:
    """Print who came, moved and left, and which posts are vacant then."""
    for kind in LISTED:
        found = [one for one in (*report.page, *report.rest) if one.kind == kind]
        if found:
            click.echo(f"{tell(ROTATION_TILES[kind])}:")
        for one in found:
            click.echo(f"  {line_of(one)}")


def line_of(outcome: Outcome) -> str:
    """One person or post in a line: name, post, and what else is to be known."""
    posts = [
        " → ".join(filter(None, (one.was, one.becomes)))
        for one in outcome.differences
        if one.field == "post"
    ]
    given = [
        one.label
        for one in outcome.drafts
        if one.table == "appointment" and one.op == "insert" and not posts
    ]
    place = ", ".join(posts) or outcome.shown.get("post", "")
    named = given[0] if given else ": ".join(filter(None, (outcome.name, place)))
    remarks = [*outcome.follows, *(sentence for _, sentence in outcome.doubts)]
    if outcome.kind == "left" and outcome.drafts:
        remarks.append(say("not in the list"))
    return f"{named} ({'; '.join(map(tell, remarks))})" if remarks else named
