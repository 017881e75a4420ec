"""A small office with two regions for the tests of the screens: its tables, policy and views."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, registry, relationship

from panel.access.asking import Access
from panel.access.records import (
    AccountMixin,
    AttemptMixin,
    FormTokenMixin,
    GrantMixin,
    RoleMixin,
    WebSessionMixin,
)
from panel.access.rules import Actor, Place, read_policy
from panel.changelog.records import (
    PLAIN,
    AdoptionMixin,
    ChangeLog,
    ChangeMixin,
    DeedMixin,
    LogContextMixin,
    Logged,
    personal,
    plain,
    secret,
)
from panel.columns import Utc, one_of
from panel.plugin import Panel
from panel.words import say
from panel.workflow.definition import Guard
from panel.workflow.records import (
    DecisionMixin,
    ProcessFieldMixin,
    ProcessMappingMixin,
    ProcessStateMixin,
    ProcessVersionMixin,
    Workflow,
    WorkflowRecord,
)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class Base(DeclarativeBase):
    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMING),
        type_annotation_map={str: sa.Text(), date: sa.Date(), datetime: Utc()},
    )


db = SQLAlchemy(model_class=Base)


class Deed(DeedMixin, Base): ...


class Change(ChangeMixin, Base): ...


class LogContext(LogContextMixin, Base): ...


class Adoption(AdoptionMixin, Base): ...


account_role = sa.Table(
    "account_role",
    Base.metadata,
    sa.Column("account_id", sa.ForeignKey("account.id"), primary_key=True, info=PLAIN),
    sa.Column("role_id", sa.ForeignKey("role.id"), primary_key=True, info=PLAIN),
    info={"logged": True},
)


class Region(Logged, Base):
    __tablename__ = "region"

    id: Mapped[int] = plain(primary_key=True)
    name: Mapped[str] = plain(nullable=False)

    def __str__(self) -> str:
        return self.name


class Role(RoleMixin, Logged, Base):
    __tablename__ = "role"


class Account(AccountMixin, Logged, Base):
    __tablename__ = "account"

    roles: Mapped[list[Role]] = relationship(secondary=account_role)
    grants: Mapped[list[Grant]] = relationship(back_populates="account")


class Grant(GrantMixin, Logged, Base):
    __tablename__ = "account_grant"

    region_id: Mapped[int] = plain(sa.ForeignKey("region.id"), nullable=False)
    account: Mapped[Account] = relationship(back_populates="grants")
    region: Mapped[Region] = relationship()

    def place(self) -> Place:
        return Place(self.region_id)


class WebSession(WebSessionMixin, Base):
    __tablename__ = "web_session"


class SignInAttempt(AttemptMixin, Base):
    __tablename__ = "sign_in_attempt"


class FormToken(FormTokenMixin, Base):
    __tablename__ = "form_token"


person_tag = sa.Table(
    "person_tag",
    Base.metadata,
    sa.Column("person_id", sa.ForeignKey("person.id"), primary_key=True, info=PLAIN),
    sa.Column("tag_id", sa.ForeignKey("tag.id"), primary_key=True, info=PLAIN),
    info={"logged": True},
)


class Tag(Logged, Base):
    __tablename__ = "tag"

    id: Mapped[int] = plain(primary_key=True)
    name: Mapped[str] = plain(nullable=False, unique=True)

    def __str__(self) -> str:
        return self.name


class Desk(Logged, Base):
    """Where somebody sits; belongs to a region."""

    __tablename__ = "desk"

    id: Mapped[int] = plain(primary_key=True)
    region_id: Mapped[int] = plain(sa.ForeignKey("region.id"), nullable=False)
    name: Mapped[str] = plain(nullable=False)
    code: Mapped[str | None] = plain()

    def __str__(self) -> str:
        return self.name


class Person(Logged, Base):
    """Somebody of a region, with a number that is masked for some."""

    __tablename__ = "person"
    __table_args__ = (
        sa.UniqueConstraint("region_id", "nip"),
        sa.CheckConstraint("length(name) > 1", name="name_long"),
    )

    id: Mapped[int] = plain(primary_key=True)
    region_id: Mapped[int] = plain(sa.ForeignKey("region.id"), nullable=False)
    name: Mapped[str] = personal(nullable=False)
    nip: Mapped[str | None] = personal(sa.String(18))
    kind: Mapped[str] = plain(one_of("kind", ("staff", "elected")), nullable=False, default="staff")
    born_on: Mapped[date | None] = personal()
    note: Mapped[str | None] = plain()
    pin: Mapped[str | None] = secret()
    phone: Mapped[str | None] = personal()
    desk_id: Mapped[int | None] = plain(sa.ForeignKey("desk.id"))
    desk: Mapped[Desk | None] = relationship()
    region: Mapped[Region] = relationship()
    tags: Mapped[list[Tag]] = relationship(secondary=person_tag, order_by=Tag.id)
    visits: Mapped[list[Visit]] = relationship(back_populates="person", order_by="Visit.id")

    def __str__(self) -> str:
        return self.name


class Visit(Logged, Base):
    """A visit of a person; it keeps the person from being deleted."""

    __tablename__ = "visit"

    id: Mapped[int] = plain(primary_key=True)
    region_id: Mapped[int] = plain(sa.ForeignKey("region.id"), nullable=False)
    person_id: Mapped[int] = plain(sa.ForeignKey("person.id"), nullable=False)
    purpose: Mapped[str] = plain(nullable=False)
    person: Mapped[Person] = relationship(back_populates="visits")

    def __str__(self) -> str:
        return self.purpose


class Plan(WorkflowRecord, Logged, Base):
    """A plan with a process."""

    __tablename__ = "plan"

    id: Mapped[int] = plain(primary_key=True)
    region_id: Mapped[int] = plain(sa.ForeignKey("region.id"), nullable=False)
    title: Mapped[str] = plain(nullable=False)
    target: Mapped[str | None] = plain()
    note: Mapped[str | None] = plain()
    due_on: Mapped[date | None] = plain()
    result: Mapped[str | None] = plain(one_of("result", ("good", "poor")))
    person_id: Mapped[int | None] = plain(sa.ForeignKey("person.id"))
    person: Mapped[Person | None] = relationship()
    steps: Mapped[list[Step]] = relationship(back_populates="plan", order_by="Step.id")

    def __str__(self) -> str:
        return self.title


class Step(Logged, Base):
    """A step of a plan, under its lock."""

    __tablename__ = "step"
    __locked_with__ = "plan"

    id: Mapped[int] = plain(primary_key=True)
    region_id: Mapped[int] = plain(sa.ForeignKey("region.id"), nullable=False)
    plan_id: Mapped[int] = plain(sa.ForeignKey("plan.id"), nullable=False)
    text: Mapped[str] = plain(nullable=False)
    progress: Mapped[str | None] = plain()
    plan: Mapped[Plan] = relationship(back_populates="steps")

    def __str__(self) -> str:
        return self.text


class ProcessVersion(ProcessVersionMixin, Logged, Base): ...


class ProcessState(ProcessStateMixin, Logged, Base): ...


class ProcessField(ProcessFieldMixin, Logged, Base): ...


class ProcessMapping(ProcessMappingMixin, Logged, Base): ...


class Decision(DecisionMixin, Logged, Base): ...


PROCESS = """
kind = "plan"
table = "plan"
label = { id = "Rencana", en = "Plan" }

[[state]]
code = "draft"
label = { id = "Draf", en = "Draft" }
category = "draft"
initial = true
editable = ["all"]

[[state]]
code = "submitted"
label = { id = "Diajukan", en = "Submitted" }
category = "waiting"

[[state]]
code = "returned"
label = { id = "Dikembalikan", en = "Returned" }
category = "draft"
tone = "returned"
editable = ["all"]

[[state]]
code = "running"
label = { id = "Berjalan", en = "Running" }
category = "active"
editable = ["note", "step.progress"]

[[state]]
code = "closed"
label = { id = "Ditutup", en = "Closed" }
category = "done"

[[transition]]
name = "submit"
label = { id = "Ajukan", en = "Submit" }
from = ["draft", "returned"]
to = "submitted"
roles = ["clerk"]
guards = ["has_target"]
style = "main"

[[transition]]
name = "approve"
label = { id = "Setujui", en = "Approve" }
from = ["submitted"]
to = "running"
roles = ["supervisor"]
duties = ["creator", "editor"]
approves = true
style = "main"

[[transition]]
name = "return"
label = { id = "Kembalikan", en = "Return" }
from = ["submitted"]
to = "returned"
roles = ["supervisor"]
duties = ["creator", "editor"]
needs_reason = true
style = "negative"

[[transition]]
name = "close"
label = { id = "Tutup", en = "Close" }
from = ["running"]
to = "closed"
roles = ["supervisor"]
sets = ["result"]
guards = ["has_result"]
style = "main"
"""


def has_target(plan: Any) -> Any:
    return None if plan.target else say("Fill in the target first.")


def has_result(plan: Any) -> Any:
    return None if plan.result else say("Choose the result.")


class Ledger(Logged, Base):
    """A kind without a row in the policy: nobody comes in."""

    __tablename__ = "ledger"

    id: Mapped[int] = plain(primary_key=True)
    name: Mapped[str] = plain(nullable=False)


POLICY = read_policy(
    {
        "region": {"clerk": "r", "supervisor": "r", "auditor": "r", "administrator": "rce"},
        "desk": {"clerk": "rced", "auditor": "rx"},
        "person": {"clerk": "rcedx unmask", "supervisor": "rx unmask", "auditor": "rx"},
        "visit": {"clerk": "rced", "supervisor": "r"},
        "plan": {"clerk": "rced", "supervisor": "r", "auditor": "rx"},
        "step": {"clerk": "rced", "supervisor": "r", "auditor": "rx"},
        "decision": {"clerk": "r", "supervisor": "r", "auditor": "r"},
        "process_version": {"clerk": "r", "supervisor": "r", "auditor": "r"},
        "tag": {"clerk": "r", "supervisor": "r", "auditor": "r"},
        "account": {"auditor": "r", "administrator": "rce"},
        "role": {"auditor": "r", "administrator": "rce"},
        "account_grant": {"auditor": "r", "administrator": "rce"},
        "change": {"auditor": "rx verify", "administrator": "r"},
    }
)
MASKS = frozenset(
    {(role, "person", "nip") for role in ("supervisor", "auditor")}
    | {(role, "person", "phone") for role in ("clerk", "supervisor", "auditor")}
)


def scope(statement: Any, entity: Any, actor: Actor) -> Any:
    """Rows of the actor's regions; rows without a region are everybody's."""
    table = sa.inspect(entity).local_table
    if entity is Account:
        return statement.where(
            sa.exists().where(
                Grant.account_id == Account.id,
                Grant.region_id.in_([place.region_id for place in actor.places]),
            )
        )
    if "region_id" in table.c:
        regions = [place.region_id for place in actor.places]
        return statement.where(entity.region_id.in_(regions))
    return statement


log = ChangeLog(
    deed=Deed,
    change=Change,
    context=LogContext,
    adoption=Adoption,
    metadata=Base.metadata,
    key=lambda: b"key of the tests",
    scope="region_id",
)
access = Access(
    policy=POLICY,
    masks=MASKS,
    account=Account,
    role=Role,
    grant=Grant,
    web_session=WebSession,
    attempt=SignInAttempt,
    form_token=FormToken,
    scope=scope,
)
workflow = Workflow(
    log=log,
    process_version=ProcessVersion,
    process_state=ProcessState,
    process_field=ProcessField,
    process_mapping=ProcessMapping,
    decision=Decision,
    guards={"has_target": Guard(has_target, "target"), "has_result": Guard(has_result, "result")},
)
workflow.define(PROCESS)
workflow.attach(db.session)
panel = Panel(
    db,
    log=log,
    access=access,
    workflow=workflow,
    region_text=lambda actor: ("Kota Contoh", f"{len(actor.places)}"),
)
