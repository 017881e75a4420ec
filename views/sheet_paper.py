"""The attendance sheet on paper: names and empty boxes, printed for ink signatures."""

from __future__ import annotations

from typing import Any

from flask_admin import expose

from models.people import Official
from panel.columns import now
from panel.screens.guarding import verb
from panel.screens.values import Values, screen_of

from .grid_rows import name_of, post_of, rows_of
from .rounds import date_of
from .session_page import time_of
from .session_parts import session_part


class Paper:
    """The printable sheet of a session part, under the numbers that the grid goes by."""

    render: Any

    @expose("/<int:part>/paper/")
    @verb("read")
    def paper_view(self, part: int) -> Any:
        """One page or several of A4, made by the browser's own print."""
        item = session_part(part)
        screen = screen_of(Official)
        values = screen.values if screen is not None else Values(Official)
        return self.render(
            "sheet_paper.html",
            part=item,
            held=item.session,
            rows=rows_of(item, ()),
            printed=now(),
            nip=lambda one: values.shown(one, "nip") if one.nip else "",
            **{one.__name__: one for one in (date_of, name_of, post_of, time_of)},
        )
