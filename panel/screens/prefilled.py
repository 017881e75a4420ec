"""A form that opens with what its address names: `/commitments/new/?official=46`.

The record is looked up in the actor's scope, as the choice itself will be: a key of another
region, or no key at all, leaves the field as empty as an address without it.
"""

from __future__ import annotations

from typing import Any

from flask import request

from .acting import may
from .querying import find
from .relating import RecordSelect, RecordSelectMultiple


def prefilled(form: Any) -> Any:
    """Choose in a form that was not sent yet the related records that its address names."""
    if request.method != "GET":
        return form
    for name, field in form._fields.items():
        single = isinstance(field, RecordSelect) and not isinstance(field, RecordSelectMultiple)
        if single and name in request.args and may("read", field.entity):
            field.data = find(field.entity, request.args[name])
    return form
