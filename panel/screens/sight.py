"""What of the log a reader may see: rows in scope, of kinds he reads, and events of his places.

Asks the database once per table for a whole page of entries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from ..changelog.history import Entry
from ..plugin import current_panel
from .acting import may, the_actor
from .querying import key_of, parsed_key, scoped
from .stored import Known, entities
from .values import screen_of

#: Columns that say nothing to a reader.
SILENT = frozenset(
    {
        *("version", "decision_id", "process_version_id", "created_by_id"),
        *("fs_uniquifier", "region_id"),
    }
)


def is_silent(table: str, column: str) -> bool:
    """Whether a column says nothing to a reader: bookkeeping, or a half of another key."""
    known = current_panel().db.metadata.tables.get(table)
    keys = known.c[column].foreign_keys if known is not None and column in known.c else ()
    return column in SILENT or (bool(keys) and not any(key.column.primary_key for key in keys))


def whole_regions() -> set[str]:
    """The regions that the reader holds as a whole, as the log writes them."""
    return {str(place.region_id) for place in the_actor().places if not place.unit_path}


class Sight:
    """One reader before one page of entries."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        changes = [change for entry in entries for change in entry.changes]
        keys = named_keys(entries)
        for change in changes:
            for table, values in referred_keys(change).items():
                keys[table] |= values
        #: Records in scope that the entries speak of, by table and key.
        self.seen: Known = {table: in_scope(table, pks) for table, pks in keys.items()}
        #: Keys of rows that are there, whether in scope or not.
        self.there = {
            table: existing(table, pks - set(self.seen[table])) for table, pks in keys.items()
        }

    def sees(self, change: Any) -> bool:
        """Whether the reader may see a captured row."""
        entity = entities().get(change.tbl)
        if entity is None or len(entity.__table__.primary_key.columns) > 1:
            return self.sees_link(change) and (entity is None or may("read", change.tbl))
        if not may("read", change.tbl):
            return False
        if change.pk in self.seen.get(change.tbl, {}):
            return True
        gone = change.pk not in self.there.get(change.tbl, ())
        return gone and self.in_regions(entity, change)

    def in_regions(self, entity: Any, change: Any) -> bool:
        """Whether a deleted row lay in a region that the reader holds as a whole."""
        if "region_id" not in entity.__table__.c:
            return True
        region = change.scope or change.values.get("region_id")
        return isinstance(region, str) and region in whole_regions()

    def sees_link(self, change: Any) -> bool:
        """A row that only links records is seen by who sees all of them."""
        linked = referred_keys(change)
        return bool(linked) and all(
            may("read", table) and values <= set(self.seen.get(table, {}))
            for table, values in linked.items()
        )

    def sees_event(self, deed: Any) -> bool:
        """Whether a deed about no record is the reader's own, or of a kind and place he watches."""
        who = the_actor()
        if (deed.actor_id, deed.actor_kind) == (who.id, who.kind):
            return True
        kind = deed.action.partition(".")[0]
        return not deed.subject_table and deed.scope in whole_regions() and may("read", kind)


def named_keys(entries: Iterable[Entry]) -> defaultdict[str, set[str]]:
    """The keys of the rows and subjects of the entries, by table."""
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        for change in entry.changes:
            keys[change.tbl].add(change.pk)
        if entry.deed is not None and entry.deed.subject_table and entry.deed.subject_pk:
            keys[entry.deed.subject_table].add(entry.deed.subject_pk)
    return keys


def referred_keys(change: Any) -> dict[str, set[str]]:
    """The keys that a captured row refers to, before and after, by table."""
    table = current_panel().db.metadata.tables.get(change.tbl)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for key in table.foreign_keys if table is not None else ():
        value = change.values.get(key.parent.name)
        texts = value if isinstance(value, list) else [value]
        if key.column.primary_key and key.parent.name not in SILENT:
            found[key.column.table.name] |= {text for text in texts if text is not None}
    return dict(found)


def in_scope(table: str, pks: set[str]) -> dict[str, Any]:
    """The records of a table with these keys that the reader may see, by key."""
    entity = entities().get(table)
    if entity is None or not may("read", table):
        return {}
    keys = [key for pk in pks if (key := parsed_key(entity, pk)) is not None]
    if not keys:
        return {}
    rows = scoped(entity).where(key_of(entity).in_(keys))
    screen = screen_of(table)
    if screen is not None:
        rows = rows.options(*screen.naming_loaders())
    found = current_panel().db.session.scalars(rows).unique()
    return {str(sa.inspect(one).identity[0]): one for one in found}


def existing(table: str, pks: set[str]) -> set[str]:
    """Which of these keys are there at all."""
    entity = entities().get(table)
    keys = [key for pk in pks if entity and (key := parsed_key(entity, pk)) is not None]
    if entity is None or not keys:
        return set()
    rows = sa.select(key_of(entity)).where(key_of(entity).in_(keys))
    return {str(key) for key in current_panel().db.session.scalars(rows)}
