"""Pasting a news page: read, look at what was understood, tick what is right, save in one deed.

The server keeps nothing in between: the pasted text travels in the form and is read again each
time, and a proposal is named by its content.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from models.articles import Article, put_back, read_article
from models.training import TrainingSession
from panel.screens.acting import doing, may, note_refusal, objection, subject_of
from panel.screens.answers import STATUS
from panel.screens.guarding import verb
from panel.screens.language import tell
from panel.screens.querying import find
from panel.screens.values import screen_of
from panel.typed import Wrong
from panel.words import Refused, say

from .accepting import accept
from .comparing import fitting
from .labels import KNOWN
from .pasted import FIELD_LABELS, ROLES, STATES, PasteForm, Sight, look

STALE = say("The session has changed meanwhile. Look at the proposals again; nothing is saved.")
OTHER_TEXT = say("What you ticked is not in the text any more. Look again; nothing is saved.")
#: Ticks and lines put back that one form carries.
MOST_TICKS = 300


class Pasting:
    """The page /paste/ of the screen of news; mixed into its view."""

    @expose("/paste/", methods=("GET", "POST"))
    @verb("create")
    def paste_view(self) -> Any:
        """The box, then the preview, then the record; each step is a form of its own."""
        self.refuse_foreign_session()
        if request.method == "GET":
            form = PasteForm()
            form.session.data = find(TrainingSession, request.args.get("session"))
            form.address.data = request.args.get("address", "")[:255] or None
            return self.paste_page(form)
        first = PasteForm(request.form)
        if not first.validate():
            return self.paste_page(first, 422)
        try:
            article = read_article(first.pasted.data, address=first.address.data or "")
        except Wrong as wrong:
            first.pasted.errors = [tell(wrong.sentence)]
            return self.paste_page(first, 422)
        if request.form.get("act") == "save":
            with doing("news_source.create"):
                return self.attempt_paste(first, article)
        form = self.preview_form(first, article)
        self.changed_by_button(form, article)
        return self.preview_page(form, first, look(form, article, self.put_back_keys()))

    def refuse_foreign_session(self) -> None:
        """404 for a session that is not in scope, whichever way it is named."""
        named = [request.args.get("session"), request.form.get("session")]
        act = request.form.get("act", "")
        named.append(act.removeprefix("use:") if act.startswith("use:") else None)
        for key in named:
            if key and key != "__None" and find(TrainingSession, key) is None:
                abort(404)

    def paste_page(self, form: Any, status: int = 200) -> Any:
        """The box for the text."""
        return self.render("paste.html", form=form), status

    def preview_form(self, first: Any, article: Article) -> Any:
        """The form of the record: as the article was read, then as it was typed."""
        start = SimpleNamespace(
            session=first.session.data,
            title=article.proposed_title,
            outlet=article.outlet or None,
            published_on=article.published_on,
            address=first.address.data,
            tags=", ".join(article.tags) or None,
            text="\n".join(article.paragraphs),
        )
        return self.create_form(start)

    def changed_by_button(self, form: Any, article: Article) -> None:
        """Do what a button asked: take another session, or put a dropped line back."""
        kind, _, key = request.form.get("act", "").partition(":")
        if kind == "use":
            form.session.data = find(TrainingSession, key)
        if kind == "back":
            line = next((one for one in article.dropped if one.key == key), None)
            if line is not None:
                form.text.data = put_back(form.text.data or "", line)

    def put_back_keys(self) -> list[str]:
        """The dropped lines that were put back until now."""
        keys = request.form.getlist("back")[:MOST_TICKS]
        kind, _, key = request.form.get("act", "").partition(":")
        return [*keys, key] if kind == "back" else keys

    def preview_page(self, form: Any, first: Any, sight: Sight, **more: Any) -> Any:
        """What was understood; nothing is ticked beforehand."""
        context = {
            "form": form,
            "pasted": first.pasted.data,
            "sight": sight,
            "back": self.put_back_keys(),
            "ticked": frozenset(),
            "picked": {},
            "notice": None,
            "offers": [] if sight.training is not None else fitting(sight.proposals),
            "field_labels": FIELD_LABELS,
            "states": STATES,
            "roles": ROLES,
            "known": KNOWN,
            "new_session": self.new_session_url(sight),
            "new_speaker": self.new_url("speaker"),
            "new_venue": self.new_url("venue"),
        }
        status = more.pop("status", 422 if form.errors else 200)
        return self.render("paste_preview.html", **{**context, **more}), status

    def new_url(self, kind: str, **known: Any) -> str | None:
        """Where a missing record is added, if the actor may add one."""
        screen = screen_of(kind)
        allowed = screen is not None and may("create", screen.model)
        return url_for(f"{screen.endpoint}.create_view", **known) if allowed else None

    def new_session_url(self, sight: Sight) -> str | None:
        """The form of a new session with what it can take from the text."""
        named = [one.value for one in sight.proposals if one.field == "venue" and one.is_open]
        return self.new_url("training_session", **({"venue": named[0]} if named else {}))

    # Saving

    def attempt_paste(self, first: Any, article: Article) -> Any:
        """The answer to the filled-in preview: the record, or the preview with what is wrong."""
        form = self.preview_form(first, article)
        token = self.token(form)
        before = self.sent_before(token)
        if before:
            return redirect(before, 303)
        if form.session.data is not None:
            screen_of(TrainingSession).locked(str(form.session.data.id))
        if not self.validate_form(form):
            return self.again(form, first, article)
        sight, keys = (
            look(form, article, self.put_back_keys()),
            request.form.getlist("accept")[:MOST_TICKS],
        )
        if keys:
            refused = self.objection_to_ticks(sight, keys)
            if refused is not None:
                subject = subject_of(sight.training)
                note_refusal("news_source.create", refused.sentence, subject=subject)
                return self.again(form, first, article, refused=refused)
        try:
            self.save_pasted(form, sight, keys, token)
        except StaleDataError:  # written since, past the lock
            self.session.session.rollback()
            return self.again(form, first, article, refused=Refused("stale", STALE))
        except (Refused, IntegrityError) as error:
            self.session.session.rollback()
            before = self.sent_before(token)
            if before:
                return redirect(before, 303)
            return self.not_saved(form, first, article, error)
        return self.saved_pasted(before=self.sent_before(token), count=len(keys))

    def objection_to_ticks(self, sight: Sight, keys: list[str]) -> Refused | None:
        """Why the ticked proposals are not taken over: closed, changed since, not in the text."""
        if sight.closed is not None:
            return sight.closed
        sentence = objection("edit", sight.training)
        if sentence is not None:
            return Refused("role", sentence)
        if request.form.get("version") != sight.version:
            return Refused("stale", STALE)
        if not set(keys) <= set(sight.open):
            return Refused("stale", OTHER_TEXT)
        return None

    def save_pasted(self, form: Any, sight: Sight, keys: list[str], token: Any) -> None:
        """The record and the ticked changes of its session, in one transaction."""
        record = self.build_new_instance()
        ticked = [sight.open[key] for key in dict.fromkeys(keys)]
        roles = {key: request.form.get(f"role-{key}", "") for key in keys}
        with self.session.session.no_autoflush:
            if ticked:
                accept(sight.training, ticked, roles, form.title.data)
        self.save(form, record, token)

    def saved_pasted(self, *, before: str, count: int) -> Any:
        """To the record, saying how much was taken over."""
        flash(tell(say("The news page is saved.")), "success")
        if count:
            flash(tell(say("Taken over into the session: %(count)s.", count=count)), "success")
        return redirect(before, 303)

    def not_saved(self, form: Any, first: Any, article: Article, error: Exception) -> Any:
        """The preview with the sentence at its field."""
        refused = self.refusal(error, "create", None)
        field = form._fields.get(refused.field or "")
        if field is not None:
            field.errors = [*field.errors, tell(refused.sentence)]
        else:
            form.form_errors.append(tell(refused.sentence))
        return self.again(form, first, article, status=STATUS[refused.code])

    def again(
        self,
        form: Any,
        first: Any,
        article: Article,
        *,
        refused: Refused | None = None,
        **more: Any,
    ) -> Any:
        """The preview after nothing was saved: what was typed stays, and stale ticks go."""
        if refused is not None:
            more |= {"notice": refused.sentence, "status": STATUS[refused.code]}
        else:
            keys = request.form.getlist("accept")[:MOST_TICKS]
            picked = {key: request.form.get(f"role-{key}") for key in keys}
            more |= {"ticked": frozenset(keys), "picked": picked}
        return self.preview_page(form, first, look(form, article, self.put_back_keys()), **more)
