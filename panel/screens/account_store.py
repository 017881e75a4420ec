"""Flask-Security's way to accounts.

Who is signed in changes his account under the deed of his request. Who gives the second factor is
not signed in yet: what he changes is a deed of its own, under a lock on the account.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask_security import SQLAlchemyUserDatastore

from ..access.accounts import forget_second_factor
from ..changelog.records import current, deed
from ..plugin import current_panel
from ..words import Refused, say
from .acting import origin

SET_UP = "account.authenticator"
#: A lock that lets others write records that name the account.
LOCK = {"key_share": True}


class Accounts(SQLAlchemyUserDatastore):
    """Accounts with roles and grants in one statement; recovery codes kept in one column."""

    def find_user(self, case_insensitive: bool = False, **by: Any) -> Any:
        return current_panel().access.find(self.db.session, **by)

    def tf_set(
        self, user: Any, primary_method: str, totp_secret: str | None = None, phone: Any = None
    ) -> None:
        """Keep an authenticator; before sign-in only for an account that has none yet."""
        if (user.tf_primary_method, user.tf_totp_secret) == (primary_method, totp_secret):
            return
        if current() is not None:
            name_deed(SET_UP, user.id)
            super().tf_set(user, primary_method, totp_secret=totp_secret)
            return
        with before_sign_in(SET_UP, user) as account:
            if account.tf_primary_method is not None:
                raise Refused("state", say("An authenticator is set up already. Sign in again."))
            account.tf_primary_method, account.tf_totp_secret = primary_method, totp_secret

    def tf_reset(self, user: Any) -> None:
        name_deed("account.no-authenticator", user.id)
        forget_second_factor(user)
        self.put(user)

    def mf_get_recovery_codes(self, user: Any) -> list[str]:
        return user.mf_recovery_codes.split(",") if user.mf_recovery_codes else []

    def mf_set_recovery_codes(self, user: Any, rcs: list[str] | None) -> None:
        name_deed("account.recovery-codes", user.id)
        user.mf_recovery_codes = ",".join(rcs or ()) or None
        self.put(user)


def subject(account_id: int) -> tuple[str, str]:
    """The account as the log names records."""
    return current_panel().access.account.__tablename__, str(account_id)


def name_deed(action: str, account_id: int) -> None:
    """Give the deed of this request its name."""
    if open_deed := current():
        open_deed.action, open_deed.subject = action, subject(account_id)


@contextmanager
def before_sign_in(action: str, user: Any, *, always: bool = False) -> Iterator[Any]:
    """The account, locked, in a deed of its owner; committed at the end, undone by an exception."""
    panel = current_panel()
    actor, session = panel.access.actor_of(user), panel.db.session
    session.rollback()
    with deed(action, actor=actor, always=always, subject=subject(actor.id), **origin()):
        try:
            yield session.get_one(panel.access.account, actor.id, with_for_update=LOCK)
            session.commit()
        except BaseException:
            session.rollback()
            raise
