"""The screens of a host that declares none: one for each of its records, and the panel's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_admin import Admin

from ..plugin import Panel
from ..workflow.mixins import MACHINERY, WorkflowRecord
from .base import RecordView
from .changes import ChangesView
from .inbox import InboxView
from .processes import ProcessesView
from .theme import PanelTheme
from .workflow import WorkflowView


def add_screens(admin: Admin, panel: Panel, records: Iterable[type[Any]]) -> None:
    """Add a screen for each of `records`, models or views, then inbox, processes and log."""
    admin.theme = PanelTheme()
    for one in records:
        screen = one if issubclass(one, RecordView) else screen_of(one)
        admin.add_view(screen(panel))
    for own in (InboxView, ProcessesView, ChangesView):
        admin.add_view(own(panel))


def screen_of(model: type[Any]) -> type[RecordView]:
    """A screen that shows every column of a model and edits what people fill in."""
    names = tuple(shown(model))
    led = issubclass(model, WorkflowRecord)
    columns = (*names, "status") if led else names
    bases = (WorkflowView if led else RecordView,)
    return type(
        f"{model.__name__}View", bases, {"model": model, "columns": columns, "fields": names}
    )


def shown(model: type[Any]) -> Iterable[str]:
    """Columns that hold facts, and relations in place of the keys that they go by."""
    mapper = sa.inspect(model)
    by_key = {
        next(iter(one.local_columns)): one.key
        for one in mapper.relationships
        if one.direction.name == "MANYTOONE"
    }
    for column in mapper.columns:
        name = mapper.get_property_by_column(column).key
        secret = column.info.get("log") == "secret"
        if not (column.primary_key or secret or name in MACHINERY):
            yield by_key.get(column, name)
