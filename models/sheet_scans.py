"""The paper behind an attendance sheet: what was signed in ink, scanned, known by its hash.

A scan stands under the lock of its sheet: after the signature it comes and goes by a correction.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship

from panel.changelog.records import Logged, plain

from .attendance import AttendanceSheet
from .base import Base, InRegion, Keyed, inside, reached_inside
from .files import StoredFile


class SheetScan(Keyed, InRegion, Logged, Base):
    """One file with the ink signatures of an attendance sheet."""

    __tablename__ = "sheet_scan"
    __table_args__ = (
        inside("sheet_id", "attendance_sheet"),
        inside("file_id", "stored_file"),
        reached_inside(),
        sa.UniqueConstraint("file_id"),
        sa.Index("ix_sheet_scan_sheet", "sheet_id"),
    )
    __locked_with__ = "sheet"
    #: Whoever signs the sheet signs for these bytes.
    __frozen__ = ("sheet_id", "file_id", "file.sha256")

    #: The sheet that was signed on paper.
    sheet_id: Mapped[int] = plain(nullable=False)
    #: The scanned pages, with their hash.
    file_id: Mapped[int] = plain(nullable=False)

    sheet: Mapped[AttendanceSheet] = relationship(foreign_keys=[sheet_id])
    file: Mapped[StoredFile] = relationship(foreign_keys=[file_id])

    def __str__(self) -> str:
        return str(self.file)
