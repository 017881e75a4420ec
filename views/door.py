"""The door of a session part: a code from the camera, a scanner or by hand, or a name.

Works without script: the code is a plain form. A frame of the camera is decoded and forgotten.
"""

from __future__ import annotations

from typing import Any

import zxingcpp
from flask import abort, jsonify, make_response, redirect, request, url_for
from flask_admin import expose
from markupsafe import Markup
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from models.attendance import Attendance, Participation
from models.base import db
from models.check_ins import CheckIn
from models.door import Answer, Door, Person, bearer_of, let_in, open_hours
from models.recording import signed
from models.training import AgendaItem
from panel.columns import now
from panel.plugin import Panel
from panel.screens.acting import doing, note_refusal, objection, subject_of, the_actor
from panel.screens.guarding import Guarded, verb
from panel.screens.language import clock
from panel.screens.querying import find
from panel.words import Refused, say

from .badges import Badges
from .door_offline import OfflineDoor
from .door_words import WAYS, answered, latest, named, tallied
from .rounds import date_of
from .rows import record_link
from .session_page import time_of
from .session_parts import door_key, session_part, sheet_of_part, station
from .suspicions_page import Suspicions

#: Longest code and name that are looked at.
LONGEST = 100
#: Most points of a picture that is decoded; each is one byte.
MOST_POINTS = 1280 * 960
#: What the camera of this page may be used for; every other page leaves it closed.
CAMERA = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"
ACTION = "attendance.check_in"
SAME_MOMENT = say("Somebody else recorded this person at the same moment. Try once more.")


def came_mark(count: int) -> Markup:
    """How many came, where the script counts on."""
    return Markup('<span id="came">{}</span>').format(count)


class DoorView(Badges, OfflineDoor, Suspicions, Guarded):
    """Who comes in, person by person."""

    kind = CheckIn

    def __init__(self, _panel: Panel, *, category: Any = None) -> None:
        super().__init__(say("Door"), category=category, endpoint="door", url="/door")

    def is_visible(self) -> bool:
        """The door is opened from its session part."""
        return False

    @expose("/")
    @verb("read")
    def index_view(self) -> Any:
        """The sheets: each part has its door."""
        return redirect(url_for("attendance_sheet.index_view"))

    @expose("/<int:part>/")
    @verb("create")
    def door_view(self, part: int) -> Any:
        """The door; with `?name=` those on the list whom the name finds."""
        return self.page(session_part(part))

    def page(self, part: AgendaItem, answer: Answer | None = None, status: int = 200) -> Any:
        """The door with what it answered."""
        name = request.args.get("name", "").strip()[:LONGEST]
        sheet = sheet_of_part(part)
        context = {
            "part": part,
            "held": part.session,
            "sheet": sheet,
            "shut": signed(sheet) if sheet is not None else None,
            "hours": open_hours(part),
            "station": station(),
            "answer": answered(answer, part) if answer is not None else None,
            "name": name,
            "found": named(part, name) if name else None,
            "latest": latest(part),
            "tally": tallied(part),
            "ways": WAYS,
            "clock": clock,
            **{one.__name__: one for one in (came_mark, date_of, record_link, time_of)},
        }
        response = make_response(self.render("door.html", **context), status)
        response.headers["Permissions-Policy"] = CAMERA
        return response

    @expose("/<int:part>/", methods=("POST",))
    @verb("create")
    def enter_view(self, part: int) -> Any:
        """A code that was scanned or typed, or one of the list by name."""
        refuse_role()
        with doing(ACTION) as deed:
            item = session_part(part)
            try:
                answer, status = self.enter(item, deed)
            except (StaleDataError, IntegrityError):
                db.session.rollback()
                answer, status = Answer("already", sentence=SAME_MOMENT), 409
                item = session_part(part)
            except Refused as error:
                note_refusal(ACTION, error.sentence)
                raise
        if request.accept_mimetypes.best == "application/json":
            told = self.render("door_answer.html", answer=answered(answer, item))
            come = {"came": tallied(item)[0]} if answer.kind == "in" else {}
            return jsonify({"kind": answer.kind, "html": told, **come}), status
        return self.page(item, answer, status)

    def enter(self, part: AgendaItem, deed: Any) -> tuple[Answer, int]:
        """Let in who is meant; the answer and its status."""
        here = Door(station(), the_actor().id, now())
        if "participation" in request.form:
            who: Person | None = self.person(part)
            way, answer = "name", Answer("in", who)
        else:
            text = request.form.get("code", "")[:LONGEST]
            way = "scanned" if "." in text else "typed"
            who, answer = bearer_of(db.session(), the_actor(), door_key(), part, text)
        if who is not None:
            answer = let_in(db.session(), part, who, way, here)
        if answer.kind == "in":
            db.session.flush()
            deed.subject = subject_of(who.one) if who is not None else None
            db.session.commit()
        elif answer.kind == "forged" and answer.sentence is not None:
            note_refusal(ACTION, answer.sentence, subject=subject_of(part))
        return answer, {"in": 200, "wrong": 422, "unknown": 422}.get(answer.kind, 409)

    def person(self, part: AgendaItem) -> Person:
        """One of a couple in scope on the list of the part's session; else 404."""
        one: Participation | None = find(Participation, request.form.get("participation"))
        party = request.form.get("party", "")
        known = party == "official" or (party == "spouse" and one is not None and one.spouse_id)
        if one is None or not known or one.training_session_id != part.training_session_id:
            abort(404)
        return Person(one, party)

    @expose("/<int:part>/frame/", methods=("POST",))
    @verb("create")
    def frame_view(self, part: int) -> Any:
        """The text of a QR code in a picture: its gray points, a byte each, row after row."""
        session_part(part)
        wide, high = (request.args.get(name, "") for name in ("w", "h"))
        if not all(one.isascii() and one.isdecimal() and len(one) < 5 for one in (wide, high)):
            abort(400)
        points = int(wide) * int(high)
        if not 0 < points <= MOST_POINTS or request.content_length != points:
            abort(413 if points > MOST_POINTS else 400)
        data = request.get_data()
        if len(data) != points:  # a form that was read already leaves nothing
            abort(400)
        gray = memoryview(data).cast("B", shape=[int(high), int(wide)])
        found = zxingcpp.read_barcodes(gray, formats=zxingcpp.BarcodeFormat.QRCode)
        return jsonify({"text": found[0].text[:LONGEST] if found else ""})


def refuse_role() -> None:
    """Who lets people in records attendance."""
    sentence = objection("create", Attendance) or objection("edit", Attendance)
    if sentence is not None:
        raise Refused("role", sentence)
