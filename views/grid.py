"""The attendance grid: one page for a session part, each cell saved by itself.

Without script it is one form. What somebody else recorded meanwhile is told and never overwritten.
"""

from __future__ import annotations

from typing import Any, NoReturn

import sqlalchemy as sa
from flask import abort, flash, jsonify, redirect, request, session, url_for
from flask_admin import expose
from flask_wtf.csrf import generate_csrf
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from models.attendance import Attendance, Participation
from models.base import db
from models.marking import rest_present, seen_of
from models.recording import signed
from models.training import AgendaItem
from panel.columns import now
from panel.plugin import Panel, current_panel
from panel.screens.acting import doing, may, note_refusal, the_actor
from panel.screens.guarding import Guarded, verb
from panel.screens.language import tell
from panel.screens.querying import find, scoped
from panel.screens.workflow import state_badge
from panel.words import Refused, say

from .grid_cells import asked, cell, conflict, put, saved_at, write_all
from .grid_rows import LETTERS, PARTIES, name_of, post_of, rows_of, tally
from .labels import ATTENDANCE
from .rounds import date_of
from .rows import record_link
from .session_page import time_of
from .session_parts import session_part, sheet_of_part
from .sheet_paper import Paper
from .walk_ins import WalkIns

#: Where a browser's session keeps what its last "the rest is present" recorded.
REST = "grid_rest"


class GridView(WalkIns, Paper, Guarded):
    """Who came to a part of a session: official and spouse side by side, by keyboard."""

    kind = Attendance

    def __init__(self, _panel: Panel, *, category: Any = None) -> None:
        super().__init__(
            say("Fill in attendance"), category=category, endpoint="grid", url="/attendance-grid"
        )

    def is_visible(self) -> bool:
        """The grid is opened from its session and its sheet."""
        return False

    def person(self, part: AgendaItem) -> Participation:
        """Whose cell is meant: somebody in scope on the list of that session; else 404."""
        one: Participation | None = find(Participation, request.form.get("participation"))
        if one is None or one.training_session_id != part.training_session_id:
            abort(404)
        return one

    @expose("/")
    @verb("read")
    def index_view(self) -> Any:
        """The sheets: each opens its grid."""
        return redirect(url_for("attendance_sheet.index_view"))

    @expose("/<int:part>/")
    @verb("read")
    def grid_view(self, part: int) -> Any:
        """The grid."""
        return self.page(session_part(part))

    def page(self, part: AgendaItem, status: int = 200, **more: Any) -> Any:
        """The grid, with what was refused where there is something."""
        held, rows = part.session, rows_of(part)
        sheet = sheet_of_part(part)
        shut = signed(sheet) if sheet is not None else None
        rest = session.get(REST) or {}
        context = {
            "part": part,
            "held": held,
            "sheet": sheet,
            "shut": shut,
            "open": shut is None and may("edit", Attendance),
            "rows": rows,
            "tally": tally(rows),
            "statuses": ATTENDANCE,
            "letters": LETTERS,
            "parties": PARTIES,
            "account": the_actor().id,
            "undo": rest.get("count") if rest.get("part") == part.id else None,
            **{one.__name__: one for one in (date_of, name_of, post_of, record_link, state_badge)},
            "time_of": time_of,
            "seen_of": seen_of,
        }
        return self.render("grid.html", **{**context, **more}), status

    @expose("/<int:part>/", methods=("POST",))
    @verb("edit")
    def save_view(self, part: int) -> Any:
        """The whole form at once, from a browser without script."""
        with doing("attendance.record"):
            item = session_part(part)
            try:
                count, conflicts = write_all(item)
                db.session.commit()
            except (StaleDataError, IntegrityError):
                return self.collided(part)
            except Refused as error:
                self.refuse(error)
        if conflicts:
            return self.page(session_part(part), 409, conflicts=conflicts, count=count)
        flash(tell(say("Saved: %(count)s", count=count)), "success")
        return redirect(url_for(".grid_view", part=part), 303)

    def collided(self, part: int) -> Any:
        """Undo; 409 with the page anew, where somebody else wrote at the same moment."""
        db.session.rollback()
        refused = say("Somebody else recorded at the same moment. Save once more.")
        return self.page(session_part(part), 409, refused=refused)

    def refuse(self, error: Refused) -> NoReturn:
        """Undo, log unless a value was just wrong, and raise `error` on to who answers for it."""
        db.session.rollback()
        if error.code not in ("field", "stale"):
            note_refusal("attendance.record", error.sentence)
        raise error

    @expose("/<int:part>/mark/", methods=("POST",))
    @verb("edit")
    def mark_view(self, part: int) -> Any:
        """One cell: 200 with what stands there now, 409 with what somebody else put there."""
        with doing("attendance.record") as deed:
            party, said = asked(request.form)
            for last in (False, True):
                item = session_part(part)
                one = self.person(item)
                key = one.id
                try:
                    answer = cell(put(item, one, party, said, deed))
                    db.session.commit()
                    break
                except (StaleDataError, IntegrityError):  # another cell began the sheet, or this
                    db.session.rollback()
                    if last:
                        return conflict(part, key, party)
                except Refused as error:
                    if error.code == "stale":
                        db.session.rollback()
                        return conflict(part, key, party)
                    self.refuse(error)
        return jsonify({"cell": answer, "at": saved_at(now())})

    @expose("/<int:part>/state/")
    @verb("read")
    def state_view(self, part: int) -> Any:
        """What stands in every cell, who asks, and the token that his next save needs."""
        item = session_part(part)
        own = scoped(Attendance).where(Attendance.agenda_item_id == item.id)
        cells = {
            f"{one.participation_id}-{one.party}": cell(one) for one in db.session.scalars(own)
        }
        return jsonify({"account": the_actor().id, "token": generate_csrf(), "cells": cells})

    @expose("/<int:part>/rest/", methods=("POST",))
    @verb("create")
    def rest_view(self, part: int) -> Any:
        """Everybody of whom nothing is recorded was present; can be undone as a whole."""
        parties = PARTIES if request.form.get("parties") == "both" else PARTIES[:1]
        with doing("attendance.rest"):
            item = session_part(part)
            try:
                made = rest_present(db.session(), item, [row.one for row in rows_of(item)], parties)
                db.session.flush()
                under = current_panel().log.deed_id(db.session())
                db.session.commit()
            except IntegrityError:
                return self.collided(part)
            except Refused as error:
                self.refuse(error)
        session[REST] = {"part": part, "deed": under, "count": len(made)}
        return redirect(url_for(".grid_view", part=part), 303)

    @expose("/<int:part>/undo/", methods=("POST",))
    @verb("clear")
    def undo_view(self, part: int) -> Any:
        """Take back what the last "the rest is present" recorded, as far as it stands unchanged."""
        rest = session.get(REST) or {}
        under = rest.get("deed", 0) if rest.get("part") == part else 0
        with doing("attendance.undo_rest"):
            item = session_part(part)
            own = scoped(Attendance).where(Attendance.agenda_item_id == item.id)
            marks = db.session.scalars(own.where(last_written_in(under))).all()
            try:
                for mark in marks:
                    if (shut := signed(mark.sheet)) is not None:
                        raise shut
                    db.session.delete(mark)
                db.session.commit()
            except StaleDataError:
                return self.collided(part)
            except Refused as error:
                self.refuse(error)
        session.pop(REST, None)
        flash(tell(say("Taken back: %(count)s", count=len(marks))), "success")
        return redirect(url_for(".grid_view", part=part), 303)


def last_written_in(under: int) -> sa.ColumnElement[bool]:
    """Whether a mark came about under that number of a deed, and nothing befell it since.

    The log tells: the number of a mark that was taken away may be that of another one now.
    """
    change = current_panel().log.tables.change
    later = change.alias("later")
    again = sa.exists().where(
        later.c.tbl == change.c.tbl, later.c.pk == change.c.pk, later.c.id > change.c.id
    )
    own = sa.select(sa.cast(change.c.pk, sa.Integer)).where(
        change.c.deed_id == under, change.c.tbl == Attendance.__tablename__, ~again
    )
    return Attendance.id.in_(own)
