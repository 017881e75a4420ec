"""Days on which offices do not work, or do in spite of the calendar: the list that people edit."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship

from panel.changelog.records import Logged, plain
from panel.columns import one_of

from .base import Base, Keyed, Versioned, filled
from .government import Region

HOLIDAY_KINDS = ("holiday", "collective_leave", "working_day")


class Holiday(Keyed, Versioned, Logged, Base):
    """A day that differs from the national calendar, in all regions or in one."""

    __tablename__ = "holiday"
    __table_args__ = (
        sa.Index("uq_holiday_region_day", "region_id", "day", unique=True),
        sa.Index(
            "uq_holiday_everywhere",  # an empty region equals no other in the index above
            "day",
            unique=True,
            sqlite_where=sa.text("region_id IS NULL"),
            postgresql_where=sa.text("region_id IS NULL"),
        ),
        filled("name"),
    )

    #: The day.
    day: Mapped[date] = plain(nullable=False)
    #: Holiday, collective leave (cuti bersama), or a working day after all.
    kind: Mapped[str] = plain(one_of("kind", HOLIDAY_KINDS), nullable=False)
    #: What it is.
    name: Mapped[str] = plain(nullable=False)
    #: The region in which it holds; none for all of them.
    region_id: Mapped[int | None] = plain(sa.ForeignKey("region.id"))

    region: Mapped[Region | None] = relationship()

    def __str__(self) -> str:
        return self.name
