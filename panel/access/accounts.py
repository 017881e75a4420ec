"""What is done to accounts, by command and by screen alike; the caller has a deed and commits.

Every function refuses with the sentence that the person at the form or the terminal reads.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from flask_security import hash_password
from sqlalchemy.orm import Session

from ..typed import tidy
from ..words import Refused, say
from .asking import Access
from .passwords import made_up, normal, weakness
from .rules import ROLE_NAMES, toxic

USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")


def read_username(typed: str) -> str:
    """The name for signing in, in its one spelling."""
    username = tidy(typed).lower()
    if not USERNAME.fullmatch(username):
        raise Refused(
            "field",
            say("Take 2 to 32 small letters, figures, dots or hyphens, a letter first."),
            "username",
        )
    return username


def read_roles(codes: Iterable[str]) -> frozenset[str]:
    """Known roles that one account may hold together."""
    roles = frozenset(codes)
    if not roles <= set(ROLE_NAMES):
        raise Refused(
            "field",
            say("There is no such role. Roles: %(roles)s.", roles=", ".join(ROLE_NAMES)),
            "roles",
        )
    if sentence := toxic(roles):
        raise Refused("field", sentence, "roles")
    return roles


def add_account(
    access: Access,
    session: Session,
    *,
    username: str,
    name: str,
    roles: Iterable[str],
    places: Iterable[str] = (),
    password: str | None = None,
    **columns: Any,
) -> tuple[Any, str]:
    """A new account and its password, made up unless given; the owner has to choose his own.

    `places` are found by the host's `locate`; `columns` are further columns of the account.
    """
    username = read_username(username)
    held = read_roles(roles)
    shown = tidy(name)
    if not shown:
        raise Refused("field", say("Fill in the name."), "name")
    if access.find(session, username=username) is not None:
        raise Refused("field", say("This user name is taken. Choose another one."), "username")
    grants = [access.grant(**_located(access, session, place)) for place in places]
    account = access.account(
        username=username,
        name=shown,
        active=True,
        fs_uniquifier=secrets.token_hex(16),
        roles=_rows(access, session, held),
        grants=grants,
        **columns,
    )
    handed = _set_password(account, password)
    session.add(account)
    session.flush()
    return account, handed


def hand_over_password(account: Any, password: str | None = None) -> str:
    """A new password that the owner has to change at the next sign-in; ends his sessions."""
    return _set_password(account, password)


def forget_second_factor(account: Any) -> None:
    """Ask for no code until an authenticator is set up anew, as after a lost telephone."""
    account.tf_primary_method = None
    account.tf_totp_secret = None
    account.mf_recovery_codes = None


def reset_second_factor(account: Any) -> None:
    """Forget the authenticator and the recovery codes, and end the account's sessions."""
    if account.tf_primary_method is None:
        raise Refused("state", say("This account has no authenticator."))
    forget_second_factor(account)
    account.fs_uniquifier = secrets.token_hex(16)


def set_active(account: Any, active: bool) -> None:
    """Let the account sign in, or end its sessions and close the door."""
    if account.active is active:
        sentence = say("The account is active.") if active else say("The account is not active.")
        raise Refused("state", sentence)
    account.active = active


def set_roles(access: Access, session: Session, account: Any, codes: Iterable[str]) -> None:
    """Exactly these roles; the account may be left with none, and then sees nothing."""
    account.roles = _rows(access, session, read_roles(codes))


def add_place(access: Access, session: Session, account: Any, place: str) -> None:
    """One more place, from now on and without end."""
    given = _located(access, session, place)
    if any(_is_at(grant, given) for grant in account.grants):
        raise Refused("state", say("The account has this place."))
    account.grants.append(access.grant(**given))


def remove_place(access: Access, session: Session, account: Any, place: str) -> None:
    """Take a place away; what was done there stays in the log."""
    wanted = _located(access, session, place)
    found = [grant for grant in account.grants if _is_at(grant, wanted)]
    if not found:
        raise Refused("state", say("The account does not have this place."))
    for grant in found:
        account.grants.remove(grant)
        session.delete(grant)


def _is_at(grant: Any, values: Mapping[str, object]) -> bool:
    """Whether a grant is of exactly this place, whatever its days."""
    columns = {c.name for c in sa.inspect(type(grant)).local_table.columns}
    columns -= {"id", "account_id", "valid_from", "valid_to"}
    return all(getattr(grant, name) == values.get(name) for name in columns)


def account_named(access: Access, session: Session, username: str) -> Any:
    """The account of this name, or a refusal."""
    account = access.find(session, username=username.strip().lower())
    if account is None:
        raise Refused("scope", say("There is no account of this name."), "username")
    return account


def _set_password(account: Any, password: str | None) -> str:
    chosen = made_up() if password is None else password
    if sentence := weakness(chosen, account.username, account.name):
        raise Refused("field", sentence, "password")
    account.password = hash_password(normal(chosen))
    account.password_changed_at = None
    account.fs_uniquifier = secrets.token_hex(16)
    return chosen


def _rows(access: Access, session: Session, codes: frozenset[str]) -> list[Any]:
    """The rows of the roles, made where they are not there yet."""
    found = {role.code: role for role in session.scalars(sa.select(access.role))}
    return [found.get(code) or access.role(code=code) for code in sorted(codes)]


def missing_roles(access: Access, session: Session) -> frozenset[str]:
    """Roles of the policy that have no row yet, so that no screen could offer them."""
    return frozenset(ROLE_NAMES) - set(session.scalars(sa.select(access.role.code)))


def lay_down_roles(access: Access, session: Session) -> None:
    """Add the row of every role that has none; in the caller's deed."""
    session.add_all(access.role(code=code) for code in sorted(missing_roles(access, session)))


def _located(access: Access, session: Session, place: str) -> Mapping[str, object]:
    if access.locate is None:
        raise Refused("field", say("This installation has no places."), "place")
    return access.locate(session, place)
