"""Tables of the change log as mixins, and the marks by which columns and tables enter it.

Every column of a logged table is marked `plain`, `personal` or `secret`: plain values stand in
`change.data`, personal ones in `change.personal` under a salt of their own so that they can be
erased, of secrets only that they changed. The log's own tables are only ever added to.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, MappedColumn, Mapper, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from .rules import text_of_moment

PLAIN: dict[str, Any] = {"log": "plain"}
PERSONAL: dict[str, Any] = {"log": "personal"}
SECRET: dict[str, Any] = {"log": "secret"}
#: `Table(..., info=APPEND_ONLY)`: rows are added, never changed nor taken away.
APPEND_ONLY: dict[str, Any] = {"append_only": True}
#: The same, but a deed of erasure may take away `personal` and `salt` and leave their commitment.
ERASABLE: dict[str, Any] = {**APPEND_ONLY, "erasable": True}
#: And a deed of archiving may take away `data` and leave its digest.
ARCHIVABLE: dict[str, Any] = {**ERASABLE, "archivable": True}


def plain(*args: Any, **options: Any) -> MappedColumn[Any]:
    """A column whose values are no secret and belong to no person."""
    return _marked(PLAIN, args, options)


def personal(*args: Any, **options: Any) -> MappedColumn[Any]:
    """A column whose values a person may have erased one day."""
    return _marked(PERSONAL, args, options)


def secret(*args: Any, **options: Any) -> MappedColumn[Any]:
    """A column whose values never reach the log."""
    return _marked(SECRET, args, options)


def _marked(mark: dict[str, Any], args: Any, options: dict[str, Any]) -> MappedColumn[Any]:
    info = {**options.pop("info", {}), **mark}
    return mapped_column(*args, info=info, **options)


class Logged:
    """A model whose every change is captured; a plain table says `info={"logged": True}`."""

    __logged__ = True


@event.listens_for(Logged, "instrument_class", propagate=True)
def _mark_table(mapper: Mapper[Any], model: type[Any]) -> None:
    cast("sa.Table", mapper.local_table).info["logged"] = True


class LogTime(TypeDecorator[datetime]):
    """A moment kept as the text that the seal covers, on both databases alike."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """The log's own text form."""
        return None if value is None else text_of_moment(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """An aware UTC moment."""
        return None if value is None else datetime.fromisoformat(value)


_Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
#: Compared byte by byte everywhere, so that the replay can walk log and table side by side.
_Key = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


class ChangeMixin:
    """One captured change of one row; written by triggers and by nothing else."""

    __tablename__ = "change"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        return (
            sa.CheckConstraint("op = 'I' OR op = 'U' OR op = 'D'", name="op"),  # IN is slow
            sa.Index("ix_change_record", "tbl", "pk", "id"),
            sa.Index("ix_change_deed", "deed_id", "id"),
            sa.Index(
                "ix_change_outside",
                "id",
                sqlite_where=sa.text("deed_id IS NULL"),
                postgresql_where=sa.text("deed_id IS NULL"),
            ),
            sa.Index(
                "ix_change_archived",
                "archived_by",
                "id",
                sqlite_where=sa.text("archived_by IS NOT NULL"),
                postgresql_where=sa.text("archived_by IS NOT NULL"),
            ),
            {"info": dict(ARCHIVABLE)},
        )

    #: Grows, may have gaps.
    id: Mapped[int] = mapped_column(_Big, primary_key=True)
    #: The deed it claims to belong to; none when written outside the application.
    deed_id: Mapped[int | None] = mapped_column(_Big)
    #: Name of the table.
    tbl: Mapped[str] = mapped_column(sa.Text, nullable=False)
    #: I inserted, U updated, D deleted.
    op: Mapped[str] = mapped_column(sa.Text, nullable=False)
    #: Primary key as text; a JSON list of texts where it has several columns.
    pk: Mapped[str] = mapped_column(_Key, nullable=False)
    #: What readers are let in by: the row's scope column as text, where it has one.
    scope: Mapped[str | None] = mapped_column(sa.Text)
    #: JSON: column to value (I, D) or to [old, new] (U); values are text or null.
    data: Mapped[str] = mapped_column(sa.Text, nullable=False)
    #: The same for personal columns; none where there are none, or after erasure.
    personal: Mapped[str | None] = mapped_column(sa.Text)
    #: Random, mixed into the commitment of `personal`.
    salt: Mapped[str | None] = mapped_column(sa.Text)
    #: When the row was written.
    at: Mapped[datetime] = mapped_column(LogTime, nullable=False)
    #: Account of the database, where it has any.
    who: Mapped[str | None] = mapped_column(sa.Text)
    #: Transaction of the database, where it tells.
    tx: Mapped[str | None] = mapped_column(sa.Text)
    #: After erasure: the commitment that `personal` and `salt` left behind.
    erased: Mapped[str | None] = mapped_column(sa.Text)
    #: After archiving: the digest that `data` left behind; its values are in a file.
    archived: Mapped[str | None] = mapped_column(sa.Text)
    #: `deed.id` of the deed that archived it, whose details name the file.
    archived_by: Mapped[int | None] = mapped_column(_Big)

    @property
    def values(self) -> dict[str, Any]:
        """Plain and personal values together, column to text, or to [old, new] at an update.

        Of an archived row the personal ones alone: ask `archived` first.
        """
        return {**json.loads(self.data), **self.personal_values}

    @property
    def personal_values(self) -> dict[str, Any]:
        """The personal ones alone, for readers who must see them masked."""
        found: dict[str, Any] = json.loads(self.personal) if self.personal else {}
        return found


class DeedMixin:
    """One act by one actor and its seal: a single row, written once, at commit."""

    __tablename__ = "deed"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        return (
            sa.Index("ix_deed_actor", "actor_id", "seq"),
            sa.Index("ix_deed_action", "action", "seq"),
            sa.Index("ix_deed_subject", "subject_table", "subject_pk", "seq"),
            sa.Index("ix_deed_request", "request_id"),
            sa.Index("ix_deed_at", "at", "seq"),
            sa.Index(
                "ix_deed_acting_for",
                "acting_for_id",
                "seq",
                sqlite_where=sa.text("acting_for_id IS NOT NULL"),
                postgresql_where=sa.text("acting_for_id IS NOT NULL"),
            ),
            {"info": dict(ERASABLE)},
        )

    #: Number in the chain, without gaps.
    seq: Mapped[int] = mapped_column(_Big, primary_key=True, autoincrement=False)
    #: Number under which its changes were captured; made before they were.
    id: Mapped[int] = mapped_column(_Big, nullable=False, unique=True)
    #: What was done: "action-plan.approve".
    action: Mapped[str] = mapped_column(sa.Text, nullable=False)
    #: Table of the record that it was about, if it was about one.
    subject_table: Mapped[str | None] = mapped_column(sa.Text)
    #: Key of that record, in the form of `change.pk`.
    subject_pk: Mapped[str | None] = mapped_column(sa.Text)
    #: Account that acted; 0 for a command.
    actor_id: Mapped[int] = mapped_column(_Big, nullable=False)
    #: account or command.
    actor_kind: Mapped[str] = mapped_column(sa.Text, nullable=False)
    #: Account whose place was taken by letter.
    acting_for_id: Mapped[int | None] = mapped_column(_Big)
    #: Ties deeds of one request together.
    request_id: Mapped[str] = mapped_column(sa.Text, nullable=False)
    #: What readers are let in by, in the form of `change.scope`.
    scope: Mapped[str | None] = mapped_column(sa.Text)
    #: When it was sealed.
    at: Mapped[datetime] = mapped_column(LogTime, nullable=False)
    #: Canonical JSON of facts that belong to nobody: rows exported, changes adopted or erased.
    details: Mapped[str] = mapped_column(sa.Text, nullable=False)
    #: Canonical JSON of actor, acting_for, letter, reason, address, as far as known.
    personal: Mapped[str | None] = mapped_column(sa.Text)
    #: Random, mixed into the commitment of `personal`.
    salt: Mapped[str | None] = mapped_column(sa.Text)
    #: After erasure: the commitment that `personal` and `salt` left behind.
    erased: Mapped[str | None] = mapped_column(sa.Text)
    #: How many changes it covers.
    n: Mapped[int] = mapped_column(_Big, nullable=False)
    #: Number of the last of them; a later one that claims this deed is from outside.
    last: Mapped[int] = mapped_column(_Big, nullable=False)
    #: Digest of these changes as stored.
    rows: Mapped[str] = mapped_column(sa.Text, nullable=False)
    #: The seal of the deed before.
    prev: Mapped[str] = mapped_column(sa.Text, nullable=False, unique=True)
    #: The seal.
    mac: Mapped[str] = mapped_column(sa.Text, nullable=False)
    #: Which key made it.
    key_id: Mapped[str] = mapped_column(sa.Text, nullable=False)

    @property
    def _words(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.personal) if self.personal else {}
        return found

    @property
    def actor_name(self) -> str:
        """Name of the actor as it was then; empty after erasure."""
        return self._words.get("actor", "")

    @property
    def acting_for_name(self) -> str:
        """Name of who was stood in for."""
        return self._words.get("acting_for", "")

    @property
    def letter(self) -> str:
        """Number of the letter that says so."""
        return self._words.get("letter", "")

    @property
    def reason(self) -> str:
        """Why, in the actor's words."""
        return self._words.get("reason", "")

    @property
    def address(self) -> str:
        """Network address that the request came from."""
        return self._words.get("address", "")

    @property
    def facts(self) -> dict[str, Any]:
        """The details, read."""
        found: dict[str, Any] = json.loads(self.details)
        return found


class AdoptionMixin:
    """A change from outside that a later deed of the system has sealed."""

    __tablename__ = "adoption"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        return (
            sa.Index("ix_adoption_deed", "deed_id", "change_id"),
            {"info": dict(APPEND_ONLY)},
        )

    #: The change.
    change_id: Mapped[int] = mapped_column(
        _Big, sa.ForeignKey("change.id"), primary_key=True, autoincrement=False
    )
    #: `deed.id` of the adopting deed, whose details carry the digest of all it adopted.
    deed_id: Mapped[int] = mapped_column(_Big, nullable=False)


class LogContextMixin:
    """One row by which SQLite's triggers learn the open deed; PostgreSQL has a setting for it."""

    __tablename__ = "log_context"

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        return (sa.CheckConstraint("id = 1", name="one_row"),)

    #: Always 1.
    id: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    #: The deed whose transaction is being written; none between transactions.
    deed_id: Mapped[int | None] = mapped_column(_Big)
    #: Whether that deed erases personal values of the log.
    erasing: Mapped[bool] = mapped_column(sa.Boolean, nullable=False, server_default=sa.false())
    #: Whether that deed takes values of the log into an archive.
    archiving: Mapped[bool] = mapped_column(sa.Boolean, nullable=False, server_default=sa.false())
