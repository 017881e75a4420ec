"""Who came in at the door of a session part: when, how he was known, where, and before whom.

A row is never changed and never deleted: what counts is the mark on the sheet, this is how it came
about. One that was made without network says so by the page that it was recorded on.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship

from panel.changelog.records import Logged, plain
from panel.columns import now, one_of

from .attendance import PARTIES, Participation
from .base import Base, InRegion, Keyed, of_same_session
from .training import AgendaItem

WAYS = ("scanned", "typed", "name")


class CheckIn(Keyed, InRegion, Logged, Base):
    """One person once at one door."""

    __tablename__ = "check_in"
    __table_args__ = (
        of_same_session("participation_id", "participation"),
        of_same_session("agenda_item_id", "agenda_item"),
        sa.UniqueConstraint("page", "page_row"),
        sa.CheckConstraint("(page IS NULL) = (page_row IS NULL)", name="page_with_row"),
        sa.Index("ix_check_in_item", "agenda_item_id", "at"),
        sa.Index("ix_check_in_participation", "participation_id"),
    )

    #: The session, so that part and participation are of the same one.
    training_session_id: Mapped[int] = plain(nullable=False)
    #: The session part.
    agenda_item_id: Mapped[int] = plain(nullable=False)
    #: The couple on the list.
    participation_id: Mapped[int] = plain(nullable=False)
    #: The official or the spouse.
    party: Mapped[str] = plain(one_of("party", PARTIES), nullable=False)
    #: When; by the clock of the device where there was no network.
    at: Mapped[datetime] = plain(nullable=False, default=now)
    #: By a scanned code, by a typed one, or by name.
    way: Mapped[str] = plain(one_of("way", WAYS), nullable=False)
    #: Which door or table, in the words of who stood there.
    station: Mapped[str] = plain(nullable=False)
    #: The account that let the person in, or that the page without network was given to.
    account_id: Mapped[int] = plain(nullable=False)
    #: Name of the page without network that it was recorded on; none with network.
    page: Mapped[str | None] = plain()
    #: Its row there, from 1.
    page_row: Mapped[int | None] = plain()

    participation: Mapped[Participation] = relationship(foreign_keys=[participation_id])
    agenda_item: Mapped[AgendaItem] = relationship(foreign_keys=[agenda_item_id])
