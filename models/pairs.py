"""Pairs of accounts of whom one decides on the other's records again and again, or each on each.

Two statements: who decided how often on whose records, and names. What a share is, is pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.access.rules import Actor

from .concrete import Account, Decision
from .queries import in_scope
from .records import workflow


@dataclass(frozen=True)
class Count:
    """How often one account decided on records of another one."""

    decider: int
    author: int
    number: int


@dataclass(frozen=True)
class Way:
    """One direction: decisions on the other's records, and all decisions on them by anybody."""

    number: int
    of: int

    @property
    def percent(self) -> int:
        """The share in whole percent, 0 where nobody decided."""
        return 100 * self.number // self.of if self.of else 0


@dataclass(frozen=True)
class Pair:
    """Two accounts: what the first decided on the second's records, and the other way round."""

    one: int
    other: int
    there: Way
    back: Way

    @property
    def mutual(self) -> bool:
        """Whether each decided on the other."""
        return bool(self.there.number and self.back.number)


def pairs(
    counts: Iterable[Count], *, percent: int, least: int, one_sided: bool = False
) -> list[Pair]:
    """The pairs of whom each took `percent` of the decisions on the other, and `least` of them.

    With `one_sided` also those of whom one did; the closest pairs come first.
    """
    numbers = {(one.decider, one.author): one.number for one in counts}
    totals: Counter[int] = Counter()
    for (_, author), number in numbers.items():
        totals[author] += number
    found = []
    for one, other in sorted({(min(pair), max(pair)) for pair in numbers if pair[0] != pair[1]}):
        ways = [Way(numbers.get(way, 0), totals[way[1]]) for way in ((one, other), (other, one))]
        both = [Pair(one, other, *ways), Pair(other, one, *reversed(ways))]
        close = [pair for pair in both if close_enough(pair.there, percent, least)]
        if len(close) == 2 or (one_sided and close):
            found.append(min(close, key=_closest))
    return sorted(found, key=_closest)


def close_enough(way: Way, percent: int, least: int) -> bool:
    """Whether one direction is worth a look."""
    return way.number >= least and way.percent >= percent


def _closest(pair: Pair) -> tuple[Any, ...]:
    return (
        not pair.mutual,
        -min(pair.there.percent, pair.back.percent),
        -pair.there.percent,
        -pair.there.number,
        pair.one,
        pair.other,
    )


def counts(session: Session, actor: Actor, since: datetime, until: datetime) -> list[Count]:
    """Decisions of steps that know duties, from `since` to before `until`, on records in scope.

    A record is that of the account that made it and of the official's whose it is. Who decided in
    another's place is counted himself.
    """
    parts = [part for entity in kinds() for part in _by_author(entity, actor, since, until)]
    if not parts:
        return []
    each = sa.union(*parts).subquery("each")
    rows = session.execute(
        sa.select(each.c.decider, each.c.author, sa.func.count())
        .group_by(each.c.decider, each.c.author)
        .order_by(each.c.decider, each.c.author)
    )
    return [Count(*row) for row in rows]


def kinds() -> list[Any]:
    """The kinds of records with a process."""
    return [record.entity for record in workflow.records().values()]


def names_of(session: Session, accounts: Iterable[int]) -> dict[int, str]:
    """The names of accounts by number."""
    rows = sa.select(Account.id, Account.name).where(Account.id.in_(sorted(set(accounts))))
    return dict(session.execute(rows).all())


def _by_author(entity: Any, actor: Actor, since: datetime, until: datetime) -> list[Any]:
    table = entity.__tablename__
    steps = {
        step.name
        for process in workflow.processes()
        if process.table == table
        for step in process.transitions.values()
        if step.duties
    }
    if not steps:
        return []
    authors = [entity.created_by_id]
    if hasattr(entity, "official_id"):
        authors.append(Account.id)
    found = []
    for author in authors:
        statement = sa.select(
            Decision.id, Decision.actor_id.label("decider"), author.label("author")
        ).join(entity, sa.and_(Decision.record_table == table, Decision.record_id == entity.id))
        if author is not entity.created_by_id:
            statement = statement.join(Account, Account.official_id == entity.official_id)
        statement = statement.where(
            Decision.step.in_(sorted(steps)), Decision.at >= since, Decision.at < until
        )
        found.append(in_scope(statement, entity, actor))
    return found
