"""What refers to a record, by its foreign keys: counted for the sentence that keeps it.

Of many records at once only whether anything does: a few statements for each kind that could.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from ..plugin import current_panel
from ..words import Sentence, say
from .acting import may
from .querying import key_of, scoped
from .values import as_label, screen_of

#: As many keys as one statement names.
CHUNK = 500


@dataclass(frozen=True)
class Reference:
    """Records of one kind that refer to another record: how many the actor sees, and does not."""

    kind: Sentence
    seen: int
    unseen: int


#: Keys of records that go together, by table.
Going = Mapping[str, Collection[int]]
Keys = tuple[sa.ForeignKeyConstraint, ...]


@cache
def pointing(entity: type[Any]) -> tuple[tuple[type[Any], Keys], ...]:
    """The kinds of records that refer to this one, with their keys; those it owns are left out."""
    mapper = sa.inspect(entity)
    owned = {
        relation.mapper.local_table
        for relation in mapper.relationships
        if relation.cascade.delete or relation.secondary is not None
    }
    entities = {m.local_table: m.class_ for m in mapper.registry.mappers}
    found = []
    for table in mapper.local_table.metadata.sorted_tables:
        keys = tuple(
            one
            for one in table.foreign_key_constraints
            if one.referred_table is mapper.local_table
            and one.ondelete not in ("CASCADE", "SET NULL")
        )
        if keys and table not in owned and table in entities:
            found.append((entities[table], keys))
    return tuple(found)


def referred(records: Sequence[Any], going: Going) -> set[Any]:
    """Those of these records of one kind that others refer to, beside those that go with them."""
    session = current_panel().db.session
    if not records:
        return set()
    entity, found = type(records[0]), set()
    for other, constraints in pointing(entity):
        own, gone = key_of(other), going.get(other.__tablename__, ())
        for constraint in constraints:
            element = min(constraint.elements, key=lambda one: not one.column.primary_key)
            column, name = element.parent, element.column.key
            by_key = {getattr(record, name): record for record in records}
            keys = sorted(by_key)
            for first in range(0, len(keys), CHUNK):
                rows = sa.select(column, own).where(column.in_(keys[first : first + CHUNK]))
                found |= {by_key[key] for key, one in session.execute(rows) if one not in gone}
    return found


def referring(record: Any, going: Going | None = None) -> list[Reference]:
    """What refers to `record`, by its foreign keys; rows that go with it are left out."""
    session, found = current_panel().db.session, []
    for entity, constraints in pointing(type(record)):
        table, own = entity.__table__, key_of(entity)
        condition = pointing_at(constraints, record)
        if going and going.get(table.name):
            here = set(session.scalars(sa.select(own).where(condition)))
            condition = sa.and_(condition, own.not_in(here & set(going[table.name])))
        everything = sa.select(sa.func.count()).select_from(table).where(condition)
        total = session.scalar(everything) or 0
        if total:
            inside = scoped(entity, key_of(entity)).where(condition).subquery()
            counted = sa.select(sa.func.count()).select_from(inside)
            seen = (session.scalar(counted) or 0) if may("read", entity) else 0
            found.append(Reference(plural_of(entity), seen, total - seen))
    return found


def pointing_at(constraints: Keys, record: Any) -> Any:
    """The condition under which a row with these keys refers to `record`."""
    ways = []
    for constraint in constraints:
        pairs = [(key.parent, getattr(record, key.column.key)) for key in constraint.elements]
        ways.append(sa.and_(*(column == value for column, value in pairs)))
    return sa.or_(*ways)


def plural_of(entity: Any) -> Sentence:
    """What several records of a kind are called: as their screen, or their table, says it."""
    screen = screen_of(entity)
    name = screen.name if screen is not None else as_label(entity.__tablename__)
    return name if isinstance(name, Sentence) else say(str(name))
