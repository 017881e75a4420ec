"""What is seen of a session elsewhere: that it was held, and how many of its lists are not signed.

By the names of the tables: what these count refers to sessions itself.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .base import Base

#: Categories of the states of a session that was held.
HELD = ("waiting", "done")


def was_held(session: Session, key: int) -> bool:
    """Whether anybody's attendance at a session is recorded, or one after it was held."""
    mark, after, state = _tables("attendance", "training_session", "process_state")
    marks = sa.exists().where(mark.c.training_session_id == key)
    followed = sa.exists().where(
        after.c.previous_id == key, _is_in(after, state), state.c.category.in_(HELD)
    )
    return bool(session.scalar(sa.select(sa.or_(marks, followed))))


def unsigned_lists(session: Session, key: int) -> int:
    """Attendance lists of a session's parts that are open, or open again for a correction."""
    sheet, part, state = _tables("attendance_sheet", "agenda_item", "process_state")
    rows = (
        sa.select(sa.func.count())
        .select_from(sheet)
        .join(part, part.c.id == sheet.c.agenda_item_id)
        .join(state, _is_in(sheet, state))
        .where(part.c.training_session_id == key, state.c.category != "done")
    )
    return session.scalar(rows) or 0


def _tables(*names: str) -> list[Any]:
    return [Base.metadata.tables[name] for name in names]


def _is_in(record: Any, state: Any) -> sa.ColumnElement[bool]:
    return sa.and_(
        state.c.version_id == record.c.process_version_id, state.c.code == record.c.status
    )
