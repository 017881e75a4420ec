"""How long action plans stand where they are, and how long others stood there before they left.

The days are working days of each region. What stands is counted by the database: the ages that
part the groups become moments first. What left is read stay by stay: its days go by a calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from panel.workflow.calendar import Calendar

from .concrete import Decision, ProcessState
from .follow_up import ActionPlan
from .government import Tier, Unit
from .open_plans import OPEN, Asked, district_of, narrowed, open_plans, tier_of
from .queries import regions_of

#: Groups of age in working days: up to 5, up to 10, up to 30, and more.
LIMITS = (5, 10, 30)
GROUPS = len(LIMITS) + 1
SLOWEST = 10

Calendars = Callable[[int | None], Calendar]


@dataclass
class Standing:
    """How many plans stand in each group of age; `new` were never decided on."""

    counts: list[int] = field(default_factory=lambda: [0] * GROUPS)
    new: int = 0

    @property
    def total(self) -> int:
        """The plans whose age is known."""
        return sum(self.counts)

    def add(self, group: int | None, count: int) -> None:
        """Count plans into a group, or into those without an age."""
        if group is None:
            self.new += count
        else:
            self.counts[group] += count


@dataclass(frozen=True)
class Ageing:
    """What stands, in all and by state, district and tier; None is outside of any."""

    total: Standing
    by_state: dict[str, Standing]
    by_district: dict[Unit | None, Standing]
    by_tier: dict[Tier | None, Standing]


@dataclass(frozen=True)
class Passed:
    """Working days that stays in one state took, of those that ended in the time asked for."""

    days: tuple[int, ...]

    def within(self, percent: int) -> int:
        """In how many days this share of the stays, or more, was over."""
        return self.days[-(-percent * len(self.days) // 100) - 1]

    @property
    def median(self) -> int:
        """Half of the stays took no longer."""
        return self.within(50)

    @property
    def ninth(self) -> int:
        """Nine of ten stays took no longer."""
        return self.within(90)


def standing(session: Session, asked: Asked, calendar_of: Calendars, now: datetime) -> Ageing:
    """How long plans stand where they are. Three statements at most."""
    inner = open_plans(
        asked, ActionPlan.status, district_of(), tier_of(), _group(asked, calendar_of, now)
    )
    facts = inner.subquery()
    found = session.execute(sa.select(*facts.c, sa.func.count()).group_by(*facts.c)).all()
    districts = _named(session, Unit, {row.district for row in found}, Unit.name)
    tiers = _named(session, Tier, {row.tier for row in found}, Tier.rank)
    ageing = Ageing(
        Standing(),
        {},
        {one: Standing() for one in districts.values()},
        {one: Standing() for one in tiers.values()},
    )
    for status, district, tier, group, count in found:
        ageing.total.add(group, count)
        ageing.by_state.setdefault(status, Standing()).add(group, count)
        ageing.by_district.setdefault(districts.get(district), Standing()).add(group, count)
        ageing.by_tier.setdefault(tiers.get(tier), Standing()).add(group, count)
    return ageing


def slowest(session: Session, asked: Asked, limit: int = SLOWEST) -> list[ActionPlan]:
    """The open plans that have stood longest in their state. One statement."""
    found = (
        open_plans(asked, ActionPlan)
        .where(Decision.at.is_not(None))
        .order_by(Decision.at, ActionPlan.id)
        .limit(limit)
        .options(
            joinedload(ActionPlan.official), joinedload(ActionPlan.unit).joinedload(Unit.parent)
        )
    )
    return list(session.scalars(found).unique())


def passed(
    session: Session, asked: Asked, calendar_of: Calendars, since: datetime | None
) -> dict[str, Passed]:
    """How long the stays took that ended since then, by state. One statement."""
    follows = sa.func.lead(Decision.at).over(partition_by=Decision.record_id, order_by=Decision.id)
    stays = (
        sa.select(
            Decision.record_id,
            Decision.process_version_id,
            Decision.becomes,
            Decision.at.label("came"),
            sa.type_coerce(follows, Decision.at.type).label("left_at"),
        )
        .where(Decision.record_table == ActionPlan.__tablename__)
        .subquery()
    )
    rows = (
        sa.select(stays.c.becomes, stays.c.came, stays.c.left_at, ActionPlan.region_id)
        .select_from(stays)
        .join(ActionPlan, ActionPlan.id == stays.c.record_id)
        .join(
            ProcessState,
            sa.and_(
                ProcessState.version_id == stays.c.process_version_id,
                ProcessState.code == stays.c.becomes,
            ),
        )
        .where(stays.c.left_at.is_not(None), ProcessState.category.in_(OPEN))
    )
    if since is not None:
        rows = rows.where(stays.c.left_at >= since)
    if asked.status is not None:
        rows = rows.where(stays.c.becomes == asked.status)
    found: dict[str, list[int]] = {}
    for state, came, left, region in session.execute(narrowed(rows, asked)):
        calendar = calendar_of(region)
        days = calendar.between(calendar.day(came), calendar.day(left))
        found.setdefault(state, []).append(days)
    return {state: Passed(tuple(sorted(days))) for state, days in found.items()}


def _group(asked: Asked, calendar_of: Calendars, now: datetime) -> Any:
    """The group of age of a plan by the moment of its latest decision; none without one."""
    whens: list[Any] = [(Decision.at.is_(None), sa.null())]
    for region in regions_of(asked.actor):
        calendar = calendar_of(region)
        today = calendar.day(now)
        for group, limit in enumerate(LIMITS):
            begins = calendar.begins(calendar.earliest(today, limit))
            whens.append((sa.and_(ActionPlan.region_id == region, Decision.at >= begins), group))
    return sa.case(*whens, else_=len(LIMITS)).label("age")


def _named(session: Session, entity: Any, numbers: Iterable[int | None], order: Any) -> Any:
    """Records by number, in order; no statement where there are none."""
    known = [number for number in numbers if number is not None]
    if not known:
        return {}
    found = session.scalars(
        sa.select(entity).where(entity.id.in_(known)).order_by(order, entity.id)
    )
    return {one.id: one for one in found.unique()}
