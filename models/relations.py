"""Who is tied to an action plan, and how: each relation is one named function.

Whoever stands in one of these relations to a plan does not decide on it (the duties of its
process). An account is tied through the official that it belongs to (`account.official_id`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .base import Base
from .clock import today
from .government import Position, Tier, Unit
from .people import Appointment, Spouse

if TYPE_CHECKING:
    from .follow_up import ActionPlan


def parties_of(plan: ActionPlan, session: Session) -> Mapping[str, frozenset[int]]:
    """Account numbers per relation to `plan`: official, spouse, subordinate, uploader."""
    uploaders = frozenset(piece.uploaded_by_id for piece in plan.evidence)
    return {**of_official(session, plan.region_id, plan.official_id), "uploader": uploaders}


def of_official(session: Session, region_id: int, official_id: int) -> Mapping[str, frozenset[int]]:
    """Account numbers per relation to an official: himself, spouse, subordinate."""
    holders = accounts_by_official(session, region_id)
    if not holders:
        return dict.fromkeys(("official", "spouse", "subordinate"), _NONE)
    return {
        "official": accounts_of(holders, [official_id]),
        "spouse": accounts_of(holders, spouses_of(session, official_id)),
        "subordinate": accounts_of(holders, direct_subordinates(session, official_id, today())),
    }


_NONE: frozenset[int] = frozenset()


def accounts_by_official(session: Session, region_id: int) -> Mapping[int, frozenset[int]]:
    """Accounts of the region's officials, by the official's number."""
    account = Base.metadata.tables["account"]
    official = Base.metadata.tables["official"]
    rows = session.execute(
        sa.select(account.c.official_id, account.c.id)
        .join(official, official.c.id == account.c.official_id)
        .where(official.c.region_id == region_id)
    )
    found: dict[int, set[int]] = {}
    for official_id, account_id in rows:
        found.setdefault(official_id, set()).add(account_id)
    return {official_id: frozenset(ids) for official_id, ids in found.items()}


def accounts_of(holders: Mapping[int, frozenset[int]], officials: Iterable[int]) -> frozenset[int]:
    """The accounts of these officials."""
    return frozenset().union(*(holders.get(official_id, _NONE) for official_id in officials))


def spouses_of(session: Session, official_id: int) -> frozenset[int]:
    """Officials who are or ever were married to this one, whichever side recorded it."""
    there = sa.select(Spouse.person_id).where(
        Spouse.official_id == official_id, Spouse.person_id.is_not(None)
    )
    back = sa.select(Spouse.official_id).where(Spouse.person_id == official_id)
    return frozenset(session.scalars(there.union(back)))


def direct_subordinates(session: Session, official_id: int, day: date) -> frozenset[int]:
    """Officials directly below this one on `day`.

    They hold a post in the same unit at the next lower tier that is filled there, or head a unit
    directly below.
    """
    posts = session.execute(
        sa.select(Appointment.unit_id, Tier.rank)
        .join(Position, Position.id == Appointment.position_id)
        .join(Tier, Tier.id == Position.tier_id)
        .where(Appointment.official_id == official_id, held_on(day))
    ).all()
    found: set[int] = set()
    for unit_id, rank in posts:
        found |= _highest_in(session, [unit_id], day, below=rank)
        below = session.scalars(sa.select(Unit.id).where(Unit.parent_id == unit_id)).all()
        found |= _highest_in(session, below, day)
    return frozenset(found - {official_id})


def held_on(day: date) -> sa.ColumnElement[bool]:
    """The appointments that are held on `day`; an unknown beginning counts as long ago."""
    return sa.and_(
        sa.or_(Appointment.started_on.is_(None), Appointment.started_on <= day),
        sa.or_(Appointment.ended_on.is_(None), Appointment.ended_on >= day),
    )


def _highest_in(
    session: Session, unit_ids: Iterable[int], day: date, below: int | None = None
) -> set[int]:
    """Holders of the highest filled tier in each of these units (`below` a rank, if given)."""
    rows = session.execute(
        sa.select(Appointment.unit_id, Tier.rank, Appointment.official_id)
        .join(Position, Position.id == Appointment.position_id)
        .join(Tier, Tier.id == Position.tier_id)
        .where(Appointment.unit_id.in_(list(unit_ids)), held_on(day))
    )
    holders: dict[int, dict[int, set[int]]] = {}
    for unit_id, rank, holder in rows:
        if below is None or rank > below:
            holders.setdefault(unit_id, {}).setdefault(rank, set()).add(holder)
    return set().union(*(ranks[min(ranks)] for ranks in holders.values()))
