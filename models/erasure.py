"""Lawful erasure (UU 27/2022): which records hold a person's data, and taking it out of them.

A person is an official, a spouse or a speaker. The records are found along `WAYS`, living or
deleted; their personal columns, by the metadata. Facts (posts, attendance, decisions) stay, without
the name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.changelog.entries import Record
from panel.changelog.erasing import Erased, changes_of, deeds_of, erase
from panel.changelog.layout import LogTables
from panel.words import Sentence, say

from .base import Base


@dataclass(frozen=True)
class Way:
    """Rows of `table` whose `column` names a row reached before, at `to`."""

    name: str
    table: str
    column: str
    to: str
    #: Whether their personal values are the person's; else they only lead further.
    holds: bool = True
    #: The one party whose marks are meant.
    party: str | None = None


#: From the person's own row to all others with personal values, by the kind of person.
WAYS: Mapping[str, tuple[Way, ...]] = {
    "official": (
        Way("spouse", "spouse", "official_id", "official"),
        Way("as_spouse", "spouse", "person_id", "official"),
        Way("speaker", "speaker", "official_id", "official"),
        Way("alias", "speaker_alias", "speaker_id", "speaker"),
        Way("account", "account", "official_id", "official"),
        Way("participation", "participation", "official_id", "official"),
        Way("mark", "attendance", "participation_id", "participation"),
        Way("beside", "participation", "spouse_id", "as_spouse", holds=False),
        Way("mark_beside", "attendance", "participation_id", "beside", party="spouse"),
        Way("plan", "action_plan", "official_id", "official"),
        Way("apart_one", "not_duplicate", "one_id", "official"),
        Way("apart_other", "not_duplicate", "other_id", "official"),
    ),
    "spouse": (
        Way("beside", "participation", "spouse_id", "spouse", holds=False),
        Way("mark_beside", "attendance", "participation_id", "beside", party="spouse"),
    ),
    "speaker": (Way("alias", "speaker_alias", "speaker_id", "speaker"),),
}
#: What the office did, where the person only stands by number: it stays.
FACTS: Mapping[str, tuple[Way, ...]] = {
    "official": (
        Way("post", "appointment", "official_id", "official"),
        Way("list", "participation", "official_id", "official"),
        Way("mark", "attendance", "participation_id", "list"),
        Way("score", "score", "participation_id", "list"),
        Way("promise", "commitment", "official_id", "official"),
        Way("plan", "action_plan", "official_id", "official"),
        Way("as_speaker", "speaker", "official_id", "official", holds=False),
        Way("talk", "session_speaker", "speaker_id", "as_speaker"),
    ),
    "spouse": (Way("list", "participation", "spouse_id", "spouse"),),
    "speaker": (Way("talk", "session_speaker", "speaker_id", "speaker"),),
}
_DECIDED = say("It is part of a decision, which nobody may change afterwards.")
_PUBLISHED = say("Who published the rules of a process answers for them by name.")
_ARRANGED = say("It is what its owner searches for; the owner deletes it.")
#: Personal columns that no erasure empties, and why.
KEPT: Mapping[str, Sentence] = {
    "decision.actor_name": _DECIDED,
    "decision.snapshot": _DECIDED,
    "proposal_item.label": _DECIDED,
    "proposal_item.changes": _DECIDED,
    "process_version.proposed_by_name": _PUBLISHED,
    "process_version.published_by_name": _PUBLISHED,
    "roster_import.mended": say(
        "It mends a file that is kept as it was handed in, until the import is discarded."
    ),
    "saved_view.name": _ARRANGED,
    "saved_view.query": _ARRANGED,
    "stored_file.name": say("A file is kept as it was handed in, with its name."),
}
#: What stands in the place of a name that has to be there; the office's own words, as data.
SIGN, USER_SIGN = "Nama dihapus", "dihapus-"


@dataclass(frozen=True)
class Holdings:
    """The keys of a person's records by table: those that are there, and those that were."""

    live: Mapping[str, frozenset[str]]
    gone: Mapping[str, frozenset[str]]
    #: Living records that a decision has locked, by table: they keep what they hold.
    locked: Mapping[str, frozenset[str]]

    def records(self) -> list[Record]:
        """All that can be emptied, as the log names them."""
        return list(dict.fromkeys((*self.standing(), *self.ended())))

    def standing(self) -> list[Record]:
        """The living ones of them."""
        return [(table, key) for table in sorted(self.live) for key in sorted(self.open(table))]

    def ended(self) -> list[Record]:
        """Those that are gone; another record may have the number of one by now."""
        return [(table, key) for table in sorted(self.gone) for key in sorted(self.gone[table])]

    def open(self, table: str) -> frozenset[str]:
        """The living records of a table that no decision has locked."""
        return self.live.get(table, frozenset()) - self.locked.get(table, frozenset())


def personal_columns(table: str) -> list[sa.Column[Any]]:
    """The columns of a table whose values belong to persons."""
    columns = Base.metadata.tables[table].columns
    return [column for column in columns if column.info.get("log") == "personal"]


def reached(kind: str) -> set[str]:
    """The tables whose personal values an erasure of this kind of person empties."""
    return {kind, *(way.table for way in WAYS[kind] if way.holds)}


def holdings(session: Session, log: LogTables, kind: str, key: int) -> Holdings:
    """The records that hold the person's data; two statements for each way, and two for locks."""
    own = frozenset({str(key)})
    there, gone = {kind: own}, {kind: frozenset[str]()}
    for way in WAYS[kind]:
        there[way.name] = _living(session, way, there[way.to])
        gone[way.name] = _deleted(session, log, way, there[way.to] | gone[way.to])
    holding = {kind: kind, **{way.name: way.table for way in WAYS[kind] if way.holds}}
    live: dict[str, frozenset[str]] = {}
    lost: dict[str, frozenset[str]] = {}
    for name, table in holding.items():
        live[table] = live.get(table, frozenset()) | there[name]
        lost[table] = lost.get(table, frozenset()) | gone[name]
    locked = {table: _locked(session, table, live[table]) for table in _LOCKS if table in live}
    return Holdings(live, lost, locked)


def facts(session: Session, kind: str, key: int) -> dict[str, frozenset[str]]:
    """The keys of what the office did with the person, by table."""
    there = {kind: frozenset({str(key)})}
    for way in FACTS[kind]:
        there[way.name] = _living(session, way, there[way.to])
    return {way.table: there[way.name] for way in FACTS[kind] if way.holds}


def _living(session: Session, way: Way, before: frozenset[str]) -> frozenset[str]:
    table = Base.metadata.tables[way.table]
    rows = sa.select(table.c.id).where(table.c[way.column].in_(sorted(map(int, before))))
    if way.party is not None:
        rows = rows.where(table.c.party == way.party)
    return frozenset(map(str, session.scalars(rows)))


def _deleted(session: Session, log: LogTables, way: Way, before: frozenset[str]) -> frozenset[str]:
    """Records that are no longer there, as the log knows them by the row that was deleted."""
    change = log.change

    def told(column: str) -> sa.ColumnElement[Any]:
        if session.get_bind().dialect.name == "sqlite":
            return sa.func.json_extract(change.c.data, f"$.{column}")
        return sa.cast(change.c.data, sa.JSON)[column].as_string()

    rows = sa.select(change.c.pk).where(
        change.c.tbl == way.table, change.c.op == "D", told(way.column).in_(sorted(before))
    )
    if way.party is not None:
        rows = rows.where(told("party") == way.party)
    return frozenset(session.scalars(rows))


#: Where the state stands that opens or locks a column: the record's own, or that of its sheet.
_LOCKS = {
    "action_plan": ("action_plan", "id", ("*", "action_plan.responsible")),
    "attendance": ("attendance_sheet", "sheet_id", ("*", "attendance.*", "attendance.note")),
}


def _locked(session: Session, name: str, keys: frozenset[str]) -> frozenset[str]:
    owner_name, column, fields = _LOCKS[name]
    table, field = Base.metadata.tables[name], Base.metadata.tables["process_field"]
    owner = Base.metadata.tables[owner_name].alias("owner")
    opened = sa.exists().where(
        field.c.version_id == owner.c.process_version_id,
        field.c.state == owner.c.status,
        field.c.field.in_(fields),
    )
    rows = (
        sa.select(table.c.id)
        .join(owner, owner.c.id == table.c[column])
        .where(table.c.id.in_(sorted(map(int, keys))), _filled(name), ~opened)
    )
    return frozenset(map(str, session.scalars(rows)))


def _filled(name: str) -> sa.ColumnElement[bool]:
    """Whether a row holds anything that an erasure would take out of it."""
    table = Base.metadata.tables[name]
    return sa.or_(
        *(
            column.is_not(None) if column.nullable else column != _neutral(table, column)
            for column in personal_columns(name)
        )
    )


def _neutral(table: sa.Table, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """What stands in an emptied column: nothing, or a sign with the number of its record."""
    if column.nullable:
        return sa.null()
    sign = USER_SIGN if column.name == "username" else f"{SIGN} "
    return sa.literal(sign) + sa.cast(table.c.id, sa.Text)


def counted(session: Session, log: LogTables, found: Holdings) -> tuple[dict[str, int], int]:
    """How many changes by table, and how many deeds, an erasure would empty in the log."""
    change, deed = log.change.c, log.deed.c
    records = found.standing(), found.ended()
    changes = (
        sa.select(change.tbl, sa.func.count())
        .where(sa.or_(sa.false(), *changes_of(log, *records)))
        .where(change.personal.is_not(None), change.erased.is_(None))
        .group_by(change.tbl)
    )
    deeds = sa.select(sa.func.count()).where(
        sa.or_(sa.false(), *deeds_of(log, *records)),
        deed.personal.is_not(None),
        deed.erased.is_(None),
    )
    by_table = dict(map(tuple, session.execute(changes)))
    return by_table, session.scalar(deeds) or 0


def filled(session: Session, found: Holdings) -> dict[str, int]:
    """How many living records of each table still hold something to be emptied."""
    counts = {}
    for table, _ in _open_tables(found):
        key = Base.metadata.tables[table].c.id
        rows = sa.select(sa.func.count()).where(_of(found, table, key), _filled(table))
        counts[table] = session.scalar(rows) or 0
    return counts


def _open_tables(found: Holdings) -> Iterator[tuple[str, frozenset[str]]]:
    for table in sorted(found.live):
        if keys := found.open(table):
            yield table, keys


def _of(found: Holdings, table: str, key: sa.Column[Any]) -> sa.ColumnElement[bool]:
    return key.in_(sorted(map(int, found.open(table))))


def erase_again(session: Session, log: LogTables, kind: str, key: str) -> bool:
    """Erase once more a person whom a restore brought back; whether anything was left of him.

    In the open deed; the caller commits.
    """
    found = holdings(session, log, kind, int(key))
    changes, _ = counted(session, log, found)
    if not any(filled(session, found).values()) and not any(changes.values()):
        return False
    erase_person(session, log, found)
    return True


def erase_person(session: Session, log: LogTables, found: Holdings) -> Erased:
    """Empty the living records and then the log, in the open deed; the caller commits.

    A form that was opened before finds a newer version and brings no name back.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")  # nothing is left in free pages
    for name, _ in _open_tables(found):
        table = Base.metadata.tables[name]
        values = {column.name: _neutral(table, column) for column in personal_columns(name)}
        if "version" in table.c:
            values["version"] = table.c.version + 1
        rows = table.update().where(_of(found, name, table.c.id), _filled(name))
        session.execute(rows.values(values))
    session.expire_all()
    return erase(session, log, found.standing(), found.ended())
