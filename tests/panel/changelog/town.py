"""A small town for the tests of the change log: every type of column, children, an association."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry, relationship

from panel.changelog.records import (
    APPEND_ONLY,
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
from panel.changelog.rules import Command
from panel.changelog.triggers import install
from panel.columns import Utc, one_of

ANI = Command("ani", id=7, kind="account")
BAYU = Command("bayu", id=8, kind="account")
KEY = b"a key that is not in the database"


class Base(DeclarativeBase):
    registry = registry(type_annotation_map={str: sa.Text(), datetime: Utc()})


class Deed(DeedMixin, Base): ...


class Change(ChangeMixin, Base): ...


class LogContext(LogContextMixin, Base): ...


class Adoption(AdoptionMixin, Base): ...


official_tag = sa.Table(
    "official_tag",
    Base.metadata,
    sa.Column("official_id", sa.ForeignKey("official.id"), primary_key=True, info=PLAIN),
    sa.Column("tag_id", sa.ForeignKey("tag.id"), primary_key=True, info=PLAIN),
    info={"logged": True},
)


class Tag(Logged, Base):
    __tablename__ = "tag"

    id: Mapped[int] = plain(primary_key=True)
    name: Mapped[str] = plain(nullable=False, unique=True)


class Official(Logged, Base):
    __tablename__ = "official"

    id: Mapped[int] = plain(primary_key=True)
    region_id: Mapped[int | None] = plain()
    full_name: Mapped[str] = personal(nullable=False)
    phone: Mapped[str | None] = personal()
    password: Mapped[str | None] = secret()
    status: Mapped[str | None] = plain(one_of("status", ("active", "retired")))
    rank: Mapped[int | None] = plain()
    active: Mapped[bool | None] = plain()
    born: Mapped[date | None] = plain(sa.Date)
    seen_at: Mapped[datetime | None] = plain()
    photo: Mapped[bytes | None] = plain(sa.LargeBinary)
    notes: Mapped[object | None] = plain(sa.JSON(none_as_null=True))
    tags: Mapped[list[Tag]] = relationship(secondary=official_tag)


class Pledge(Logged, Base):
    __tablename__ = "pledge"

    id: Mapped[int] = plain(primary_key=True)
    official_id: Mapped[int] = plain(
        sa.ForeignKey("official.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED")
    )
    text: Mapped[str] = plain(nullable=False)


class Ruling(Logged, Base):
    __tablename__ = "ruling"
    __table_args__ = (sa.UniqueConstraint("official_id", "number"), {"info": dict(APPEND_ONLY)})

    id: Mapped[int] = plain(primary_key=True)
    official_id: Mapped[int] = plain(nullable=False)
    number: Mapped[int] = plain(nullable=False)


class Visit(Base):
    """Outside the log, like web sessions."""

    __tablename__ = "visit"

    id: Mapped[int] = mapped_column(primary_key=True)
    page: Mapped[str] = mapped_column(nullable=False)


def open_town(url: str, **options: object) -> tuple[Engine, ChangeLog]:
    """A database with tables and triggers, made if there are none, and an attached log."""
    log = ChangeLog(
        deed=Deed,
        change=Change,
        context=LogContext,
        adoption=Adoption,
        metadata=Base.metadata,
        key=lambda: KEY,
        scope="region_id",
    )
    engine = sa.create_engine(url, **options)
    log.attach(engine)
    if not sa.inspect(engine).has_table("official"):
        with engine.execution_options(write="schema").begin() as connection:
            Base.metadata.create_all(connection)
            install(connection, log.triggers(engine.dialect.name))
    return engine, log
