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
        "tag": {"clerk": "r", "supervisor": "r", "auditor": "r"},
        "account": {"auditor": "r", "administrator": "rce"},
        "role": {"auditor": "r", "administrator": "rce"},
        "account_grant": {"auditor": "r", "administrator": "rce"},
        "change": {"clerk": "r", "supervisor": "r", "auditor": "rx verify", "administrator": "r"},
    }
)
MASKS = frozenset((role, "person", "nip") for role in ("supervisor", "auditor"))


def scope(statement: Any, entity: Any, actor: Actor) -> Any:
    """Rows of the actor's regions; rows without a region are everybody's."""
    table = sa.inspect(entity).local_table
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
panel = Panel(db, log=log, access=access)
