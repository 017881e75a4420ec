"""Screen of agenda items: what happens when, and where attendance is taken."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import joinedload

from models.timetable import number, outside_of_session
from models.training import AgendaItem
from panel.screens.base import RecordView
from panel.screens.language import tell
from panel.screens.marks import blank
from panel.screens.sheets import Section
from panel.words import Refused, say

#: A number that is left out is the next one.
NUMBERED = {"number": {"opt": say("empty: the next one")}}


def times(item: AgendaItem) -> Any:
    """From when to when, as far as it is known."""
    if item.starts_at is None and item.ends_at is None:
        return blank()
    return " – ".join(tell(at) for at in (item.starts_at, item.ends_at) if at is not None)


class AgendaItemView(RecordView):
    """Parts of sessions in the order of the day."""

    model = AgendaItem
    title = say("Agenda items")
    one = say("Agenda item")
    icon = "list"
    columns = ("title", "session", "number", "times", "takes_attendance")
    exported = ("session.name", "number", "title", "starts_at", "ends_at", "takes_attendance")
    fields = (
        Section(
            say("Agenda item"),
            say("Tick where attendance is taken: only such parts get an attendance list."),
            ["session", "number", "title", "takes_attendance"],
        ),
        Section(
            say("Times"),
            say("Inside of the session's own times, where those are known."),
            ["starts_at", "ends_at"],
        ),
    )
    lookups = {"session": ("name",)}
    list_joins = (joinedload(AgendaItem.session),)
    form_widget_args = NUMBERED
    searchable = ("title", "session.name")
    filtered = ("session", "takes_attendance")
    sort_by = {"session": "session.name", "times": "starts_at"}
    default_order = ("-session.held_on", "session.name", "number")
    formats = {
        "times": times,
        "starts_at": lambda item: item.starts_at and tell(item.starts_at),
        "ends_at": lambda item: item.ends_at and tell(item.ends_at),
    }
    labels = {
        "session": "Session",
        "session.name": "Session",
        "number": "No.",
        "title": "Agenda item",
        "times": "Time",
        "starts_at": "Begins",
        "ends_at": "Ends",
        "takes_attendance": "Attendance is taken",
    }
    constraint_sentences = {
        "uq_agenda_item_training_session_id_number": (
            "number",
            say("The session has an agenda item of this number."),
        ),
        "ck_agenda_item_times": ("ends_at", say("The end cannot lie before the beginning.")),
    }

    def before_save(self, record: AgendaItem, created: bool) -> None:
        """An agenda item lies inside of its session."""
        if record.session is not None:
            record.region_id = record.session.region_id
            with self.session.session.no_autoflush:
                number([*record.session.agenda, record])
        wrong = outside_of_session(record)
        if wrong is not None:
            raise Refused("field", wrong[1], wrong[0])
