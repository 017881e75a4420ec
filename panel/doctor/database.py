"""The database: whether it answers, is complete and whole, and the log in it goes on."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from flask import current_app
from sqlalchemy import Connection

from ..changelog.anchoring import present_key
from ..changelog.triggers import differences
from ..changelog.verify import glance
from ..columns import now
from ..plugin import Panel
from .saying import Said, ok, wrong


def answers(panel: Panel) -> bool:
    """Whether the database can be asked, and holds the log."""
    try:
        with panel.db.engine.connect() as connection:
            return sa.inspect(connection).has_table(panel.log.tables.deed.name)
    except sa.exc.SQLAlchemyError:
        return False


def database(panel: Panel) -> Iterator[Said]:
    """Whether it answers."""
    kind = panel.db.engine.dialect.name
    try:
        with panel.db.engine.connect() as connection:
            prepared = sa.inspect(connection).has_table(panel.log.tables.deed.name)
    except sa.exc.SQLAlchemyError:
        yield wrong(
            f"The database ({kind}) does not answer: see that it runs and that the setting of its "
            "address names it."
        )
        return
    if prepared:
        yield ok(f"The database ({kind}) answers.")
    else:
        yield wrong("The database is empty: run `flask init`, or `flask restore FILE`.")


def migrations(panel: Panel) -> Iterator[Said]:
    """Whether the schema is the program's."""
    if current_app.config.get("PANEL_SCHEMA_IS_CURRENT", lambda: True)():
        yield ok("The schema is that of the program.")
    else:
        yield wrong("A migration is pending: make a backup, then run `flask init`.")


def triggers(panel: Panel) -> Iterator[Said]:
    """Whether every trigger stands as it was made."""
    with panel.db.engine.connect() as connection:
        found = differences(connection, panel.triggers(connection.dialect.name))
    if found:
        yield wrong(
            f"The log may have gaps, {len(found)} triggers differ. {found[0]} Find out who did "
            "that, run `flask log verify`, then `flask init`, which puts them back."
        )
    else:
        yield ok("All triggers stand as they were made.")


def foreign_keys(panel: Panel) -> Iterator[Said]:
    """Whether every record refers to one that is there, and the file is whole."""
    with panel.db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        broken = _on_sqlite(connection) if sqlite else _on_postgresql(connection)
    if broken:
        yield wrong(f"{broken} Restore the newest backup beside it, and compare.")
    else:
        yield ok("Every record refers to records that are there.")


def _on_sqlite(connection: Connection) -> str:
    damaged = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if damaged != "ok":
        return f"The file of the database is damaged: {damaged}."
    row = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    return f"{row[0]} no. {row[1]} refers to a missing row of {row[2]}." if row else ""


def _on_postgresql(connection: Connection) -> str:
    name = connection.scalar(
        sa.text("SELECT conname FROM pg_constraint WHERE contype = 'f' AND NOT convalidated")
    )
    if name is not None:
        return f"Foreign key {name} was never checked."
    table = connection.scalar(
        sa.text(
            "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE t.tgisinternal AND t.tgenabled = 'D'"
        )
    )
    return f"Foreign keys of {table} are switched off." if table is not None else ""


def clock(panel: Panel) -> Iterator[Said]:
    """Whether the clock is not before what has happened already."""
    deed = panel.log.tables.deed
    with panel.db.engine.connect() as connection:
        newest = connection.scalar(sa.select(deed.c.at).order_by(deed.c.seq.desc()).limit(1))
    moment = now()
    if newest is not None and (newest - moment).total_seconds() > 5:
        yield wrong(
            f"The clock shows {moment:%Y-%m-%d %H:%M} UTC, the newest deed is of "
            f"{newest:%Y-%m-%d %H:%M}: set the clock."
        )
    else:
        yield ok(f"The clock shows {moment:%Y-%m-%d %H:%M} UTC, after the newest deed.")


def seals(panel: Panel) -> Iterator[Said]:
    """Whether the log can go on: its key is there, and its newest part holds."""
    known = panel.log.keys()
    if present_key(panel.db.engine, panel.log) not in known:
        yield wrong(
            "The log is sealed with a key that the settings do not give: nothing can be written. "
            "Put that key back."
        )
        return
    with panel.db.engine.connect() as connection:
        report = glance(connection, panel.log, panel.triggers(connection.dialect.name))
    if report.findings:
        yield wrong(f"{report.findings[0].sentence} Run `flask log verify`, and tell the auditor.")
    else:
        yield ok("The key of the log is there, and its newest deeds hold.")
