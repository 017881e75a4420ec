"""What a list after a rotation asks beside the others: what it is complete for, and who leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa
from flask import request
from flask_admin import expose

from models.base import db
from models.government import Position, Tier, Unit
from models.imports.checking import check
from models.imports.proposing import known_for
from models.imports.rotations import STAYS, YES
from models.roster_imports import TIERS, UNITS, RosterImport, as_json
from models.succession import in_reach
from panel.screens.acting import the_actor
from panel.screens.guarding import verb
from panel.screens.language import tell
from panel.screens.querying import scoped
from panel.words import Refused, Sentence, say

from .import_forms import EveryForm
from .import_jobs import reading_at

#: Most that a list may be complete for, and most holders on one form.
MOST = 2_000


def offered(record: RosterImport) -> tuple[list[Tier], list[Unit]]:
    """Tiers and districts of the region in scope that a list can be complete for."""
    posts = scoped(Position).where(Position.region_id == record.region_id).subquery()
    tiers = sa.select(Tier).where(Tier.id.in_(sa.select(posts.c.tier_id))).order_by(Tier.rank)
    districts = scoped(Unit).where(Unit.region_id == record.region_id, Unit.kind == "district")
    return (
        list(db.session.scalars(tiers)),
        list(db.session.scalars(districts.order_by(Unit.name))),
    )


def wholes(record: RosterImport) -> list[tuple[str, Sentence, Sentence, list[Any]]]:
    """What the form asks: name, question, help, and the choices with whether each is ticked."""
    if record.kind != "rotation":
        return []
    tiers, districts = offered(record)
    ticked = [{str(one) for one in told} for told in record.complete_for]
    if request.method == "POST":
        ticked = [set(request.form.getlist(name)) for name in ("tier", "district")]
    return [
        (
            "tier",
            say("The list is complete for these tiers"),
            say("Who holds a post there and is not in the list, leaves it; you see each before."),
            [(one.id, str(one), str(one.id) in ticked[0]) for one in tiers],
        ),
        (
            "district",
            say("Only in these districts"),
            say("With all that lies in them. None ticked, and no unit: in the whole region."),
            [(one.id, one.name, str(one.id) in ticked[1]) for one in districts],
        ),
    ]


def every_form(record: RosterImport, typed: Any = None) -> EveryForm:
    """The form of what holds for all rows; of a rotation, with the unit it is complete for."""
    form = EveryForm(typed, obj=record)
    if record.kind != "rotation":
        del form.unit
        return form
    form.unit.where = lambda: Unit.region_id == record.region_id
    if typed is None:
        rows = scoped(Unit).where(Unit.id.in_(record.complete_for[1]), Unit.kind != "district")
        form.unit.data = db.session.scalar(rows.limit(1))
    return form


def marked_at(form: EveryForm, refused: Refused | None) -> Refused | None:
    """Put a refusal at the field that it is about; what is about none stays."""
    field = form._fields.get(refused.field or "") if refused is not None else None
    if refused is None or field is None:
        return refused
    field.errors = [*field.errors, tell(refused.sentence)]
    return None


def told_whole(record: RosterImport) -> list[str]:
    """The tiers, then the units, that the list is said to be complete for."""
    told = []
    for entity, keys in zip((Tier, Unit), record.complete_for, strict=True):
        rows = sa.select(entity).where(entity.id.in_(keys)) if keys else None
        names = [str(one) for one in db.session.scalars(rows)] if rows is not None else []
        told.append(", ".join(sorted(names)))
    return told


def keep_whole(record: RosterImport, form: EveryForm) -> None:
    """Take what the form says of the whole list; a rotation has a day and a decree."""
    if record.kind != "rotation":
        return
    refuse_without_day(record)
    known = offered(record)
    told = record.given_answers
    for key, name, there in ((TIERS, "tier", known[0]), (UNITS, "district", known[1])):
        ticked = request.form.getlist(name)
        if not set(ticked) <= {str(one.id) for one in there}:
            raise Refused("scope", say("This was not offered."))
        told[key] = ",".join(ticked)
    if form.unit.data is not None:
        told[UNITS] = ",".join(filter(None, (told[UNITS], str(form.unit.data.id))))
    record.answers = as_json(told)


def refuse_without_day(record: RosterImport) -> None:
    """Refuse a rotation without its first day and its decree."""
    if record.on_day is None:
        raise Refused("field", say("Fill in the day on which the rotation begins (TMT)."), "on_day")
    in_reach(record.on_day)
    if not record.decree_no:
        raise Refused("field", say("Fill in the number of the decree."), "decree_no")


class Leaving:
    """Who leaves a post without a successor in the list; mixed into the view of imports."""

    changing: Callable[[int, str, Callable[[RosterImport], None]], Any]

    @expose("/<int:id>/leaving/", methods=("POST",))
    @verb("edit")
    def leaving_view(self, id: int) -> Any:
        """Take who is ticked as leaving; the others keep their posts."""

        def keep(record: RosterImport) -> None:
            shown, go = (ids(request.form.getlist(name)) for name in ("shown", "go"))
            known = known_for(db.session(), the_actor(), record)
            there = {one.leaves for one in check(reading_at(record), known, size=0).rest}
            if not (shown | go <= there and go <= shown):
                raise Refused("scope", say("This was not offered."))
            told = {
                key: value
                for key, value in record.given_answers.items()
                if key not in {f"{one}:{STAYS}" for one in shown}
            }
            told |= {f"{one}:{STAYS}": YES for one in shown - go}
            record.answers, record.counts = as_json(told), None

        return self.changing(id, "mend", keep)


def ids(texts: Iterable[str]) -> set[int]:
    """Numbers of a form; refused where one is none, or where they are too many."""
    found = set(texts)
    if len(found) > MOST or not all(one.isascii() and one.isdigit() for one in found):
        raise Refused("scope", say("This was not offered."))
    return {int(one) for one in found if len(one) < 12}
