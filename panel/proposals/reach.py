"""Whether what a proposal touches lies within the rights and scope of its author: asked anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..access.asking import Access
from ..access.rules import Actor
from ..words import Refused, say
from .entries import Entry, parted
from .rules import Item
from .texts import Entity, key_of

VERBS = {"insert": "create", "update": "edit", "delete": "delete"}


def refuse_out_of_reach(
    session: Session, access: Access, entries: Sequence[Entry], author: Actor, entity: Entity
) -> dict[Any, list[Any]]:
    """Refuse what the author may not do or does not see; the keys of the rows, by their class."""
    touched: dict[Any, list[Any]] = defaultdict(list)
    for table, op in dict.fromkeys((entry.table, entry.op) for entry in entries):
        objection = access.may(author, VERBS[op], entity(table))
        if objection is not None:
            raise Refused("role", objection)
    by_table: dict[str, list[Item]] = defaultdict(list)
    for item in parted(entries)[0]:
        if item.key is not None:
            by_table[item.table].append(item)
    for table, held in by_table.items():
        kind = entity(table)
        key = key_of(kind)
        wanted = {int(item.key or 0): item for item in held}
        asked = access.scoped(sa.select(key).where(key.in_(wanted)), kind, author)
        seen = set(session.scalars(asked))
        for number, item in wanted.items():
            if number not in seen:
                sentence = say(
                    "Row %(number)s, %(record)s: it does not lie in the scope of the author.",
                    number=item.number,
                    record=item.label,
                )
                raise Refused("guard", sentence)
        touched[kind] = list(wanted)
    return dict(touched)


def refuse_unseen(
    session: Session, access: Access, touched: Mapping[Any, Collection[Any]], decider: Actor
) -> None:
    """Refuse to let somebody apply changes of rows that he, or whom he stands in for, sees not."""
    unseen = 0
    for kind, keys in touched.items():
        key = key_of(kind)
        asked = sa.select(sa.func.count()).select_from(kind).where(key.in_(keys))
        unseen += len(keys) - (session.scalar(access.scoped(asked, kind, decider, lent=True)) or 0)
    if unseen:
        sentence = say(
            "Nothing was applied: %(count)s of these rows do not lie in your scope any more. "
            "Return the proposal.",
            count=unseen,
        )
        raise Refused("guard", sentence)
