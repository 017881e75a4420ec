"""What an account is given takes two: one administrator asks, a second one confirms.

The request is a record with a process, so its table is a mixin over `WorkflowRecord` that the host
makes concrete. `carry_out` is what the confirmation does, in its transaction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session

from ..changelog.records import plain
from ..words import Refused, Sentence, say
from .accounts import hand_over_password, read_roles, reset_second_factor, set_roles
from .asking import Access
from .rights import Columns, Held, Rights, places_text, regions_text, roles_text
from .two import giving

#: What of a grant is no part of what it gives.
_OWN = "account_id"
#: Where a session keeps a password that was made up in it, until its page shows it.
HANDED = "account.password"
#: A lock that lets others write records that name the account.
LOCK: Mapping[str, Any] = {"key_share": True}

CHANGED_SINCE = say(
    "The account is not any more as it was when this was asked. Take it back or turn it down, and "
    "ask anew."
)


class AccountChangeMixin:
    """What one administrator asks for an account, and what stood when he asked.

    The host declares ``account`` (a relationship).
    """

    if TYPE_CHECKING:
        account: Mapped[Any]

    #: Number of the request.
    id: Mapped[int] = plain(primary_key=True, sort_order=-10)
    #: The account that it is about.
    account_id: Mapped[int] = plain(sa.ForeignKey("account.id"), nullable=False, index=True)
    #: Whether the account is to sign in.
    active: Mapped[bool] = plain(sa.Boolean, nullable=False)
    #: The roles that it is to have: "clerk supervisor".
    roles: Mapped[str] = plain(sa.Text, nullable=False)
    #: The places that it is to have, as canonical JSON of the grants' columns.
    places: Mapped[str] = plain(sa.Text, nullable=False)
    #: Whether a password is made up for it, shown once to who confirms.
    new_password: Mapped[bool] = plain(sa.Boolean, nullable=False)
    #: Whether its authenticator is forgotten.
    new_authenticator: Mapped[bool] = plain(sa.Boolean, nullable=False)
    #: Why, in the words of who asks.
    reason: Mapped[str] = plain(sa.Text, nullable=False)
    #: What the account had when this was asked, as canonical JSON.
    stood: Mapped[str] = plain(sa.Text, nullable=False)
    #: Every region that it had or is to have a place in: "/1//12/".
    regions: Mapped[str] = plain(sa.Text, nullable=False)

    @property
    def objection(self) -> Sentence | None:
        """Why the request fits its account no more, or None."""
        return None if rights_of(self.account).text == self.stood else CHANGED_SINCE

    def __str__(self) -> str:
        return str(self.account)


def grant_columns(account: Any) -> list[str]:
    """The columns that say what a grant of an account gives, as the host has them."""
    table = sa.inspect(type(account)).relationships["grants"].mapper.local_table
    return [column.name for column in table.columns if column.name not in ("id", _OWN)]


def rights_of(account: Any) -> Rights:
    """What an account has, as it is in the session; its grants are flushed."""
    names = grant_columns(account)
    places: list[Columns] = [
        {"id": grant.id, **{name: _plain(getattr(grant, name)) for name in names}}
        for grant in account.grants
    ]
    return Rights(
        active=bool(account.active),
        roles=frozenset(role.code for role in account.roles),
        places=places_text(places),
        held=tuple(Held(g.place(), g.valid_from, g.valid_to) for g in account.grants),
    )


def wanted_text(wanted: Rights, before: Rights) -> str:
    """The places of a request: those that stand by their number, the new ones without."""
    known = {place["id"] for place in json.loads(before.places)}
    return places_text(
        [
            {name: value for name, value in place.items() if name != "id" or value in known}
            for place in json.loads(wanted.places)
        ]
    )


def request_for(
    access: Access,
    account: Any,
    before: Rights,
    wanted: Rights,
    *,
    reason: str,
    new_password: bool = False,
    new_authenticator: bool = False,
) -> Any:
    """The request as a new record, not added yet; `Refused` where nobody could confirm it."""
    if not reason:
        raise Refused("field", NEEDS_REASON, "deed_reason")
    read_roles(wanted.roles)
    return access.change(
        account_id=account.id,
        active=wanted.active,
        roles=roles_text(wanted.roles),
        places=wanted_text(wanted, before),
        new_password=new_password,
        new_authenticator=new_authenticator,
        reason=reason,
        stood=before.text,
        regions=regions_text((*before.held, *wanted.held)),
    )


NEEDS_REASON = say("Say why: the administrator who confirms it reads this.")


def carry_out(access: Access, session: Session, request: Any) -> str | None:
    """Give the account what was asked for it; the password that was made up, to be shown once.

    Refuses when the account changed since, and what no account may have. The caller commits.
    """
    account = held(access, session, request.account_id)
    if request.objection is not None:
        raise Refused("stale", request.objection)
    with giving(account.id):
        set_roles(access, session, account, request.roles.split())
        _set_places(access, session, account, json.loads(request.places))
        account.active = request.active
        handed = hand_over_password(account) if request.new_password else None
        if request.new_authenticator and account.tf_primary_method is not None:
            reset_second_factor(account)
        session.flush()
    refuse_no_administrator(access, session)
    return handed


def held(access: Access, session: Session, account_id: int) -> Any:
    """The account with its roles and grants as they are now, held against others."""
    query = sa.select(access.account).where(access.account.id == account_id)
    account = session.scalars(query.with_for_update(**LOCK)).one()
    session.refresh(account)
    session.expire(account, ["roles", "grants"])
    for grant in account.grants:
        session.refresh(grant)
    return account


def refuse_no_administrator(access: Access, session: Session) -> None:
    """Refuse a change after which nobody could hand out rights; asked after its flush.

    Holds the row of the role, so that two administrators who close each other do not both succeed.
    """
    code = access.role.code == "administrator"
    session.execute(sa.select(access.role.id).where(code).with_for_update(**LOCK))
    account = access.account
    found = session.scalars(sa.select(account).where(account.active, account.roles.any(code)))
    day = access.today()
    if not any(grant.holds_on(day) for one in found for grant in one.grants):
        sentence = say("This is the last administrator: nobody could hand out rights any more.")
        raise Refused("state", sentence)


def _set_places(access: Access, session: Session, account: Any, places: list[Columns]) -> None:
    standing = {grant.id: grant for grant in account.grants}
    kept = set()
    for place in places:
        grant = standing.get(place.get("id"))
        if grant is None:
            grant = access.grant(account_id=account.id)
            session.add(grant)
        kept.add(grant.id)
        for name in grant_columns(account):
            setattr(grant, name, _typed(access, name, place[name]))
    for number, grant in standing.items():
        if number not in kept:
            session.delete(grant)


def _plain(value: Any) -> int | str | None:
    return value.isoformat() if isinstance(value, date) else value


def _typed(access: Access, name: str, value: Any) -> Any:
    column = sa.inspect(access.grant).local_table.c[name]
    is_day = isinstance(column.type, sa.Date) and value is not None
    return date.fromisoformat(value) if is_day else value
