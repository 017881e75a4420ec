"""Who is nearer to a record than an actor, as a condition of its query.

The nearest were told that it is their turn when the record came into its state. They count while
they still could act: active, in a role of the actor's, with a place in force that holds the record
and is narrower than each of the actor's that holds it.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, aliased

from panel.access.rules import Actor

from .clock import today
from .concrete import Account, AccountGrant, Role, account_role
from .government import Unit


def nearer_in_turn(notice: Any, model: Any, actor: Actor) -> sa.ColumnElement[bool]:
    """Whether somebody nearer has the turn; never for records that lie in no unit."""
    unit_id = getattr(model, "unit_id", None)
    if not isinstance(unit_id, InstrumentedAttribute):
        return sa.false()
    own, top, day = aliased(Unit), aliased(Unit), today()
    mine = [
        sa.and_(
            own.region_id == place.region_id,
            own.path.startswith(place.unit_path, autoescape=True),
            sa.func.length(top.path) <= len(place.unit_path),
        )
        for place in actor.places
    ]
    return (
        sa.exists()
        .where(
            notice.record_table == model.__tablename__,
            notice.record_id == model.id,
            notice.decision_id.is_not_distinct_from(model.decision_id),
            notice.kind == "turn",
            Account.id == notice.account_id,
            Account.active,
            account_role.c.account_id == Account.id,
            Role.id == account_role.c.role_id,
            Role.code.in_(actor.roles),
            AccountGrant.account_id == Account.id,
            sa.or_(AccountGrant.valid_from.is_(None), AccountGrant.valid_from <= day),
            sa.or_(AccountGrant.valid_to.is_(None), AccountGrant.valid_to >= day),
            top.id == AccountGrant.unit_id,
            own.id == unit_id,
            own.path.startswith(top.path),
            sa.not_(sa.or_(sa.false(), *mine)),
        )
        .correlate(model)
    )
