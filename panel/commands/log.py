"""`flask log`: verify the change log, and take in what was written outside the application."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import DatabaseError

from ..changelog import verify as verification
from ..changelog.anchoring import code_at
from ..changelog.archived import Archived, archives_at, not_replayed
from ..changelog.checkpoints import LONGEST, Checkpoint, read, typed
from ..kept import keys_of, signed
from ..looking import look
from ..plugin import current_panel
from ..words import Refused

if TYPE_CHECKING:
    from ..plugin import Panel


@click.group("log", help="Verify the change log, or take in changes made outside.")
def log() -> None:
    """The group."""


@log.command("verify")
@click.option(
    "--checkpoint",
    "files",
    multiple=True,
    type=click.File(encoding="utf-8"),
    help="A checkpoint that was kept elsewhere; may be given several times.",
)
@click.option(
    "--code",
    "codes",
    multiple=True,
    type=(int, str),
    metavar="SIZE CODE",
    help="Size and short code of a checkpoint, as they were printed.",
)
@click.option("--whole", is_flag=True, help="Read every change again, however often that was done.")
@click.option(
    "--archive",
    "archives",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with the archives of the log: all is read, their values too.",
)
@with_appcontext
def verify(
    files: tuple[IO[str], ...],
    codes: tuple[tuple[int, str], ...],
    whole: bool,
    archives: Path | None,
) -> None:
    """Check triggers and chain, and replay the log against the tables.

    Goes on from the point up to which it verified last, and says what was not read again; every
    deed and its seal is looked at all the same. Names the first difference: table, row and field.
    Ends with 1 if there is any.
    """
    panel = current_panel()
    with database():
        kept = kept_checkpoints(panel, files)
        whole = whole or archives is not None
        with archives_of(panel, archives) as (archived, unread):
            looked_at = look(panel, whole=whole, kept=kept, archived=archived)
        unlike = [size for size, code in codes if not fits_code(panel, size, code)]
    report, before = looked_at.report, looked_at.before
    forged = archived.wrong if archived is not None else []
    for sentence in forged:
        click.echo(str(sentence), err=True)
    for size in unlike:
        click.echo(f"The first {size} deeds do not give the short code.", err=True)
    for finding in report.findings:
        click.echo(str(finding.sentence), err=True)
    looked = f"{report.deeds} deeds, {report.changes} changes"
    if report.sound and not unlike and not forged:
        click.echo(f"The log verifies: {looked}; chain, triggers and tables agree.")
        for line in unread:
            click.echo(line)
        if report.since is not None:
            whole_at = before.whole_at.isoformat(" ", "minutes") if before.whole_at else "never"
            click.echo(
                f"Not read again: the changes of the first {report.since.size} deeds, and records "
                f"that nothing touched since; all was read {whole_at}, and is with --whole."
            )
        known = max([one.size for one in kept] + [size for size, _ in codes], default=0)
        if known:
            click.echo(f"Its first {known} deeds are those that were kept elsewhere.")
        return
    if report.sound and not unlike:
        click.echo(f"The log verifies ({looked}), an archive of it does NOT.", err=True)
        sys.exit(1)
    click.echo(f"The log does NOT verify ({looked}). The first difference stands first.", err=True)
    sys.exit(1)


@log.command("adopt")
@with_appcontext
def adopt() -> None:
    """Seal changes made outside the application, so that they too can no longer be altered.

    They keep their mark "outside". Verify first, and find out who made them.
    """
    panel = current_panel()
    with database():
        count = verification.adopt(panel.db.engine, panel.log)
    click.echo(f"Adopted: {count} changes." if count else "There is nothing to adopt.")


@contextmanager
def database() -> Iterator[None]:
    """A database that does not answer, and a refusal, as a sentence."""
    try:
        yield
    except DatabaseError:
        raise click.ClickException(
            "The database does not answer, or is not prepared: run `flask init`."
        ) from None
    except Refused as refused:
        raise click.ClickException(str(refused.sentence)) from None


@contextmanager
def archives_of(
    panel: Panel, folder: Path | None
) -> Iterator[tuple[Archived | None, Sequence[str]]]:
    """The values in the archives of a folder, and what is not replayed without others, in words."""
    with panel.db.engine.connect() as connection:
        found = archives_at(folder, connection, panel.log.tables) if folder else None
        left = not_replayed(connection, panel.log.tables, found)
    why = [str(one) for one in found.missing] if found else []
    unread = [
        f"Not replayed, by their digests alone: {count} deeds whose values are in {name}; "
        "give its folder by --archive."
        for name, count in left
    ]
    try:
        yield found, [*why, *unread]
    finally:
        if found is not None:
            found.close()


def kept_checkpoints(panel: Panel, files: Iterable[IO[str]]) -> list[Checkpoint]:
    """The checkpoints in these files, each signed by a key that the log has named; or `Refused`."""
    found, keys = [], keys_of(panel)
    for file in files:
        try:
            text = file.read(LONGEST + 1)
        except UnicodeDecodeError:
            text = ""
        found.append(signed(text, keys.values()) if keys else read(text))
    return found


def fits_code(panel: Panel, size: int, code: str) -> bool:
    """Whether the first deeds of the log give a short code as it was typed."""
    with panel.db.engine.connect() as connection:
        present = code_at(connection, panel.log.tables, size)
    return present is not None and present == typed(code)
