"""The decisions that were taken on a record, whole or as far as the rules ask for them."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

#: What the rules ask of a decision.
TAKEN = ("id", "at", "process_version_id", "step", "was", "becomes", "actor_id", "acting_for_id")


def decisions(session: Session, decision: Any, record: Any) -> list[Any]:
    """The decisions on a record, of the class `decision`, latest first."""
    return list(session.scalars(_decisions(decision), _key(record)))


def steps_taken(session: Session, decision: Any, record: Any) -> list[Any]:
    """As `decisions`, without what they were taken on, which may be long."""
    return list(session.execute(_taken(decision), _key(record)))


def _key(record: Any) -> dict[str, Any]:
    return {"table": record.__tablename__, "number": record.id}


@cache
def _decisions(decision: Any) -> sa.Select[Any]:
    return _on_record(decision, decision)


@cache
def _taken(decision: Any) -> sa.Select[Any]:
    return _on_record(decision, *(getattr(decision, name) for name in TAKEN))


def _on_record(decision: Any, *what: Any) -> sa.Select[Any]:
    return (
        sa.select(*what)
        .where(decision.record_table == sa.bindparam("table"))
        .where(decision.record_id == sa.bindparam("number"))
        .order_by(decision.id.desc())
    )
