"""Reads what an auditor needs to review who has access, in a constant number of statements."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from panel.access.rules import Actor
from panel.changelog.entries import owned

from .access_spans import Row, Span, spans, toxic, values_of
from .account_changes import AccountChange
from .concrete import Account, AccountGrant, Decision, Deed, Role, Substitution, account_role
from .government import Region, Unit
from .pairs import counts, names_of, pairs
from .queries import in_scope
from .records import log
from .reviewed import Holder, Period, Request, Review
from .scope_rules import regions_of


def review(session: Session, actor: Actor, period: Period, *, percent: int, least: int) -> Review:
    """What there is to review in the regions of `actor`; `percent` and `least` as for `pairs`."""
    regions = regions_of(actor)
    codes = {str(id_): code for id_, code in session.execute(sa.select(Role.id, Role.code))}
    found = [
        span
        for span in spans(_rows(session, regions), _present(session, regions))
        if span.meets(period.since, period.until) and _here(span, regions)
    ]
    accounts = _accounts(session, actor, {one.account for one in found if one.right[0] == "place"})
    holders = tuple(
        Holder(
            one,
            tuple(s for s in found if s.account == one.id and s.right[0] == "role"),
            tuple(s for s in found if s.account == one.id and s.right[0] == "place"),
        )
        for one in accounts
    )
    ids = {one.id for one in accounts}
    closest = pairs(
        counts(session, actor, period.since, period.until), percent=percent, least=least
    )
    units = {one.right[2] for one in found if one.right[0] == "place" and one.right[2]}
    return Review(
        regions=tuple(
            session.scalars(
                sa.select(Region).where(Region.id.in_(regions)).order_by(Region.kemendagri_code)
            )
        ),
        holders=holders,
        idle=_idle(session, holders, period),
        letters=_letters(session, actor, period),
        requests=_requests(session, actor, period),
        pairs=tuple(closest),
        toxic=tuple(toxic([one for one in found if one.account in ids], codes)),
        names=names_of(session, [id_ for one in closest for id_ in (one.one, one.other)]),
        codes=codes,
        units={
            str(one.id): one
            for one in session.scalars(
                sa.select(Unit).where(
                    Unit.id.in_(sorted(map(int, units))), Unit.region_id.in_(regions)
                )
            )
        },
        period=period,
    )


def _here(span: Span, regions: Sequence[int]) -> bool:
    """Whether a right is a role, or a place in one of the regions."""
    return span.right[0] == "role" or int(span.right[1]) in regions


def _rows(session: Session, regions: Sequence[int]) -> list[Row]:
    """What the log holds of roles and of the places in these regions, each with who did it."""
    change = log.tables.change
    source, seq = owned(log.tables)
    once_here = sa.select(change.c.pk).where(
        change.c.tbl == "account_grant", change.c.scope.in_([str(one) for one in regions])
    )
    asked = sa.or_(
        change.c.tbl == "account_role",
        sa.and_(change.c.tbl == "account_grant", change.c.pk.in_(once_here)),
    )
    deeds = session.scalars(
        sa.select(Deed).where(Deed.seq.in_(sa.select(seq).select_from(source).where(asked)))
    )
    by = {one.seq: one.actor_name for one in deeds}
    columns = (change.c.tbl, change.c.pk, change.c.op, change.c.data, change.c.at)
    rows = session.execute(
        sa.select(*columns, seq).select_from(source).where(asked).order_by(change.c.id)
    )
    return [
        Row(tbl, pk, op, values_of(data), at, by.get(number, ""))
        for tbl, pk, op, data, at, number in rows
    ]


def _present(
    session: Session, regions: Sequence[int]
) -> list[tuple[str, str, Mapping[str, object]]]:
    held = session.execute(sa.select(account_role.c.account_id, account_role.c.role_id))
    found: list[tuple[str, str, Mapping[str, object]]] = [
        (
            "account_role",
            json.dumps([str(account), str(role)], separators=(",", ":")),
            {"account_id": account, "role_id": role},
        )
        for account, role in held
    ]
    grant: Any = AccountGrant.__table__
    for row in session.execute(sa.select(grant).where(grant.c.region_id.in_(regions))).mappings():
        found.append(("account_grant", str(row["id"]), dict(row)))
    return found


def _accounts(session: Session, actor: Actor, placed: set[int]) -> Sequence[Account]:
    """The accounts in scope, and those that had a place here in the period."""
    scope = in_scope(sa.select(Account.id), Account, actor)
    either = sa.or_(Account.id.in_(sorted(placed)), Account.id.in_(scope))
    return session.scalars(
        sa.select(Account).where(either).order_by(Account.name, Account.id)
    ).all()


def _idle(
    session: Session, holders: Sequence[Holder], period: Period
) -> tuple[tuple[Account, datetime | None], ...]:
    """Open accounts that nobody signed in with for long, the longest first."""
    ids = [one.account.id for one in holders]
    rows = session.execute(
        sa.select(Deed.actor_id, sa.func.max(Deed.at))
        .where(
            Deed.action == "sign-in",
            Deed.actor_kind == "account",
            Deed.actor_id.in_(ids),
            Deed.at < period.until,
        )
        .group_by(Deed.actor_id)
    )
    last: dict[int, datetime] = dict(rows.all())
    found = []
    for one in holders:
        begun = [span.since for span in (*one.roles, *one.places)]
        old = bool(begun) and any(at is None or at < period.quiet_since for at in begun)
        at = last.get(one.account.id)
        if one.account.active and (at < period.quiet_since if at else old):
            found.append((one.account, at))
    return tuple(sorted(found, key=lambda one: (one[1] is not None, one[1], one[0].id)))


def _letters(session: Session, actor: Actor, period: Period) -> tuple[Substitution, ...]:
    first, last = period.since.date(), (period.until - timedelta(microseconds=1)).date()
    rows = in_scope(sa.select(Substitution), Substitution, actor).where(
        Substitution.valid_from <= last, Substitution.valid_to >= first
    )
    both = (joinedload(Substitution.account), joinedload(Substitution.for_account))
    ordered = rows.options(*both).order_by(Substitution.valid_from, Substitution.id)
    return tuple(session.scalars(ordered))


def _requests(session: Session, actor: Actor, period: Period) -> tuple[Request, ...]:
    """Requests that were made or decided on in the period."""
    change = log.tables.change
    mine = sa.and_(change.c.tbl == AccountChange.__tablename__, change.c.op == "I")
    made = session.execute(
        sa.select(change.c.pk, sa.func.min(change.c.at))
        .where(mine, change.c.at < period.until)
        .group_by(change.c.pk)
    )
    asked_at: dict[int, datetime] = {int(pk): at for pk, at in made}
    within = sa.and_(Decision.at >= period.since, Decision.at < period.until)
    decided = sa.select(Decision.record_id).where(
        Decision.record_table == AccountChange.__tablename__, within
    )
    fresh = sorted(id_ for id_, at in asked_at.items() if at >= period.since)
    rows = in_scope(sa.select(AccountChange), AccountChange, actor).where(
        sa.or_(AccountChange.id.in_(fresh), AccountChange.id.in_(decided))
    )
    both = (joinedload(AccountChange.account), joinedload(AccountChange.asker))
    requests = session.scalars(rows.options(*both).order_by(AccountChange.id)).all()
    steps = session.scalars(
        sa.select(Decision)
        .where(
            Decision.record_table == AccountChange.__tablename__,
            Decision.record_id.in_([one.id for one in requests]),
            Decision.at < period.until,
        )
        .order_by(Decision.id)
    ).all()
    return tuple(
        Request(one, asked_at.get(one.id), tuple(s for s in steps if s.record_id == one.id))
        for one in requests
    )
