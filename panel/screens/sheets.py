"""How a form becomes sheets of fields: sections, kinds of field, its problems, its repeated parts.

A view declares `form_rules = [Section("Name", "Titles stand apart.", ["full_name"]), ...]`; without
rules the fields stand on one sheet and each repeated part on one of its own. Widget arguments that
the theme knows: `w` (1 to 6 columns) and `opt` (a remark beside the label).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, groupby
from typing import Any

from flask import request
from flask_admin.form import DatePickerWidget, RenderTemplateWidget
from flask_admin.form.rules import Macro, NestedRule
from flask_admin.helpers import get_current_view
from flask_admin.model.fields import AjaxSelectField, AjaxSelectMultipleField
from wtforms import Field, Form, widgets
from wtforms.fields import FieldList, FormField, RadioField
from wtforms.widgets import ListWidget

#: A select with more choices than this becomes a field that searches.
MANY = 15
#: So many choices of a lookup are in the page for those who have no script.
SOME = 50


class Section(NestedRule):
    """One sheet of a form: what and why on the left, its fields on the right."""

    def __init__(self, title: Any, help: Any = "", fields: Sequence[Any] = ()) -> None:
        super().__init__(list(fields))
        self.title = title
        self.help = help
        self.macro = Macro("lib.render_sheet")

    def __call__(self, form: Form, form_opts: Any = None, field_args: Any = None) -> Any:
        body = super().__call__(form, form_opts, field_args)
        named = f"s-{self.visible_fields[0]}" if self.visible_fields else "s"
        return self.macro(
            form, form_opts, {"id": named, "title": self.title, "help": self.help, "body": body}
        )


def sheets_of(rules: Any) -> Iterator[tuple[bool, list[Any]]]:
    """The rules of a form in order: each section alone, what stands between them together."""
    numbers = count()
    groups = groupby(rules, lambda rule: next(numbers) if isinstance(rule, Section) else "loose")
    for key, group in groups:
        yield key != "loose", list(group)


def fields_in_sheets(form: Form) -> Iterator[list[Field]]:
    """The visible fields of a form without rules: each repeated part alone, the others together."""
    numbers = count()
    visible = [field for field in form if kind_of(field) != "hidden"]
    visible.sort(key=lambda field: field.short_name == "_reason")  # asked for at the end
    for _, group in groupby(visible, lambda f: next(numbers) if kind_of(f) == "parts" else "loose"):
        yield list(group)


def kind_of(field: Field) -> str:
    """What a template makes of a field."""
    widget = field.widget
    if isinstance(widget, widgets.HiddenInput):
        return "hidden"
    if isinstance(field, AjaxSelectField):
        return "lookup"
    if isinstance(field, FieldList | FormField) or isinstance(widget, RenderTemplateWidget):
        return "parts"
    if isinstance(field, RadioField) or isinstance(widget, ListWidget):
        return "options"
    if isinstance(widget, widgets.CheckboxInput):
        return "tick"
    if isinstance(widget, widgets.Select):
        return "several" if is_several(field) else "select"
    if isinstance(widget, DatePickerWidget | widgets.DateInput):
        return "date"
    return "area" if isinstance(widget, widgets.TextArea) else "input"


def is_several(field: Field) -> bool:
    """Whether some of a few choices are picked: boxes to tick need no key held down."""
    several = getattr(field.widget, "multiple", False)
    return bool(several) and len(list(field.iter_choices())) <= MANY


def searching(field: Field, hint: str = "") -> dict[str, Any]:
    """The attributes of a select that searches: one of many choices, or with a lookup behind it."""
    if getattr(field.widget, "multiple", False):
        return {}
    view = get_current_view()
    inner = field.name != field.short_name
    if not inner and field.short_name in getattr(view, "lookups", ()):
        url = view.lookup_url(field.short_name)
        return {"data-combo": True, "data-hint": hint, "data-lookup": url}
    many = len(list(field.iter_choices())) > MANY
    return {"data-combo": True, "data-hint": hint} if many else {}


@dataclass(frozen=True)
class Choice:
    """One line of a select."""

    value: str
    label: str
    picked: bool


def lookup_choices(field: AjaxSelectField) -> list[Choice]:
    """What a lookup has in the page: what is picked, and the first few others."""
    several = isinstance(field, AjaxSelectMultipleField)
    picked = field.data if several else [field.data]
    known = [field.loader.format(record) for record in picked or () if record is not None]
    others = [field.loader.format(record) for record in field.loader.get_list("", limit=SOME)]
    chosen = {str(value) for value, _ in known}
    choices = [Choice(str(value), str(label), True) for value, label in known]
    return choices + [Choice(str(v), str(t), False) for v, t in others if str(v) not in chosen]


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field, for the summary above the form."""

    id: str
    label: Any
    sentence: Any


def problems_of(form: Form) -> list[Problem]:
    """Everything that is wrong with a form, in the order of its fields, down into its parts."""
    found: list[Problem] = [Problem("", "", error) for error in form.form_errors]
    for field in form:
        found += _problems(field)
    return found


def _problems(field: Field) -> list[Problem]:
    if isinstance(field, FormField):
        return problems_of(field.form)
    own = [error for error in field.errors if not isinstance(error, list | tuple | dict)]
    found = [Problem(field.id, field.label.text, error) for error in own]
    if isinstance(field, FieldList):
        for entry in field.entries:
            found += _problems(entry)
    return found


def rearranged(form: Form) -> bool:
    """Do what the buttons "add" and "remove" of a repeated part ask; true: show the form again.

    A view's `validate_form` asks this first, so that nothing is saved on the way.
    """
    added, removed = request.form.get("_add"), request.form.get("_remove")
    for field in form:
        if not isinstance(field, FieldList):
            continue
        if field.id == added:
            field.append_entry()
            return True
        for entry in field.entries:
            if removed is not None and entry.id == removed:
                field.entries.remove(entry)
                return True
    return False
