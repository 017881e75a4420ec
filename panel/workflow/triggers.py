"""The gate in the database: triggers that pair a status with its decision and hold the lock.

Written from the mapped tables for SQLite and PostgreSQL. They know no state by name: which state
opens which field is read from `process_field`, so a process stays data. What an application does,
a bulk statement, a shell or another program: the same rules hold. A refusal begins `jenjang:`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import sqlalchemy as sa

from ..changelog.triggers import Trigger
from .definition import MIGRATE
from .dialects import Check, Dialect, Event
from .tables import Child, Guarded, Record


def gate_triggers(dialect: str, records: Iterable[Record], metadata: sa.MetaData) -> list[Trigger]:
    """Every trigger of the workflow, for one kind of database."""
    words = Dialect(dialect)
    records = list(records)
    found = [
        trigger
        for record in records
        for table in (record, *record.children)
        for trigger in _of_table(words, record, table)
    ]
    found += _of_decisions(words, records, metadata.tables["decision"])
    found += _of_versions(words, metadata.tables["process_version"])
    for name in ("process_state", "process_field"):
        found += _of_definitions(words, metadata.tables[name])
    found += _of_definitions(words, metadata.tables["process_mapping"], [MISMAPPED])
    return found


def _of_table(words: Dialect, record: Record, table: Guarded) -> Iterator[Trigger]:
    rules = _record_rules(words, record) if table is record else ()
    if isinstance(table, Child):
        rules = _child_rules(words, record, table)
    for event, checks, lock in rules:
        yield words.trigger(table.name, event, checks, lock)


Rules = Iterable[tuple[Event, list[Check], str]]


def _record_rules(words: Dialect, record: Record) -> Rules:
    name, key = record.name, words.name(record.key)
    begins = (
        "EXISTS (SELECT 1 FROM process_version v JOIN process_state s ON s.version_id = v.id"
        f" WHERE v.id = NEW.process_version_id AND v.record_table = '{name}'"
        " AND v.published_at IS NOT NULL AND s.code = NEW.status AND s.initial)"
    )
    set_by_step = (
        f"EXISTS (SELECT 1 FROM {words.filled(record)} AS c JOIN process_field f"
        " ON f.version_id = NEW.process_version_id AND f.step IS NOT NULL"
        f" AND f.field = '{name}.' || c.column1 WHERE c.column2)"
    )
    paired = (
        "EXISTS (SELECT 1 FROM decision d WHERE d.id = NEW.decision_id"
        f" AND d.record_table = '{name}' AND d.record_id = OLD.{key}"
        " AND d.was_version_id = OLD.process_version_id"
        " AND d.process_version_id = OLD.process_version_id"
        " AND d.was = OLD.status AND d.becomes = NEW.status"
        " AND (OLD.decision_id IS NULL OR d.id > OLD.decision_id))"
    )
    # the decision stands on a published mapping: its own trigger asks for that
    passed_on = (
        f"NOT {words.differs('decision_id')}"
        " AND EXISTS (SELECT 1 FROM decision d WHERE d.was_version_id = OLD.process_version_id"
        f" AND d.record_table = '{name}' AND d.record_id = OLD.{key}"
        " AND d.process_version_id = NEW.process_version_id"
        " AND d.was = OLD.status AND d.becomes = NEW.status"
        " AND (OLD.decision_id IS NULL OR d.id > OLD.decision_id))"
        f" AND NOT EXISTS (SELECT 1 FROM {words.filled(record)} AS c JOIN process_field f"
        " ON f.version_id = NEW.process_version_id AND f.step IS NOT NULL"
        f" AND f.field = '{name}.' || c.column1 WHERE c.column2 AND NOT EXISTS (SELECT 1"
        " FROM process_field o WHERE o.version_id = OLD.process_version_id"
        " AND o.step IS NOT NULL AND o.field = f.field))"
    )
    moved = f"({words.differs('status')} OR {words.differs('decision_id')})"
    other_version = words.differs("process_version_id")
    unpaired = (
        f"(CASE WHEN {other_version} THEN NOT ({passed_on}) ELSE {moved} AND NOT {paired} END)"
    )
    field = f"f.field = '{name}.' || c.column1"
    closed = (
        f"EXISTS (SELECT 1 FROM {words.changed(record)} AS c WHERE c.column2 AND NOT CASE"
        " WHEN EXISTS (SELECT 1 FROM process_field f WHERE f.version_id = OLD.process_version_id"
        f" AND f.step IS NOT NULL AND {field})"
        f" THEN {words.differs('decision_id')} AND EXISTS (SELECT 1 FROM decision d"
        " JOIN process_field f ON f.version_id = d.process_version_id AND f.step = d.step"
        f" WHERE d.id = NEW.decision_id AND {field})"
        " ELSE EXISTS (SELECT 1 FROM process_field f WHERE f.version_id = OLD.process_version_id"
        f" AND f.state = OLD.status AND (f.field = '*' OR {field})) END)"
    )
    decided = words.decided(record, "o")
    yield (
        "INSERT",
        [
            Check("status", f"NEW.decision_id IS NOT NULL OR NOT {begins}"),
            Check("locked", set_by_step),
            *words.replaced(record, decided),
        ],
        "",
    )
    yield (
        "UPDATE",
        [
            Check("key", words.differs(record.key)),
            Check("status", f"{words.differs('created_by_id')} OR {unpaired}"),
            Check("locked", closed),
            *words.replaced(record, decided, other_than=True),
        ],
        "",
    )
    yield "DELETE", [Check("decided", words.decided(record, "OLD"))], ""


def _child_rules(words: Dialect, record: Record, child: Child) -> Rules:
    table, key, owner = (words.name(name) for name in (record.name, record.key, child.owner))

    def shut(row: str) -> str:
        return (
            f"EXISTS (SELECT 1 FROM {table} r WHERE r.{key} = {row}.{owner}"
            f" AND NOT {_opened(f'{child.name}.*')})"
        )

    field = f"f.field = '{child.name}.' || c.column1"
    by_step = (
        "EXISTS (SELECT 1 FROM process_field f WHERE f.version_id = r.process_version_id"
        f" AND f.step IS NOT NULL AND {field})"
    )
    # a step writes its decision first, then the children, and the record last
    stepping = (
        "EXISTS (SELECT 1 FROM decision d JOIN process_field f"
        f" ON f.version_id = d.process_version_id AND f.step = d.step AND {field}"
        f" WHERE d.record_table = '{record.name}' AND d.record_id = r.{key}"
        " AND (r.decision_id IS NULL OR d.id > r.decision_id))"
    )
    column_shut = (
        f"EXISTS (SELECT 1 FROM {table} r, {words.changed(child)} AS c"
        f" WHERE r.{key} = OLD.{owner} AND c.column2 AND NOT CASE"
        f" WHEN {by_step} THEN {stepping}"
        f" ELSE {_opened(f'{child.name}.*', of_column=child.name)} END)"
    )
    filled = (
        f"EXISTS (SELECT 1 FROM {table} r, {words.filled(child)} AS c"
        f" WHERE r.{key} = NEW.{owner} AND c.column2 AND {by_step})"
    )
    moved = f"({words.differs(child.owner)} AND ({shut('OLD')} OR {shut('NEW')}))"

    def lock(*rows: str) -> str:
        keys = ", ".join(f"{row}.{owner}" for row in rows)
        return f"PERFORM 1 FROM {table} r WHERE r.{key} IN ({keys}) ORDER BY r.{key} FOR SHARE;"

    yield (
        "INSERT",
        [Check("locked", f"{shut('NEW')} OR {filled}"), *words.replaced(child, shut("o"))],
        lock("NEW"),
    )
    yield (
        "UPDATE",
        [
            Check("key", words.differs(child.key)),
            Check("locked", f"{moved} OR {column_shut}"),
            *words.replaced(child, shut("o"), other_than=True),
        ],
        lock("OLD", "NEW"),
    )
    yield "DELETE", [Check("locked", shut("OLD"))], lock("OLD")


def _opened(whole: str, of_column: str | None = None) -> str:
    """Whether the state of record `r` opens a child wholly, or the column `c` of it."""
    column = f" OR f.field = '{of_column}.' || c.column1" if of_column else ""
    return (
        "EXISTS (SELECT 1 FROM process_field f WHERE f.version_id = r.process_version_id"
        f" AND f.state = r.status AND (f.field IN ('*', '{whole}'){column}))"
    )


def _of_decisions(words: Dialect, records: list[Record], decision: sa.Table) -> list[Trigger]:
    stands = " OR ".join(
        f"(NEW.record_table = '{record.name}' AND EXISTS (SELECT 1 FROM {words.name(record.name)} r"
        f" WHERE r.{words.name(record.key)} = NEW.record_id AND r.status = NEW.was"
        " AND r.process_version_id = NEW.was_version_id))"
        for record in records
    )
    known = (
        "EXISTS (SELECT 1 FROM process_state s WHERE s.version_id = NEW.process_version_id"
        " AND s.code = NEW.becomes)"
    )
    stays = f"NEW.process_version_id = NEW.was_version_id AND NEW.step <> '{MIGRATE}'"
    passes = (
        f"NEW.step = '{MIGRATE}' AND EXISTS (SELECT 1 FROM process_mapping m"
        " JOIN process_version v ON v.id = m.version_id AND v.published_at IS NOT NULL"
        " WHERE m.version_id = NEW.process_version_id AND m.was_version_id = NEW.was_version_id"
        " AND m.was = NEW.was AND m.becomes = NEW.becomes)"
    )
    way = f"(({stays}) OR ({passes}))"
    checks = [Check("status", f"NOT (({stands or 'FALSE'}) AND {known} AND {way})")]
    return [words.trigger(decision.name, "INSERT", checks)]


PROPOSED = ("proposed_by_id", "proposed_by_name", "proposed_reason")
PUBLISHED = ("published_at", "published_by_id", "published_by_name")


def _of_versions(words: Dialect, version: sa.Table) -> list[Trigger]:
    """A version is taken up, published by another account, or turned down; then it is closed.

    The first of its kind comes with the program and needs nobody.
    """

    def changed(*names: str) -> str:
        return " OR ".join(words.differs(name) for name in names)

    written = (*PROPOSED, *PUBLISHED, "withdrawn_at")
    fixed = changed(*(column.name for column in version.columns if column.name not in written))
    begins = "EXISTS (SELECT 1 FROM process_state s WHERE s.version_id = OLD.id AND s.initial)"
    earlier = (
        "EXISTS (SELECT 1 FROM process_version v WHERE v.record_table = OLD.record_table"
        " AND v.published_at IS NOT NULL{})"
    )
    two = (
        "OLD.proposed_by_id IS NOT NULL AND NEW.published_by_id IS NOT NULL"
        " AND NEW.published_by_id <> OLD.proposed_by_id"
    )
    taken_up = (
        "OLD.proposed_by_id IS NULL AND NEW.proposed_by_id IS NOT NULL"
        f" AND NOT ({changed(*PUBLISHED, 'withdrawn_at')})"
    )
    published = (
        f"NEW.published_at IS NOT NULL AND {begins} AND NOT ({changed(*PROPOSED, 'withdrawn_at')})"
        f" AND NOT {earlier.format(' AND v.number > OLD.number')}"
        f" AND (NOT {earlier.format('')} OR ({two}))"
    )
    withdrawn = f"NEW.withdrawn_at IS NOT NULL AND NOT ({changed(*PROPOSED, *PUBLISHED)})"
    closed = "OLD.published_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL"
    ways = " OR ".join(f"({way})" for way in (taken_up, published, withdrawn))
    born = " OR ".join(f"NEW.{name} IS NOT NULL" for name in (*PUBLISHED, "withdrawn_at"))
    return [
        words.trigger(version.name, "INSERT", [Check("append-only", born), *words.kept(version)]),
        words.trigger(
            version.name, "UPDATE", [Check("append-only", f"{fixed} OR {closed} OR NOT ({ways})")]
        ),
        words.trigger(version.name, "DELETE", [Check("append-only", "TRUE")]),
    ]


#: A mapping leads from a published version to a later one of the same records; a state that both
#: have stays itself, and none changes its category.
MISMAPPED = Check(
    "status",
    "NOT EXISTS (SELECT 1 FROM process_version v JOIN process_version w"
    " ON w.record_table = v.record_table AND w.number < v.number AND w.published_at IS NOT NULL"
    " JOIN process_state o ON o.version_id = w.id AND o.code = NEW.was"
    " JOIN process_state n ON n.version_id = v.id AND n.code = NEW.becomes"
    " AND n.category = o.category WHERE v.id = NEW.version_id AND w.id = NEW.was_version_id)"
    " OR (NEW.was <> NEW.becomes AND EXISTS (SELECT 1 FROM process_state s"
    " WHERE s.version_id = NEW.version_id AND s.code = NEW.was))",
)


def _of_definitions(words: Dialect, table: sa.Table, checks: Iterable[Check] = ()) -> list[Trigger]:
    def published(row: str) -> str:
        return (
            f"EXISTS (SELECT 1 FROM process_version v WHERE v.id = {row}.version_id"
            " AND v.published_at IS NOT NULL)"
        )

    def lock(row: str) -> str:
        return f"PERFORM 1 FROM process_version v WHERE v.id = {row}.version_id FOR SHARE;"

    inserted = [Check("append-only", published("NEW")), *words.kept(table), *checks]
    deleted = [Check("append-only", published("OLD"))]
    return [
        words.trigger(table.name, "INSERT", inserted, lock("NEW")),
        words.trigger(table.name, "DELETE", deleted, lock("OLD")),
        words.trigger(table.name, "UPDATE", [Check("append-only", "TRUE")]),
    ]
