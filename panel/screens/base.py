"""What every record screen of a host is: a class of three lines over a guarded Flask-Admin.

    class VenueView(RecordView):
        model = Venue
        columns = ("name", "address")
        fields = ("name", "address")

Everything else is derived from the model, the policy, the scope and the marks of the columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import copy
from typing import Any

from flask_admin.form.rules import NestedRule

from ..plugin import Panel
from .prefilled import prefilled
from .restoring import Restoring
from .values import as_label, worded


def plural(name: str) -> str:
    """The plural of an English noun, as far as table names go: "commitments", "policies"."""
    if re.search(r"[^aeiou]y$", name):
        return f"{name[:-1]}ies"
    return f"{name}es" if re.search(r"(s|x|ch|sh)$", name) else f"{name}s"


def path_of(table: str) -> str:
    """The path of a table's screen: action_plan stands at /action-plans/."""
    return plural(table).replace("_", "-")


class RecordView(Restoring):
    """The screen of one record kind; made with the panel, named by its table.

    `fields` may hold sections (`panel.screens.sheets.Section`) instead of names; `title` is the
    plural of the kind in the menu, `one` its singular, `path` its address.
    """

    #: The model; a class of this kind is complete with `model`, `columns` and `fields`.
    model: Any = None
    #: Plural of the kind, a message id: menu and headings.
    title: Any = ""
    #: Singular of the kind, a message id.
    one: Any = ""
    #: Path under the root, without slashes.
    path: str = ""
    #: Help under a field's label, message ids.
    helps: dict[str, Any] = {}
    #: Name of a symbol in icons.svg for the menu.
    icon: str = ""

    def __init__(self, panel: Panel, *, category: Any = None, **options: Any) -> None:
        model = self.model
        table = model.__tablename__
        names, sections = laid_out(self.fields)
        self.form_columns = names
        if sections:
            why = ["deed_reason"] if self.new_with_reason else []
            self.form_create_rules = [*sections, *why]
            self.form_edit_rules = [*sections, "deed_reason"]
        self.column_descriptions = {name: worded(text) for name, text in self.helps.items()}
        self.inline_models = list(self.inlines) or None
        path = self.path or path_of(table)
        options.setdefault("endpoint", table)
        options.setdefault("url", f"/{path}")
        options.setdefault("name", worded(self.title or as_label(path.replace("-", "_"))))
        if self.icon:
            options.setdefault("menu_icon_value", self.icon)
        super().__init__(model, panel.db, category=category, **options)

    def create_form(self, obj: Any = None) -> Any:
        """An empty form, but for the related records that the address names."""
        return prefilled(super().create_form(obj))

    @property
    def one_title(self) -> Any:
        """What one record of this kind is called."""
        return worded(self.one or as_label(self.model.__tablename__))


def laid_out(fields: Iterable[Any]) -> tuple[list[str], list[Any]]:
    """The names of a form's fields, and its sections if it has any."""
    names: list[str] = []
    # Flask-Admin changes a section when it sets a form up: each application gets its own
    rules = [copy(rule) if isinstance(rule, NestedRule) else rule for rule in fields]
    for rule in rules:
        if isinstance(rule, NestedRule):
            names += laid_out(rule.rules)[0]
        else:
            names.append(str(rule))
    return names, rules if any(isinstance(rule, NestedRule) for rule in rules) else []
