"""Whether what a proposal touches lies within the rights and scope of its author: asked anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..access.asking import Access
from ..access.rules import Actor
from ..words import Refused, say
from .rules import Item
from .texts import Entity, key_of

VERBS = {"insert": "create", "update": "edit", "delete": "delete"}


def refuse_out_of_reach(
    session: Session, access: Access, items: Sequence[Item], author: Actor, entity: Entity
) -> dict[Any, list[Any]]:
    """Refuse what the author may not do or does not see; the keys of the rows, by their class."""
    touched: dict[Any, list[Any]] = defaultdict(list)
    for table, op in dict.fromkeys((item.table, item.op) for item in items):
        objection = access.may(author, VERBS[op], entity(table))
        if objection is not None:
            raise Refused("role", objection)
    by_table: dict[str, list[Item]] = defaultdict(list)
    for item in items:
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
