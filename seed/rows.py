"""Read the files of `seed/data` and add what is not there yet.

A record that stands is left as it is, edited or not, so that seeding again changes nothing.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

DATA = Path(__file__).parent / "data"

Record = TypeVar("Record")
Row = dict[str, str | None]


def table(name: str) -> list[Row]:
    """The rows of `seed/data/<name>.csv`; an empty cell is None."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return [{key: cell or None for key, cell in row.items()} for row in csv.DictReader(lines)]


def toml(name: str) -> dict[str, Any]:
    """What `seed/data/<name>.toml` says."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def plant(
    session: Session,
    model: type[Record],
    by: str,
    rows: Iterable[Mapping[str, Any]],
    *within: sa.ColumnElement[bool],
) -> dict[Any, Record]:
    """The records `within` by their column `by`, after the rows with a new key were added."""
    standing = {
        getattr(record, by): record for record in session.scalars(sa.select(model).where(*within))
    }
    for row in rows:
        if row[by] not in standing:
            standing[row[by]] = model(**row)
            session.add(standing[row[by]])
    session.flush()
    return standing


def picked(session: Session, model: type[Record], codes: Iterable[str]) -> list[Record]:
    """The records of these codes, in their order."""
    standing = plant(session, model, "code", [])
    return [standing[code] for code in codes]
