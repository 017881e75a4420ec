"""What the list of officials can be narrowed to: posts of today, training, telephone.

Only posts and sessions in the reader's scope answer: a filter tells of nothing that one does not
see anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import g
from sqlalchemy.orm import aliased

from models.attendance import Attendance, Participation
from models.base import db
from models.clock import today
from models.government import Position, Tier, Unit
from models.people import Appointment, Official
from models.phoning import phone_kind
from models.programme import Programme
from models.queries import in_scope
from models.relations import held_on
from models.training import TrainingSession
from panel.screens.acting import the_actor
from panel.screens.filters import Chosen
from panel.screens.language import tell
from panel.screens.querying import scoped
from panel.words import Sentence, say

from .labels import APPOINTMENT_STATUS
from .rows import by_language

T = TypeVar("T")
Options = list[tuple[str, Any]]
ANY = "any"


def once(question: Callable[[], T]) -> Callable[[], T]:
    """The answer of one request, asked for once in it."""

    def answered() -> T:
        known = g.setdefault("official_choices", {})
        if question not in known:
            known[question] = question()
        answer: T = known[question]
        return answer

    return answered


@once
def tiers() -> Options:
    """The tiers from the top."""
    found = db.session.scalars(scoped(Tier).order_by(Tier.rank))
    return [(str(one.id), tell(by_language(one))) for one in found]


@once
def named_units() -> Sequence[Any]:
    """The units in scope by name: number, name, kind, and the name of the unit above."""
    parent = aliased(Unit)
    rows = (
        scoped(Unit, Unit.id, Unit.name, Unit.kind, parent.name.label("above"))
        .outerjoin(parent, parent.id == Unit.parent_id)
        .order_by(Unit.name, Unit.id)
    )
    return db.session.execute(rows).all()


def units() -> Options:
    """The units in scope, those below another one with its name."""
    return [
        (str(one.id), f"{one.name} · {one.above}" if one.above else one.name)
        for one in named_units()
    ]


def districts() -> Options:
    """The kecamatan in scope."""
    return [(str(one.id), one.name) for one in named_units() if one.kind == "district"]


@once
def programmes() -> Options:
    """Any programme, or one of them."""
    found = db.session.scalars(scoped(Programme).order_by(Programme.name, Programme.id))
    return [(ANY, say("any programme")), *((str(one.id), one.name) for one in found)]


class Held(Chosen):
    """Officials with a post of today of which this is so."""

    def apply(self, query: Any, value: Any, alias: Any = None) -> Any:
        posts = sa.select(Appointment.official_id).where(held_on(today()), self.so(value))
        return query.where(Official.id.in_(in_scope(posts, Appointment, the_actor())))

    def pairs(self) -> sa.SelectBase:
        return in_scope(self.asked_of_posts().where(held_on(today())), Appointment, the_actor())

    def so(self, value: str) -> Any:
        """The condition on the post."""
        column = getattr(Appointment, self.path.rpartition(".")[2])
        return column == column.type.python_type(value)

    def asked_of_posts(self) -> sa.Select[Any]:
        """What is asked, of each post, beside its holder."""
        return beside_holder(getattr(Appointment, self.path.rpartition(".")[2]))


class OfTier(Held):
    """Posts of one tier."""

    def so(self, value: str) -> Any:
        return Appointment.position_id.in_(
            sa.select(Position.id).where(Position.tier_id == int(value))
        )

    def asked_of_posts(self) -> sa.Select[Any]:
        return beside_holder(Position.tier_id).join(Appointment.position)


class Below(Held):
    """Posts in a unit, or in one below it."""

    code, asks = "within", say("is or lies in")

    def so(self, value: str) -> Any:
        top, within = above()
        below = sa.select(Unit.id).join(top, within)
        return Appointment.unit_id.in_(below.where(top.id == int(value)))

    def asked_of_posts(self) -> sa.Select[Any]:
        top, within = above()
        rows = beside_holder(top.id).join(Appointment.unit).join(top, within)
        return rows.where(top.kind == "district")


def beside_holder(asked: Any) -> sa.Select[Any]:
    """A select of what is asked of a post and of its holder."""
    of = Appointment.official_id.label("id")
    return sa.select(asked.label("value"), of).select_from(Appointment)


def above() -> tuple[Any, sa.ColumnElement[bool]]:
    """A unit, and that another one is it or lies in it."""
    top = aliased(Unit)
    return top, sa.and_(top.region_id == Unit.region_id, Unit.path.startswith(top.path))


class Trained(Chosen):
    """Officials who were present at a session, of one programme or of any."""

    code, asks = "attended", say("attended")
    replaces = False

    def apply(self, query: Any, value: Any, alias: Any = None) -> Any:
        return query.where(Official.id.in_(self.present(value)))

    def pairs(self) -> sa.SelectBase:
        each = self.those_present(sa.cast(TrainingSession.programme_id, sa.Text).label("value"))
        return sa.union_all(each, self.those_present(sa.literal(ANY).label("value")))

    def present(self, value: str) -> Any:
        """The officials who were there."""
        rows = self.those_present()
        if value != ANY:
            rows = rows.where(TrainingSession.programme_id == int(value))
        return rows

    def those_present(self, *columns: Any) -> sa.Select[Any]:
        """The officials who were at sessions, with columns of these before them."""
        rows = (
            sa.select(*columns, Participation.official_id.label("id"))
            .select_from(Participation)
            .join(Attendance, Attendance.participation_id == Participation.id)
            .join(TrainingSession, TrainingSession.id == Participation.training_session_id)
            .where(Attendance.party == "official", Attendance.status == "present")
        )
        return in_scope(rows, Participation, the_actor())


class Untrained(Trained):
    """Officials who were not present at any session, of one programme or of all."""

    code, asks = "not", say("did not attend")
    leaves_out = True

    def apply(self, query: Any, value: Any, alias: Any = None) -> Any:
        return query.where(Official.id.not_in(self.present(value)))


class PhoneKind(Chosen):
    """What stands for a telephone. Whether there is one is no secret, unlike the number."""

    def apply(self, query: Any, value: Any, alias: Any = None) -> Any:
        return query.where(phone_kind(Official.phone) == value)

    def pairs(self) -> sa.SelectBase:
        return sa.select(phone_kind(Official.phone).label("value"), Official.id.label("id"))


PHONES: dict[str, Sentence] = {
    "mobile": say("mobile number"),
    "other": say("no mobile number"),
    "missing": say("missing"),
}


def coded(words: dict[str, Any]) -> Callable[[], Options]:
    """Codes with their words, as choices."""
    return lambda: list(words.items())


FILTERS = (
    OfTier(Official, "appointments.position.tier_id", say("Tier"), tiers),
    Below(Official, "appointments.unit_id", say("Kecamatan"), districts),
    Held(Official, "appointments.unit_id", say("Unit"), units),
    Held(Official, "appointments.status", say("Kind of appointment"), coded(APPOINTMENT_STATUS)),
    Trained(Official, "participations.training_session_id", say("Bimtek"), programmes),
    Untrained(Official, "participations.training_session_id", say("Bimtek"), programmes),
    PhoneKind(Official, "phone_kind", say("Telephone"), coded(PHONES)),
)
