"""What was corrected on a signed attendance sheet: number, reason, approver, and row by row what.

Its scans count as rows: who signs the sheet signs for what was signed in ink.

Derived from the decisions and from what each was taken on; nothing of it is stored. A signature is
a decision that ends in a state where the work is done. A correction without a difference was
dropped and has no number.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.workflow.snapshot import frozen
from panel.workflow.tables import Record, records

from .base import Base

#: A row of a sheet: the participation and the party, "official" or "spouse".
Row = tuple[int, str]
#: What stands in a row: the status and the remark.
Mark = tuple[str, str | None]


@dataclass(frozen=True)
class RowChange:
    """One row that is not as it was; None: there was none, or there is none any more."""

    participation_id: int
    party: str
    was: Mark | None
    now: Mark | None


@dataclass(frozen=True)
class ScanChange:
    """A scan that came or went, by its SHA-256; None: it was not there, or is not any more."""

    was: str | None
    now: str | None


@dataclass(frozen=True)
class Correction:
    """A correction by its number; `signed` is the decision that approved it, None while it runs."""

    number: int
    asked: Any
    signed: Any
    changes: tuple[RowChange, ...]
    scans: tuple[ScanChange, ...] = ()


def marks_in(snapshot: str) -> dict[Row, Mark]:
    """The rows of a sheet as a snapshot holds them."""
    rows = json.loads(snapshot)["children"].get("attendance", {}).values()
    return {
        (int(one["participation_id"]), one["party"]): (one["status"], one["note"]) for one in rows
    }


def row_changes(before: str, after: str) -> tuple[RowChange, ...]:
    """The rows that differ between two snapshots of a sheet, by person."""
    was, now = marks_in(before), marks_in(after)
    return tuple(
        RowChange(*row, was.get(row), now.get(row))
        for row in sorted({*was, *now})
        if was.get(row) != now.get(row)
    )


def scan_changes(before: str, after: str) -> tuple[ScanChange, ...]:
    """The scans that differ between two snapshots of a sheet, in the order in which they came."""
    was, now = (json.loads(one)["children"].get("sheet_scan", {}) for one in (before, after))
    keys = sorted({*was, *now} - {key for key in was if was[key] == now.get(key)}, key=int)
    return tuple(
        ScanChange(*(one.get(key, {}).get("file.sha256") for one in (was, now))) for key in keys
    )


def corrections(decisions: Iterable[Any], done: Collection[str], present: str) -> list[Correction]:
    """The corrections of a sheet, the first one first; the last may still run.

    `decisions` come oldest first, `done` are the states of a signed sheet, `present` is the
    snapshot of what stands there now.
    """
    found: list[Correction] = []
    signed, asked = None, None
    for one in decisions:
        if one.becomes in done:
            differ = differing(signed, one.snapshot) if signed is not None else ((), ())
            if asked is not None and any(differ):
                found.append(Correction(len(found) + 1, asked, one, *differ))
            signed, asked = one.snapshot, None
        elif one.was in done:
            asked = one
    if asked is not None and signed is not None:
        found.append(Correction(len(found) + 1, asked, None, *differing(signed, present)))
    return found


def differing(before: str, after: str) -> tuple[tuple[RowChange, ...], tuple[ScanChange, ...]]:
    """The rows and the scans that differ between two snapshots of a sheet."""
    return row_changes(before, after), scan_changes(before, after)


def corrected_rows(found: Iterable[Correction]) -> dict[Row, list[int]]:
    """The numbers of the corrections that touched each row."""
    rows: dict[Row, list[int]] = {}
    for one in found:
        for change in one.changes:
            rows.setdefault((change.participation_id, change.party), []).append(one.number)
    return rows


def changed_since_signed(
    session: Session, sheet: Any
) -> tuple[tuple[RowChange, ...], tuple[ScanChange, ...]]:
    """The rows and scans that are not as they were signed last; none if nobody signed."""
    tables = Base.metadata.tables
    decision, state = tables["decision"], tables["process_state"]
    signed = session.scalar(
        sa.select(decision.c.snapshot)
        .join(
            state,
            sa.and_(
                state.c.version_id == decision.c.process_version_id,
                state.c.code == decision.c.becomes,
            ),
        )
        .where(
            decision.c.record_table == sheet.__tablename__,
            decision.c.record_id == sheet.id,
            state.c.category == "done",
        )
        .order_by(decision.c.id.desc())
        .limit(1)
    )
    if signed is None:
        return (), ()
    session.flush()
    return differing(signed, frozen(session, _sheets(), sheet))


def names_of(session: Session, changes: Iterable[RowChange]) -> tuple[str, ...]:
    """The officials whose rows these are, by name."""
    names = officials_of(session, {one.participation_id for one in changes})
    return tuple(sorted(names.values()))


def officials_of(session: Session, participations: Collection[int]) -> Mapping[int, str]:
    """The names of the officials of these participations, by their number."""
    tables = Base.metadata.tables
    one, official = tables["participation"], tables["official"]
    rows = session.execute(
        sa.select(one.c.id, official.c.full_name)
        .join(official, official.c.id == one.c.official_id)
        .where(one.c.id.in_(participations))
    )
    return {one.id: one.full_name for one in rows}


@cache
def _sheets() -> Record:
    return records(Base.registry)["attendance_sheet"]
