"""`flask log checkpoint`, `export` and `rotate-key`: what leaves the machine, and a new key."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

import click
from flask.cli import with_appcontext

from ..changelog.anchoring import present_key, rotate_key
from ..changelog.bundle import write_bundle
from ..changelog.deeds import note
from ..changelog.rules import Command
from ..changelog.verify import snapshot
from ..checkpointing import folder as usual
from ..checkpointing import mailed, put, signing_key, take
from ..plugin import Panel, current_panel
from .log import database, log


@log.command("checkpoint")
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to put it in, beside the one of the settings.",
)
@with_appcontext
def checkpoint(folder: Path | None) -> None:
    """Sign how the log stands now, and put it where it leaves this machine, by mail too.

    Whoever keeps the file, or its size and short code on paper, can tell later whether the log
    before it is still the same: `flask log verify --checkpoint FILE`.
    """
    panel = current_panel()
    with database():
        found, text = take(panel)
        for place in (usual(), folder):
            if place is not None:
                click.echo(f"Written: {put(found, text, place)}")
    click.echo(text)
    click.echo(f"To be typed: {found.size} {found.code}")
    with database():
        to = mailed(found, text)
    if to:
        click.echo(f"Sent to: {', '.join(to)}")


@log.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def export(file: Path) -> None:
    """Write the whole log as a bundle (zip) that verifies without this program.

    It holds everybody's personal data: give it to nobody who may not see them.
    """
    panel = current_panel()
    with database():
        started = _opened(file)
        try:
            with started, snapshot(panel.db.engine) as connection:
                key = signing_key()
                deeds, changes = write_bundle(started, connection, panel.log.tables, key)
        except BaseException:
            file.unlink()
            raise
        details = {"deeds": deeds, "changes": changes}
        note(panel.db.engine, "log.export", actor=Command("log export"), details=details)
    click.echo(f"Written: {file}, {deeds} deeds and {changes} changes.")


@log.command("rotate-key")
@with_appcontext
def rotate() -> None:
    """Seal the log with another key from now on; a deed says so.

    First add the new key to the setting of log keys, behind a comma, and start the program anew.
    The old one stays there: it checks what it has sealed.
    """
    panel = current_panel()
    with database():
        present = present_key(panel.db.engine, panel.log)
        others = {name: key for name, key in panel.log.keys().items() if name != present}
        used = names_used(panel)
        fresh = [key for name, key in others.items() if name not in used]
        if len(fresh) != 1:
            raise click.ClickException(
                "Add exactly one new key to the setting of log keys, behind a comma; "
                f"there are {len(fresh)}."
            )
        rotate_key(panel.db.engine, panel.log, fresh[0])
    click.echo("The log is sealed with the new key from now on. Keep the old one for checking.")


def names_used(panel: Panel) -> set[str]:
    """Short names of the keys that have sealed anything."""
    deed = panel.log.tables.deed
    with panel.db.engine.connect() as connection:
        return set(connection.scalars(deed.select().with_only_columns(deed.c.key_id).distinct()))


def _opened(file: Path) -> IO[bytes]:
    """A new file that nobody else may read."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written ({error.strerror}).") from None
    return os.fdopen(handle, "wb")
