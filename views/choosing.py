"""Choosing a post: by district, then unit, then seat, or by its name alone.

District and unit only narrow: nothing of them is kept, and the server holds a seat to them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import joinedload

from models.doubts import BELOW_DISTRICT
from models.government import UNIT_KINDS, Position, Unit
from models.people import Appointment
from panel.screens.relating import Narrowing
from panel.words import say

#: Seats and units that a form offers at once: all of a city.
ALL = 2_000


def numbers_down_to(unit: Unit | None) -> set[str]:
    """The numbers of a unit and of those above it."""
    return set(unit.path.strip("/").split("/")) if unit is not None else set()


def kinds_below(kind: str) -> set[str]:
    """The kinds of units that usually stand directly below one of this kind."""
    if kind in BELOW_DISTRICT:
        return {"division", "other"}
    return set(UNIT_KINDS) - ({"district"} if kind == "district" else set(BELOW_DISTRICT))


#: The fields that narrow, in front of the seat.
NARROWING: dict[str, Any] = {
    "district": Narrowing(
        say("Narrow to a district"),
        entity=Unit,
        order="name",
        where=lambda: Unit.kind == "district",
    ),
    "office": Narrowing(
        say("Narrow to a unit"),
        entity=Unit,
        order="name",
        most=ALL,
        joins=(Unit.parent,),
        on="district",
        of=numbers_down_to,
    ),
}
#: How the form reads the seat.
POST_ARGS: dict[str, Any] = {
    "position": {
        "on": ("district", "office"),
        "of": lambda position: numbers_down_to(position.unit),
        "most": ALL,
        "joins": (joinedload(Position.unit).joinedload(Unit.parent),),
        "description": say(
            "Type a part of the name; the same names are told apart by their district."
        ),
    },
    "end_decree_no": {
        "description": say("Number of the letter that ended it, where that is known."),
    },
}
#: How wide the fields of an appointment are.
POST_WIDTHS: dict[str, Any] = {
    "district": {"w": 3, "opt": say("only narrows")},
    "office": {"w": 3, "opt": say("only narrows")},
    "position": {"w": 6},
    "status": {"w": 6},
    "started_on": {"w": 2},
    "ended_on": {"w": 2, "opt": say("empty: still held")},
    "decree_no": {"w": 2, "opt": say("may follow")},
    "end_decree_no": {"w": 6, "opt": say("only with an end")},
}
#: The unit above offers itself to the kinds that usually stand below it.
PARENT_ARGS: dict[str, Any] = {
    "parent": {"on": "kind", "of": lambda parent: kinds_below(parent.kind), "binding": False}
}
#: What the names of appointments in a choice need.
APPOINTMENT_NAMES = (
    joinedload(Appointment.official),
    joinedload(Appointment.position).joinedload(Position.unit).joinedload(Unit.parent),
)
