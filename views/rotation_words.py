"""A rotation in sentences: who leaves what, who begins, what is vacant then, what goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from models.base import db
from models.government import Position
from models.handover import Handing
from models.people import Appointment
from models.rotation import Rotation
from models.succession import Beginning, Ending, going_on
from panel.screens.language import short_date, tell
from panel.words import Sentence, say

from .labels import APPOINTMENT_MARKS
from .rotation_picks import marked, post_named


@dataclass(frozen=True)
class Tick:
    """Something that the clerk may leave out: its number, its words, and whether it is ticked."""

    key: int
    text: str
    help: str
    ticked: bool


@dataclass(frozen=True)
class Preview:
    """What the page says before anything is saved."""

    certain: list[str]
    endings: list[Tick]
    handed: list[Tick]

    def lines(self) -> list[str]:
        """Everything that is said, to be compared with what is true later."""
        ticks = (*self.endings, *self.handed)
        return [*self.certain, *(" ".join((one.text, one.help)) for one in ticks)]


def preview_of(rotation: Rotation) -> Preview:
    """The sentences of a rotation."""
    stays = going_on(db.session(), rotation.endings, rotation.on)
    return Preview(
        [tell(sentence) for sentence in certain(rotation, stays)],
        [tick_of(one, rotation, stays) for one in rotation.endings if one.optional],
        [handed(one, begun) for begun in rotation.beginnings for one in begun.handings],
    )


def certain(rotation: Rotation, stays: dict[int, list[Appointment]]) -> Iterator[Sentence]:
    """What happens in any case."""
    filled = {one.position.id for one in rotation.beginnings}
    for ending in rotation.endings:
        if not ending.optional:
            yield leaves(ending, rotation.last_day)
    for beginning in rotation.beginnings:
        yield begins(beginning, rotation)
    for ending in rotation.endings:
        position = ending.appointment.position
        if not ending.optional and position.id not in filled:
            yield then(position, stays[position.id])


def leaves(ending: Ending, last_day: date) -> Sentence:
    """Who leaves which post, and when."""
    one = ending.appointment
    return say(
        "%(name)s leaves %(post)s; the last day is %(day)s.",
        name=one.official.display_name,
        post=marked(one),
        day=short_date(last_day),
    )


def begins(beginning: Beginning, rotation: Rotation) -> Sentence:
    """Who begins as what, when, and by which decree."""
    mark = APPOINTMENT_MARKS.get(beginning.status)
    post = post_named(beginning.position)
    return say(
        "%(name)s begins as %(post)s on %(day)s with decree %(decree)s.",
        name=beginning.official.display_name,
        post=f"{tell(mark)} {post}" if mark else post,
        day=short_date(rotation.on),
        decree=rotation.decree_no,
    )


def then(position: Position, stays: list[Appointment]) -> Sentence:
    """What becomes of a post that somebody leaves and nobody new takes."""
    if not stays:
        return say("%(post)s is vacant then.", post=post_named(position))
    names = ", ".join(f"{one.official.display_name} ({marked(one)})" for one in stays)
    return say("%(post)s is held by %(names)s then.", post=post_named(position), names=names)


def tick_of(ending: Ending, rotation: Rotation, stays: dict[int, list[Appointment]]) -> Tick:
    """An appointment that may go on, and what becomes of its post otherwise."""
    one = ending.appointment
    filled = {beginning.position.id for beginning in rotation.beginnings}
    others = [other for other in stays[one.position_id] if other is not one]
    after = "" if one.position_id in filled else tell(then(one.position, others))
    return Tick(one.id, tell(leaves(ending, rotation.last_day)), after, ending.chosen)


def handed(handing: Handing, beginning: Beginning) -> Tick:
    """A commitment, and from whom to whom it goes."""
    one = handing.commitment
    help = say(
        "from %(old)s to %(new)s, who signs it anew",
        old=one.official.display_name,
        new=beginning.official.display_name,
    )
    return Tick(one.id, one.text, tell(help), handing.chosen)
