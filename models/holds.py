"""Legal holds: while one stands, what it covers of the change log leaves the table for no archive.

A hold covers everything, a region, or one record with all that belongs to a person. It only keeps:
who sets one too many loses nothing, so it needs one person and a letter; lifting needs a reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, relationship

from panel.changelog.archives import Hold
from panel.changelog.entries import Record, among
from panel.changelog.layout import LogTables
from panel.changelog.records import Logged, plain
from panel.columns import one_of
from panel.words import Refused, say

from .base import Base, InRegion, Keyed, Versioned, filled
from .concrete import Account
from .erasure import WAYS, facts, holdings
from .government import Region

SCOPES = ("whole", "region", "record")


class LegalHold(Keyed, InRegion, Versioned, Logged, Base):
    """A letter by which rows of the log stay; the region is that of the office that received it."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        sa.CheckConstraint(
            "(scope = 'record') = (record_table IS NOT NULL)"
            " AND (record_table IS NULL) = (record_key IS NULL)",
            name="record",
        ),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by_id IS NULL)"
            " AND (lifted_at IS NULL) = (lifted_reason IS NULL)",
            name="lifted",
        ),
        filled("reason"),
        filled("letter_no"),
        filled("asked_by"),
    )

    #: The whole log, the rows of one region, or those of one record.
    scope: Mapped[str] = plain(one_of("scope", SCOPES), nullable=False)
    #: Table of the record that is held.
    record_table: Mapped[str | None] = plain()
    #: Key of that record, as the log writes it.
    record_key: Mapped[str | None] = plain()
    #: Why, without names of persons.
    reason: Mapped[str] = plain(nullable=False)
    #: Number of the letter that asks for it.
    letter_no: Mapped[str] = plain(nullable=False)
    #: The office that the letter is from.
    asked_by: Mapped[str] = plain(nullable=False)
    #: Account that set it.
    set_by_id: Mapped[int] = plain(sa.ForeignKey("account.id"), nullable=False)
    #: When it was set.
    set_at: Mapped[datetime] = plain(nullable=False)
    #: Account that lifted it.
    lifted_by_id: Mapped[int | None] = plain(sa.ForeignKey("account.id"))
    #: When it was lifted.
    lifted_at: Mapped[datetime | None] = plain()
    #: Why it was lifted.
    lifted_reason: Mapped[str | None] = plain()

    region: Mapped[Region] = relationship()
    set_by: Mapped[Account] = relationship(foreign_keys=[set_by_id])
    lifted_by: Mapped[Account | None] = relationship(foreign_keys=[lifted_by_id])

    def __str__(self) -> str:
        return self.letter_no


def refuse_while_held(session: Session, region_id: int, records: Collection[Record]) -> None:
    """Raise `Refused` while a hold covers any of a region's records: then nothing of it is erased.

    An archive only moves values; an erasure would destroy what somebody has asked to be kept. What
    another region asked to be kept as a whole stops no erasure here.
    """
    held = sa.or_(
        sa.and_(LegalHold.scope != "record", LegalHold.region_id == region_id),
        sa.and_(
            LegalHold.scope == "record",
            among(LegalHold.__table__.c.record_table, LegalHold.__table__.c.record_key, records),
        ),
    )
    rows = sa.select(LegalHold.letter_no).where(LegalHold.lifted_at.is_(None), held)
    letter = session.scalar(rows.order_by(LegalHold.id).limit(1))
    if letter is not None:
        raise Refused(
            "guard",
            say("A legal hold by letter %(letter)s keeps this: it is lifted first.", letter=letter),
        )


def holds(session: Session, log: LogTables) -> Iterator[Hold]:
    """The holds that stand now, as the archive of the log asks for them."""
    standing = sa.select(LegalHold).where(LegalHold.lifted_at.is_(None)).order_by(LegalHold.id)
    for one in session.scalars(standing).unique():
        if one.scope == "whole":
            yield Hold(one.letter_no, whole=True)
        elif one.scope == "region":
            yield Hold(one.letter_no, scope=str(one.region_id))
        else:
            table, key = str(one.record_table), str(one.record_key)
            records = {(table, key)}
            if table in WAYS and key.isdigit():
                records.update(holdings(session, log, table, int(key)).records())
                for name, keys in facts(session, table, int(key)).items():
                    records.update((name, each) for each in keys)
            yield Hold(one.letter_no, records=frozenset(records))
