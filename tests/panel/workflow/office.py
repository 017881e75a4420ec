"""A foreign host for the tests of the workflow: leave requests with their days, no town, no Flask.

Ani asks for leave, Bayu and Dewi grant it; the process has every kind of rule once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, registry, relationship, sessionmaker

from panel.access.rules import Actor
from panel.changelog.deeds import OpenDeed, deed
from panel.changelog.records import (
    AdoptionMixin,
    ChangeLog,
    ChangeMixin,
    DeedMixin,
    LogContextMixin,
    Logged,
    plain,
)
from panel.changelog.triggers import install
from panel.columns import Utc
from panel.words import Label, Sentence, say
from panel.workflow.definition import OWN_DUTIES, Guard
from panel.workflow.records import (
    DecisionMixin,
    ProcessFieldMixin,
    ProcessMappingMixin,
    ProcessStateMixin,
    ProcessVersionMixin,
    Workflow,
    WorkflowRecord,
)

ANI = Actor(1, "Ani", frozenset({"staff"}))
ASEP = Actor(2, "Asep", frozenset({"staff"}))
BAYU = Actor(3, "Bayu", frozenset({"chief"}))
DEWI = Actor(4, "Dewi", frozenset({"chief"}))
BOTH = Actor(5, "Both", frozenset({"staff", "chief"}))
ROLES = {"staff": Label({"en": "Staff"}), "chief": Label({"en": "Chief"})}
DUTIES: Mapping[str, Sentence] = {**OWN_DUTIES, "stand_in": say("You stand in meanwhile.")}

PROCESS = """
kind = "leave_request"
table = "leave_request"
label = { id = "Cuti", en = "Leave" }

[[state]]
code = "draft"
label = { id = "Draf", en = "Draft" }
category = "draft"
initial = true
editable = ["all"]

[[state]]
code = "asked"
label = { id = "Diminta", en = "Asked" }
category = "waiting"

[[state]]
code = "granted"
label = { id = "Diberi", en = "Granted" }
category = "active"
editable = ["note", "leave_day.note", "leave_paper"]

[[state]]
code = "over"
label = { id = "Selesai", en = "Over" }
category = "done"

[[transition]]
name = "ask"
label = { id = "Minta", en = "Ask" }
from = ["draft"]
to = "asked"
roles = ["staff"]
guards = ["has_days"]
style = "main"

[[transition]]
name = "withdraw"
label = { id = "Tarik", en = "Withdraw" }
from = ["asked"]
to = "draft"
roles = ["staff"]

[[transition]]
name = "grant"
label = { id = "Beri", en = "Grant" }
from = ["asked"]
to = "granted"
roles = ["chief"]
duties = ["creator", "editor", "stand_in"]
guards = ["has_pay"]
reason_when = ["unpaid"]
sets = ["pay", "leave_day.verdict"]
keeps_reason = "pay_note"
approves = true
style = "main"

[[transition]]
name = "end"
label = { id = "Akhiri", en = "End" }
from = ["granted"]
to = "over"
roles = ["chief"]
duties = ["creator", "editor"]
style = "main"

[[transition]]
name = "reopen"
label = { id = "Buka lagi", en = "Reopen" }
from = ["granted", "over"]
to = "draft"
roles = ["chief"]
needs_reason = true
clears = ["pay", "pay_note"]
style = "negative"
"""


class Base(DeclarativeBase):
    registry = registry(type_annotation_map={str: sa.Text(), datetime: Utc()})


class Deed(DeedMixin, Base): ...


class Change(ChangeMixin, Base): ...


class LogContext(LogContextMixin, Base): ...


class Adoption(AdoptionMixin, Base): ...


class ProcessVersion(ProcessVersionMixin, Logged, Base): ...


class ProcessState(ProcessStateMixin, Logged, Base): ...


class ProcessField(ProcessFieldMixin, Logged, Base): ...


class ProcessMapping(ProcessMappingMixin, Logged, Base): ...


class Decision(DecisionMixin, Logged, Base): ...


class LeaveRequest(WorkflowRecord, Logged, Base):
    __tablename__ = "leave_request"
    __machinery__ = frozenset({"printed"})

    id: Mapped[int] = plain(primary_key=True)
    code: Mapped[str | None] = plain(unique=True)
    why: Mapped[str] = plain(nullable=False, default="")
    note: Mapped[str | None] = plain()
    facts: Mapped[object | None] = plain(sa.JSON(none_as_null=True))
    pay: Mapped[str | None] = plain()
    pay_note: Mapped[str | None] = plain()
    printed: Mapped[int] = plain(nullable=False, default=0)
    stand_in_id: Mapped[int | None] = plain()
    #: A name that SQL keeps for itself.
    order: Mapped[int | None] = plain()

    days: Mapped[list[LeaveDay]] = relationship(
        back_populates="request", cascade="all, delete-orphan", passive_deletes=True
    )
    papers: Mapped[list[LeavePaper]] = relationship(
        back_populates="request", cascade="all, delete-orphan"
    )

    def parties(self, session: Session) -> Mapping[str, frozenset[int]]:
        return {"stand_in": frozenset([self.stand_in_id] if self.stand_in_id else [])}


class LeaveDay(Logged, Base):
    __tablename__ = "leave_day"
    __table_args__ = (sa.UniqueConstraint("request_id", "day"),)
    __locked_with__ = "request"

    id: Mapped[int] = plain(primary_key=True)
    request_id: Mapped[int] = plain(
        sa.ForeignKey("leave_request.id", ondelete="CASCADE"), nullable=False
    )
    day: Mapped[date] = plain(sa.Date, nullable=False)
    note: Mapped[str | None] = plain()
    verdict: Mapped[str | None] = plain()

    request: Mapped[LeaveRequest] = relationship(back_populates="days")


class LeavePaper(Logged, Base):
    __tablename__ = "leave_paper"
    __locked_with__ = "request"

    id: Mapped[int] = plain(primary_key=True)
    group: Mapped[str | None] = plain(unique=True)
    request_id: Mapped[int] = plain(sa.ForeignKey("leave_request.id"), nullable=False)
    name: Mapped[str] = plain(nullable=False)

    request: Mapped[LeaveRequest] = relationship(back_populates="papers")


def _has_days(request: LeaveRequest) -> Sentence | None:
    return None if request.days else say("Name a day first.")


def _has_pay(request: LeaveRequest) -> Sentence | None:
    return None if request.pay else say("Say first whether it is paid.")


def _unpaid(request: LeaveRequest) -> Sentence | None:
    return say("Say why it is not paid.") if request.pay == "unpaid" else None


GUARDS = {
    "has_days": Guard(_has_days, "days"),
    "has_pay": Guard(_has_pay, "pay"),
    "unpaid": Guard(_unpaid, "reason"),
}


class Office:
    """A database with tables and triggers, made if it is empty, its change log and its workflow."""

    def __init__(self, url: str) -> None:
        self.log = ChangeLog(
            deed=Deed,
            change=Change,
            context=LogContext,
            adoption=Adoption,
            metadata=Base.metadata,
            key=lambda: b"a key that is not in the database",
        )
        self.workflow = Workflow(
            log=self.log,
            process_version=ProcessVersion,
            process_state=ProcessState,
            process_field=ProcessField,
            process_mapping=ProcessMapping,
            decision=Decision,
            guards=GUARDS,
            duties=DUTIES,
            roles=ROLES,
        )
        self.engine: Engine = sa.create_engine(url)
        self.log.attach(self.engine)
        empty = not sa.inspect(self.engine).has_table("leave_request")
        if empty:
            with self.engine.execution_options(write="schema").begin() as connection:
                Base.metadata.create_all(connection)
                install(connection, self.triggers())
        self.sessions = sessionmaker(self.engine)
        self.workflow.attach(self.sessions)
        self.workflow.define(PROCESS)
        if empty:
            with self.acting(ANI, "install") as (session, _):
                self.workflow.sync(session)

    def triggers(self) -> list[object]:
        name = self.engine.dialect.name
        return [*self.log.triggers(name), *self.workflow.triggers(name)]

    @contextmanager
    def acting(
        self, actor: Actor, action: str = "test", **facts: object
    ) -> Iterator[tuple[Session, OpenDeed]]:
        """A session in a deed of `actor`, committed at the end."""
        with deed(action, actor=actor, **facts) as opened, self.sessions() as session:
            yield session, opened
            session.commit()

    def ask(self, actor: Actor = ANI, **values: object) -> int:
        """A draft with one day and one paper."""
        with self.acting(actor) as (session, _):
            request = LeaveRequest(why="rest", **values)
            request.days.append(LeaveDay(day=date(2026, 11, 21)))
            request.papers.append(LeavePaper(name="letter"))
            session.add(request)
            session.flush()
            number = request.id
            session.commit()
        return number

    def move(self, actor: Actor, number: int, step: str, **options: object) -> None:
        """Take a step on what stands there now."""
        with self.acting(actor, "try") as (session, _):
            request = session.get_one(LeaveRequest, number)
            seen = self.workflow.snapshot(session, request)[1]
            self.workflow.move(session, request, step, **{"seen": seen, **options})

    def at(self, state: str) -> int:
        """A request of Ani's that came to this state by its steps."""
        number = self.ask()
        if state in {"asked", "granted", "over"}:
            self.move(ANI, number, "ask")
        if state in {"granted", "over"}:
            self.move(BAYU, number, "grant", values={"pay": "paid"})
        if state == "over":
            self.move(BAYU, number, "end")
        return number

    def stored(self) -> list[tuple[object, ...]]:
        """Everything that the tables and the log hold, to be compared before and after."""
        with self.engine.connect() as connection:
            return [
                (table.name, *row)
                for table in Base.metadata.sorted_tables
                if table.name != "log_context"
                for row in connection.execute(sa.select(table).order_by(*table.primary_key))
            ]
