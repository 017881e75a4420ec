"""Of what a check of a file was worked out: while all of that is as it was, the check holds.

The file and what was said about it, the day and who asks make a key; whether anything that is
recorded beside the file has changed since, the change log tells by the number of its newest deed.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.access.rules import Actor
from panel.changelog.layout import LogTables

from ..clock import today
from ..roster_imports import RosterImport, as_json

#: Raised with every change of what a kept check looks like, or of how rows are judged.
FORM: Final = 4
#: The tables that a check of a file reads beside it.
READ: Final = (
    *("official", "appointment", "spouse", "grade", "position", "unit", "tier", "region"),
    *("agenda_item", "training_session", "attendance_sheet", "attendance", "participation"),
    *("commitment", "action_plan", "legal_hold", "not_duplicate"),
    *("process_field", "process_state", "process_version"),
)


def basis(session: Session, log: LogTables, actor: Actor, record: RosterImport) -> dict[str, Any]:
    """What a check by this actor is worked out of now; to be asked before anything is read."""
    told = {
        "form": FORM,
        "file": record.file.sha256,
        "kind": record.kind,
        "region": record.region_id,
        "sheet": record.sheet,
        "headings": [record.first_heading, record.last_heading],
        "columns": record.columns,
        "mended": record.mended,
        "answers": record.answers,
        "on": str(record.on_day),
        "decree": record.decree_no,
        "part": record.agenda_item_id,
        "today": str(today()),
        "actor": _who(actor),
    }
    newest = sa.select(sa.func.max(log.deed.c.seq))
    return {
        "key": sha256(as_json(told).encode()).hexdigest(),
        "deed": session.scalar(newest) or 0,
        "outside": _outside(session, log),
    }


def holds(
    session: Session, log: LogTables, actor: Actor, record: RosterImport, of: Mapping[str, Any]
) -> bool:
    """Whether a check that was worked out of this would find the same now."""
    now = basis(session, log, actor, record)
    if (now["key"], now["outside"]) != (of["key"], of["outside"]):
        return False
    if now["deed"] == of["deed"]:
        return True
    change, deed = log.change.c, log.deed.c
    here = sa.or_(change.scope.is_(None), change.scope == str(record.region_id))
    touched = sa.exists().where(change.deed_id == deed.id, change.tbl.in_(READ), here)
    since = sa.select(deed.id).where(deed.seq > of["deed"], touched)  # the few deeds, not the log
    return session.scalar(since.limit(1)) is None


def _outside(session: Session, log: LogTables) -> int:
    """Number of the newest change that no deed made."""
    change = log.change.c
    return session.scalar(sa.select(sa.func.max(change.id)).where(change.deed_id.is_(None))) or 0


def _who(actor: Actor) -> list[Any]:
    """The actor as far as what he may see depends on it."""
    return [
        *(actor.id, actor.kind, actor.official_id, sorted(actor.roles)),
        sorted([place.region_id, place.unit_path] for place in actor.places),
        [[_who(one.actor), str(one.until)] for one in actor.stands_in],
    ]
