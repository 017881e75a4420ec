"""The tier board: how far the programme has come, from the top of the government to its foot.

Seat and person are two counts: after a rotation a seat may be reached while its holder is not.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, abort
from flask_admin import expose

from models.base import db
from models.clock import today
from models.coverage import by_district, coverage, in_all, reached, together
from models.government import Position, Region, Unit
from models.programme import Programme
from models.seats import seats
from panel.plugin import Panel
from panel.screens.acting import may, the_actor
from panel.screens.export import MOST_ROWS, TYPES, as_csv, as_xlsx, note_export
from panel.screens.guarding import Guarded, verb
from panel.screens.language import short_date, tell
from panel.screens.querying import scoped
from panel.words import Refused, say

from .board_question import Chosen, chosen
from .board_words import QUIET, SeatLine, heat_of, shade
from .labels import APPOINTMENT_MARKS
from .rows import by_language, mark_of, record_link

#: As many seats are listed under their tiers; of more, a district is picked first.
LISTED = 300
TITLES = (
    say("Tier"),
    say("Post"),
    say("Unit"),
    say("Above it"),
    say("Holder"),
    say("Seat attended"),
    say("Holder attended"),
    say("With spouse"),
    say("Commitment"),
    say("Action plan"),
)


class TierBoardView(Guarded):
    """Posts, filled, attended, alone or as a couple, promised and verified; per tier and day."""

    icon = "stairs"
    kind = Position

    def __init__(self, _panel: Panel, *, category: Any = None) -> None:
        super().__init__(
            say("Tier board"),
            category=category,
            endpoint="tier_board",
            url="/coverage",
            menu_icon_value=self.icon,
        )

    @expose("/")
    @verb("read")
    def index_view(self) -> Any:
        """The board of a day, today's if no other is asked for; as known now or recorded then."""
        asked, can_export, day = chosen(), may("export", Position), today()
        with asked.reading():
            page = self.board(asked, can_export, day)
        return page, 422 if asked.wrong else 200

    def board(self, asked: Chosen, can_export: bool, day: date) -> str:
        """The page, from what the session finds; `day` is today."""
        actor, session = the_actor(), db.session()
        lines = coverage(session, actor, asked.day, **asked.narrowed)
        total = in_all(lines)
        districts = session.scalars(
            scoped(Unit).where(Unit.kind == "district").order_by(Unit.name, Unit.id)
        ).all()
        return self.render(
            "tier_board.html",
            asked=asked,
            today=day,
            lines=lines,
            total=total,
            couples=together(session, actor, asked.day, **asked.narrowed),
            heat=heat_of(by_district(session, actor, asked.day, **asked.narrowed)),
            seats=seats_by_tier(asked) if total.posts <= LISTED else None,
            regions=session.scalars(scoped(Region).order_by(Region.name)).all(),
            programmes=session.scalars(scoped(Programme).order_by(Programme.name)).all(),
            districts=districts,
            in_part=any(place.unit_path for place in actor.places),
            can_export=can_export,
            export_types=TYPES,
            tier_name=by_language,
            record_link=record_link,
            mark_of=mark_of,
            shade=shade,
            quiet=QUIET,
        )

    @expose("/export/<export_type>/")
    @verb("export")
    def export(self, export_type: str) -> Any:
        """The seats of the board as a file; logged with their number."""
        if export_type not in TYPES:
            abort(404)
        asked = chosen()
        if asked.wrong:
            raise Refused("field", asked.wrong, "on")
        made = as_csv if export_type == "csv" else as_xlsx
        with asked.reading():
            counted = coverage(db.session(), the_actor(), asked.day, **asked.narrowed)
            if in_all(counted).posts > MOST_ROWS:
                sentence = say("More than %(rows)s rows. Filter first.", rows=MOST_ROWS)
                raise Refused("guard", sentence)
            lines = [line for found in seats_by_tier(asked).values() for line in found]
            body = made([tell(title) for title in TITLES], [exported(line) for line in lines])
        note_export(f"{self.endpoint}.export", len(lines), export_type, [short_date(asked.day)])
        name = f"tier-board-{asked.day.isoformat()}.{export_type}"
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        }
        return Response(body, content_type=TYPES[export_type], headers=headers)


def seats_by_tier(asked: Chosen) -> dict[int, list[SeatLine]]:
    """The seats of the day with their facts, under the number of their tier."""
    actor, session = the_actor(), db.session()
    facts = reached(session, actor, asked.day, **asked.narrowed)
    found: dict[int, list[SeatLine]] = {}
    for seat in seats(session, actor, asked.day, unit=asked.unit):
        line = SeatLine(seat, facts.get(seat.position.id, frozenset()))
        found.setdefault(seat.position.tier_id, []).append(line)
    return found


def exported(line: SeatLine) -> list[Any]:
    """A seat as a row of a file, under `TITLES`."""
    position, unit = line.seat.position, line.seat.position.unit
    marks = [tell(APPOINTMENT_MARKS.get(one.status, "")) for one in line.seat.holders]
    names = [one.official.display_name for one in line.seat.holders]
    return [
        tell(by_language(position.tier)),
        position.name,
        unit.full_name,
        unit.parent.full_name if unit.parent else "",
        "; ".join(" ".join(filter(None, pair)) for pair in zip(marks, names, strict=True)),
        *map(tell, line.answers),
    ]
