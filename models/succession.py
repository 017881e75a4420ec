"""What a new appointment brings with it: who leaves the post, what he leaves, what is refused.

Refusals name the field of the form: a rotation's day, its successor, or the appointment chosen.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from panel.access.rules import Actor
from panel.words import Refused, say

from .clock import today
from .government import Position
from .handover import Handing, last_holder, offered
from .people import APPOINTMENT_STATUS, Appointment, Official
from .queries import in_scope
from .relations import held_on
from .roster import outside_of_post

#: How far ahead a rotation may be recorded.
AHEAD = timedelta(days=366)
#: What a new appointment puts an end to on its post: only who stands in for an absent holder
#: (Plh.) leaves that holder in his post.
DISPLACED = {
    "definitive": APPOINTMENT_STATUS,
    "acting_vacant": APPOINTMENT_STATUS,
    "interim": APPOINTMENT_STATUS,
    "acting_absent": ("acting_absent",),
}


@dataclass(frozen=True)
class Choices:
    """What was ticked: appointments that end, commitments that go on; None: the usual ones."""

    ends: Collection[int] | None = None
    handed: Collection[int] | None = None


USUAL = Choices()


@dataclass(frozen=True)
class Ending:
    """An appointment that ends, or, where it is optional and not chosen, goes on."""

    appointment: Appointment
    optional: bool = False
    chosen: bool = True


@dataclass(frozen=True)
class Beginning:
    """A new appointment, and the predecessor's commitments that may go on under it."""

    official: Official
    position: Position
    status: str
    handings: tuple[Handing, ...] = ()


def known(choices: Choices, endings: list[Ending], beginnings: list[Beginning]) -> None:
    """Refuse ticks that no page has offered, as if there were nothing of that number."""
    ends = {one.appointment.id for one in endings if one.optional}
    given = {one.commitment.id for beginning in beginnings for one in beginning.handings}
    if not (set(choices.ends or ()) <= ends and set(choices.handed or ()) <= given):
        raise Refused("scope", say("This was not offered."))


def in_reach(on: date) -> None:
    """Refuse a day in the far future."""
    if on > today() + AHEAD:
        raise Refused("field", say("This day is more than a year away. Record it later."), "on")


def stands(position: Position, on: date) -> None:
    """Refuse a post that does not exist on that day, alone or with its unit."""
    newcomer = Appointment(started_on=on)
    set_committed_value(newcomer, "position", position)  # no part of any session
    outside = outside_of_post(newcomer, today())
    if outside is not None:
        raise Refused("field", outside.sentence, "on")
    unit = position.unit
    if unit.valid_from is not None and on < unit.valid_from:
        begins = say("%(unit)s exists only from %(day)s.", unit=unit.place, day=unit.valid_from)
        raise Refused("field", begins, "on")
    if unit.valid_to is not None and on > unit.valid_to:
        ends = say("%(unit)s existed only until %(day)s.", unit=unit.place, day=unit.valid_to)
        raise Refused("field", ends, "on")


def holds(appointment: Appointment, on: date, named: str) -> None:
    """Refuse an appointment that has ended by then, or begins only later."""
    if appointment.holds_on(on):
        return
    values = {"name": appointment.official.display_name, "post": appointment.position.name}
    if appointment.ended_on is not None and appointment.ended_on < on:
        sentence = say(
            "%(name)s left %(post)s on %(day)s already.", day=appointment.ended_on, **values
        )
        raise Refused("field", sentence, named)
    sentence = say("%(name)s begins as %(post)s only later.", **values)
    raise Refused("field", sentence, "on")


def begun_before(endings: Collection[Ending], on: date) -> None:
    """Refuse to end an appointment before it has lasted a day."""
    for ending in endings:
        one = ending.appointment
        if ending.chosen and one.started_on is not None and on <= one.started_on:
            sentence = say(
                "%(name)s began as %(post)s on %(day)s. Choose a later day.",
                name=one.official.display_name,
                post=one.position.name,
                day=one.started_on,
            )
            raise Refused("field", sentence, "on")


def leaving(
    session: Session, position: Position, comer: Official, status: str, on: date
) -> list[Ending]:
    """Who leaves a post when `comer` begins; acting holders may be kept, he himself may not."""
    present = appointments_of(session, position, on)
    later = [one for one in present if not one.holds_on(on) and one.status == "definitive"]
    if status == "definitive" and later:
        sentence = say(
            "%(name)s begins as %(post)s on %(day)s already. Change that appointment first.",
            name=later[0].official.display_name,
            post=position.name,
            day=later[0].started_on,
        )
        raise Refused("field", sentence, "on")
    found = []
    for one in present:
        if not one.holds_on(on):
            continue
        own = one.official_id == comer.id
        goes = one.status in DISPLACED[status]
        if own and (one.status == status or not goes):
            sentence = say(
                "%(name)s holds %(post)s already.", name=comer.display_name, post=position.name
            )
            raise Refused("field", sentence, "successor")
        if goes:
            found.append(Ending(one, optional=one.status != "definitive" and not own))
    return found


def own_posts(
    session: Session, actor: Actor, position: Position, successor: Official, status: str, on: date
) -> list[Ending]:
    """Other posts that the successor holds; a definitive one usually ends with a definitive one."""
    statement = (
        sa.select(Appointment)
        .where(
            Appointment.official_id == successor.id,
            Appointment.position_id != position.id,
            held_on(on),
        )
        .options(joinedload(Appointment.position), joinedload(Appointment.unit))
        .order_by(Appointment.id)
    )
    return [
        Ending(one, optional=True, chosen=status == one.status == "definitive")
        for one in session.scalars(in_scope(statement, Appointment, actor))
    ]


def appointments_of(session: Session, position: Position, on: date) -> list[Appointment]:
    """The appointments to a post that are held on `on` or later, the earliest first."""
    statement = (
        sa.select(Appointment)
        .where(
            Appointment.position_id == position.id,
            sa.or_(Appointment.ended_on.is_(None), Appointment.ended_on >= on),
        )
        .options(joinedload(Appointment.official), joinedload(Appointment.position))
        .order_by(Appointment.started_on, Appointment.id)
    )
    return list(session.scalars(statement))


def chosen(endings: list[Ending], ends: Collection[int] | None) -> list[Ending]:
    """The endings as they were ticked; what is not optional ends in any case."""
    if ends is None:
        return endings
    return [
        replace(one, chosen=one.appointment.id in ends) if one.optional else one for one in endings
    ]


def begun(
    session: Session,
    actor: Actor,
    endings: list[Ending],
    position: Position,
    official: Official,
    status: str,
    on: date,
    choices: Choices,
) -> Beginning:
    """The new appointment, with what its predecessors on the post leave to it.

    Where no definitive holder leaves now, the promises of the one who left last still wait. What
    belongs to an appointment that goes on stays with it.
    """
    here = [one for one in endings if one.appointment.position_id == position.id]
    before = {one.appointment.official_id for one in here}
    if not any(one.appointment.status == "definitive" for one in here):
        last = last_holder(session, position, on)
        before |= {last.official_id} if last is not None else set()
    staying = {one.appointment.official_id for one in here if not one.chosen}
    handings = tuple(
        replace(one, chosen=one.chosen and one.commitment.official_id not in staying)
        for one in offered(session, actor, position, before - {official.id}, choices.handed)
    )
    return Beginning(official, position, status, handings)


def going_on(
    session: Session, endings: Collection[Ending], on: date
) -> dict[int, list[Appointment]]:
    """By post, who holds the posts of these endings on `on` beside those who leave them."""
    posts = {one.appointment.position_id for one in endings}
    ended = {one.appointment.id for one in endings if one.chosen}
    found: dict[int, list[Appointment]] = {post: [] for post in posts}
    held = sa.select(Appointment).where(Appointment.position_id.in_(posts), held_on(on))
    held = held.options(joinedload(Appointment.official), joinedload(Appointment.position))
    for one in session.scalars(held.order_by(Appointment.id)):
        if one.id not in ended:
            found[one.position_id].append(one)
    return found
