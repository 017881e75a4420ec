"""From the columns of a model to the fields of its forms, and to forms inside forms."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_admin.contrib.sqla.fields import InlineModelFormList
from flask_admin.contrib.sqla.form import AdminModelConverter, InlineModelConverter
from flask_admin.form import BaseForm
from flask_admin.model.form import InlineFormAdmin
from wtforms import BooleanField
from wtforms.utils import unset_value
from wtforms.validators import InputRequired, Optional

from ..plugin import current_panel
from .acting import may
from .fields import DateField, LongTextField, NumberField, TextField, TimeField
from .querying import key_of, seen
from .relating import CodeSelect, RecordSelect, RecordSelectMultiple, YesNoUnknown
from .values import Values, as_label, worded


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
        if override and not issubclass(override, RecordSelect):
            return override(**kwargs)
        kwargs.setdefault("entity", prop.mapper.class_)
        kwargs.setdefault("joins", getattr(self.view, "choice_joins", {}).get(name, ()))
        kwargs["allow_blank"] = blank
        field_class = override or (RecordSelectMultiple if prop.uselist else RecordSelect)
        return field_class(**kwargs)

    def convert(
        self, model: Any, mapper: Any, name: str, prop: Any, field_args: Any, hidden_pk: bool
    ) -> Any:
        columns = getattr(prop, "columns", None)
        given = columns is None or hasattr(prop, "direction") or columns[0].primary_key
        if given or columns[0].foreign_keys:
            return super().convert(model, mapper, name, prop, field_args, hidden_pk)
        column, args = columns[0], dict(field_args or {})
        # What a record gets by itself says so: `info={"filled": True}`.
        blank = column.nullable or bool(column.default) or bool(column.server_default)
        blank = blank or bool(column.info.get("filled"))
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
        if isinstance(kind, sa.Time):
            return TimeField(**args)
        if isinstance(kind, sa.Integer):
            return NumberField(**args)
        if isinstance(kind, sa.String):
            long = name in getattr(self.view, "long_fields", ())
            most = {"most": kind.length} if kind.length else {}
            return (LongTextField if long else TextField)(**args, **most)
        raise TypeError(f"{column} has no field of its own: give one in form_overrides")


class Inline(InlineFormAdmin):
    """Records of another kind edited inside the form of the one that holds them.

    `relation` is the holder's relationship; `fields` are those of the inner form; `one` is what
    one of them is called.
    """

    form_base_class = BaseForm

    def __init__(self, relation: str, model: Any, fields: tuple[str, ...], **options: Any) -> None:
        self.relation = relation
        self.one = worded(options.pop("one", None) or as_label(model.__tablename__))
        key = key_of(model).key
        labels, choices = options.pop("labels", {}), options.pop("choices", {})
        self.values = Values(model, labels, choices)
        super().__init__(model, form_columns=(key, *fields), **options)


class InlineRecords(InlineModelFormList):
    """The list of inner forms, of those records of the holder that lie in the actor's scope.

    Only these can be named by key; the others are neither shown nor touched by a save.
    """

    def display_row_controls(self, field: Any) -> bool:
        """A row that stands can be taken out by who may delete it."""
        return bool(field.get_pk()) and may("delete", self.model)

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(formdata, data if data is unset_value else seen(data or ()), extra_filters)

    def populate_obj(self, obj: Any, name: str) -> None:
        held = getattr(obj, name)
        known = {str(getattr(one, self._pk)): one for one in seen(held)}
        for entry in self.entries:
            record = known.get(str(entry.get_pk()))
            if self.should_delete(entry):
                if record is not None:
                    current_panel().db.session.delete(record)
                continue
            if record is None:
                record = self.model()
                held.append(record)
            entry.populate_obj(record, None)


class InlineConverter(InlineModelConverter):
    """Inner forms along a named relationship, so that a second one to the same kind is no trap."""

    inline_field_list_type = InlineRecords

    def get_info(self, p: Any) -> Any:
        return p if isinstance(p, Inline) else super().get_info(p)

    def _calculate_mapping_key_pair(self, model: Any, info: Any) -> dict[str, str]:
        forward = sa.inspect(model).relationships[info.relation]
        back = forward.back_populates or next(iter(forward._reverse_property)).key
        return {forward.key: back}
