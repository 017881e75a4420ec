"""Who could act on a record: accounts by role and place, their substitutes, one person's own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from panel.access.rules import Actor
from panel.workflow.case import Person

from .account_changes import AccountChange, people_to_confirm
from .clock import today
from .concrete import Account, AccountGrant, Role, Substitution, account_role
from .government import Unit
from .queries import in_scope


def people_in_turn(
    session: Session, record: Any, roles: Collection[str]
) -> Mapping[str, Mapping[int, Person]]:
    """The active accounts that hold one of `roles` where the record lies; who stands in for them.

    A substitute is named where the engine would let him act: active, at work in that region, and
    neither auditor nor administrator.
    """
    if isinstance(record, AccountChange):
        return people_to_confirm(session, record, roles)
    if not roles:
        return {}
    asked = {"region": record.region_id, "unit": getattr(record, "unit_id", None)}
    rows = session.execute(_in_turn(), {**asked, "roles": list(roles), "day": today()})
    found: dict[str, dict[int, Person]] = {}
    for role, account_id, name, path_of_place, other_id, other in rows:
        people = found.setdefault(role, {})
        known = people.get(account_id, Person(name))
        lent = {**known.substitutes, other_id: other} if other_id else known.substitutes
        people[account_id] = Person(name, lent, max(known.near, depth(path_of_place)))
    return found


@cache
def _in_turn() -> sa.Select[Any]:
    """Role, account, top of its place and substitute: of `roles`, `region`, `unit` and `day`."""
    day = sa.bindparam("day", type_=sa.Date)
    region, unit = (sa.bindparam(name, type_=sa.Integer) for name in ("region", "unit"))
    # what lies in no unit is the whole region's: who has a part of it only has no turn there
    path = sa.select(Unit.path).where(Unit.id == unit).scalar_subquery()
    top, letter, substitute = aliased(Unit), aliased(Substitution), aliased(Account)
    return (
        sa.select(Role.code, Account.id, Account.name, top.path, substitute.id, substitute.name)
        .join(account_role, account_role.c.role_id == Role.id)
        .join(Account, Account.id == account_role.c.account_id)
        .join(AccountGrant, AccountGrant.account_id == Account.id)
        .outerjoin(top, top.id == AccountGrant.unit_id)
        .outerjoin(
            letter,
            sa.and_(
                letter.for_account_id == Account.id,
                letter.valid_from <= day,
                letter.valid_to >= day,
            ),
        )
        .outerjoin(
            substitute,
            sa.and_(
                substitute.id == letter.account_id,
                substitute.active,
                works_in(substitute, region, day),
                ~watches(substitute),
            ),
        )
        .where(
            Role.code.in_(sa.bindparam("roles", expanding=True)),
            Account.active,
            AccountGrant.region_id == region,
            in_force(AccountGrant, day),
            sa.or_(AccountGrant.unit_id.is_(None), path.startswith(top.path)),
        )
        .order_by(Account.id)
    )


def depth(path: str | None) -> int:
    """How narrow a place is, by the path of the unit at its top; 0 for a whole region."""
    return path.count("/") if path else 0


def in_force(grant: Any, day: Any) -> sa.ColumnElement[bool]:
    """Whether a grant holds on that day."""
    return sa.and_(
        sa.or_(grant.valid_from.is_(None), grant.valid_from <= day),
        sa.or_(grant.valid_to.is_(None), grant.valid_to >= day),
    )


def works_in(account: Any, region: Any, day: Any) -> sa.ColumnElement[bool]:
    """Whether an account has a place in that region on that day."""
    grant = aliased(AccountGrant)
    return (
        sa.exists()
        .where(grant.account_id == account.id, grant.region_id == region, in_force(grant, day))
        .correlate(account)
    )


def watches(account: Any) -> sa.ColumnElement[bool]:
    """Whether an account has a role that does no work itself."""
    watcher = aliased(Role)
    return (
        sa.exists()
        .where(
            account_role.c.account_id == account.id,
            watcher.id == account_role.c.role_id,
            watcher.code.in_(["auditor", "administrator"]),
        )
        .correlate(account)
    )


def reaches(session: Session, record: Any, actor: Actor) -> bool:
    """Whether a record lies in the actor's places."""
    entity = type(record)
    inside = in_scope(sa.select(entity.id).where(entity.id == record.id), entity, actor)
    return session.scalar(inside) is not None


def accounts_of_same_people(
    session: Session, accounts: Collection[int]
) -> Mapping[int, frozenset[int]]:
    """All accounts of the official behind each of these; two accounts are one person."""
    found: dict[int, frozenset[int]] = {}
    for one, another in session.execute(_same_people(), {"accounts": list(accounts)}):
        found[one] = found.get(one, frozenset()) | {another}
    return found


@cache
def _same_people() -> sa.Select[Any]:
    """Each of `accounts` with every account of its official."""
    other = aliased(Account)
    return (
        sa.select(Account.id, other.id)
        .join(other, other.official_id == Account.official_id)
        .where(Account.id.in_(sa.bindparam("accounts", expanding=True)))
    )
