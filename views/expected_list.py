"""Who must come: the posts of a session's day against its list, and the make-up session."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from models.attendance import Participation
from models.base import db
from models.expected import Expected, expected
from models.invitations import BEGUN, Difference, accept, difference, is_begun
from models.making_up import make_up, missed, name_for, why_not
from models.training import TrainingSession
from panel.dates import whole_date
from panel.plugin import Panel
from panel.screens.acting import doing, may, note_refusal, objection, subject_of, the_actor
from panel.screens.answers import refusal_of
from panel.screens.guarding import Guarded, verb
from panel.screens.language import tell
from panel.screens.querying import find
from panel.words import Refused, say

from .grid_rows import post_of
from .rotation_picks import marked
from .rounds import date_of
from .rows import record_link
from .session_page import came, list_sentence, spouse_line

ACCEPT, MAKE_UP = "participation.accept", "training_session.make_up"


class ExpectedListView(Guarded):
    """Takes the list of a session over from the posts of its day; nothing changes by itself."""

    kind = Participation

    def __init__(self, _panel: Panel, *, category: Any = None) -> None:
        super().__init__(
            say("Who must come"), category=category, endpoint="expected", url="/expected-list"
        )

    def is_visible(self) -> bool:
        """The list is opened from its session."""
        return False

    @expose("/")
    @verb("read")
    def index_view(self) -> Any:
        """The sessions: each opens its list."""
        return redirect(url_for("training_session.index_view"))

    @expose("/<int:id>/")
    @verb("read")
    def list_view(self, id: int) -> Any:
        """How the list differs from the posts, each part to be ticked."""
        return self.page(self.held(id))

    def held(self, id: int) -> TrainingSession:
        """The session in scope; else 404."""
        found: TrainingSession | None = find(TrainingSession, id)
        if found is None:
            abort(404)
        return found

    def page(self, held: TrainingSession, status: int = 200, **more: Any) -> Any:
        """The differences, and who missed the session."""
        session = db.session()
        listed, found = differing(held)
        begun = is_begun(session, held)
        context = {
            "held": held,
            "listed": listed,
            "list_sentence": list_sentence(held, listed),
            "found": found,
            "open": may("create", Participation) and may("edit", Participation),
            "begun": BEGUN if begun and found.left else None,
            "missed": missed(session, the_actor(), held) if begun else [],
            "may_make_up": may("create", TrainingSession),
            **{
                one.__name__: one
                for one in (came, date_of, marked, post_of, record_link, spouse_line)
            },
        }
        return self.render("expected_list.html", **{**context, **more}), status

    @expose("/<int:id>/", methods=("POST",))
    @verb("create")
    def accept_view(self, id: int) -> Any:
        """Bring what is ticked into the list; 409 with the page anew where the posts moved on."""
        with doing(ACCEPT) as deed:
            held = self.held(id)
            deed.subject = subject_of(held)
            picked = frozenset(request.form.getlist("part"))
            try:
                invited_on = day_in(request.form.get("invited_on", ""))
                _listed, found = differing(held)
                if request.form.get("seen") != found.seen or not picked <= set(found.keys):
                    sentence = say("The posts have changed since you opened this page. Look again.")
                    return self.page(held, 409, refused=sentence)
                for act in {"create", "edit", *(["clear"] if found.left else ())}:
                    refuse_role(act)
                count = accept(db.session(), held, found, picked, invited_on)
                db.session.commit()
            except StaleDataError:
                db.session.rollback()
                sentence = say("Somebody else changed the list at the same moment. Look again.")
                return self.page(self.held(id), 409, refused=sentence)
            except (Refused, IntegrityError) as error:
                return self.refused(id, ACCEPT, error)
        flash(tell(say("List brought up to date: %(count)s", count=count)), "success")
        return redirect(url_for(".list_view", id=id), 303)

    @expose("/<int:id>/make-up/", methods=("POST",))
    @verb("create")
    def make_up_view(self, id: int) -> Any:
        """Plan a session for those who are ticked among who missed this one."""
        with doing(MAKE_UP) as deed:
            held, session = self.held(id), db.session()
            sentence = objection("create", TrainingSession)
            if sentence is not None:
                note_refusal(MAKE_UP, sentence)
                raise Refused("role", sentence)
            picked = set(request.form.getlist("missed"))
            people = [one for one in missed(session, the_actor(), held) if str(one.id) in picked]
            try:
                if (sentence := why_not(session, held)) is not None:
                    raise Refused("state", sentence)
                if not people:
                    raise Refused("field", say("Tick who is to come to the make-up session."))
                stem = tell(say("%(name)s (make-up session)", name=held.name))
                made = make_up(session, held, people, name_for(session, held, stem))
                deed.subject, key = subject_of(made), made.id
                session.commit()
            except (Refused, IntegrityError) as error:
                return self.refused(id, MAKE_UP, error)
        done = say(
            "Planned, with %(count)s on the list. Fill in the day and the venue next.",
            count=len(people),
        )
        flash(tell(done), "success")
        return redirect(url_for("training_session.details_view", id=key), 303)

    def refused(self, id: int, act: str, error: Refused | IntegrityError) -> Any:
        """Undo; the page again with the sentence, which is logged unless a value was just wrong."""
        db.session.rollback()
        if isinstance(error, IntegrityError):
            error = refusal_of(error, Participation.__table__, {})
        if error.code != "field":
            note_refusal(act, error.sentence, subject=("training_session", str(id)))
        status = 422 if error.code == "field" else 409
        return self.page(self.held(id), status, refused=error.sentence)


def differing(held: TrainingSession) -> tuple[Expected, Difference]:
    """The list of a session as the actor sees it, and how it differs from the posts of its day."""
    listed = expected(db.session(), the_actor(), held)
    tiers = {one.tier_id for one in held.tiers}
    return listed, difference(listed, tiers, held.includes_spouses == "yes")


def day_in(text: str) -> date | None:
    """The day of the invitation; left empty it is not known."""
    return whole_date(text).value if text.strip() else None


def refuse_role(act: str) -> None:
    """Ask the policy for what is done to the list."""
    sentence = objection(act, Participation)
    if sentence is not None:
        raise Refused("role", sentence)
