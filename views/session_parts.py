"""What grid and door have in common: the session part that they are about, the key of its codes."""

from __future__ import annotations

from flask import abort, current_app

from models.training import AgendaItem
from panel.access.keys import derived
from panel.screens.querying import find


def session_part(key: int) -> AgendaItem:
    """The session part in scope at which attendance is taken; else 404."""
    found: AgendaItem | None = find(AgendaItem, key)
    if found is None or not found.takes_attendance:
        abort(404)
    return found


def door_key() -> bytes:
    """The key of the codes, derived from the installation's secret."""
    return derived(str(current_app.secret_key), "door codes").encode()
