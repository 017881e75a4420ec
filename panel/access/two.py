"""No administrator gives alone: the listener that refuses what comes by no confirmed request.

It looks at what a session is about to write in the deed of an account. Taking away is free, a
command of the server is its operator's, and one's own password and authenticator are one's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

from ..changelog.deeds import current
from ..listening import Heard
from ..words import Refused, say

if TYPE_CHECKING:
    from .asking import Access

#: The account that a confirmed request, or a taking away, may write now.
_given: ContextVar[int | None] = ContextVar("given", default=None)

BY_TWO = say("Rights are given by two administrators: one asks, another one confirms.")
#: What lets somebody sign in as an account.
KEYS = ("password", "tf_primary_method", "tf_totp_secret", "mf_recovery_codes")


@contextmanager
def giving(account_id: int) -> Iterator[None]:
    """Let what is written inside change the rights of this account."""
    token = _given.set(account_id)
    try:
        yield
    finally:
        _given.reset(token)


class ByTwo:
    """Looks at every flush and every statement of a session for rights that are given."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self.member = sa.inspect(access.account).relationships["roles"].secondary
        self.guarded = {self.member, sa.inspect(access.grant).local_table}
        self._heard = Heard()

    def attach(self, target: Any) -> None:
        """Listen to a session, a session class or a scoped session; once."""
        if self._heard.first(target):
            event.listen(target, "before_flush", self.flushed)
            event.listen(target, "do_orm_execute", self.executed)

    def flushed(self, session: Session, context: Any, instances: Any) -> None:
        """Refuse the flush, or let it go on."""
        if not _watched():
            return
        for one in (*session.new, *session.dirty):
            if isinstance(one, self.access.account):
                self._account(one)
            elif isinstance(one, self.access.grant) and session.is_modified(one):
                _refuse_unless_given(one.account_id or getattr(one.account, "id", None))

    def executed(self, state: ORMExecuteState) -> None:
        """Refuse a statement that writes roles or grants past the records."""
        table = getattr(state.statement, "table", None)
        writes = state.is_insert or state.is_update or state.is_delete
        if writes and table in self.guarded and _watched():
            raise Refused("locked", BY_TWO)

    def _account(self, account: Any) -> None:
        attributes = sa.inspect(account).attrs
        raised = attributes.active.history.has_changes() and account.active
        if raised or attributes.roles.history.added or (account.grants and not account.id):
            _refuse_unless_given(account.id)
        elif any(attributes[name].history.has_changes() for name in KEYS):
            deed = current()
            if deed is None or deed.actor.id != account.id:
                _refuse_unless_given(account.id)


def _watched() -> bool:
    """Whether an account acts, and not a command of the server."""
    deed = current()
    return deed is not None and getattr(deed.actor, "kind", "account") == "account"


def _refuse_unless_given(account_id: int | None) -> None:
    if account_id is None or _given.get() != account_id:
        raise Refused("locked", BY_TWO)
