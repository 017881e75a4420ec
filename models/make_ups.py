"""Make-up sessions: held once more, for those alone who were not there the first time."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, relationship

from panel.changelog.records import Logged, plain

from .attendance import Attendance, Participation
from .base import Base, InRegion, Keyed, inside
from .training import TrainingSession


class MakeUp(Keyed, InRegion, Logged, Base):
    """That a session is for those who missed another one."""

    __tablename__ = "make_up"
    __table_args__ = (
        inside("training_session_id", "training_session", ondelete="CASCADE"),
        inside("missed_id", "training_session"),
        sa.UniqueConstraint("training_session_id"),
        sa.CheckConstraint("missed_id <> training_session_id", name="of_another"),
        sa.Index("ix_make_up_missed", "missed_id"),
    )

    #: The make-up session.
    training_session_id: Mapped[int] = plain(nullable=False)
    #: The session that its people missed.
    missed_id: Mapped[int] = plain(nullable=False)

    session: Mapped[TrainingSession] = relationship(foreign_keys=[training_session_id])
    missed: Mapped[TrainingSession] = relationship(foreign_keys=[missed_id])


def missed_by(session: Session, held: TrainingSession) -> int | None:
    """The number of the session that `held` makes up for; None for an ordinary one."""
    return session.scalar(sa.select(MakeUp.missed_id).where(MakeUp.training_session_id == held.id))


def was_there() -> sa.ColumnElement[bool]:
    """In a query with participations: that the official was present at some part."""
    return (
        sa.exists()
        .where(
            Attendance.participation_id == Participation.id,
            Attendance.party == "official",
            Attendance.status == "present",
        )
        .correlate(Participation)
    )


def attended(session: Session, held_id: int) -> frozenset[int]:
    """The officials who were present at some part of a session."""
    rows = sa.select(Participation.official_id).where(
        Participation.training_session_id == held_id, was_there()
    )
    return frozenset(session.scalars(rows))
