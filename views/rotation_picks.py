"""What a rotation's forms pick from: posts with their holders, officials, appointments held now.

A list offers the first few hundred in groups; a lookup answers for the rest. Both keep to scope.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from models.base import db
from models.clock import today
from models.government import Position, Unit
from models.people import Appointment, Official
from models.seats import existing_on
from panel.screens.forgiving import conditions_of, holds, words_of
from panel.screens.language import tell
from panel.screens.querying import scoped
from panel.screens.relating import RecordSelect
from panel.words import say

from .labels import APPOINTMENT_MARKS, UNIT_KINDS
from .officials_list import inside
from .rows import current_posts, place_above

#: What a list offers at once; beyond it the lookup answers, with so many.
OFFERED, FOUND = 300, 20
#: Letters of a query; what follows is left out.
LONGEST = 100


def post_named(position: Position) -> str:
    """A post with its district, so that the two Lurah Sukawana are told apart."""
    return f"{position.name} {place_above(position.unit)}".rstrip()


def marked(appointment: Appointment) -> str:
    """The post of an appointment, with the mark of who only acts in it: "Plt. Lurah Unyur"."""
    mark = APPOINTMENT_MARKS.get(appointment.status)
    named = post_named(appointment.position)
    return f"{tell(mark)} {named}" if mark else named


def holder_of(position: Position) -> str:
    """Who holds a post today, or that it is vacant."""
    held = current_posts(position.appointments)
    if not held:
        return tell(say("vacant"))
    marks = (APPOINTMENT_MARKS.get(one.status) for one in held)
    names = zip(marks, held, strict=True)
    return ", ".join(f"{tell(m) if m else ''} {a.official.display_name}".strip() for m, a in names)


class Pick(RecordSelect, ABC):
    """A record found by typing: those offered stand in groups, a lookup answers for the rest."""

    def find(self, query: str, limit: int) -> list[Any]:
        """The records in scope that `query` finds, forgiving its spelling; at most `limit`."""

        def found_by(word: str, held: Callable[[Any, str], Any] = holds) -> Any:
            return sa.or_(*(held(column, word) for column in self.searched()))

        asked = conditions_of(words_of(query[:LONGEST]), found_by)
        return list(db.session.scalars(self.wanted().where(*asked).limit(limit)).unique())

    @abstractmethod
    def wanted(self) -> sa.Select[Any]:
        """The records that may be picked, with what their words need."""

    @abstractmethod
    def searched(self) -> tuple[Any, ...]:
        """The columns in which a word is looked for."""

    def group(self, record: Any) -> str:
        """Under which heading a record stands."""
        unit: Unit = record.unit
        return unit.parent.full_name if unit.parent else tell(UNIT_KINDS[unit.kind])

    def records(self) -> list[Any]:
        if self._records is None:
            self._records = self.find("", OFFERED)
        return self._records

    def has_groups(self) -> bool:
        return True

    def iter_groups(self) -> Iterator[tuple[str, Any]]:
        chosen = {self.key(one): one for one in self.chosen()}
        grouped: dict[str, list[Any]] = {}
        for key, one in ({self.key(one): one for one in self.records()} | chosen).items():
            grouped.setdefault(self.group(one), []).append((key, self.text(one), key in chosen, {}))
        yield "", [("", tell(say("Choose")), not chosen, {})]
        yield from sorted(grouped.items())


class PickPost(Pick):
    """A post with whoever holds it."""

    def wanted(self) -> sa.Select[Any]:
        above = sa.orm.aliased(Unit)
        holders = selectinload(Position.appointments).joinedload(Appointment.official)
        return (
            scoped(Position)
            .join(Position.unit)
            .outerjoin(Unit.parent.of_type(above))
            .where(existing_on(today()))
            .order_by(Unit.path, Position.name, Position.id)
            .options(contains_eager(Position.unit).joinedload(Unit.parent), holders)
        )

    def searched(self) -> tuple[Any, ...]:
        return Position.name, Unit.name

    def text(self, record: Position) -> str:
        return f"{post_named(record)}: {holder_of(record)}"


class PickOfficial(Pick):
    """An official with the posts of today."""

    def wanted(self) -> sa.Select[Any]:
        held = inside(Official.appointments, Appointment)
        posts = selectinload(held).joinedload(Appointment.position)
        return (
            scoped(Official)
            .order_by(Official.full_name, Official.id)
            .options(posts.joinedload(Position.unit).joinedload(Unit.parent))
        )

    def searched(self) -> tuple[Any, ...]:
        return Official.full_name, Official.aliases

    def has_groups(self) -> bool:
        return False

    def text(self, record: Official) -> str:
        posts = [marked(one) for one in current_posts(record.appointments)]
        return f"{record.display_name}: {', '.join(posts) or tell(say('no post'))}"


class PickHolder(Pick):
    """An appointment that is held today, or from a later day on."""

    makes = False

    def wanted(self) -> sa.Select[Any]:
        post = contains_eager(Appointment.position)
        unit = post.contains_eager(Position.unit)
        return (
            scoped(Appointment)
            .join(Appointment.position)
            .join(Position.unit)
            .join(Appointment.official)
            .where(sa.or_(Appointment.ended_on.is_(None), Appointment.ended_on >= today()))
            .order_by(Unit.path, Position.name, Appointment.id)
            .options(unit.joinedload(Unit.parent), contains_eager(Appointment.official))
            .options(joinedload(Appointment.unit).joinedload(Unit.parent))
        )

    def searched(self) -> tuple[Any, ...]:
        return Position.name, Unit.name, Official.full_name

    def text(self, record: Appointment) -> str:
        return f"{marked(record)}: {record.official.display_name}"
