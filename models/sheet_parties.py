"""Who does not sign an attendance sheet because he sees a part of it only."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .base import Base


def held_in_part(session: Session, region_id: int, day: date) -> frozenset[int]:
    """The accounts that have units of the region on `day`, and not the region as a whole."""
    grant = Base.metadata.tables["account_grant"]
    rows = session.execute(
        sa.select(grant.c.account_id, grant.c.unit_id).where(
            grant.c.region_id == region_id,
            sa.or_(grant.c.valid_from.is_(None), grant.c.valid_from <= day),
            sa.or_(grant.c.valid_to.is_(None), grant.c.valid_to >= day),
        )
    ).all()
    whole = {account_id for account_id, unit_id in rows if unit_id is None}
    return frozenset(account_id for account_id, _unit in rows) - whole
