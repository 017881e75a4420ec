"""What a decision is taken on, as canonical JSON, and how two such snapshots differ.

Every value is a text or null, keys are sorted, nothing is indented: the same content gives the same
bytes, and so the same SHA-256, on both databases and at any time.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from .tables import Child, Guarded, Record

Content = Mapping[str, str | None]


@dataclass(frozen=True)
class Difference:
    """One field that is not as it was; `row` names the child, None the record itself."""

    table: str
    row: str | None
    field: str
    was: str | None
    now: str | None


def text_of(value: object) -> str | None:
    """The one text of a value."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case bytes():
            return value.hex()
        case dict() | list():
            return json.dumps(value, sort_keys=True, ensure_ascii=False)
        case _:
            return str(value)


def freeze(
    table: str, key: str, own: Content, children: Mapping[str, Mapping[str, Content]]
) -> str:
    """Canonical JSON of a record and of its children, which are keyed by table and number."""
    return json.dumps(
        {"table": table, "id": key, "fields": own, "children": children},
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )


def frozen(session: Session, record: Record, thing: Any) -> str:
    """The snapshot of a record and its children as they stand in the database."""
    return frozen_all(session, record, [thing])[0]


def frozen_all(session: Session, record: Record, things: Sequence[Any]) -> list[str]:
    """The snapshots of several records of one table: one query for each table of children."""
    keys = [getattr(thing, record.key) for thing in things]
    rows = {child.name: _rows(session, child, keys) for child in record.children}
    return [
        freeze(
            record.name,
            str(key),
            _content(record, thing),
            {name: held.get(key, {}) for name, held in rows.items()},
        )
        for key, thing in zip(keys, things, strict=True)
    ]


def _rows(session: Session, child: Child, keys: Collection[Any]) -> dict[Any, dict[str, Content]]:
    """The children of these records, by the record's key and then by their own."""
    entity: Any = child.entity
    plain = set(names_of(child)) <= set(sa.inspect(entity).column_attrs.keys())
    if plain and not any(isinstance(one, entity) for one in session):
        return _plain_rows(session, child, keys)
    paths = dict.fromkeys(n.partition(".")[0] for n in names_of(child) if "." in n)
    query = (
        sa.select(entity, child.table.c[child.owner])
        .where(child.table.c[child.owner].in_(keys))
        .order_by(child.table.c[child.key])
        .options(*(joinedload(getattr(entity, path)) for path in paths))
        .execution_options(populate_existing=True)
    )
    found: dict[Any, dict[str, Content]] = {}
    for row, owner in session.execute(query).unique():
        found.setdefault(owner, {})[str(getattr(row, child.key))] = _content(child, row)
    return found


def _plain_rows(
    session: Session, child: Child, keys: Collection[Any]
) -> dict[Any, dict[str, Content]]:
    """As `_rows`, where only columns are held and the session knows no row that would be stale."""
    names = names_of(child)
    found: dict[Any, dict[str, Content]] = {}
    for owner, key, *values in session.execute(_plain(child), {"keys": list(keys)}):
        texts = map(text_of, values)
        found.setdefault(owner, {})[str(key)] = dict(zip(names, texts, strict=True))
    return found


@cache
def _plain(child: Child) -> sa.Select[Any]:
    """Owner, key and what is held of the children of some `keys`."""
    table, held = child.table, (getattr(child.entity, name) for name in names_of(child))
    return (
        sa.select(table.c[child.owner], table.c[child.key], *held)
        .where(table.c[child.owner].in_(sa.bindparam("keys", expanding=True)))
        .order_by(table.c[child.key])
    )


def names_of(table: Guarded) -> tuple[str, ...]:
    """What a snapshot holds of a row: its columns, or the paths that it declares."""
    names: tuple[str, ...] = getattr(table.entity, "__frozen__", None) or table.content
    return names


def _content(table: Guarded, thing: Any) -> Content:
    return {name: text_of(attrgetter(name)(thing)) for name in names_of(table)}


def fingerprint(text: str) -> str:
    """SHA-256 of a snapshot."""
    return sha256(text.encode()).hexdigest()


def differences(before: str, after: str) -> list[Difference]:
    """What changed from one snapshot of a record to another, the record's own fields first."""
    was, now = json.loads(before), json.loads(after)
    table = now["table"]
    found = list(_fields(table, None, was["fields"], now["fields"]))
    for child in sorted({*was["children"], *now["children"]}):
        old, new = was["children"].get(child, {}), now["children"].get(child, {})
        for row in sorted({*old, *new}, key=lambda key: (len(key), key)):
            found.extend(_fields(child, row, old.get(row, {}), new.get(row, {})))
    return found


def _fields(table: str, row: str | None, was: Content, now: Content) -> Iterator[Difference]:
    names: Iterable[str] = dict.fromkeys((*now, *was))
    for name in names:
        if was.get(name) != now.get(name):
            yield Difference(table, row, name, was.get(name), now.get(name))
