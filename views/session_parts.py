"""What grid and door have in common: the session part, its sheet, the key of codes, the station."""

from __future__ import annotations

from flask import abort, current_app, request, session

from models.attendance import AttendanceSheet
from models.base import db
from models.training import AgendaItem
from panel.access.keys import derived
from panel.screens.language import tell
from panel.screens.querying import find, scoped
from panel.typed import tidy
from panel.words import say

#: Longest name of a station.
STATION = 40


def session_part(key: int) -> AgendaItem:
    """The session part in scope at which attendance is taken; else 404."""
    found: AgendaItem | None = find(AgendaItem, key)
    if found is None or not found.takes_attendance:
        abort(404)
    return found


def sheet_of_part(part: AgendaItem) -> AttendanceSheet | None:
    """The sheet of a part in scope, where there is one."""
    own = scoped(AttendanceSheet).where(AttendanceSheet.agenda_item_id == part.id)
    found: AttendanceSheet | None = db.session.scalar(own)
    return found


def door_key() -> bytes:
    """The key of the codes, derived from the installation's secret."""
    return derived(str(current_app.secret_key), "door codes").encode()


def station() -> str:
    """What this browser's door or table is called: as typed now, or before; else the first."""
    typed = tidy(request.form.get("station", ""), most=STATION)
    if typed:
        session["door_station"] = typed
    return str(typed or session.get("door_station") or tell(say("Door %(number)s", number=1)))
