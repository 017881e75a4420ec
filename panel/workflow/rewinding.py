"""A record as it stood when a page showed it, found again by the hash that the page carries.

The latest changes that the log knows of the record and its children are taken back, one after the
other, until what remains has that hash. So what is found is right, or nothing is found.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..changelog.layout import LogTables
from .snapshot import Content, fingerprint, freeze, names_of, text_of
from .tables import Child, Guarded, Record

#: As many changes as are taken back.
FURTHEST = 500


def rewound(
    tables: LogTables, session: Session, record: Record, text: str, seen: str
) -> str | None:
    """The snapshot with the hash `seen`, going back from the present one, `text`; or None."""
    state = _State(session, record, text)
    for change in _changes(tables, session, record, state):
        if not state.undo(change.tbl, change.pk, change.op, change.values):
            return None
        found = state.text()
        if fingerprint(found) == seen:
            return found
    return None


def _changes(tables: LogTables, session: Session, record: Record, state: _State) -> Iterator[Any]:
    """The changes of the record and of every child it has or had, latest first."""
    change = tables.changes
    ways = [sa.and_(change.tbl == record.name, change.pk == state.key)]
    for child in record.children:
        present = change.pk.in_(list(state.children[child.name]))
        held = sa.and_(
            change.op != "I",
            change.data.contains(f'"{child.owner}"', autoescape=True),
            change.data.contains(f'"{state.key}"', autoescape=True),
        )
        ways.append(sa.and_(change.tbl == child.name, sa.or_(present, held)))
        came = sa.select(change.pk).where(change.tbl == child.name, held)
        ways.append(sa.and_(change.tbl == child.name, change.pk.in_(came)))
    query = sa.select(change).where(sa.or_(*ways)).order_by(change.id.desc()).limit(FURTHEST)
    return iter(session.scalars(query).all())


class _State:
    """Record and children on the way back."""

    def __init__(self, session: Session, record: Record, text: str) -> None:
        held = json.loads(text)
        self.session = session
        self.record = record
        self.key: str = held["id"]
        self.fields: dict[str, str | None] = held["fields"]
        self.children: dict[str, dict[str, dict[str, str | None]]] = held["children"]
        self.kinds = {child.name: child for child in record.children}

    def text(self) -> str:
        """The snapshot of what stands here."""
        return freeze(self.record.name, self.key, self.fields, self.children)

    def undo(self, table: str, pk: str, op: str, values: dict[str, Any]) -> bool:
        """Take one change back; False where the log does not say what stood before."""
        if table == self.record.name:
            if op == "U":
                self._restore(self.record, self.fields, values)
            return op == "U"
        child, rows = self.kinds[table], self.children[table]
        owner = values.get(child.owner)
        if op == "D":
            if owner == self.key:
                rows[pk] = self._row(child, values)
            return True
        if op == "I":
            rows.pop(pk, None)
            return True
        if owner is not None:  # it came from another record, or went to one
            was, _now = owner
            if was == self.key:
                return False
            rows.pop(pk, None)
            return True
        if pk in rows:
            self._restore(child, rows[pk], values)
        return True

    def _restore(self, of: Guarded, held: dict[str, str | None], values: dict[str, Any]) -> None:
        for name in names_of(of):
            column = name.partition(".")[0]
            if name in values:
                held[name] = _as_frozen(of.table.c[name], values[name][0])
            elif column != name and (key := self._key_of(of, column)) in values:
                held[name] = self._reached(of, name, values[key][0])

    def _row(self, child: Child, values: Content) -> dict[str, str | None]:
        found: dict[str, str | None] = {}
        for name in names_of(child):
            relation = name.partition(".")[0]
            if relation == name:
                found[name] = _as_frozen(child.table.c[name], values.get(name))
            else:
                found[name] = self._reached(child, name, values.get(self._key_of(child, relation)))
        return found

    @staticmethod
    def _key_of(of: Guarded, relation: str) -> str:
        columns = sa.inspect(of.entity).relationships[relation].local_columns
        return next(str(column.name) for column in columns if column.name != "region_id")

    def _reached(self, of: Guarded, path: str, key: str | None) -> str | None:
        """The value at the end of a path such as "file.sha256", by the key on the way."""
        relation, _, last = path.partition(".")
        entity = sa.inspect(of.entity).relationships[relation].mapper.class_
        if key is None or not key.isdigit():
            return None
        there = self.session.get(entity, int(key))
        return text_of(getattr(there, last)) if there is not None else None


def _as_frozen(column: sa.Column[Any], text: str | None) -> str | None:
    """A text of the log as a snapshot writes it."""
    kind = getattr(column.type, "impl_instance", column.type)
    if text is None:
        return None
    try:
        if isinstance(kind, sa.DateTime):
            return text_of(datetime.fromisoformat(text))
        if isinstance(kind, sa.Time):
            return text_of(time.fromisoformat(text))
        if isinstance(kind, sa.JSON):
            return text_of(json.loads(text))
    except ValueError:  # written past the application
        return text
    return text
