"""Papers of a session: invitation, materials, photographs, report; files with their hash."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship

from panel.changelog.records import Logged, plain
from panel.columns import one_of

from .base import Base, InRegion, Keyed, Versioned, filled, inside
from .files import StoredFile
from .speaking import Speaker
from .training import TrainingSession

PAPER_KINDS = (
    "invitation",
    "assignment_letter",
    "materials",
    "attendance_scan",
    "report",
    "photograph",
    "other",
)


class SessionPaper(Keyed, InRegion, Versioned, Logged, Base):
    """A file that belongs to a session, such as the slides of a speaker."""

    __tablename__ = "session_paper"
    __table_args__ = (
        inside("training_session_id", "training_session"),
        inside("speaker_id", "speaker"),
        inside("file_id", "stored_file"),
        sa.UniqueConstraint("training_session_id", "file_id"),
        filled("title"),
        sa.Index("ix_session_paper_session", "training_session_id"),
        sa.Index("ix_session_paper_speaker", "speaker_id"),
    )

    #: The session.
    training_session_id: Mapped[int] = plain(nullable=False)
    #: What kind of paper it is.
    kind: Mapped[str] = plain(one_of("kind", PAPER_KINDS), nullable=False)
    #: What it is called: "Undangan 134 peserta".
    title: Mapped[str] = plain(nullable=False)
    #: Number of the letter, when it has one.
    number: Mapped[str | None] = plain()
    #: Whose materials they are.
    speaker_id: Mapped[int | None] = plain()
    #: The file, with its hash.
    file_id: Mapped[int] = plain(nullable=False)

    session: Mapped[TrainingSession] = relationship(
        foreign_keys=[training_session_id], back_populates="papers"
    )
    speaker: Mapped[Speaker | None] = relationship(
        foreign_keys=[speaker_id], back_populates="materials"
    )
    file: Mapped[StoredFile] = relationship(foreign_keys=[file_id])

    def __str__(self) -> str:
        return self.title
