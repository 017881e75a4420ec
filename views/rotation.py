"""Rotation by hand, in three steps: what, the details, and a look at everything before it is saved.

The page that is looked at carries the versions of the records it rests on; what has changed since
is shown, and nothing is saved.
"""

from __future__ import annotations

from typing import Any

from flask import abort, flash, jsonify, redirect, request, url_for
from flask_admin import expose
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from models.base import db
from models.follow_up import ActionPlan
from models.handover import continued_under, left, listed_later, open_plans
from models.people import Appointment
from models.rotation import Rotation
from panel.plugin import Panel
from panel.screens.acting import doing, may, note_refusal, the_actor
from panel.screens.answers import STATUS, refusal_of
from panel.screens.guarding import Guarded, verb
from panel.screens.language import tell
from panel.screens.querying import find
from panel.screens.workflow import state_badge
from panel.words import Refused, say

from .appointments import APPOINTMENT_SENTENCES
from .rotation_forms import FORMS, RotationForm, filled, ways
from .rotation_picks import FOUND, Pick, marked
from .rotation_saving import hold, refuse_role, save, sent_before, ticked
from .rotation_words import preview_of
from .rows import record_link

#: Title, explanation and name in the log of each kind of rotation.
ACTS = {
    "replace": (
        say("Replace the holder"),
        say("One leaves, another begins. A vacant post is filled the same way."),
        "appointment.rotate",
    ),
    "vacate": (
        say("Vacate the post"),
        say("The holder leaves and nobody comes yet: a retirement, a transfer, a death."),
        "appointment.vacate",
    ),
    "swap": (
        say("Swap two officials"),
        say("Two holders take each other's post on the same day."),
        "appointment.swap",
    ),
}
STEPS = (say("What"), say("Details"), say("Check"))


class RotationView(Guarded):
    """Ends one appointment and begins another in one step."""

    kind = Appointment
    icon = "swap"
    #: Fields of the forms that a lookup answers for.
    lookups = frozenset({"position", "successor", "appointment", "first", "second"})

    def __init__(self, _panel: Panel, *, category: Any = None) -> None:
        super().__init__(
            say("Rotation"),
            category=category,
            endpoint="rotation",
            url="/rotation",
            menu_icon_value=self.icon,
        )

    @expose("/")
    @verb("create")
    def index_view(self) -> Any:
        """What is to be done; a post or an official comes along from its page."""
        return self.render("rotation.html", acts=ACTS, steps=STEPS, ways=ways())

    @expose("/<any(replace, vacate, swap):what>/", methods=("GET", "POST"))
    @verb("create")
    def act_view(self, what: str) -> Any:
        """The details, then the page to check, then the act."""
        refuse_role("edit", Appointment)
        if request.method == "GET":
            return self.form_page(what, FORMS[what](None, **filled(what)))
        if "_save" in request.form:
            with doing(ACTS[what][2]) as deed:
                return self.attempt(what, FORMS[what](request.form), deed)
        form = FORMS[what](request.form)
        if "_back" in request.form:
            return self.form_page(what, form)
        if not form.validate():
            return self.form_page(what, form, 422)
        try:
            return self.preview(what, form, form.worked_out())
        except Refused as refused:
            return self.refused(what, form, refused)

    def attempt(self, what: str, form: RotationForm, deed: Any) -> Any:
        """The answer to the last step: done now or before, or the page again with what is new."""
        if not form.validate():
            return self.form_page(what, form, 422)
        before = sent_before(form)
        if before:
            return redirect(before, 303)
        try:
            hold(form)
            now = form.worked_out()
        except Refused as refused:
            return self.refused(what, form, refused, stale=bool(request.form.get("seen")))
        if now.rests_on() != request.form.get("seen"):
            return self.preview(what, form, now, 409)
        try:
            location = save(form, form.worked_out(ticked()), deed)
        except StaleDataError:  # written since, past the lock
            db.session.rollback()
            return self.preview(what, form, form.worked_out(), 409)
        except IntegrityError as error:
            db.session.rollback()
            before = sent_before(form)  # the same form, sent twice at once
            if before:
                return redirect(before, 303)
            wrong = refusal_of(error, Appointment.__table__, APPOINTMENT_SENTENCES)
            return self.refused(what, form, wrong)
        except Refused as refused:
            db.session.rollback()
            return self.refused(what, form, refused)
        flash(tell(say("The rotation is saved.")), "success")
        return redirect(location, 303)

    @expose("/lookup/")
    @verb("create")
    def lookup_view(self) -> Any:
        """Records that a form may pick, by words; at most `FOUND`."""
        name = request.args.get("name", "")
        fields = (form()._fields.get(name) for form in FORMS.values())
        field = next((one for one in fields if isinstance(one, Pick)), None)
        if field is None:
            abort(404)
        found = field.find(request.args.get("query", ""), FOUND)
        return jsonify([[one.id, field.text(one)] for one in found])

    @expose("/done/")
    @verb("read")
    def done_view(self) -> Any:
        """Who left, who began, what was handed over, and the predecessors' plans that are open."""
        made = [find(Appointment, key) for key in request.args.getlist("id")[:2]]
        if not made or None in made:
            abort(404)
        session, actor = db.session(), the_actor()
        taken = continued_under(session, actor, made)
        before = [one.continued_from.appointment for one in taken if one.continued_from.appointment]
        plans = open_plans(session, actor, before)
        return self.render(
            "rotation_done.html",
            made=made,
            left=left(session, actor, made),
            taken=taken,
            plans=plans,
            named=marked,
            record_link=record_link,
            state_badge=state_badge,
            may_rotate=may("create", Appointment),
            may_plan=may("create", ActionPlan),
        )

    def lookup_url(self, name: str) -> str:
        """The address that answers for a field."""
        return url_for(".lookup_view", name=name)

    def form_page(self, what: str, form: RotationForm, status: int = 200) -> Any:
        """The details to fill in."""
        title = ACTS[what][0]
        page = self.render("rotation_form.html", what=what, title=title, form=form, steps=STEPS)
        return page, status

    def preview(self, what: str, form: RotationForm, rotation: Rotation, status: int = 200) -> Any:
        """Everything that would happen, with what may be left out; when stale, what differs."""
        told, shown = preview_of(rotation), request.form.getlist("told")[:200]
        lines = told.lines()
        page = self.render(
            "rotation_preview.html",
            what=what,
            title=ACTS[what][0],
            steps=STEPS,
            told=told,
            lines=lines,
            state_badge=state_badge,
            kept=[(name, request.form.get(name, "")) for name in form._fields],
            seen=rotation.rests_on(),
            plans=open_plans(db.session(), the_actor(), rotation.ended),
            listed=listed_later(db.session(), the_actor(), rotation.ended, rotation.last_day),
            named=marked,
            stale=status == 409,
            gone=[line for line in shown if line not in lines],
            come=[line for line in lines if line not in shown],
        )
        return page, status

    def refused(
        self, what: str, form: RotationForm, refused: Refused, *, stale: bool = False
    ) -> Any:
        """The form again with the sentence at its field; what is out of scope is not there."""
        if refused.code != "field":
            note_refusal(ACTS[what][2], refused.sentence)
            raise refused
        field = form._fields.get(refused.field or "")
        if field is not None:
            field.errors = [*field.errors, tell(refused.sentence)]
        else:
            form.form_errors.append(tell(refused.sentence))
        return self.form_page(what, form, 409 if stale else STATUS[refused.code])
