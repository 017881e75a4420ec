"""Earlier values of a record as its form would take them: which can be given back, and which not.

What the reader does not see, what was erased, what only a step of a process sets and what no field
of the form holds is never given back; a sentence says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, SelectField
from wtforms.fields import FieldList

from ..proposals.texts import attribute, texts, value_of
from ..words import Sentence, say
from ..workflow.records import WorkflowRecord
from .files import UploadField
from .forms import SERVICE, columns_of
from .locks import open_fields
from .paths import is_relation
from .querying import find
from .relating import RecordSelect
from .sight import is_silent
from .stored import told


@dataclass(frozen=True)
class Given:
    """One field with its earlier value: as texts, as the form's value, or why it stays."""

    name: str
    label: Any
    now: str | None
    then: str | None
    value: Any = None
    why: Sentence | None = None


class Overlay:
    """A record, or none, as it would be with other values in some of its fields."""

    def __init__(self, record: Any, values: Mapping[str, Any]) -> None:
        self._record = record
        self.__dict__.update(values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._record, name)


def given_back(
    view: Any, record: Any, known: Mapping[str, str | None], erased: Iterable[str]
) -> list[Given]:
    """The fields in which `known`, values of columns as texts, are not those of `record`."""
    table = view.model.__table__
    now = texts(record, [c.name for c in table.columns]) if record is not None else {}
    wanted = {**dict.fromkeys(erased), **known}
    wanted = {name: text for name, text in wanted.items() if name in table.c}
    found, done = [], set()
    for column, text in wanted.items():
        gone = column in erased
        same = record is not None and now[column] == text and not gone
        if column in done or same or table.c[column].primary_key or is_silent(table.name, column):
            continue
        name, columns = field_of(view, column)
        done |= columns
        old = {one: wanted.get(one, now.get(one)) for one in sorted(columns)}
        shown = [
            told_all(table.name, values) for values in ({one: now.get(one) for one in old}, old)
        ]
        why: Sentence | None = None
        value = None
        if gone:
            why, shown[1] = say("It was erased by law."), None
        else:
            why = why_not(view, record, name, columns)
        if why is None:
            value, why = value_in(view.model, name, old)
        found.append(
            Given(name or column, view.label(name or column), shown[0], shown[1], value, why)
        )
    return found


def field_of(view: Any, column: str) -> tuple[str | None, set[str]]:
    """The field of the form that holds a column, with all columns that it holds; None: none."""
    for name, columns in view.stands_for.items():
        if column in columns:
            return name, set(columns)
    for name in view.form_columns or ():
        held = columns_of(view.model, name) or {name}
        if column in held:
            return name, held
    return None, {column}


def why_not(view: Any, record: Any, name: str | None, columns: set[str]) -> Sentence | None:
    """Why a field is not given back, or None: it can be."""
    table = view.model.__table__
    if any(table.c[one].info.get("log") == "secret" for one in columns):
        return say("It is a secret: the change log has no value of it.")
    if issubclass(view.model, WorkflowRecord) and "status" in columns:
        return say("The state changes only by a step of the process.")
    if any(view.masks(one) for one in columns):
        return say("You see it only as a mask: what you cannot read you do not give back.")
    if name is None or not view.fillable(name):
        return say("No field of the form holds it: the application sets it itself.")
    fields = open_fields(record) if record is not None else None
    if fields is None or name in fields or columns & fields:
        return None
    return say("The process does not leave this field open now.")


def value_in(model: Any, name: str, old: Mapping[str, str | None]) -> tuple[Any, Sentence | None]:
    """What the field would hold for the old texts of its columns, or why there is nothing."""
    target = getattr(model, name, None)
    if is_relation(target):
        [text] = old.values()
        record = find(target.property.mapper.class_, text) if text is not None else None
        if record is None and text is not None:
            return None, say(
                "The record that stood here is not there any more, or not in your scope."
            )
        return record, None
    try:
        values = {attribute(model, one): value_of(model, one, text) for one, text in old.items()}
    except ValueError:
        return None, say("The old value makes no sense here any more.")
    return getattr(model(**values), name), None


def told_all(table: str, values: Mapping[str, str | None]) -> str | None:
    """The texts of the columns of one field in words."""
    said = [told(table, column, text) for column, text in values.items() if text is not None]
    return ", ".join(filter(None, said)) or None


def only_own(view: Any, form: Any) -> Any:
    """The form without records inside, files, and what the reader sees as a mask."""
    for name, field in list(form._fields.items()):
        apart = isinstance(field, FieldList | UploadField)
        if name not in SERVICE and (apart or view.masks(name)):
            del form[name]
    return form


def as_sent(form: Any) -> MultiDict[str, str]:
    """What a browser would send of a form as it is shown."""
    return MultiDict((field.name, text) for field in form for text in _sent(field))


def _sent(field: Any) -> Iterator[str]:
    if isinstance(field, RecordSelect):
        yield from (field.key(one) for one in field.chosen())
    elif isinstance(field, BooleanField):
        yield from ["y"] if field.data else []
    elif isinstance(field, SelectField):
        known = {True: "1", False: "0", None: ""}
        yield (
            known[field.data] if field.data is None or isinstance(field.data, bool) else field.data
        )
    elif field.short_name not in SERVICE:
        yield field._value()
