"""Somebody who came to a session part uninvited: found by name, put on the list as present."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from models.attendance import Participation
from models.base import db
from models.clock import today
from models.invitations import Guest, guest_on, walk_in
from models.people import Appointment, Official
from models.training import AgendaItem
from panel.screens.acting import doing, note_refusal, objection
from panel.screens.forgiving import conditions_of, holds, words_of
from panel.screens.guarding import verb
from panel.screens.language import tell
from panel.screens.querying import find, scoped
from panel.words import Refused, say

from .rotation_picks import marked
from .session_parts import session_part

#: Letters of a name that are looked at, and people that are shown.
LONGEST, FOUND = 100, 20


class WalkIns:
    """The page of the grid on which somebody is added who was not on the list."""

    render: Any

    @expose("/<int:part>/walk-in/")
    @verb("create")
    def walk_in_view(self, part: int) -> Any:
        """Officials of that name who are not on the list yet."""
        item, name = session_part(part), request.args.get("name", "").strip()[:LONGEST]
        guests = guests_named(item, name) if name else []
        return self.render(
            "walk_in.html", part=item, held=item.session, name=name, guests=guests, marked=marked
        )

    @expose("/<int:part>/walk-in/", methods=("POST",))
    @verb("create")
    def add_walk_in_view(self, part: int) -> Any:
        """Put one on the list and record him, alone or with the spouse, as present."""
        with doing("participation.walk_in"):
            item = session_part(part)
            sentence = objection("create", Participation)
            if sentence is not None:
                note_refusal("participation.walk_in", sentence)
                raise Refused("role", sentence)
            official = find(Official, request.form.get("official"))
            if official is None:
                abort(404)
            guest = guest_on(official, item.session.held_on or today())
            spouse = next(
                (one for one in guest.spouses if str(one.id) == request.form.get("spouse")), None
            )
            try:
                one = walk_in(db.session(), item, guest, spouse)
                db.session.flush()
                key = one.id
                db.session.commit()
            except IntegrityError:
                db.session.rollback()
                flash(tell(say("This official is on the session's list already.")), "warning")
                return redirect(url_for(".grid_view", part=part), 303)
            except Refused as error:
                note_refusal("participation.walk_in", error.sentence)
                raise
        flash(
            tell(say("Added to the list and present: %(name)s", name=official.full_name)), "success"
        )
        return redirect(f"{url_for('.grid_view', part=part)}#row-{key}", 303)


def guests_named(part: AgendaItem, name: str) -> list[Guest]:
    """Officials in scope whose name `name` finds and who are not on the list, with their posts."""

    def found_by(word: str, held: Any = holds) -> Any:
        return sa.or_(held(Official.full_name, word), held(Official.aliases, word))

    listed = (
        sa.exists()
        .where(
            Participation.official_id == Official.id,
            Participation.training_session_id == part.training_session_id,
        )
        .correlate(Official)
    )
    rows = (
        scoped(Official)
        .where(
            Official.region_id == part.region_id,
            ~listed,
            *conditions_of(words_of(name), found_by),
        )
        .order_by(Official.full_name, Official.id)
        .limit(FOUND)
        .options(
            selectinload(Official.spouses),
            selectinload(Official.appointments).joinedload(Appointment.position),
        )
    )
    day = part.session.held_on or today()
    return [guest_on(one, day) for one in db.session.scalars(rows).unique()]
