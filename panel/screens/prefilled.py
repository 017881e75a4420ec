"""A form that opens with what its address names: `/commitments/new/?official=46`.

The record is looked up in the actor's scope, as the choice itself will be: a key of another
region, or no key at all, leaves the field as empty as an address without it.
"""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from .acting import may
from .relating import RecordSelect, RecordSelectMultiple
from .values import screen_of


def prefilled(form: Any) -> Any:
    """Choose in a form that was not sent yet the related records that its address names."""
    if request.method != "GET":
        return form
    for name, field in form._fields.items():
        single = isinstance(field, RecordSelect) and not isinstance(field, RecordSelectMultiple)
        if single and name in request.args and may("read", field.entity):
            field.data = field.found(request.args[name])
    return form


def new_url(kind: Any, **chosen: int) -> str | None:
    """The form of a new record of `kind` with these related ones chosen, that leads back here.

    None where the actor may not add one.
    """
    screen = screen_of(kind)
    if screen is None or not may("create", kind):
        return None
    return url_for(f"{screen.endpoint}.create_view", **chosen, url=request.full_path)
