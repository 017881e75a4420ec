"""What stands in the way of an erasure, and what stays after it although the person asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.access.rules import Actor
from panel.changelog.entries import Record, among
from panel.changelog.layout import LogTables
from panel.words import Refused, Sentence, say

from .base import Base
from .erasure import KEPT, Holdings

#: What a name must have to be looked for in texts: fewer letters stand in half of all words.
SHORTEST = 4

FACTS_STAY = say("They stay as facts of the office, under a number instead of the name.")
LOCKED_STAY = say("They were decided on and stay as they were; the note in them stays too.")
DECISIONS_STAY = say(
    "A decision keeps what was decided on, as it was then, and the name of who decided."
)
PROPOSALS_STAY = say("Decided proposals keep the names of the records that they changed.")
DEEDS_STAY = say("Who acted in the panel stays named in the change log: it is there for that.")
TEXTS_STAY = say(
    "These texts hold the name. Change those that may be changed before you erase; what the change "
    "log keeps of such texts stays."
)


def refuse_unless_whole(actor: Actor, kind: str, record: Any) -> None:
    """Raise `Refused` for whom this erasure is not: a part of the region, or the person himself."""
    if not any(p.region_id == record.region_id and not p.unit_path for p in actor.places):
        raise Refused(
            "duty", say("Erasing is for supervisors of the whole region: it reaches all offices.")
        )
    himself = {
        "official": record.id,
        "spouse": getattr(record, "person_id", None),
        "speaker": getattr(record, "official_id", None),
    }[kind]
    if actor.official_id is not None and himself == actor.official_id:
        raise Refused("duty", say("Nobody erases his own data: another supervisor does it."))


def refuse_while_open(session: Session, found: Holdings) -> None:
    """Raise `Refused` while something still goes on that would bring the data back."""
    account = Base.metadata.tables["account"].c
    keys = sorted(map(int, found.live.get("account", ())))
    rows = sa.select(account.name).where(account.id.in_(keys), account.active)
    if session.scalar(rows.limit(1)) is not None:
        raise Refused(
            "guard",
            say("The person still has an open account: let the administrators close it first."),
        )
    if proposals(session, found.records(), ("draft", "waiting")):
        raise Refused(
            "guard", say("A proposal that is not decided yet names the person: end it first.")
        )


def proposals(session: Session, records: Collection[Record], categories: Collection[str]) -> int:
    """How many rows of proposals in these states are about any of `records`."""
    tables = Base.metadata.tables
    item, proposal, state = (
        tables[name] for name in ("proposal_item", "proposal", "process_state")
    )
    rows = (
        sa.select(sa.func.count())
        .select_from(item)
        .join(proposal, proposal.c.id == item.c.proposal_id)
        .join(
            state,
            sa.and_(
                state.c.version_id == proposal.c.process_version_id,
                state.c.code == proposal.c.status,
            ),
        )
        .where(
            state.c.category.in_(categories),
            among(item.c.record_table, sa.cast(item.c.record_id, sa.Text), records),
        )
    )
    return session.scalar(rows) or 0


def decisions(session: Session, facts: Mapping[str, Collection[str]]) -> int:
    """How many decisions were taken on the plans of a person, and on the sheets with his marks."""
    tables = Base.metadata.tables
    decision, mark = tables["decision"].c, tables["attendance"].c
    marks = sorted(map(int, facts.get("attendance", ())))
    plans = sorted(map(int, facts.get("action_plan", ())))
    sheets = sa.select(mark.sheet_id).where(mark.id.in_(marks))
    rows = sa.select(sa.func.count()).where(
        sa.or_(
            sa.and_(decision.record_table == "action_plan", decision.record_id.in_(plans)),
            sa.and_(decision.record_table == "attendance_sheet", decision.record_id.in_(sheets)),
        )
    )
    return session.scalar(rows) or 0


def deeds_by(session: Session, log: LogTables, accounts: Collection[str]) -> int:
    """How many deeds were done from the person's accounts."""
    deed = log.deed.c
    rows = sa.select(sa.func.count()).where(
        deed.actor_kind == "account", deed.actor_id.in_(sorted(map(int, accounts)))
    )
    return session.scalar(rows) or 0


def mentions(session: Session, region_id: int, names: Collection[str]) -> dict[str, int]:
    """How many records of each kind hold one of these texts where no erasure empties it."""
    sought = [name for name in names if len(name) >= SHORTEST]
    counts = [
        sa.select(sa.literal(table.name).label("kind"), sa.func.count().label("number")).where(
            table.c.region_id == region_id if "region_id" in table.c else sa.true(),
            sa.or_(*(c.contains(text, autoescape=True) for c in columns for text in sought)),
        )
        for table in Base.metadata.sorted_tables
        if (columns := _texts(table))
    ]
    if not sought:
        return {}
    found = session.execute(sa.union_all(*counts))
    return {kind: number for kind, number in found if number}


def _texts(table: sa.Table) -> list[sa.Column[Any]]:
    """Free texts of a logged table of a region, or of the decisions, that stay as they are."""
    if not table.info.get("logged") or not ("region_id" in table.c or table.name == "decision"):
        return []
    return [
        column
        for column in table.columns
        if isinstance(column.type, sa.String)
        and not isinstance(column.type, sa.Enum)
        and (column.info.get("log") == "plain" or f"{table.name}.{column.name}" in KEPT)
    ]


#: Named by the page: where each sentence stands with its number.
Stays = list[tuple[Sentence, int, Sentence]]
