"""The forms of one record kind: which fields an actor has, which state of the record they show."""

from __future__ import annotations

import hmac
from copy import copy
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask import current_app, request, url_for
from flask_admin.form import BaseForm, FormOpts
from flask_admin.form.rules import NestedRule
from flask_admin.helpers import get_redirect_target
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired

from ..access.keys import derived
from ..words import say
from .acting import may
from .converting import Inline
from .fields import OnceField
from .locks import open_fields
from .lookup import Lookup
from .paths import is_relation
from .querying import key_of
from .sheets import rearranged
from .values import mask

#: Fields of a form that are not columns of the record.
SERVICE = frozenset({"once", "version", "deed_reason", "list_form_pk"})


@dataclass(frozen=True)
class Difference:
    """A field that two people changed: what is stored now and what was typed."""

    label: str
    stored: Any
    typed: Any


class Forms(Lookup):
    """Create and edit forms of a record.

    `fields` are the columns and relations of the form, or sections of them; `inlines` are records
    edited inside. The create form carries a one-time token, the edit form a version.
    """

    fields: tuple[Any, ...] = ()
    inlines: tuple[Inline, ...] = ()
    #: Whether the form of a new record asks for a reason.
    new_with_reason: bool = False
    form_base_class = BaseForm  # CSRF is checked for the whole application, never per form

    def get_create_form(self) -> Any:
        extra: dict[str, Any] = {"once": OnceField(say("Form"))}
        if self.new_with_reason:
            extra["deed_reason"] = StringField(say("Reason"), name="_reason")
        return type("CreateForm", (self.get_form(),), extra)

    def get_edit_form(self) -> Any:
        reason = StringField(say("Reason of the change"), name="_reason")
        extra = {"version": HiddenField(), "deed_reason": reason}
        return type("EditForm", (self.get_form(),), extra)

    def _validate_form_class(self, *args: Any, **kwargs: Any) -> None:
        """The fields come from the sections: none can be missing there."""

    def _validate_form_instance(self, *args: Any, **kwargs: Any) -> None:
        """As above."""

    def create_form(self, obj: Any = None) -> Any:
        return self.cut(super().create_form(obj))

    def edit_form(self, obj: Any = None) -> Any:
        form = self.cut(super().edit_form(obj))
        fields = open_fields(obj) if obj is not None else None
        for name in [name for name in form._fields if name not in SERVICE]:
            if not self.left_open(form[name], name, fields):
                del form[name]
            elif self.masks(name):
                self.cover(form[name], getattr(obj, name, None))
        for inline in self.inlines:
            self.cover_inside(form, inline)
        return form

    def cover_inside(self, form: Any, inline: Inline) -> None:
        """Keep the masked values of records inside of the form out of the page as well."""
        for entry in form[inline.relation].entries if inline.relation in form else ():
            record = entry.object_data
            for name in [name for name in entry.form._fields if inline.values.masks(name)]:
                if record is not None and getattr(record, name) is not None:
                    field = entry.form[name]
                    self.cover(field, getattr(record, name))
                    if field.kept:
                        field.populate_obj = lambda _record, _name: None

    def cover(self, field: Any, value: Any) -> None:
        """Keep a masked value out of the page: an empty box keeps it, what is typed replaces it."""
        field.validators = [one for one in field.validators if not isinstance(one, InputRequired)]
        field.flags.required = False
        field.description = say("Now %(mask)s. Left empty it stays.", mask=mask(str(value or "")))
        field.kept = not any(str(text).strip() for text in field.raw_data or ())
        if field.kept:
            field.data = None

    def left_open(self, field: Any, name: str, fields: frozenset[str] | None) -> bool:
        """Whether the process leaves a field open now; of inner forms, the columns it leaves."""
        inner = next((one for one in self.inlines if one.relation == name), None)
        if fields is None or name in fields or columns_of(self.model, name) & fields:
            return True
        if inner is None:
            return False
        table = inner.model.__tablename__
        if table in fields:
            return True
        for entry in field.entries:
            for part in [p for p in entry.form._fields if f"{table}.{p}" not in fields]:
                if part != key_of(inner.model).key:
                    del entry.form[part]
        return any(one.startswith(f"{table}.") for one in fields) and bool(field.entries)

    def cut(self, form: Any) -> Any:
        """The form without what the actor may not touch."""
        for name in [name for name in form._fields if name not in SERVICE]:
            if not self.fillable(name):
                del form[name]
        for inline in self.inlines:
            if inline.relation in form:
                form[inline.relation].label.text = inline.one
        return form

    def fillable(self, name: str) -> bool:
        """Whether the actor may fill in a field: no secret, no records that he cannot touch."""
        for inline in self.inlines:
            if inline.relation == name:
                return may("edit", inline.model) or may("create", inline.model)
        return self.reaches(name)

    def validate_form(self, form: Any) -> bool:
        return request.method == "POST" and not rearranged(form) and form.validate()

    def form_page(
        self, template: str, form: Any, rules: Any, record: Any = None, **more: Any
    ) -> Any:
        """The form with what was typed; 422 when something in it is wrong."""
        present = [rule for rule in map(partial(held_by, form), rules or ()) if rule is not None]
        page = self.render(
            template,
            **({} if record is None else {"model": record}),
            form=form,
            form_opts=FormOpts(widget_args=self.form_widget_args, form_rules=present),
            return_url=get_redirect_target() or url_for(".index_view"),
            **more,
        )
        return (page, 422) if form.errors else page

    def version_of(self, record: Any) -> str:
        """A fingerprint of everything that the record holds and the form shows.

        It is keyed: from a bare hash one could guess what the form masks.
        """
        mapper = sa.inspect(self.model)
        parts = [f"{c.key}={getattr(record, c.key)!r}" for c in mapper.column_attrs]
        for name in [*(self.form_columns or ()), *(inline.relation for inline in self.inlines)]:
            if not is_relation(getattr(self.model, name, None)):
                continue
            related = getattr(record, name)
            for other in related if isinstance(related, list) else ():
                columns = sa.inspect(type(other)).column_attrs
                parts.append(name + ",".join(f"{getattr(other, c.key)!r}" for c in columns))
        key = derived(current_app.config["SECRET_KEY"], "versions of records").encode()
        return hmac.digest(key, "\n".join(parts).encode(), "sha256").hex()[:24]

    def differences(self, form: Any, record: Any) -> list[Difference]:
        """The fields in which what is stored and what was typed are not the same."""
        found = []
        inner = {inline.relation for inline in self.inlines}
        for name, field in form._fields.items():
            if name in SERVICE or name in inner or getattr(field, "kept", False):
                continue
            stored = getattr(record, name)
            if (field.data or None) != (stored or None):
                typed = self.values.worded_value(name, field.data, long=True, link=False)
                shown = self.values.shown(record, name, long=True, link=False)
                found.append(Difference(field.label.text, shown, typed))
        return found


def columns_of(model: Any, name: str) -> set[str]:
    """The foreign key columns behind a relation's field."""
    attribute = getattr(model, name, None)
    if not is_relation(attribute):
        return set()
    return {column.name for column in attribute.property.local_columns} - {"region_id", "id"}


def held_by(form: Any, rule: Any) -> Any:
    """A rule of the layout without the fields that the form does not have; None if none is left."""
    if isinstance(rule, NestedRule):
        kept = copy(rule)
        kept.rules = [one for one in (held_by(form, part) for part in rule.rules) if one]
        return kept if kept.rules else None
    return rule if all(name in form for name in rule.visible_fields) else None
