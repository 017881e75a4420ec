"""Letters by which somebody stands in for somebody else: what is refused at the save, and lists."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from panel.access.rules import Actor
from panel.access.substitutes import (
    Term,
    refuse_change,
    refuse_days,
    refuse_meeting,
    refuse_pair,
)
from panel.words import Refused, say

from .clock import today
from .concrete import Account, Substitution
from .records import access

#: Columns of a letter, as a change names them.
COLUMNS = ("account_id", "for_account_id", "letter_no", "valid_from", "valid_to")


def term(letter: Substitution) -> Term:
    """The letter as the rules see it."""
    return Term(
        letter.account_id,
        letter.for_account_id,
        letter.valid_from,
        letter.valid_to,
        letter.account.name,
        letter.for_account.name,
    )


def settle(session: Session, letter: Substitution, actor: Actor) -> None:
    """Refuse a letter that the rules do not take; holds both accounts against other letters."""
    if letter.account is None or letter.for_account is None:
        return  # the form says that it wants both
    if not letter.account.active or not letter.for_account.active:
        raise Refused("field", say("This account is closed: nobody acts by it."), "account")
    letter.account_id, letter.for_account_id = letter.account.id, letter.for_account.id
    both = (letter.account_id, letter.for_account_id)
    held = sa.select(Account.id).where(Account.id.in_(both)).order_by(Account.id)
    session.execute(held.with_for_update(key_share=True))
    himself, absent = (access.himself(one) for one in (letter.account, letter.for_account))
    refuse_pair(actor, himself, absent)
    new = term(letter)
    changed = changed_columns(letter)
    if sa.inspect(letter).persistent:
        refuse_change(before(letter), new, changed, today())
    if not sa.inspect(letter).persistent or "valid_from" in changed:
        refuse_days(new, today())
    refuse_meeting(new, [term(one) for one in others(session, letter)])


def changed_columns(letter: Substitution) -> set[str]:
    """The columns of a letter that are not as they are stored."""
    attributes = sa.inspect(letter).attrs
    names = {name for name in COLUMNS if attributes[name].history.has_changes()}
    return {name for name in names if stored(letter, name) != getattr(letter, name)}


def stored(letter: Substitution, name: str) -> object:
    """What the database holds in a column of the letter."""
    history = sa.inspect(letter).attrs[name].history
    return history.deleted[0] if history.deleted else getattr(letter, name)


def before(letter: Substitution) -> Term:
    """The days of the letter as they are stored."""
    first, last = stored(letter, "valid_from"), stored(letter, "valid_to")
    assert isinstance(first, date)
    assert isinstance(last, date)
    return Term(letter.account_id, letter.for_account_id, first, last)


def others(session: Session, letter: Substitution) -> Collection[Substitution]:
    """Further letters that speak of either person, and are not over."""
    both = (letter.account_id, letter.for_account_id)
    near = sa.or_(Substitution.account_id.in_(both), Substitution.for_account_id.in_(both))
    rows = sa.select(Substitution).where(near, Substitution.valid_to >= letter.valid_from)
    if letter.id is not None:
        rows = rows.where(Substitution.id != letter.id)
    with session.no_autoflush:
        return session.scalars(rows.options(*NAMES)).all()


NAMES = (joinedload(Substitution.account), joinedload(Substitution.for_account))
