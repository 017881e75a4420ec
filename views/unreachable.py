"""Who cannot be reached: officials in post without a mobile number, unit by unit.

Numbers stay masked, and who is reached is only counted. A number is mended on the official's page.
"""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_admin import expose

from models.base import db
from models.clock import today
from models.people import Official
from models.phoning import UnitReach, reach_by_unit
from panel.plugin import Panel
from panel.screens.acting import may, the_actor
from panel.screens.guarding import Guarded, verb
from panel.screens.values import screen_of
from panel.words import say

from .rows import mark_of, place_above, record_link

#: As many people are named on the page; the counts lead to the rest in the list of officials.
NAMED = 300


class UnreachableView(Guarded):
    """Unit by unit, whom no message reaches, and how many are reached in all."""

    icon = "alert"
    kind = Official

    def __init__(self, _panel: Panel, *, category: Any = None) -> None:
        super().__init__(
            say("Who cannot be reached"),
            category=category,
            endpoint="unreachable",
            url="/unreachable",
            menu_icon_value=self.icon,
        )

    @expose("/")
    @verb("read")
    def index_view(self) -> Any:
        """Units with somebody who is not reached, and how many are reached in all."""
        found = reach_by_unit(db.session(), the_actor(), today())
        wanting = [one for one in found if one.unreached]
        return self.render(
            "unreachable.html",
            units=wanting,
            in_post=sum(one.in_post for one in found),
            missing=sum(len(one.missing) for one in found),
            other=sum(len(one.other) for one in found),
            complete=len(found) - len(wanting),
            named=named(wanting),
            all_named=sum(len(one.unreached) for one in wanting) <= NAMED,
            shown=screen_of(Official).values.shown,
            in_list=in_list,
            number_url=number_url,
            record_link=record_link,
            mark_of=mark_of,
            place_above=place_above,
        )


def named(units: list[UnitReach]) -> set[int]:
    """The units whose people are named, from the first on as far as there is room."""
    found, left = set(), NAMED
    for one in units:
        left -= len(one.unreached)
        if left >= 0:
            found.add(one.unit.id)
    return found


def number_url(official: Official) -> str | None:
    """Where the number is filled in, on the way back to this page; None for who may not."""
    if not may("edit", official):
        return None
    back = url_for(".index_view")
    return url_for("official.edit_view", id=official.id, url=back, _anchor="phone")


def in_list(kind: str, unit: Any = None) -> str:
    """The address of the officials in post with this kind of number, of one unit or of all."""
    filters = {"flt0_phone_kind-is": kind}
    if unit is not None:
        filters["flt1_appointments-unit_id-is"] = str(unit.id)
    return str(url_for("official.index_view", **filters))
