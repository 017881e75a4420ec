"""A related record made without leaving a form: beside its choice, in a dialog.

The dialog holds the kind's own create form, asked for with `?part=1`: the same policy, scope, token
and deed as on its page. Without script the same link opens that page in a new tab.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import has_request_context, jsonify, redirect, request, url_for
from flask_admin.helpers import get_current_view

from ..words import say
from .guarding import GuardedRecords
from .language import tell
from .querying import find
from .reading import Reading
from .relating import RecordSelect, choice_text
from .values import screen_of


@dataclass(frozen=True)
class Maker:
    """Where a record of the kind that a field offers is made, and what one is called."""

    url: str
    one: Any


def is_part() -> bool:
    """Whether the request is of a form in a dialog of another one."""
    return has_request_context() and bool(request.args.get("part"))


def maker(field: Any) -> Maker | None:
    """Where the actor makes a new choice of a field, or None.

    A dialog opens no further one, and no form a second one of its own kind.
    """
    if not isinstance(field, RecordSelect) or not field.makes or is_part():
        return None
    if getattr(field, "kept", False):
        return None
    if getattr(get_current_view(), "model", None) is field.entity:
        return None
    screen = screen_of(field.entity)
    if not isinstance(screen, GuardedRecords) or not screen.can_create:
        return None
    return Maker(url_for(f"{screen.endpoint}.create_view"), screen.one_title)


class Making(Reading):
    """Create forms that can stand in a dialog of another form."""

    part_template = "panel/part.html"

    def form_page(
        self, template: str, form: Any, rules: Any, record: Any = None, **more: Any
    ) -> Any:
        part = is_part() and record is None
        return super().form_page(
            self.part_template if part else template, form, rules, record, **more
        )

    def made(self, record: Any) -> Any:
        """The new record as a choice of the form behind the dialog."""
        return jsonify(
            {
                "value": str(sa.inspect(record).identity[0]),
                "text": choice_text(record),
                "said": tell(say("Saved: %(record)s", record=self.title_of(record))),
            }
        )

    def made_before(self, location: str) -> Any:
        """The answer to a form that was sent before: where it led, or what it made."""
        record = find(self.model, location.rpartition("=")[2]) if is_part() else None
        return redirect(location, 303) if record is None else self.made(record)
