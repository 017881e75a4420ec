"""Officials who look like one person and are two: said once by somebody, with the reason."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship

from panel.changelog.records import Logged, personal, plain
from panel.columns import now

from .base import Base, InRegion, Keyed, filled, inside
from .people import Official


class NotDuplicate(Keyed, InRegion, Logged, Base):
    """That two officials are not one person; it goes when one of them goes."""

    __tablename__ = "not_duplicate"
    __table_args__ = (
        inside("one_id", "official", ondelete="CASCADE"),
        inside("other_id", "official", ondelete="CASCADE"),
        sa.UniqueConstraint("one_id", "other_id"),
        sa.CheckConstraint("one_id < other_id", name="in_order"),
        filled("reason"),
        sa.Index("ix_not_duplicate_other", "other_id"),
    )

    #: The official with the lower number.
    one_id: Mapped[int] = plain(nullable=False)
    #: The other official.
    other_id: Mapped[int] = plain(nullable=False)
    #: How one knows.
    reason: Mapped[str] = personal(nullable=False)
    #: The account that said so.
    by_id: Mapped[int] = plain(nullable=False)
    #: When it was said.
    at: Mapped[datetime] = plain(nullable=False, default=now)

    one: Mapped[Official] = relationship(foreign_keys=[one_id])
    other: Mapped[Official] = relationship(foreign_keys=[other_id])

    def __str__(self) -> str:
        return f"{self.one} – {self.other}"
