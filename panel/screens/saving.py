"""Creating and editing a record by its form: once per form, never over somebody else's save.

The create form carries a one-time token, the edit form the version that it was opened with. Every
record that a save touches is asked of policy and scope; the gate at the flush has the last word.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, request, url_for
from flask_admin import expose
from flask_admin.form import BaseForm, FormOpts
from flask_admin.helpers import get_redirect_target
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from wtforms import HiddenField, StringField

from ..plugin import current_panel
from ..words import Refused, Sentence, say
from .acting import doing, may, note_refusal, objection, subject_of, the_actor
from .answers import STATUS, refusal_of
from .fields import OnceField
from .language import tell
from .lookup import Inline, Lookup
from .paths import is_relation
from .querying import find, key_of
from .sheets import rearranged

#: Fields of a form that are not columns of the record.
SERVICE = frozenset({"once", "version", "deed_reason"})


@dataclass(frozen=True)
class Difference:
    """A field that two people changed: what is stored now and what was typed."""

    label: str
    stored: Any
    typed: Any


class Saving(Lookup):
    """The forms of one record kind.

    `fields` are the columns and relations of the form, or `form_rules` lay them out in sections;
    `inlines` are records edited inside; `constraint_sentences` say broken constraints in words.
    """

    fields: tuple[str, ...] = ()
    inlines: tuple[Inline, ...] = ()
    constraint_sentences: dict[str, tuple[str | None, Sentence]] = {}
    form_base_class = BaseForm  # CSRF is checked for the whole application, never per form

    def before_save(self, record: Any, created: bool) -> None:
        """What the host sets or refuses before the flush; in the transaction of the save."""

    # Forms

    def get_create_form(self) -> Any:
        return type("CreateForm", (self.get_form(),), {"once": OnceField()})

    def get_edit_form(self) -> Any:
        extra = {
            "version": HiddenField(),
            "deed_reason": StringField(say("Reason of the change"), name="_reason"),
        }
        return type("EditForm", (self.get_form(),), extra)

    def _validate_form_class(self, *args: Any, **kwargs: Any) -> None:
        """The fields come from the sections, none can be missing; service fields are not laid out."""

    def _validate_form_instance(self, *args: Any, **kwargs: Any) -> None:
        """As above."""

    def create_form(self, obj: Any = None) -> Any:
        return self.dressed(super().create_form(obj))

    def edit_form(self, obj: Any = None) -> Any:
        form = self.dressed(super().edit_form(obj))
        for name in [name for name in form._fields if name not in SERVICE and self.masks(name)]:
            del form[name]
        return form

    def dressed(self, form: Any) -> Any:
        """The form without what the actor may not touch."""
        for name in [name for name in form._fields if name not in SERVICE]:
            if not self.fillable(name):
                del form[name]
        return form

    def fillable(self, name: str) -> bool:
        """Whether the actor may fill in a field: no secret, no records of a kind he cannot touch."""
        for inline in self.inlines:
            if inline.relation == name:
                return may("edit", inline.model) or may("create", inline.model)
        return self.reaches(name)

    def validate_form(self, form: Any) -> bool:
        return request.method == "POST" and not rearranged(form) and form.validate()

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
        before = token and self.sent_before(token)
        if before:
            return redirect(before, 303)
        if not self.validate_form(form):
            return None
        record = self.build_new_instance()
        try:
            self.save(form, record, token)
        except (Refused, IntegrityError) as error:
            self.session.session.rollback()
            before = self.sent_before(token)  # the same form, sent twice at once
            if before:
                return redirect(before, 303)
            return self.refused(form, error, "create", None)
        flash(tell(say("Saved: %(record)s", record=self.title_of(record))), "success")
        return redirect(self.after_save(record), 303)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        """One record; who saves over somebody else's change sees both values first."""
        if request.method == "GET":
            record = self.get_one(request.args.get("id"))
            closed = self.closed(record, "edit")
            if closed is not None:
                raise closed
            form = self.edit_form(obj=record)
            form.version.data = self.version_of(record)
            return self.form_page(self.edit_template, form, self._form_edit_rules, record)
        with doing(f"{self.kind_name}.edit", reason=self.reason()) as deed:
            record = self.locked(request.args.get("id"))
            deed.subject = subject_of(record)
            return self.attempt_edit(record)

    def attempt_edit(self, record: Any) -> Any:
        """The answer to a sent edit form."""
        session = self.session.session
        closed = self.closed(record, "edit")
        if closed is not None:
            note_refusal(f"{self.kind_name}.edit", closed.sentence, subject=subject_of(record))
            raise closed
        form, version = self.edit_form(obj=record), self.version_of(record)
        opened, form.version.data = form.version.data, version
        if opened != version:
            session.rollback()
            page = self.form_page(
                "panel/conflict.html",
                form,
                self._form_edit_rules,
                record,
                differences=self.differences(form, record),
            )
            return page, 409
        if not self.validate_form(form):
            return self.form_page(self.edit_template, form, self._form_edit_rules, record)
        try:
            self.save(form, record)
        except StaleDataError:
            session.rollback()
            return self.attempt_edit(self.locked(request.args.get("id")))
        except (Refused, IntegrityError) as error:
            return self.refused(form, error, "edit", record)
        flash(tell(say("Saved: %(record)s", record=self.title_of(record))), "success")
        return redirect(self.after_save(record), 303)

    def form_page(
        self, template: str, form: Any, rules: Any, record: Any = None, **more: Any
    ) -> Any:
        """The form with what was typed; 422 when something in it is wrong."""
        opts = FormOpts(widget_args=self.form_widget_args, form_rules=rules)
        page = self.render(
            template,
            model=record,
            form=form,
            form_opts=opts,
            return_url=get_redirect_target() or url_for(".index_view"),
            **more,
        )
        return (page, 422) if form.errors else page

    def after_save(self, record: Any) -> str:
        """Where a save leads: to the record, unless a button asked for something else."""
        key = sa.inspect(record).identity[0]
        if "_add_another" in request.form:
            return url_for(".create_view")
        if "_continue_editing" in request.form:
            return url_for(".edit_view", id=key)
        return url_for(".details_view", id=key)

    # The save itself

    def save(self, form: Any, record: Any, token: str | None = None) -> None:
        """Fill in, check, write and commit; raises `Refused` and IntegrityError, writes nothing then."""
        session, created = self.session.session, token is not None
        with session.no_autoflush:
            for name, field in form._fields.items():
                if name not in SERVICE:
                    field.populate_obj(record, name)
            if created:
                session.add(record)
            self.place(record)
            self.before_save(record, created)
            self.authorise(session)
        session.flush()
        if find(self.model, sa.inspect(record).identity[0]) is None:
            raise Refused("field", say("So the record would lie outside of your scope."))
        if token is not None:
            self.remember(token, record)
        session.commit()

    def place(self, record: Any) -> None:
        """Give what is new a region: that of the records it hangs on, else the actor's only one."""
        for new in (record, *self.session.session.new):
            if getattr(new, "region_id", 0) is not None:
                continue
            held = [
                getattr(new, relation.key)
                for relation in sa.inspect(type(new)).relationships
                if not relation.uselist
            ]
            regions = [getattr(other, "region_id", None) for other in held if other is not None]
            places = {place.region_id for place in the_actor().places}
            regions += places if len(places) == 1 else []
            new.region_id = next((region for region in regions if region is not None), None)

    def authorise(self, session: Any) -> None:
        """Ask the policy for every record that this save makes, changes or removes."""
        changed = [one for one in session.dirty if session.is_modified(one, False)]
        for verb, records in (
            ("create", session.new),
            ("edit", changed),
            ("delete", session.deleted),
        ):
            for record in records:
                sentence = objection(verb, record)
                if sentence is not None:
                    raise Refused("role", sentence)

    def refused(self, form: Any, error: Exception, verb: str, record: Any) -> Any:
        """The form again, with what was typed and why it was not saved; the attempt is logged."""
        self.session.session.rollback()
        if isinstance(error, IntegrityError):
            error = refusal_of(error, self.model.__table__, self.constraint_sentences)
        assert isinstance(error, Refused)
        subject = subject_of(record) if record is not None else None
        if error.code != "field":
            note_refusal(f"{self.kind_name}.{verb}", error.sentence, subject=subject)
        field = form._fields.get(error.field or "") or form._fields.get(
            self.relation_of(error.field)
        )
        if field is not None:
            field.errors = [*field.errors, tell(error.sentence)]
        else:
            form.form_errors.append(tell(error.sentence))
        if verb == "create":
            page = self.form_page(self.create_template, form, self._form_create_rules)
        else:
            page = self.form_page(self.edit_template, form, self._form_edit_rules, record)
        return page[0], STATUS[error.code]

    def relation_of(self, column: str | None) -> str:
        """The relation that a foreign key column belongs to, as the form knows it."""
        for relation in sa.inspect(self.model).relationships:
            if column in {local.name for local in relation.local_columns}:
                return str(relation.key)
        return ""

    def reason(self) -> str:
        """Why, as the form says it."""
        typed = request.form.get("_reason") or request.form.get("reason") or ""
        return typed.strip()[:1000]

    # Versions

    def version_of(self, record: Any) -> str:
        """A fingerprint of everything that the form shows or the record holds."""
        mapper = sa.inspect(self.model)
        parts = [f"{c.key}={getattr(record, c.key)!r}" for c in mapper.column_attrs]
        names = [*self.form_names(), *(inline.relation for inline in self.inlines)]
        for name in names:
            if not is_relation(getattr(self.model, name, None)):
                continue
            related = getattr(record, name)
            for other in related if isinstance(related, list) else ():
                columns = sa.inspect(type(other)).column_attrs
                parts.append(name + ",".join(f"{getattr(other, c.key)!r}" for c in columns))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24]

    def form_names(self) -> tuple[str, ...]:
        """The columns and relations that the form holds."""
        return tuple(self.form_columns or ())

    def differences(self, form: Any, record: Any) -> list[Difference]:
        """The fields in which what is stored and what was typed are not the same."""
        found = []
        for name, field in form._fields.items():
            if name in SERVICE or name in {inline.relation for inline in self.inlines}:
                continue
            stored = getattr(record, name)
            if (field.data or None) != (stored or None):
                typed = self.values.worded_value(name, field.data, long=True, link=False)
                shown = self.values.shown(record, name, long=True, link=False)
                found.append(Difference(field.label.text, shown, typed))
        return found

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
