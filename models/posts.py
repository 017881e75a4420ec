"""Rules of posts: each in a unit that exists, as long as it was held; seats by number."""

from __future__ import annotations

from datetime import date

from panel.words import Refused, say

from .clock import today
from .government import Position
from .roster import outside_of_post

#: As many seats as one form makes.
MOST_SEATS = 100


def settle(position: Position) -> None:
    """Refuse a post in a unit that ended before, or too short a time for who held it."""
    in_its_unit(position, today())
    for one in position.appointments:
        wrong = outside_of_post(one, today())
        if wrong is not None:
            sentence = say(
                "%(name)s holds this post outside of this time. Mend that appointment first.",
                name=one.official.display_name,
            )
            raise Refused("field", sentence, wrong.bound)


def in_its_unit(position: Position, day: date) -> None:
    """Refuse a post that begins, goes on or ends after its unit has ended."""
    end = position.unit.valid_to if position.unit else None
    if end is None:
        return
    for field in ("valid_from", "valid_to"):
        day_of_post = getattr(position, field)
        if day_of_post is not None and day_of_post > end:
            sentence = say("The unit ended on %(day)s, before this.", day=end)
            raise Refused("field", sentence, field)
    if position.valid_to is None and end < day:
        sentence = say(
            "This unit ended on %(day)s. Choose another one, or say until when the post existed.",
            day=end,
        )
        raise Refused("field", sentence, "unit")


def numbered(position: Position, seats: int) -> list[Position]:
    """The further seats beside `position`, which becomes the first: "Member 1" to "Member 45"."""
    name = position.name
    position.name = f"{name} 1"
    return [
        Position(
            unit=position.unit,
            tier=position.tier,
            region_id=position.region_id,
            name=f"{name} {number}",
            territorial=position.territorial,
            valid_from=position.valid_from,
            valid_to=position.valid_to,
        )
        for number in range(2, seats + 1)
    ]
