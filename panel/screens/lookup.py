"""Fields and lookups of related records: scoped, capped, and checked again when they are posted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask import Response, abort, jsonify, request, url_for
from flask_admin import expose
from flask_admin.contrib.sqla.fields import InlineModelFormList
from flask_admin.contrib.sqla.form import AdminModelConverter, InlineModelConverter
from flask_admin.form import BaseForm
from flask_admin.model.form import InlineFormAdmin
from sqlalchemy.orm import joinedload
from wtforms import BooleanField, SelectField, widgets
from wtforms.fields import SelectFieldBase
from wtforms.validators import InputRequired, Optional, ValidationError

from ..plugin import current_panel
from ..words import say
from .acting import may
from .fields import DateField, LongTextField, NumberField, TextField
from .language import tell
from .querying import contains, find, key_of, scoped
from .showing import Showing
from .values import Values, worded

#: Related records that a form offers at once; beyond them the lookup answers.
OFFERED = 200
#: Related records that one lookup answers with.
FOUND = 20


def offered(entity: Any, order: str | None = None) -> sa.Select[Any]:
    """The records in scope that a field offers, in the order of column `order`."""
    return scoped(entity).order_by(*([getattr(entity, order)] if order else []), key_of(entity))


class RecordSelect(SelectFieldBase):
    """One related record out of those in scope; a posted key is looked up in the same scope."""

    widget = widgets.Select()

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        self.entity = options.pop("entity")
        self.order = options.pop("order", None)
        self.allow_blank = options.pop("allow_blank", False)
        self.joins = options.pop("joins", ())
        super().__init__(label, validators, **options)
        self.unknown = False

    def key(self, record: Any) -> str:
        """The value of a record's option."""
        return str(getattr(record, key_of(self.entity).key))

    def records(self) -> list[Any]:
        """What the field offers at once."""
        rows = offered(self.entity, self.order).limit(OFFERED)
        rows = rows.options(*(joinedload(join) for join in self.joins))
        return list(current_panel().db.session.scalars(rows).unique())

    def chosen(self) -> list[Any]:
        """The records that are chosen now."""
        return [] if self.data is None else [self.data]

    def iter_choices(self) -> Iterator[Any]:
        chosen = {self.key(record): record for record in self.chosen()}
        if self.allow_blank:
            yield "", tell(say("not filled in")), not chosen, {}
        elif not chosen:
            yield "", tell(say("Choose")), True, {}
        records = {self.key(record): record for record in self.records()} | chosen
        for key, record in sorted(records.items(), key=lambda pair: str(pair[1]).lower()):
            yield key, str(record), key in chosen, {}

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        self.data = None
        if valuelist[0] in ("", "__None"):
            return
        self.data = find(self.entity, valuelist[0])
        self.unknown = self.data is None

    def pre_validate(self, form: Any) -> None:
        if self.unknown:
            raise ValidationError(tell(say("Choose one of the records offered.")))
        if self.data is None and not self.allow_blank:
            raise ValidationError(tell(say("Choose one.")))


class RecordSelectMultiple(RecordSelect):
    """Several related records out of those in scope."""

    widget = widgets.Select(multiple=True)

    def chosen(self) -> list[Any]:
        return list(self.data or [])

    def iter_choices(self) -> Iterator[Any]:
        return (choice for choice in super().iter_choices() if choice[0])

    def process_formdata(self, valuelist: list[str]) -> None:
        found = [find(self.entity, value) for value in valuelist if value not in ("", "__None")]
        self.unknown = None in found
        self.data = [record for record in found if record is not None]

    def pre_validate(self, form: Any) -> None:
        if self.unknown:
            raise ValidationError(tell(say("Choose one of the records offered.")))


class CodeSelect(SelectField):
    """One of a column's codes, under labels in the reader's language."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        self.allow_blank = options.pop("allow_blank", False)
        self.codes = options.pop("codes")
        options["coerce"] = lambda value: None if value in (None, "", "__None") else str(value)
        options["choices"] = []
        super().__init__(label, validators, **options)
        blanks = [("", tell(say("not filled in") if self.allow_blank else say("Choose")))]
        self.choices = blanks + [(code, tell(worded(text))) for code, text in self.codes.items()]

    def pre_validate(self, form: Any) -> None:
        if self.data is None and self.allow_blank:
            return
        if self.data not in self.codes:
            raise ValidationError(tell(say("Choose one.")))


class YesNoUnknown(SelectField):
    """Yes, no, or not known; never a tick box that takes silence for no."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        answers = {"": say("not filled in"), "1": say("yes"), "0": say("no")}
        options["coerce"] = known
        options["choices"] = [(code, tell(text)) for code, text in answers.items()]
        super().__init__(label, validators, **options)

    def iter_choices(self) -> Iterator[Any]:
        for code, text in self.choices:
            yield code, text, known(code) is self.data, {}

    def pre_validate(self, form: Any) -> None:
        """Every answer is one."""


def known(answer: Any) -> bool | None:
    """An answer as true, false or not known."""
    return {"1": True, "0": False, True: True, False: False}.get(answer)


class Converter(AdminModelConverter):
    """Columns and relations as fields; every related record goes through the scope."""

    def values(self) -> Values:
        """How records of the form's kind are read."""
        return getattr(self.view, "values", None) or Values(self.view.model)

    def _get_label(self, name: str, field_args: Any) -> Any:
        return field_args.get("label") or self.values().label(name)

    def _convert_relation(self, name: str, prop: Any, proxy: bool, kwargs: Any) -> Any:
        override = self._get_field_override(prop.key)
        local = [own for own, _other in prop.local_remote_pairs if own.name != "region_id"]
        blank = prop.uselist or all(column.nullable for column in local)
        kwargs["validators"] += [Optional()] if blank else []
        kwargs["label"] = self._get_label(name, kwargs)
        kwargs["description"] = self._get_description(name, kwargs)
        if override:
            return override(**kwargs)
        kwargs.setdefault("entity", prop.mapper.class_)
        kwargs.setdefault("joins", getattr(self.view, "choice_joins", {}).get(name, ()))
        kwargs["allow_blank"] = blank
        return (RecordSelectMultiple if prop.uselist else RecordSelect)(**kwargs)

    def convert(
        self, model: Any, mapper: Any, name: str, prop: Any, field_args: Any, hidden_pk: bool
    ) -> Any:
        columns = getattr(prop, "columns", None)
        given = columns is None or hasattr(prop, "direction") or columns[0].primary_key
        if given or columns[0].foreign_keys:
            return super().convert(model, mapper, name, prop, field_args, hidden_pk)
        column, args = columns[0], dict(field_args or {})
        blank = column.nullable or bool(column.default) or bool(column.server_default)
        required = [Optional()] if blank else [InputRequired()]
        args["validators"] = [*required, *args.get("validators", ())]
        args["label"] = self._get_label(name, args)
        args["description"] = self._get_description(name, args)
        if column.default is not None and column.default.is_scalar:
            args.setdefault("default", column.default.arg)
        override = self._get_field_override(name)
        return override(**args) if override else self.field_of(name, column, args)

    def field_of(self, name: str, column: Any, args: Any) -> Any:
        """The field that reads a column of this type; several lines where the view says so."""
        codes = self.values().codes(name)
        kind = getattr(column.type, "impl_instance", column.type)
        if codes is not None:
            blank = column.nullable and column.default is None
            return CodeSelect(codes=codes, allow_blank=blank, **args)
        if isinstance(kind, sa.Boolean):
            return YesNoUnknown(**args) if column.nullable else BooleanField(**args)
        if isinstance(kind, sa.Date):
            return DateField(**args)
        if isinstance(kind, sa.Integer):
            return NumberField(**args)
        if isinstance(kind, sa.String):
            long = name in getattr(self.view, "long_fields", ())
            most = {"most": kind.length} if kind.length else {}
            return (LongTextField if long else TextField)(**args, **most)
        raise TypeError(f"{column} has no field of its own: give one in form_overrides")


class Inline(InlineFormAdmin):
    """Records of another kind edited inside the form of the one that holds them.

    `relation` is the holder's relationship; `fields` are those of the inner form.
    """

    form_base_class = BaseForm

    def __init__(self, relation: str, model: Any, fields: tuple[str, ...], **options: Any) -> None:
        self.relation = relation
        key = key_of(model).key
        labels, choices = options.pop("labels", {}), options.pop("choices", {})
        self.values = Values(model, labels, choices)
        super().__init__(model, form_columns=(key, *fields), **options)


class InlineRecords(InlineModelFormList):
    """The list of inner forms; only records that the holder already has can be named by key."""

    def display_row_controls(self, field: Any) -> bool:
        return bool(field.get_pk())


class InlineConverter(InlineModelConverter):
    """Inner forms along a named relationship, so that a second one to the same kind is no trap."""

    inline_field_list_type = InlineRecords

    def get_info(self, p: Any) -> Any:
        return p if isinstance(p, Inline) else super().get_info(p)

    def _calculate_mapping_key_pair(self, model: Any, info: Any) -> dict[str, str]:
        forward = sa.inspect(model).relationships[info.relation]
        back = forward.back_populates or next(iter(forward._reverse_property)).key
        return {forward.key: back}


class Lookup(Showing):
    """Forms whose related records are those of the actor's scope, and a lookup for long lists.

    `lookups` names, per relation, the columns of the related kind that the lookup searches.
    """

    model_form_converter = Converter
    inline_model_form_converter = InlineConverter
    lookups: dict[str, tuple[str, ...]] = {}
    #: Text columns that take several lines.
    long_fields: tuple[str, ...] = ()

    @expose("/ajax/lookup/")
    def ajax_lookup(self) -> Response:
        """Related records in scope whose columns hold each word of the query; at most `FOUND`."""
        name = request.args.get("name", "")
        relation = sa.inspect(self.model).relationships.get(name)
        if relation is None or name not in self.lookups:
            abort(404)
        entity = relation.mapper.class_
        if not (may("create", self.model) or may("edit", self.model)) or not may("read", entity):
            abort(403)
        rows = scoped(entity).order_by(key_of(entity))
        for word in request.args.get("query", "")[:100].split():
            columns = [getattr(entity, column) for column in self.lookups[name]]
            rows = rows.where(sa.or_(*(contains(column, word) for column in columns)))
        offset = request.args.get("offset", 0, type=int)
        rows = rows.limit(FOUND).offset(min(max(offset, 0), 10_000))
        key = key_of(entity).key
        found = self.session.session.scalars(rows).unique()
        return jsonify([[getattr(record, key), str(record)] for record in found])

    def lookup_url(self, name: str) -> str:
        """The address that answers for a relation."""
        return url_for(".ajax_lookup", name=name)
