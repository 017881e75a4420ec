"""The declarative base: naming convention, types, and what several tables share.

A scoped table carries `region_id`; a foreign key inside a region is made by `inside`, so that a
record of one region can never point at another region's record, whoever writes it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, registry

from panel.changelog.records import plain
from panel.columns import Utc
from panel.words import Label

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of the installation."""

    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMING),
        type_annotation_map={str: sa.Text(), date: sa.Date(), datetime: Utc()},
    )


db = SQLAlchemy(model_class=Base)


class Keyed:
    """A record with a number of its own."""

    #: Number of the record; it never changes and never means anything.
    id: Mapped[int] = plain(primary_key=True, sort_order=-10)


class Bilingual:
    """A record that is data and yet has a name in each language of the screens."""

    if TYPE_CHECKING:
        label_id: Mapped[str]
        label_en: Mapped[str]

    @property
    def label(self) -> Label:
        """The name in the reader's language."""
        return Label({"id": self.label_id, "en": self.label_en})

    def __str__(self) -> str:
        return self.label_id


class Versioned:
    """A record that two people may edit at once: the second one is told."""

    #: Counts the saves; a form carries the one it was opened with.
    version: Mapped[int] = plain(nullable=False, default=1, server_default="1", sort_order=90)

    __mapper_args__ = {"version_id_col": version}


class InRegion:
    """A record that belongs to one regional government and is seen by nobody else's accounts."""

    #: The regional government that the record belongs to.
    region_id: Mapped[int] = plain(sa.ForeignKey("region.id"), nullable=False, sort_order=-9)


def inside(column: str, table: str, *, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    """A foreign key to a record of the same region."""
    return sa.ForeignKeyConstraint(
        [column, "region_id"], [f"{table}.id", f"{table}.region_id"], ondelete=ondelete
    )


def of_same_official(column: str, table: str) -> sa.ForeignKeyConstraint:
    """A foreign key to a record of the same official; it can wait until both name another one."""
    return sa.ForeignKeyConstraint(
        [column, "official_id"],
        [f"{table}.id", f"{table}.official_id"],
        deferrable=True,
        initially="IMMEDIATE",
    )


def of_same_session(column: str, table: str) -> sa.ForeignKeyConstraint:
    """A foreign key to a record of the same training session, and so of the same region."""
    shared = ("region_id", "training_session_id")
    return sa.ForeignKeyConstraint(
        [column, *shared], [f"{table}.{name}" for name in ("id", *shared)]
    )


def reached_inside() -> sa.UniqueConstraint:
    """What `inside` points at: the key together with its region."""
    return sa.UniqueConstraint("id", "region_id")


def period(name: str, first: str, last: str) -> sa.CheckConstraint:
    """An end never before its beginning."""
    return sa.CheckConstraint(f"{last} IS NULL OR {first} IS NULL OR {last} >= {first}", name=name)


def filled(column: str) -> sa.CheckConstraint:
    """Text that is not only blanks."""
    return sa.CheckConstraint(f"length(trim({column})) > 0", name=f"{column}_filled")
