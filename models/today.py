"""What the day holds: plans that wait, came back or fall due, and the sessions that come next."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from panel.access.rules import Actor

from .called_off import stands
from .follow_up import ActionPlan
from .government import Unit
from .queries import in_scope
from .records import Decision, ProcessState
from .training import SessionTier, TrainingSession

#: Days ahead that count as falling due.
SOON = timedelta(days=14)
OPEN = ("draft", "waiting", "active")
Plans = list[tuple[ActionPlan, Decision | None]]


def came_back(session: Session, actor: Actor, limit: int) -> tuple[Plans, int]:
    """Plans of this actor that were decided on and are open to mending again."""
    statement = _plans(actor).where(
        ProcessState.category == "draft",
        ActionPlan.decision_id.is_not(None),
        ActionPlan.created_by_id == actor.id,
    )
    return _page(session, statement.order_by(Decision.id, ActionPlan.id), limit)


def falling_due(
    session: Session, actor: Actor, day: date, limit: int, categories: Collection[str] = OPEN
) -> tuple[Plans, int]:
    """Plans in these categories that are late or fall due soon, the latest first."""
    statement = _plans(actor).where(
        ProcessState.category.in_(categories), ActionPlan.last_day <= day + SOON
    )
    return _page(session, statement.order_by(ActionPlan.last_day, ActionPlan.id), limit)


def next_sessions(session: Session, actor: Actor, day: date, limit: int) -> list[TrainingSession]:
    """Sessions from `day` on whose day is known and that stand, the nearest first."""
    statement = in_scope(sa.select(TrainingSession), TrainingSession, actor)
    return list(
        session.scalars(
            statement.where(
                TrainingSession.held_on >= day, TrainingSession.date_precision == "day", stands()
            )
            .options(
                joinedload(TrainingSession.venue),
                joinedload(TrainingSession.tiers).joinedload(SessionTier.tier),
            )
            .order_by(TrainingSession.held_on, TrainingSession.id)
            .limit(limit)
        ).unique()
    )


def latest_session(session: Session, actor: Actor, day: date) -> TrainingSession | None:
    """The session that was held last, when no other comes."""
    statement = in_scope(sa.select(TrainingSession), TrainingSession, actor)
    return session.scalars(
        statement.where(
            TrainingSession.held_on < day, TrainingSession.date_precision == "day", stands()
        )
        .options(
            joinedload(TrainingSession.venue),
            joinedload(TrainingSession.tiers).joinedload(SessionTier.tier),
        )
        .order_by(TrainingSession.held_on.desc(), TrainingSession.id.desc())
    ).first()


def _plans(actor: Actor) -> sa.Select[Any]:
    statement = (
        sa.select(ActionPlan, Decision)
        .join(
            ProcessState,
            sa.and_(
                ProcessState.version_id == ActionPlan.process_version_id,
                ProcessState.code == ActionPlan.status,
            ),
        )
        .outerjoin(Decision, Decision.id == ActionPlan.decision_id)
    )
    return in_scope(statement, ActionPlan, actor)


def _page(session: Session, statement: sa.Select[Any], limit: int) -> tuple[Plans, int]:
    keys = statement.with_only_columns(ActionPlan.id).order_by(None).subquery()
    count = session.scalar(sa.select(sa.func.count()).select_from(keys)) or 0
    loaded = statement.options(
        joinedload(ActionPlan.official),
        joinedload(ActionPlan.appointment),
        joinedload(ActionPlan.unit).joinedload(Unit.parent),
    )
    rows = session.execute(loaded.limit(limit)).unique()
    return [(plan, decision) for plan, decision in rows], count
