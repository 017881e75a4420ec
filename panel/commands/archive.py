"""`flask log archive`: old periods of the change log go into sealed files, and are read back."""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from datetime import UTC, datetime, time
from pathlib import Path

import click
import sqlalchemy as sa
from flask.cli import with_appcontext
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from ..changelog.archived import refuse_unless_whole, sha256_of
from ..changelog.archives import Hold, Period, going, period, write_archive
from ..changelog.checkpoints import Checkpoint
from ..changelog.emptying import empty
from ..changelog.verify import snapshot, verify
from ..checkpointing import signing_key
from ..columns import now
from ..plugin import Panel, current_panel
from ..words import Refused, say
from .log import database, log
from .worker import offices_zone


@log.command("archive")
@click.option(
    "--before",
    "day",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Deeds sealed before this day, such as 2024-01-01.",
)
@click.option(
    "--to",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the file; best one that is copied elsewhere.",
)
@with_appcontext
def archive(day: datetime, folder: Path) -> None:
    """Put an old period of the log into a sealed file, and its bulky values out of the database.

    The log is verified first, and the file is read back before anything leaves the table. What
    leaves is named by a deed with range, file, SHA-256 and root; seals, digests and personal values
    stay, so the log verifies on. What a legal hold covers stays whole.

    On PostgreSQL the owner of the tables calls it.
    """
    panel = current_panel()
    before = datetime.combine(day.date(), time(), offices_zone()).astimezone(UTC)
    with database():
        if before > now():
            raise Refused("field", say("That day has not come yet."), "before")
        engine = panel.db.engine
        report = verify(engine, panel.log, panel.triggers(engine.dialect.name), most=1)
        if not report.sound:
            raise click.ClickException(
                f"{report.findings[0].sentence} A log that does not verify is not archived: find "
                "out first what happened."
            )
        said = archived(panel, before, folder)
    for line in said:
        click.echo(line)


def archived(panel: Panel, before: datetime, folder: Path) -> list[str]:
    """Write, read back, and empty; what was done, in words."""
    engine, tables, stay = panel.db.engine, panel.log.tables, panel.asked_back()
    with snapshot(engine) as connection:
        span = period(connection, tables, before)
        holds = held(panel, connection)
        leaving = going(tables, span.last, stay, holds)
        path = folder / span.file
        checkpoint = written(path, panel, connection, span, leaving)
        stays = stand_back(panel, connection, span, holds)

    def still(present: Connection) -> sa.ColumnElement[bool]:
        return sa.and_(leaving, going(tables, span.last, stay, held(panel, present)))

    facts = {
        "first": span.first,
        "last": span.last,
        "file": path.name,
        "sha256": sha256_of(path),
        "root": checkpoint.root.hex(),
        "held": [hold.letter for hold in holds],
    }
    count = empty(engine, tables, still, facts)
    return [
        f"Written and read back: {path}, deeds {span.first} to {span.last}.",
        f"SHA-256 {facts['sha256']}",
        f"{count} changes have their values in that file alone now: keep it, in two places.",
        *stays,
    ]


def written(
    path: Path, panel: Panel, connection: Connection, span: Period, leaving: sa.ColumnElement[bool]
) -> Checkpoint:
    """The archive under its name, whole, on the disk and read back; or not there at all."""
    if path.exists():
        raise click.ClickException(f"{path} is there already: move it, or name another folder.")
    half = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(half, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            tables = panel.log.tables
            found = write_archive(file, connection, tables, signing_key(), span, leaving)
            file.flush()
            os.fsync(file.fileno())
        refuse_unless_whole(half, connection, tables, span)
        half.replace(path)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written ({error.strerror}).") from None
    finally:
        half.unlink(missing_ok=True)
    return found


def held(panel: Panel, connection: Connection) -> list[Hold]:
    """The legal holds that stand."""
    if panel.holds is None:
        return []
    with Session(connection) as session:
        return list(panel.holds(session, panel.log.tables))


def stand_back(
    panel: Panel, connection: Connection, span: Period, holds: Collection[Hold]
) -> list[str]:
    """What the holds keep in the table, in words."""
    if not holds:
        return []
    tables, stay = panel.log.tables, panel.asked_back()
    counts = [
        connection.scalar(
            sa.select(sa.func.count())
            .select_from(tables.change)
            .where(going(tables, span.last, stay, asked))
        )
        or 0
        for asked in ((), holds)
    ]
    letters = json.dumps([hold.letter for hold in holds], ensure_ascii=False)
    return [f"{counts[0] - counts[1]} changes stay under legal hold, by {letters}."]
