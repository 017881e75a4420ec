"""How long records stand where they are, and how long others stood there before they left.

The days are working days of each region. What stands is counted by the database: the ages that
part the groups become moments first. What left is read stay by stay: its days go by a calendar.
A kind that begins with waiting is as old as the change log says; a draft has no age.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.workflow.beginnings import begins_waiting
from panel.workflow.calendar import Calendar
from panel.workflow.definition import MIGRATE

from .concrete import Decision, ProcessState
from .government import Tier, Unit
from .open_records import OPEN, Asked, Place, made_at, narrowed, open_records, places
from .records import workflow
from .scope_rules import regions_of

#: Groups of age in working days: up to 5, up to 10, up to 30, and more.
LIMITS = (5, 10, 30)
GROUPS = len(LIMITS) + 1
SLOWEST = 10

Calendars = Callable[[int | None], Calendar]


@dataclass
class Standing:
    """How many records stand in each group of age; `new` are drafts that nobody decided on."""

    counts: list[int] = field(default_factory=lambda: [0] * GROUPS)
    new: int = 0
    #: Those whose next step is late, by the clock of who has the turn.
    late: int = 0

    @property
    def total(self) -> int:
        """The records whose age is known."""
        return sum(self.counts)

    def add(self, group: int | None, count: int) -> None:
        """Count records into a group, or into those without an age."""
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

    def lines(self, state: str, district: Unit | None, tier: Tier | None) -> list[Standing]:
        """Where a record of this state, district and tier is counted."""
        return [
            self.total,
            self.by_state.setdefault(state, Standing()),
            self.by_district.setdefault(district, Standing()),
            self.by_tier.setdefault(tier, Standing()),
        ]


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


def standing(
    session: Session,
    asked: Asked,
    calendar_of: Calendars,
    now: datetime,
    late: Iterable[Place] = (),
) -> Ageing:
    """How long records stand where they are, and the places of those that are late.

    Three statements at most.
    """
    group = _group(asked, calendar_of, now)
    facts = open_records(asked, *places(asked), group).subquery()
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
        for line in ageing.lines(status, districts.get(district), tiers.get(tier)):
            line.add(group, count)
    for status, district, tier in late:
        for line in ageing.lines(status, districts.get(district), tiers.get(tier)):
            line.late += 1
    return ageing


def slowest(
    session: Session, asked: Asked, limit: int = SLOWEST, options: Sequence[Any] = ()
) -> list[Any]:
    """The open records that have stood longest in their state. One statement, or two."""
    model = asked.model
    moments = [(Decision.at, Decision.at.is_not(None))]
    if waits_from_the_start(asked):
        moments.append((made_at(model), Decision.at.is_(None)))
    found: list[Any] = []
    for moment, known in moments:
        came = moment.label("came")
        rows = open_records(asked, model, came).where(known).order_by(came, model.id)
        found += session.execute(rows.limit(limit).options(*options)).unique().all()
    dated = [row for row in found if row.came is not None]
    return [row[0] for row in sorted(dated, key=lambda row: (row.came, row[0].id))[:limit]]


def passed(
    session: Session, asked: Asked, calendar_of: Calendars, since: datetime | None
) -> dict[str, Passed]:
    """How long the stays took that ended since then, by state. One statement, or two."""
    followed = sa.func.lead(Decision.at).over(partition_by=Decision.record_id, order_by=Decision.id)
    stays = (
        sa.select(
            Decision.record_id,
            Decision.process_version_id,
            Decision.becomes.label("state"),
            Decision.at.label("came"),
            sa.type_coerce(followed, Decision.at.type).label("left_at"),
        )
        .where(Decision.record_table == asked.table, Decision.step != MIGRATE)
        .subquery()
    )
    found = _ended(session, asked, stays, stays.c.came, since)
    if waits_from_the_start(asked):
        place = sa.func.row_number().over(partition_by=Decision.record_id, order_by=Decision.id)
        first = (
            sa.select(
                Decision.record_id,
                Decision.process_version_id,
                Decision.was.label("state"),
                Decision.at.label("left_at"),
                place.label("place"),
            )
            .where(Decision.record_table == asked.table, Decision.step != MIGRATE)
            .subquery()
        )
        found += _ended(session, asked, first, made_at(asked.model), since, first.c.place == 1)
    days: dict[str, list[int]] = {}
    for state, came, left, region in found:
        calendar = calendar_of(region)
        took = calendar.between(calendar.day(came), calendar.day(left))
        days.setdefault(state, []).append(took)
    return {state: Passed(tuple(sorted(one))) for state, one in days.items()}


def waits_from_the_start(asked: Asked) -> bool:
    """Whether records of this kind wait for somebody from their making."""
    return any(begins_waiting(one) for one in workflow.processes() if one.table == asked.table)


def _ended(
    session: Session, asked: Asked, stays: Any, came: Any, since: datetime | None, *only: Any
) -> list[Any]:
    """The stays in open states that are over: state, when it began and ended, region."""
    model = asked.model
    rows = (
        sa.select(stays.c.state, came.label("came"), stays.c.left_at, asked.region)
        .select_from(stays)
        .join(model, model.id == stays.c.record_id)
        .join(
            ProcessState,
            sa.and_(
                ProcessState.version_id == stays.c.process_version_id,
                ProcessState.code == stays.c.state,
            ),
        )
        .where(stays.c.left_at.is_not(None), ProcessState.category.in_(OPEN), *only)
    )
    if since is not None:
        rows = rows.where(stays.c.left_at >= since)
    if asked.status is not None:
        rows = rows.where(stays.c.state == asked.status)
    return [row for row in session.execute(narrowed(rows, asked)) if row.came is not None]


def _group(asked: Asked, calendar_of: Calendars, now: datetime) -> Any:
    """The group of age of a record by when it came into its state; none for a new draft."""
    model, region = asked.model, asked.region
    made = made_at(model) if waits_from_the_start(asked) else None
    unknown = Decision.at.is_(None)
    if made is not None:
        unknown = sa.and_(unknown, made.is_(None))
    whens: list[Any] = [(unknown, sa.null())]
    here = regions_of(asked.actor) if hasattr(model, "region_id") else [None]
    for number in here:
        calendar = calendar_of(number)
        today, own = calendar.day(now), sa.true() if number is None else region == number
        for group, limit in enumerate(LIMITS):
            begins = calendar.begins(calendar.earliest(today, limit))
            came = Decision.at >= begins
            if made is not None:
                came = sa.or_(came, sa.and_(Decision.at.is_(None), made >= begins))
            whens.append((sa.and_(own, came), group))
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
