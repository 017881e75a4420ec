"""How far the programme has come on a day, tier by tier and district by district.

Posts are counted, not people: a vacant post stays in the denominator. Beside the seat that was
reached stands the person: how many of the present holders attended themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.access.rules import Actor

from .asked import Question
from .government import Tier, Unit
from .programme import Programme
from .queries import in_scope
from .reach import FACTS, couples, reach


@dataclass(frozen=True)
class TierCoverage:
    """The count of one tier's posts; `tier` is None in the line of all tiers."""

    tier: Tier | None
    posts: int
    filled: int = 0
    attended: int = 0
    as_couple: int = 0
    #: Posts for whose holder's spouse anything was recorded; none means: not known.
    spouses_known: int = 0
    invited: int = 0
    #: Posts for which any attendance was recorded; none means: not known.
    recorded: int = 0
    #: Posts whose present holder attended, in whatever post.
    holders_attended: int = 0
    #: Reached posts whose present holder did not attend.
    holders_new: int = 0
    #: Posts not reached whose present holder attended in another one.
    holders_elsewhere: int = 0
    committed: int = 0
    #: Posts with a plan; none means: nothing to verify yet.
    planned: int = 0
    verified: int = 0

    @property
    def vacant(self) -> int:
        """Posts without a holder."""
        return self.posts - self.filled

    @property
    def percent(self) -> int:
        """Attended posts of all posts, 0 to 100."""
        return self.share(self.attended)

    def share(self, count: int) -> int:
        """`count` of the posts in percent, 0 to 100."""
        return percent(count, self.posts)


@dataclass(frozen=True)
class Place:
    """The posts of one tier in one district, the district's own ones included."""

    district: Unit
    tier: Tier
    posts: int
    attended: int
    recorded: int

    @property
    def percent(self) -> int:
        """Attended posts of all posts, 0 to 100."""
        return percent(self.attended, self.posts)


def percent(count: int, of: int) -> int:
    """A whole percent; only all is 100 and only none is 0."""
    if not of:
        return 0
    exact = 100 * count / of
    return int(exact) if count in (0, of) else min(max(round(exact), 1), 99)


def coverage(
    session: Session,
    actor: Actor,
    day: date,
    *,
    programme: Programme | None = None,
    unit: Unit | None = None,
) -> list[TierCoverage]:
    """One line per tier that has posts in the actor's scope, from the top down.

    `programme` keeps what belongs to it, `unit` the posts in it and in the units below. One
    statement.
    """
    posts = reach(Question(actor, day, programme, unit))
    fact = posts.c
    rows = session.execute(
        sa.select(
            Tier,
            sa.func.count(),
            _sum(fact.filled),
            _sum(fact.attended),
            _sum(fact.as_couple),
            _sum(fact.spouse_recorded),
            _sum(fact.invited),
            _sum(fact.recorded),
            _sum(fact.holder_attended),
            _sum(fact.filled * fact.attended * (1 - fact.holder_attended)),
            _sum(fact.holder_attended * (1 - fact.attended)),
            _sum(fact.committed),
            _sum(fact.planned),
            _sum(fact.verified),
        )
        .join(posts, fact.tier_id == Tier.id)
        .group_by(Tier.id)
        .order_by(Tier.rank)
    )
    return [TierCoverage(*row) for row in rows]


def in_all(lines: Iterable[TierCoverage]) -> TierCoverage:
    """The lines of all tiers in one."""
    counts = [name for name in TierCoverage.__dataclass_fields__ if name != "tier"]
    lines = list(lines)
    return TierCoverage(None, **{name: sum(getattr(one, name) for one in lines) for name in counts})


def together(
    session: Session,
    actor: Actor,
    day: date,
    *,
    programme: Programme | None = None,
    unit: Unit | None = None,
) -> int:
    """How many couples came together; two officials married to each other are one couple."""
    return session.scalar(couples(Question(actor, day, programme, unit))) or 0


def by_district(
    session: Session,
    actor: Actor,
    day: date,
    *,
    programme: Programme | None = None,
    unit: Unit | None = None,
) -> list[Place]:
    """The posts in each district in scope, by tier from the top; districts by name."""
    posts = reach(Question(actor, day, programme, unit))
    own, district = sa.orm.aliased(Unit), sa.orm.aliased(Unit)
    below = sa.and_(
        district.region_id == own.region_id, own.path.startswith(district.path, autoescape=False)
    )
    statement = (
        sa.select(
            district,
            Tier,
            sa.func.count(),
            _sum(posts.c.attended),
            _sum(posts.c.recorded),
        )
        .select_from(posts)
        .join(own, own.id == posts.c.unit_id)
        .join(district, below)
        .join(Tier, Tier.id == posts.c.tier_id)
        .where(district.kind == "district")
        .group_by(district.id, Tier.id)
        .order_by(district.name, district.id, Tier.rank)
    )
    return [Place(*row) for row in session.execute(in_scope(statement, district, actor))]


def reached(
    session: Session,
    actor: Actor,
    day: date,
    *,
    programme: Programme | None = None,
    unit: Unit | None = None,
) -> dict[int, frozenset[str]]:
    """The facts of `reach.FACTS` that hold for each post, by its number."""
    posts = reach(Question(actor, day, programme, unit))
    rows = session.execute(sa.select(posts)).mappings()
    return {row["position_id"]: frozenset(n for n in FACTS if row[n]) for row in rows}


def _sum(facts: Any) -> sa.Function[Any]:
    return sa.func.sum(facts)
