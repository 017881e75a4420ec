"""What of the log a reader may see: rows in scope, of kinds he reads, and events of his places.

Asks the database once per table for a whole page of entries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from ..changelog.bearers import BEGUN_AFTER, begun
from ..changelog.entries import Entry, among
from ..plugin import current_panel
from .acting import may, the_actor
from .querying import key_of, parsed_key, scoped
from .readable import readable_rows
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
        #: Numbers of the changes whose record had its number before another got it.
        self.passed_on = frozenset[int]().union(*(entry.passed_on for entry in entries))
        keys = named_keys(entries)
        for change in changes:
            for table, values in referred_keys(change).items():
                keys[table] |= values
        oldest = min((end_of(entry) for entry in entries if entry.changes), default=0)
        found = {table: with_beginnings(table, pks, oldest) for table, pks in keys.items()}
        #: Records in scope that the entries speak of, by table and key.
        self.seen: Known = {
            table: {pk: record for pk, (record, _) in known.items()}
            for table, known in found.items()
        }
        #: The changes by which some of them began after the oldest entry, by table and key.
        self.begun = {
            (table, pk): change
            for table, known in found.items()
            for pk, (_, change) in known.items()
            if change is not None
        }
        #: Rows that are there, in scope or not: the region of each by its key, or None.
        self.there = {
            table: existing(table, pks - set(self.seen[table])) for table, pks in keys.items()
        }
        #: Where the rows lay that rows without a region hang on, by each time they were made.
        self.births = births_of((change for change in changes if hangs(change)), self.seen)

    def sees(self, change: Any) -> bool:
        """Whether the reader may see a captured row."""
        entity = entities().get(change.tbl)
        if entity is None or len(entity.__table__.primary_key.columns) > 1:
            return self.sees_link(change) and (entity is None or may("read", change.tbl))
        if not may("read", change.tbl):
            return False
        if hangs(change) and not self.lay_here(change):
            return False
        if change.id in self.passed_on:
            return self.in_regions(entity, change)
        record = self.seen.get(change.tbl, {}).get(change.pk)
        if record is not None:
            return is_same(change, record)
        lies = self.there.get(change.tbl, {}).get(change.pk, "")
        gone = lies == "" or (None not in (lies, change.scope) and lies != change.scope)
        return gone and self.in_regions(entity, change)

    def in_regions(self, entity: Any, change: Any) -> bool:
        """Whether a deleted row lay in a region that the reader holds as a whole."""
        if "region_id" not in entity.__table__.c:
            return True
        region = change.scope or change.values.get("region_id")
        return isinstance(region, str) and region in whole_regions()

    def lay_here(self, change: Any) -> bool:
        """Whether what a row hung on was the reader's then, whoever has its number now."""
        for (table, column), pks in regional_keys(change).items():
            for pk in pks:
                record = self.seen.get(table, {}).get(pk)
                before = [scope for id, scope in self.births[table, pk] if id <= change.id]
                here = {str(getattr(record, column))} if record is not None else whole_regions()
                if before and before[-1] not in here:
                    return False
                if record is None and not before:
                    return False
        return True

    def is_about(self, entry: Entry, table: str, pk: str) -> bool:
        """Whether a deed is about a record in sight, or one that is gone and lay in sight."""
        if entry.deed is None or entry.deed.subject_pk != pk:
            return pk in self.seen.get(table, {})
        if not entry.subject_passed_on and pk in self.seen.get(table, {}):
            return True
        gone = entry.subject_passed_on or pk not in self.there.get(table, {})
        return gone and entry.lay in whole_regions() and may("read", table)

    def known_in(self, entry: Entry) -> Known:
        """The records in sight by which an entry's numbers are told; none had the number before."""
        others = {(one.tbl, one.pk) for one in entry.changes if one.id in entry.passed_on}
        if entry.subject_passed_on and entry.deed is not None:
            others.add((str(entry.deed.subject_table), str(entry.deed.subject_pk)))
        if entry.changes:
            end = end_of(entry)
            others |= {record for record, change in self.begun.items() if change > end}
        return {
            table: {pk: one for pk, one in found.items() if (table, pk) not in others}
            for table, found in self.seen.items()
        }

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


def end_of(entry: Entry) -> int:
    """The last change of an entry, listed or not: what its values name was there by then."""
    last = entry.deed.last if entry.deed is not None else 0
    return max((last, *(change.id for change in entry.changes)))


def is_same(change: Any, record: Any) -> bool:
    """Whether a captured row is of the record that has its number now: it lay where that lies."""
    region = getattr(record, current_panel().log.tables.scope or "", None)
    return change.scope is None or region is None or change.scope == str(region)


def hangs(change: Any) -> bool:
    """Whether a row that came or went has no region but through the rows that it refers to."""
    return change.op != "U" and change.scope is None and bool(regional_keys(change))


def regional_keys(change: Any) -> dict[tuple[str, str], set[str]]:
    """The keys that a row without a region of its own refers to, by table and column of region."""
    panel = current_panel()
    column, tables = panel.log.tables.scope or "", panel.db.metadata.tables
    entity = entities().get(change.tbl)
    if entity is None or column in entity.__table__.c or len(entity.__table__.primary_key) > 1:
        return {}
    keys = referred_keys(change)
    return {(name, column): pks for name, pks in keys.items() if column in tables[name].c}


def births_of(
    changes: Iterable[Any], seen: Known
) -> defaultdict[tuple[str, str], list[tuple[int, str | None]]]:
    """When and where the rows were made that these hang on: of people, or where those are gone."""
    found: defaultdict[tuple[str, str], list[tuple[int, str | None]]] = defaultdict(list)
    asked = {
        (table, pk)
        for change in changes
        for (table, _), pks in regional_keys(change).items()
        for pk in pks
        if change.personal or pk not in seen.get(table, {})
    }
    if asked:
        log = current_panel().log.tables.change
        made = sa.select(log.c.tbl, log.c.pk, log.c.id, log.c.scope).where(
            among(log.c.tbl, log.c.pk, sorted(asked)), log.c.op == "I"
        )
        for tbl, pk, id, scope in current_panel().db.session.execute(made.order_by(log.c.id)):
            found[tbl, pk].append((id, scope))
    return found


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
    asked = rows_in_scope(table, pks)
    if asked is None:
        return {}
    found = readable_rows(current_panel().db.session(), asked, entities()[table], {})
    return {str(sa.inspect(one).identity[0]): one for (one,) in found}


def with_beginnings(table: str, pks: set[str], after: int) -> dict[str, tuple[Any, int | None]]:
    """The same, each with the change after `after` by which it began, if it did."""
    asked = rows_in_scope(table, pks)
    if asked is None:
        return {}
    entity = entities()[table]
    began = begun(current_panel().log.tables, table, key_of(entity))
    asked = asked.add_columns(began)
    found = readable_rows(current_panel().db.session(), asked, entity, {BEGUN_AFTER: after})
    return {str(sa.inspect(one).identity[0]): (one, change) for one, change in found}


def rows_in_scope(table: str, pks: set[str]) -> Any:
    """The select of those records, or None: there can be none."""
    entity = entities().get(table)
    if entity is None or not may("read", table):
        return None
    keys = [key for pk in pks if (key := parsed_key(entity, pk)) is not None]
    if not keys:
        return None
    screen = screen_of(table)
    loaders = screen.naming_loaders() if screen is not None else ()
    return scoped(entity).where(key_of(entity).in_(keys)).options(*loaders)


def existing(table: str, pks: set[str]) -> dict[str, str | None]:
    """Which of these keys are there at all, and in which region each lies."""
    entity = entities().get(table)
    keys = [key for pk in pks if entity and (key := parsed_key(entity, pk)) is not None]
    if entity is None or not keys:
        return {}
    region = entity.__table__.c.get(current_panel().log.tables.scope or "", sa.null())
    rows = sa.select(key_of(entity), region).where(key_of(entity).in_(keys))
    found = current_panel().db.session.execute(rows)
    return {str(key): None if lies is None else str(lies) for key, lies in found}
