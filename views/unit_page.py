"""The page of one unit: its place in the tree, its posts with their holders, how far it has come.

In the list of units each row tells how many posts it has and how many are vacant.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g
from markupsafe import Markup

from models.attendance import Participation
from models.base import db
from models.clock import today
from models.coverage import coverage, in_all
from models.government import Position, Unit
from models.seats import Seat, seats
from models.subtree import Posts, above, attended, branches, merged_into, posts_of
from panel.screens.acting import may, the_actor
from panel.screens.base import RecordView
from panel.screens.marks import badge, blank, sub
from panel.screens.prefilled import new_url
from panel.words import say

from .rows import by_language, mark_of, record_link

#: Posts that the page lists; beyond them it leads to the list of posts.
LISTED = 60


class UnitPage(RecordView):
    """List and details page of units, for their screen."""

    details_template = "unit.html"

    def get_list(self, *args: Any, **kwargs: Any) -> tuple[int, list[Unit]]:
        """The rows, whose posts are counted together."""
        count, rows = super().get_list(*args, **kwargs)
        if may("read", Position):
            g.posts_of_units = posts_of(db.session(), the_actor(), today(), rows)
        return count, rows

    def details_page(self, record: Unit, **more: Any) -> Any:
        """The unit with what is above and below it, and its posts."""
        actor, session, day = the_actor(), db.session(), today()
        own = seats(session, actor, day, unit=record) if may("read", Position) else []
        own.sort(key=lambda seat: seat.position.unit_id != record.id)
        lines = coverage(session, actor, day, unit=record) if own else []
        came = attended(session, actor, record) if own and may("read", Participation) else {}
        names = {one for people in came.values() for found in people.values() for one in found}
        named = len(names) > 1
        context = {
            "above": above(session, actor, record),
            "branches": branches(session, actor, record, day, own),
            "merged": merged_into(session, actor, record),
            "seats": own[:LISTED],
            "more_seats": max(len(own) - LISTED, 0),
            "lines": lines,
            "all": in_all(lines),
            "holders": holders,
            "heading": next(iter(names)) if len(names) == 1 else say("Bimtek"),
            "attendance": lambda seat: attendance_of(seat, came, named),
            "by_language": by_language,
            "record_link": record_link,
            "add_post": new_url(Position, unit=record.id),
            "add_unit": new_url(Unit, parent=record.id),
        }
        return super().details_page(record, **{**context, **more})


def posts_cell(unit: Unit) -> Any:
    """The posts of a row of the list."""
    counted = g.get("posts_of_units", {}).get(unit.id)
    if counted is None:
        return blank(say("no posts"))
    return Markup("{}{}").format(counted.count, sub(vacant(counted)) if counted.vacant else "")


def vacant(counted: Posts) -> Any:
    """How many posts nobody holds."""
    return say("%(count)s vacant", count=counted.vacant)


def holders(seat: Seat) -> Markup:
    """Who holds the seat today, with the mark of an acting holder; "kosong" when nobody does."""
    if seat.vacant:
        return blank(say("vacant"))
    lines = (
        Markup("{} {}").format(record_link(one.official), mark_of(one)) for one in seat.holders
    )
    return Markup("<br>").join(lines)


def attendance_of(
    seat: Seat, came: Mapping[int, Mapping[int, frozenset[str]]], named: bool
) -> Markup:
    """Whether the present holder attended in this seat, or a former one; `named` tells what."""
    people = came.get(seat.position.id, {})
    present = {one.official_id for one in seat.holders}
    names = {name for official in present for name in people.get(official, ())}
    mark = badge("done", "s-done", say("Attended"))
    if not names:
        names = {name for found in people.values() for name in found}
        mark = badge("wait", "", say("A former holder"))
    if not names:
        return blank(say("none so far"))
    return Markup("{}{}").format(mark, sub(", ".join(sorted(names))) if named else "")
