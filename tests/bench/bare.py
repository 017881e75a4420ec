"""Copies of an installation's database, as they are and with nothing that captures."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from panel.changelog.records import PRAGMAS


def copy_of(instance: Path, name: str) -> Path:
    """The database as it stands, in another file; one that was there is replaced."""
    copy = instance / name
    for rest in ("", "-wal", "-shm"):
        Path(f"{copy}{rest}").unlink(missing_ok=True)
    with closing(sqlite3.connect(instance / "jenjang.sqlite3")) as connection:
        connection.execute("VACUUM INTO ?", [str(copy)])
    return copy


def without_triggers(copy: Path) -> sa.Engine:
    """An engine with the same settings of SQLite and nothing that captures."""
    engine = sa.create_engine(f"sqlite:///{copy}")

    @sa.event.listens_for(engine, "connect")
    def prepare_connection(driver: Any, _: Any) -> None:
        for pragma in PRAGMAS:
            driver.execute(f"PRAGMA {pragma}")

    with engine.begin() as connection:
        named = sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for name in connection.scalars(named).all():
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    return engine
