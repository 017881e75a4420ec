"""The codes of a session part on paper: a card for each person, cut from A4."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_admin import expose
from markupsafe import Markup

from models.door import bearer
from models.door_codes import Bearer, code_of, grouped, qr_text
from models.training import AgendaItem
from panel.screens.checkpoint_marks import qr
from panel.screens.guarding import verb

from .grid_rows import GridRow, name_of, post_of, rows_of
from .rounds import date_of
from .session_page import time_of
from .session_parts import door_key, session_part


@dataclass(frozen=True)
class Badge:
    """One card."""

    number: int
    name: str
    party: str
    post: Any
    qr: Markup
    code: str


class Badges:
    """The page of the cards; mixed into the door."""

    render: Any

    @expose("/<int:part>/badges/")
    @verb("create")
    def badges_view(self, part: int) -> Any:
        """A4, two cards in a row, official and spouse side by side."""
        item = session_part(part)
        badges = [
            badge(door_key(), item, row, party)
            for row in rows_of(item, ())
            for party in row.parties
        ]
        return self.render(
            "badges.html",
            part=item,
            held=item.session,
            badges=badges,
            date_of=date_of,
            time_of=time_of,
        )


def badge(key: bytes, part: AgendaItem, row: GridRow, party: str) -> Badge:
    """The card of one person."""
    holder: Bearer = bearer(part, row.one, party)
    code = code_of(key, holder)
    post = post_of(row.one) if party == "official" else None
    drawn = qr(qr_text(holder, code), border=2)
    return Badge(row.number, name_of(row.one, party), party, post, drawn, grouped(code))
