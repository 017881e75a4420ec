"""The order of the tiers: a new or moved one takes its place, the others make room.

Ranks are unique and the databases check them row by row, so every rank is written while it is free.
Nothing here commits; all of it belongs to the deed of the caller.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from panel.words import Refused, say

from .government import Tier

TABLE = Tier.__table__


def put_after(session: Session, tier: Tier, above: Tier | None) -> None:
    """Give `tier` the place below `above` (None: the first) and shift the others at once.

    The rank of `tier` itself is set and written at the next flush. Refuses a tier below itself.
    """
    if above is tier:
        raise Refused("field", say("A tier does not follow itself. Choose another one."), "above")
    with session.no_autoflush:
        others = list(
            session.scalars(
                sa.select(Tier)
                .where(Tier.id != tier.id)
                .order_by(Tier.rank)
                .with_for_update()
                .execution_options(populate_existing=True)
            )
        )
        place = others.index(above) + 1 if above is not None else 0
        order = [*others[:place], tier, *others[place:]]
        ranks = {one: rank for rank, one in enumerate(order, start=1) if one.rank != rank}
        own = ranks.pop(tier, None)
        if own is not None and tier.rank is not None:
            _write(session, tier, max(one.rank for one in order) + 1)
        down = [one for one in ranks if ranks[one] > one.rank]
        for one in (*reversed(down), *(one for one in ranks if one not in down)):
            _write(session, one, ranks[one])
            set_committed_value(one, "rank", ranks[one])
        if own is not None:
            tier.rank = own


def _write(session: Session, tier: Tier, rank: int) -> None:
    """One row at a time: the order of the statements is what keeps the ranks apart."""
    session.execute(sa.update(TABLE).where(TABLE.c.id == tier.id).values(rank=rank))
