"""What may be asked of the whole log, as conditions on its deeds and changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .entries import Condition
from .layout import LogTables


@dataclass(frozen=True)
class Search:
    """What to look for among deeds and changes; every field narrows."""

    #: Account that acted, or in whose place somebody acted.
    actor: int | None = None
    action: str | None = None
    #: Any of these actions.
    actions: tuple[str, ...] | None = None
    table: str | None = None
    pk: str | None = None
    field: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    #: Network address, or the beginning of one up to a dot or a colon.
    address: str | None = None
    #: True: deeds that changed nothing; False: those that did.
    events: bool | None = None
    #: Tables that the reader may read at all; none given: all.
    kinds: tuple[str, ...] | None = None
    #: Condition on columns of `change`: the rows that the reader may see.
    changes_seen: Condition | None = None
    #: Condition on columns of `deed`: events without changes that the reader may see.
    deeds_seen: Condition | None = None
    #: Words: each as a condition on columns of `deed` and one on those of `change`.
    words: tuple[tuple[Condition, Condition], ...] = ()

    @property
    def searches(self) -> bool:
        """Whether the values of changes must be looked into."""
        return self.field is not None or bool(self.words)


def actions(tables: LogTables, session: Session) -> list[str]:
    """The actions that the log knows: a look at its index for each, however long the log is."""
    action = tables.deed.c.action
    known = sa.select(sa.func.min(action).label("action")).cte("known", recursive=True)
    following = sa.select(sa.func.min(action)).where(action > known.c.action)
    known = known.union_all(
        sa.select(following.correlate(known).scalar_subquery()).where(known.c.action.is_not(None))
    )
    return [one for one in session.scalars(sa.select(known.c.action)) if one is not None]


def days_of(tables: LogTables, search: Search) -> list[Condition]:
    """Whether a deed lies in the days asked for."""
    deed = tables.deed
    found = []
    if search.since is not None:
        found.append(deed.c.at >= search.since)
    if search.until is not None:
        found.append(deed.c.at < search.until)
    return found


def deed_conditions(tables: LogTables, search: Search) -> list[Condition]:
    """What the search asks of a deed itself."""
    deed = tables.deed
    found = days_of(tables, search)
    if search.actor is not None:
        found.append(sa.or_(deed.c.actor_id == search.actor, deed.c.acting_for_id == search.actor))
    if search.action is not None:
        found.append(deed.c.action == search.action)
    if search.actions is not None:
        found.append(deed.c.action.in_(search.actions))
    if search.address is not None:
        # canonical JSON: a quote within a value would be escaped, so this is the key and no text
        end = "" if search.address[-1:] in (".", ":") else '"'
        begins = f'"address":"{search.address}{end}'
        found.append(deed.c.personal.contains(begins, autoescape=True))
    if search.events is not None:
        found.append(deed.c.n == 0 if search.events else deed.c.n > 0)
    return found


def change_conditions(tables: LogTables, session: Session, search: Search) -> list[Condition]:
    """What the search asks of a change, words apart."""
    change = tables.change
    found: list[Condition] = []
    if search.table is not None:
        found.append(of_kinds(tables, [search.table]))
    if search.pk is not None:
        found.append(change.c.pk == search.pk)
    if search.field is not None:
        dialect = session.get_bind().dialect.name
        fields = (change.c.data, change.c.personal)
        found.append(sa.or_(*(touches(column, search.field, dialect) for column in fields)))
    if search.changes_seen is not None:
        found.append(search.changes_seen)
    return found


def of_kinds(tables: LogTables, names: Sequence[str]) -> Condition:
    """Whether a change is of one of these tables; asked of rows at hand, never of the index.

    One kind may have millions of rows: a database that begins with them comes to no end.
    """
    return tables.change.c.tbl.concat("").in_(names)


def touches(column: sa.ColumnElement[Any], field: str, dialect_name: str) -> Condition:
    """Whether a change has a value of this field."""
    value: sa.ColumnElement[Any]
    if dialect_name == "sqlite":
        value = sa.func.json_extract(column, '$."' + field.replace('"', "") + '"')
    else:
        value = sa.cast(column, sa.JSON)[field].as_string()
    return value.is_not(None)


def is_event(tables: LogTables, search: Search) -> Condition:
    """A deed without changes, about the record that is looked for."""
    deed = tables.deed
    if search.field is not None:
        return sa.false()
    found: list[Condition] = [deed.c.n == 0]
    if search.table is not None:
        found.append(deed.c.subject_table == search.table)
    if search.pk is not None:
        found.append(deed.c.subject_pk == search.pk)
    if search.deeds_seen is not None:
        found.append(search.deeds_seen)
    return sa.and_(*found)
