"""`flask backup` and `flask restore`: the whole installation into one file and back."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from ..backups.backing_up import back_up
from ..backups.restoring import Restored
from ..backups.restoring import restore as put_back
from ..jobs import LOCK, is_held
from ..plugin import current_panel
from .log import database

#: Files that one argument names.
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("backup")
@click.argument("file", type=FILE)
@with_appcontext
def backup(file: Path) -> None:
    """Write database and stored files into FILE (.tar.gz), while the program goes on.

    The keys are not in it: keep them elsewhere. It holds personal data, and nobody else may read
    the file. A deed tells of it. PostgreSQL needs its pg_dump, and the owner of the tables.
    """
    with database():
        made = back_up(current_panel(), file)
    click.echo(f"Written: {file}, {made.origin} with {made.deeds} deeds and {made.files} files.")
    click.echo("The keys are not in it. Copy it to another machine, and try a restore there.")


@click.command("restore")
@click.argument("file", type=FILE)
@click.option(
    "--replace",
    metavar="NAME",
    help="Name of the installation that is replaced; what is in it now is lost.",
)
@with_appcontext
def restore(file: Path, replace: str | None) -> None:
    """Put the backup FILE in place of an empty installation, or of the one that is named.

    Stop the server and the worker first. The file is checked whole before anything is touched, the
    log is verified afterwards, everybody signs in again, and persons whose data were erased since
    the backup are erased again. A deed tells of it. Ends with 1 if the log does not verify.
    """
    if is_held(Path(current_app.instance_path) / LOCK):
        raise click.ClickException("A worker runs on this instance: stop it and the server first.")
    with database():
        done = put_back(current_panel(), file, replace=replace)
    for line in told(done):
        click.echo(line)
    if done.findings:
        for sentence in done.findings:
            click.echo(str(sentence), err=True)
        click.echo("The restored log does NOT verify. Keep the backup, and find out why.", err=True)
        sys.exit(1)
    click.echo("The log verifies. Start the server again.")


def told(done: Restored) -> list[str]:
    """What a restore did, in words."""
    lines = [
        f"Restored: {done.origin} as of {done.made_at}, {done.deeds} deeds and {done.files} files."
    ]
    if done.migrated:
        lines.append("The backup was of an older program: the database was migrated.")
    if done.aside:
        lines.append(
            f"The log is older than {len(done.aside)} checkpoints, put aside into "
            f"before-restore: {', '.join(done.aside)}."
        )
    if done.erased:
        numbers = ", ".join(map(str, sorted(done.erased)))
        lines.append(f"Erased again, as by the deeds {numbers} before: {len(done.erased)} persons.")
    return lines
