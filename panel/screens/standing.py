"""Who stands in for whom, on the pages: the names in decisions, and the letters of the reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from ..plugin import current_panel
from ..words import Sentence, say
from .acting import actor
from .days_past import in_the_present


@dataclass(frozen=True)
class Letter:
    """One letter about the reader, as a sentence."""

    sentence: Sentence
    letter: str
    #: Whether it is about somebody who acts for the reader.
    away: bool


def names_stood_in_for(decisions: Iterable[Any]) -> dict[int, str]:
    """The names of those in whose place some decisions were taken; asks only if there are any."""
    ids = {one.acting_for_id for one in decisions if one.acting_for_id is not None}
    if not ids:
        return {}
    account = current_panel().access.account
    rows = current_panel().db.session.execute(
        sa.select(account.id, account.name).where(account.id.in_(ids))
    )
    return dict(rows.all())


def decider(decision: Any, names: dict[int, str]) -> Any:
    """Who decided, and in whose place by which letter."""
    if decision.acting_for_id is None:
        return decision.actor_name
    return say(
        "%(name)s for %(other)s (%(letter)s)",
        name=decision.actor_name,
        other=names.get(decision.acting_for_id) or say("No. %(id)s", id=decision.acting_for_id),
        letter=decision.letter_no,
    )


def my_letters() -> list[Letter]:
    """Who stands in for the reader and for whom he does, now and in the days to come."""
    panel, who = current_panel(), actor()
    entity = panel.access.substitution
    if who is None or entity is None:
        return []
    about = sa.or_(entity.account_id == who.id, entity.for_account_id == who.id)
    with in_the_present():
        today = panel.access.today()
    rows = (
        sa.select(entity)
        .where(about, entity.valid_to >= today)
        .options(sa.orm.joinedload(entity.account), sa.orm.joinedload(entity.for_account))
        .order_by(entity.valid_from, entity.id)
    )
    with in_the_present():
        return [
            Letter(_told(one, who.id, today), one.letter_no, one.for_account_id == who.id)
            for one in panel.db.session.scalars(rows).unique()
        ]


def _told(one: Any, reader: int, today: date) -> Sentence:
    days = {"first": one.valid_from, "last": one.valid_to, "letter": one.letter_no}
    if one.for_account_id == reader:
        name = one.account.name
        if one.valid_from <= today:
            return say("%(name)s stands in for you until %(last)s (%(letter)s).", name=name, **days)
        return say(
            "%(name)s stands in for you from %(first)s to %(last)s (%(letter)s).", name=name, **days
        )
    name = one.for_account.name
    if one.valid_from <= today:
        return say("You stand in for %(name)s until %(last)s (%(letter)s).", name=name, **days)
    return say(
        "You stand in for %(name)s from %(first)s to %(last)s (%(letter)s).", name=name, **days
    )
