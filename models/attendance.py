"""Who was expected at a session, who came, alone or as a couple, and what was signed.

A mark stands on the sheet of its session part and under its lock: what a supervisor signed changes
only by a correction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, column_property, object_session, relationship

from panel.changelog.records import Logged, personal, plain
from panel.columns import one_of
from panel.words import say
from panel.workflow.records import WorkflowRecord

from .base import (
    Base,
    InRegion,
    Keyed,
    Versioned,
    inside,
    of_same_official,
    of_same_session,
    reached_inside,
)
from .clock import today
from .corrections import changed_since_signed, names_of
from .government import Unit
from .people import Appointment, Official, Spouse
from .sheet_parties import held_in_part
from .training import KNOWN, AgendaItem, TrainingSession

PARTIES = ("official", "spouse")
ATTENDANCE = ("present", "excused", "sick", "on_duty", "absent", "represented")


class Participation(Keyed, InRegion, Versioned, Logged, Base):
    """An official and the spouse at one session, with the post as it was on that day."""

    __tablename__ = "participation"
    __table_args__ = (
        inside("training_session_id", "training_session"),
        inside("official_id", "official"),
        inside("unit_id", "unit"),
        of_same_official("appointment_id", "appointment"),
        of_same_official("spouse_id", "spouse"),
        reached_inside(),
        sa.UniqueConstraint("training_session_id", "official_id"),
        sa.UniqueConstraint("id", "region_id", "training_session_id"),
        sa.Index("ix_participation_official", "official_id"),
        sa.Index("ix_participation_unit", "unit_id"),
    )

    #: The session.
    training_session_id: Mapped[int] = plain(nullable=False)
    #: The official.
    official_id: Mapped[int] = plain(nullable=False)
    #: The post under which the official is invited; kept when people rotate.
    appointment_id: Mapped[int | None] = plain()
    #: The unit of that post on that day.
    unit_id: Mapped[int | None] = plain()
    #: The spouse who is invited too.
    spouse_id: Mapped[int | None] = plain()
    #: Day of the invitation.
    invited_on: Mapped[date | None] = plain()
    #: What was answered to the invitation.
    reply: Mapped[str] = plain(one_of("reply", KNOWN), nullable=False, default="unknown")
    #: Who came instead, when somebody did.
    delegate: Mapped[str | None] = personal()
    #: Why somebody came alone or not at all; a remark, not a reproach.
    note: Mapped[str | None] = personal()

    session: Mapped[TrainingSession] = relationship(
        foreign_keys=[training_session_id], back_populates="participations"
    )
    official: Mapped[Official] = relationship(
        foreign_keys=[official_id], back_populates="participations"
    )
    appointment: Mapped[Appointment | None] = relationship(foreign_keys=[appointment_id])
    unit: Mapped[Unit | None] = relationship(foreign_keys=[unit_id])
    spouse: Mapped[Spouse | None] = relationship(foreign_keys=[spouse_id])
    attendance: Mapped[list[Attendance]] = relationship(
        foreign_keys="Attendance.participation_id",
        back_populates="participation",
        order_by="Attendance.id",
    )

    def __str__(self) -> str:
        return f"{self.official} – {self.session}"


class AttendanceSheet(Keyed, InRegion, Versioned, WorkflowRecord, Logged, Base):
    """The list of one session part with its marks; moves by its process alone."""

    __tablename__ = "attendance_sheet"
    __table_args__ = (
        inside("agenda_item_id", "agenda_item"),
        reached_inside(),
        sa.UniqueConstraint("agenda_item_id"),
        sa.UniqueConstraint("id", "region_id", "agenda_item_id"),
    )
    __process__ = "attendance_sheet"

    #: The session part whose list it is.
    agenda_item_id: Mapped[int] = plain(nullable=False)

    agenda_item: Mapped[AgendaItem] = relationship(foreign_keys=[agenda_item_id])

    if TYPE_CHECKING:
        expected: Mapped[int]
        recorded: Mapped[int]

    @property
    def day(self) -> date | None:
        """The day of the session; none when it is not known."""
        return self.agenda_item.session.held_on

    @property
    def unrecorded(self) -> tuple[str, ...]:
        """The officials on the session's list of whom nothing is recorded here, by name."""
        session = object_session(self)
        if session is None or self.recorded == self.expected:
            return ()
        here = sa.exists().where(
            Attendance.participation_id == Participation.id,
            Attendance.sheet_id == self.id,
            Attendance.party == "official",
        )
        names = (
            sa.select(Official.full_name)
            .join(Participation, Participation.official_id == Official.id)
            .join(AgendaItem, AgendaItem.training_session_id == Participation.training_session_id)
            .where(AgendaItem.id == self.agenda_item_id, ~here)
            .order_by(Official.full_name, Official.id)
        )
        return tuple(session.scalars(names))

    @property
    def unnamed(self) -> tuple[str, ...]:
        """The officials who are, or whose spouse is, represented by nobody knows whom, by name."""
        session = object_session(self)
        if session is None:
            return ()
        names = (
            sa.select(Official.full_name)
            .join(Participation, Participation.official_id == Official.id)
            .join(Attendance, Attendance.participation_id == Participation.id)
            .where(
                Attendance.sheet_id == self.id,
                Attendance.status == "represented",
                sa.func.coalesce(sa.func.trim(Attendance.note), "") == "",
                sa.or_(Attendance.party == "spouse", Participation.delegate.is_(None)),
            )
            .order_by(Official.full_name, Official.id)
        )
        return tuple(session.scalars(names))

    @property
    def corrected(self) -> tuple[Any, ...]:
        """What is not as it was signed: officials by name, for them or the spouse, and scans."""
        session = object_session(self)
        if session is None:
            return ()
        rows, scans = changed_since_signed(session, self)
        return (*names_of(session, rows), *(say("a scan") for _ in scans))

    @classmethod
    def decided_or_complete(cls) -> sa.ColumnElement[bool]:
        """Sheets that were decided on, or whose day has come with everybody recorded."""
        held_on = (
            sa.select(TrainingSession.held_on)
            .join(AgendaItem, AgendaItem.training_session_id == TrainingSession.id)
            .where(AgendaItem.id == cls.agenda_item_id)
            .correlate(cls)
            .scalar_subquery()
        )
        complete = sa.and_(cls.recorded > 0, cls.recorded >= cls.expected)
        come = sa.func.coalesce(held_on, today()) <= today()
        return sa.or_(cls.decision_id.is_not(None), sa.and_(complete, come))

    def parties(self, session: Session) -> Mapping[str, frozenset[int]]:
        """Accounts that see a part of the sheet only."""
        return {"part_of_region": held_in_part(session, self.region_id, today())}

    def __str__(self) -> str:
        part, held = self.agenda_item.title, self.agenda_item.session.name
        return held if held.casefold().startswith(part.casefold()) else f"{part}, {held}"


class Attendance(Keyed, InRegion, Versioned, Logged, Base):
    """Whether one party of a participation was there at one session part."""

    __tablename__ = "attendance"
    __table_args__ = (
        of_same_session("participation_id", "participation"),
        of_same_session("agenda_item_id", "agenda_item"),
        sa.ForeignKeyConstraint(
            ["sheet_id", "region_id", "agenda_item_id"],
            [f"attendance_sheet.{name}" for name in ("id", "region_id", "agenda_item_id")],
        ),
        sa.UniqueConstraint("participation_id", "agenda_item_id", "party"),
        sa.Index("ix_attendance_item", "agenda_item_id"),
        sa.Index("ix_attendance_sheet_id", "sheet_id"),
    )
    __locked_with__ = "sheet"
    #: Who takes part stands in the participation: whoever signs signs for these people.
    __frozen__ = (
        "participation_id",
        "participation.official_id",
        "participation.spouse_id",
        "agenda_item_id",
        "party",
        "status",
        "note",
    )

    #: The session, so that part and participation are of the same one.
    training_session_id: Mapped[int] = plain(nullable=False)
    #: The participation.
    participation_id: Mapped[int] = plain(nullable=False)
    #: The session part.
    agenda_item_id: Mapped[int] = plain(nullable=False)
    #: The sheet of that part; what it says of the lock holds for the mark.
    sheet_id: Mapped[int] = plain(nullable=False)
    #: The official or the spouse.
    party: Mapped[str] = plain(one_of("party", PARTIES), nullable=False)
    #: Present, excused, sick, on duty elsewhere, absent without word, or represented.
    status: Mapped[str] = plain(one_of("status", ATTENDANCE), nullable=False)
    #: A remark on it.
    note: Mapped[str | None] = personal()

    participation: Mapped[Participation] = relationship(
        foreign_keys=[participation_id], back_populates="attendance"
    )
    agenda_item: Mapped[AgendaItem] = relationship(foreign_keys=[agenda_item_id])
    sheet: Mapped[AttendanceSheet] = relationship(foreign_keys=[sheet_id])

    def __str__(self) -> str:
        return f"{self.participation}, {self.agenda_item}"


class Score(Keyed, InRegion, Versioned, Logged, Base):
    """Test results of one party before and after a session, 0 to 100."""

    __tablename__ = "score"
    __table_args__ = (
        inside("participation_id", "participation"),
        sa.UniqueConstraint("participation_id", "party"),
        sa.CheckConstraint("before IS NULL OR before BETWEEN 0 AND 100", name="before_range"),
        sa.CheckConstraint("after IS NULL OR after BETWEEN 0 AND 100", name="after_range"),
    )

    #: The participation.
    participation_id: Mapped[int] = plain(nullable=False)
    #: The official or the spouse.
    party: Mapped[str] = plain(one_of("party", PARTIES), nullable=False)
    #: Points before the session; none when no test was taken.
    before: Mapped[int | None] = plain()
    #: Points after the session; none when no test was taken.
    after: Mapped[int | None] = plain()

    participation: Mapped[Participation] = relationship(foreign_keys=[participation_id])

    def __str__(self) -> str:
        return str(self.participation)


#: Officials on the list of the session whose part it is.
AttendanceSheet.expected = column_property(
    sa.select(sa.func.count(Participation.id))
    .where(
        Participation.training_session_id == AgendaItem.training_session_id,
        AgendaItem.id == AttendanceSheet.agenda_item_id,
    )
    .correlate(AttendanceSheet)
    .scalar_subquery()
)
#: Officials whose attendance at it is recorded, in whatever way.
AttendanceSheet.recorded = column_property(
    sa.select(sa.func.count(Attendance.id))
    .where(
        Attendance.sheet_id == AttendanceSheet.id,
        Attendance.party == "official",
    )
    .correlate(AttendanceSheet)
    .scalar_subquery()
)
