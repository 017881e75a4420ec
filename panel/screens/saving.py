"""Creating and editing a record by its form: once per form, never over somebody else's save.

Every record that a save touches is asked of policy and scope; the gate at the flush has the last
word. What was typed is never lost.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container
from typing import Any

import sqlalchemy as sa
from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from ..plugin import current_panel
from ..words import Refused, Sentence, say
from .acting import doing, note_refusal, objection, subject_of, the_actor
from .answers import STATUS, refusal_of
from .belonging import place, refuse_elsewhere, refuse_nowhere, ties_to_own_kind
from .forms import SERVICE
from .language import tell
from .making import Making, is_part
from .querying import find, key_of
from .reading import read_fields


class Saving(Making):
    """The pages that create and edit records; `constraint_sentences` say broken rules in words."""

    create_template = "admin/model/create.html"
    edit_template = "admin/model/edit.html"
    constraint_sentences: dict[str, tuple[str | None, Sentence]] = {}

    def before_save(self, record: Any, created: bool) -> None:
        """What the host sets or refuses before the flush; in the transaction of the save."""

    # Pages

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        """A new record; the same form sent again leads to the first result."""
        form = self.create_form()
        if request.method == "POST":
            with doing(f"{self.kind_name}.create", reason=self.reason()):
                done = self.attempt_create(form)
            if done is not None:
                return done
        return self.form_page(self.create_template, form, self._form_create_rules)

    def attempt_create(self, form: Any) -> Any:
        """The answer of a save that was done, now or before; None to show the form again."""
        token = self.token(form)
        before = self.sent_before(token)
        if before:
            return self.made_before(before)
        if not self.validate_form(form):
            return None
        record = self.build_new_instance()
        try:
            self.save(form, record, token)
        except (Refused, IntegrityError) as error:
            self.session.session.rollback()
            before = self.sent_before(token)  # the same form, sent twice at once
            if before:
                return self.made_before(before)
            return self.refused(form, error, "create", None)
        if is_part():
            return self.made(record)
        answer = self.saved(record)
        self.tell_afterwards(form, record)
        return answer

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        """One record; who saves over somebody else's change sees both values first."""
        if request.method == "POST":
            with doing(f"{self.kind_name}.edit", reason=self.reason()) as deed:
                record = self.locked(request.args.get("id"))
                deed.subject = subject_of(record)
                return self.attempt_edit(record)
        record = self.get_one(request.args.get("id"))
        closed = self.closed(record, "edit")
        if closed is not None:
            raise closed
        form = self.edit_form(obj=record)
        form.version.data = self.version_of(record)
        return self.form_page(self.edit_template, form, self._form_edit_rules, record)

    def attempt_edit(self, record: Any) -> Any:
        """The answer to a sent edit form."""
        closed = self.closed(record, "edit")
        if closed is not None:
            note_refusal(f"{self.kind_name}.edit", closed.sentence, subject=subject_of(record))
            raise closed
        form, version = self.edit_form(obj=record), self.version_of(record)
        opened, form.version.data = form.version.data, version
        if opened != version:
            rules, differences = self._form_edit_rules, self.differences(form, record)
            page = self.form_page(
                "panel/conflict.html", form, rules, record, differences=differences
            )
            return page, 409
        if not self.validate_form(form):
            return self.form_page(self.edit_template, form, self._form_edit_rules, record)
        try:
            self.save(form, record)
        except StaleDataError:  # written since, past the lock: the next try sees it
            self.session.session.rollback()
            return self.attempt_edit(self.locked(request.args.get("id")))
        except (Refused, IntegrityError) as error:
            return self.refused(form, error, "edit", record)
        answer = self.saved(record)
        self.tell_afterwards(form, record)
        return answer

    @expose("/ajax/update/", methods=("POST",))
    def ajax_update(self) -> Any:
        """One column edited in the list: the same rights, scope, checks and gate as the form."""
        if not self.column_editable_list:
            abort(404)
        with doing(f"{self.kind_name}.edit") as deed:
            record = self.locked(request.form.get("list_form_pk"))
            deed.subject = subject_of(record)
            form = self.list_form(obj=record)
            for name in list(form._fields):
                if name not in request.form or not self.open(name):
                    del form[name]
            if not set(form._fields) - SERVICE or not form.validate():
                sentences = [sentence for field in form for sentence in field.errors]
                return " ".join(sentences), 422
            try:
                self.save(form, record)
            except (Refused, IntegrityError) as error:
                refused = self.refusal(error, "edit", record)
                return tell(refused.sentence), STATUS[refused.code]
        return tell(say("Saved: %(record)s", record=self.title_of(record)))

    def tell_afterwards(self, form: Any, record: Any) -> None:
        """Say what was rewritten in a saved form and what was doubtful while reading it.

        What is doubtful about the record stands on its page and its form; it is said here only
        where the next page is another record's.
        """
        rewritten = [tell(sentence) for sentence in self.rewritten_in(form)]
        doubts = [
            (field.label.text, doubt.sentence)
            for _held, field in read_fields(form)
            for doubt in field.doubts
        ]
        if "_add_another" in request.form:
            found = self.told_doubts(record)
            doubts += [(self.label(name) if name else "", text) for name, text in found]
        told = dict.fromkeys((tell(label), tell(text)) for label, text in doubts)
        for category, sentences in (
            ("info", rewritten),
            ("warning", [f"{label}: {text}" if label else text for label, text in told]),
        ):
            if sentences:
                flash(" ".join(sentences), category)

    def saved(self, record: Any) -> Any:
        """Say so, and lead to the record unless a button asked for something else."""
        flash(tell(self.saved_text(record)), "success")
        key = sa.inspect(record).identity[0]
        if "_add_another" in request.form:
            return redirect(url_for(".create_view"), 303)
        if "_continue_editing" in request.form:
            return redirect(url_for(".edit_view", id=key), 303)
        return redirect(url_for(".details_view", id=key), 303)

    def saved_text(self, record: Any) -> Sentence:
        """What is said of a record that was saved."""
        return say("Saved: %(record)s", record=self.title_of(record))

    # The save itself

    def save(self, form: Any, record: Any, token: str | None = None) -> None:
        """Fill in, check, write, commit; `Refused` and IntegrityError leave nothing written."""
        self.write(form, record, created=token is not None)
        if token is not None:
            self.remember(token, record)
        self.session.session.commit()

    def write(
        self, form: Any, record: Any, created: bool, names: Container[str] | None = None
    ) -> None:
        """Fill in what the form holds under these `names`, or all of it; check it and flush."""
        session = self.session.session
        with session.no_autoflush:
            for name, field in form._fields.items():
                asked = name not in SERVICE and (names is None or name in names)
                if asked and not getattr(field, "kept", False):
                    field.populate_obj(record, name)
            if created:
                session.add(record)
            self.place(record)
            self.before_save(record, created)
            refuse_nowhere(record)
            refuse_elsewhere(record, (*session.new, *session.dirty))
            self.refuse_itself(record)
            self.authorise(session)
        session.flush()
        if find(self.model, sa.inspect(record).identity[0]) is None:
            raise Refused("field", say("So the record would lie outside of your scope."))

    def refuse_itself(self, record: Any) -> None:
        """Refuse a record that refers to itself: no flush could order it, no rule be told."""
        for name in ties_to_own_kind(self.model):
            if getattr(record, name) is record:
                sentences = dict(self.constraint_sentences.values())
                sentence = sentences.get(name, say("A record does not refer to itself."))
                raise Refused("field", sentence, name)

    def place(self, record: Any) -> None:
        """Give what is new a region: that of the records it hangs on, else the actor's only one."""
        for new in (record, *self.session.session.new):
            place(new)

    def authorise(self, session: Any) -> None:
        """Ask the policy for every record that this save makes, changes or removes."""
        changed = [one for one in session.dirty if session.is_modified(one, False)]
        asked = (("create", session.new), ("edit", changed), ("delete", session.deleted))
        for verb, records in asked:
            for record in records:
                sentence = objection(verb, record)
                if sentence is not None:
                    raise Refused("role", sentence)

    def refused(self, form: Any, error: Exception, verb: str, record: Any) -> Any:
        """The form again, with what was typed and why it was not saved."""
        refused = self.refusal(error, verb, record)
        named = refused.field or ""
        field = form._fields.get(named) or form._fields.get(self.relation_of(named))
        if field is not None:
            field.errors = [*field.errors, tell(refused.sentence)]
        else:
            form.form_errors.append(tell(refused.sentence))
        if verb == "create":
            page = self.form_page(self.create_template, form, self._form_create_rules)
        else:
            page = self.form_page(self.edit_template, form, self._form_edit_rules, record)
        return page[0], STATUS[refused.code]

    def refusal(self, error: Exception, verb: str, record: Any) -> Refused:
        """What stopped a save, in words; it is undone, and logged unless a value was just wrong."""
        self.session.session.rollback()
        if isinstance(error, IntegrityError):
            error = refusal_of(error, self.model.__table__, self.constraint_sentences)
        assert isinstance(error, Refused)
        if error.code != "field":
            subject = subject_of(record) if record is not None else None
            note_refusal(f"{self.kind_name}.{verb}", error.sentence, subject=subject)
        return error

    def relation_of(self, column: str) -> str:
        """The relation that a foreign key column, or a table, belongs to, as the form knows it."""
        for inline in self.inlines:
            if inline.model.__tablename__ == column:
                return str(inline.relation)
        for relation in sa.inspect(self.model).relationships:
            if column in {local.name for local in relation.local_columns}:
                return str(relation.key)
        return ""

    def reason(self) -> str:
        """Why, as the form says it."""
        typed = request.form.get("_reason") or request.form.get("reason") or ""
        return typed.strip()[:1000]

    # One-time tokens

    def token(self, form: Any) -> str | None:
        """The hash of the form's token, for this account; None when it carries none."""
        if not form.once.data:
            return None
        text = f"{the_actor().id}:{self.kind_name}:{form.once.data}"
        return hashlib.sha256(text.encode()).hexdigest()

    def sent_before(self, token: str | None) -> str | None:
        """Where the first sending of this form led, or None."""
        tokens = current_panel().access.form_token
        row = self.session.session.get(tokens, token) if token else None
        return row.location if row is not None else None

    def remember(self, token: str, record: Any) -> None:
        """Keep where this sending led, in the transaction of the save."""
        location = url_for(".details_view", id=getattr(record, key_of(self.model).key))
        tokens = current_panel().access.form_token
        session = self.session.session
        session.add(tokens(hash=token, account_id=the_actor().id, location=location))
        session.flush()
