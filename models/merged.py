"""A merge as the items of a proposal, in an order that can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.proposals.rules import Item, Op
from panel.proposals.texts import attribute, texts
from panel.words import Sentence, say

from .concrete import ProcessState
from .merging import Merge, becomes
from .people import Official
from .proposals import Proposal, ProposalItem

#: Columns, each with what was and what becomes.
Values = dict[str, tuple[str | None, str | None]]
#: What a record that stands for two takes from the other where it is empty itself.
FILLED = {
    "appointment": ("started_on", "decree_no", "end_decree_no"),
    "spouse": ("person_id", "phone", "married_on"),
}
#: Columns that name a record which may have become one with another.
NAMING = ("appointment_id", "spouse_id")
#: Columns that a new row gets by itself.
OWN = frozenset({"id", "region_id", "version"})


def items_of(merge: Merge, chosen: Mapping[str, Official]) -> list[Item]:
    """What a merge writes: the entry that stays, what moves to it, and what goes.

    Deletions are carried out from the last one up: what names the entry goes before it.
    """
    drafts: list[tuple[Any, Op, Values]] = []
    drafts.append((merge.gone, "delete", whole(merge.gone)))
    drafts += [(one, "delete", whole(one)) for one in merge.joined]
    own = becomes(merge, chosen)
    if own:
        drafts.append((merge.kept, "update", own))
    for one, other in merge.joined.items():
        held = texts(one, FILLED[one.__tablename__])
        empty = texts(other, FILLED[one.__tablename__])
        filled: Values = {
            name: (None, held[name]) for name in held if held[name] and not empty[name]
        }
        if filled:
            drafts.append((other, "update", filled))
    stands = {(one.__tablename__, one.id): other.id for one, other in merge.joined.items()}
    for (table, column), records in merge.hanging.items():
        for record in records:
            if record in merge.joined:
                continue
            moved: Values = {column: (str(merge.gone.id), str(merge.kept.id))}
            for name in NAMING if table not in ("appointment", "spouse") else ():
                key = getattr(record, name, None)
                if (name.removesuffix("_id"), key) in stands:
                    moved[name] = (str(key), str(stands[name.removesuffix("_id"), key]))
            drafts.append((record, "update", moved))
    return [
        Item(number, record.__tablename__, str(record.id), op, str(record), values)
        for number, (record, op, values) in enumerate(drafts, 1)
    ]


def whole(record: Any) -> Values:
    """All that stands in a row that goes."""
    names = [column.name for column in record.__table__.columns if column.name not in OWN]
    columns = [name for name in names if attribute(type(record), name)]
    return {name: (text, None) for name, text in texts(record, columns).items() if text is not None}


def proposed(session: Session, ids: list[int]) -> Sentence | None:
    """That a proposal which is not decided yet deletes one of these officials, or None."""
    rows = (
        sa.select(Proposal.id)
        .join(ProposalItem, ProposalItem.proposal_id == Proposal.id)
        .join(
            ProcessState,
            sa.and_(
                ProcessState.version_id == Proposal.process_version_id,
                ProcessState.code == Proposal.status,
            ),
        )
        .where(
            ProposalItem.record_table == Official.__tablename__,
            ProposalItem.record_id.in_(ids),
            ProposalItem.op == "delete",
            ProcessState.category.in_(("draft", "waiting")),
        )
    )
    number = session.scalar(rows.limit(1))
    if number is None:
        return None
    return say("Proposal no. %(id)s merges one of these entries already.", id=number)
