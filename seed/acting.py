"""Deeds of the seed: one act, one transaction, one line in the change log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.base import db
from models.records import Deed, access
from panel.access.rules import Actor
from panel.changelog.records import deed

#: Who brings in what comes with the program.
SYSTEM = Actor(id=0, name="Jenjang", kind="command")


@contextmanager
def act(action: str, actor: Actor, reason: str = "") -> Iterator[Session]:
    """The session in a deed of its own; commits at the end, leaves nothing after an error."""
    session = db.session()
    session.rollback()
    with deed(action, actor=actor, reason=reason):
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


def actor_named(username: str) -> Actor:
    """The demo account of that name as the actor it is after signing in."""
    account = access.find(db.session(), username=username)
    if account is None:
        raise LookupError(f"there is no account {username}")
    return access.actor_of(account)


def acts_done(prefix: str) -> set[str]:
    """The actions beginning with `prefix` that the log knows: what was seeded is not seeded again.

    Rows that were deleted or renamed since then stay so.
    """
    found = set(
        db.session.scalars(sa.select(Deed.action).where(Deed.action.startswith(prefix)).distinct())
    )
    db.session.rollback()
    return found
