"""The page of one post: who held it when, and when it was vacant."""

from __future__ import annotations

from typing import Any

from models.base import db
from models.clock import today
from models.government import Position
from models.people import Appointment
from models.tenures import held_by, tenures
from panel.screens.acting import may, the_actor
from panel.screens.base import RecordView
from panel.screens.prefilled import new_url

from .officials_page import kind_of_appointment, last_day
from .rows import record_link


class PositionPage(RecordView):
    """The details page of posts, for their screen."""

    def details_page(self, record: Position, **more: Any) -> Any:
        """The facts, with the holders since the post is known and the gaps between them."""
        found = held_by(db.session(), the_actor(), record) if may("read", Appointment) else []
        context = {
            "tenures": tenures(
                [one for one, _official in found], today(), record.valid_from, record.valid_to
            ),
            "seen": {one.id for one, official in found if official is not None},
            "add_holder": new_url(Appointment, position=record.id),
            "kind_of_appointment": kind_of_appointment,
            "last_day": last_day,
            "record_link": record_link,
        }
        return super().details_page(record, **{**context, **more})
