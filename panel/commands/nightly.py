"""`flask nightly`: what an office needs done once a night, each part by itself and named.

The whole log is verified before a new checkpoint is put beside the old ones; a failing part stops
no other one. Nothing leaves the machine but checkpoints: by their folder, and by mail where the
settings name addresses.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import DatabaseError

from ..access.tidying import tidy
from ..backups.erased import erase_listed, list_erasures
from ..changelog.checkpoints import read
from ..changelog.rules import Command
from ..checkpointing import folder, mailed, put, take
from ..columns import now
from ..incidents import written_down
from ..looking import look
from ..plugin import Panel, current_panel
from ..words import Refused
from .remind import run as remind


class Failed(Exception):
    """A part that did its work and found something wrong; one line for each finding."""


@click.command("nightly")
@with_appcontext
def nightly() -> None:
    """Verify the log, take a checkpoint, remind, and tidy up. Ends with 1 if any of it fails.

    To be run once a night, by `flask worker` or by a timer. Running it again does no harm.
    """
    if not night():
        sys.exit(1)


def night() -> bool:
    """Do every part and say how each went; whether all went well. Needs an application context."""
    panel, well = current_panel(), True
    for name, part in {**PARTS, **panel.nightly}.items():
        panel.db.session.remove()
        try:
            said, failed = part(panel), False
        except Exception as error:
            said, failed = words_of(error), True
        click.echo(f"{name}: {'FAILED. ' if failed else ''}{said}", err=failed)
        well = well and not failed
    panel.db.session.remove()
    panel.db.engine.dispose()  # a worker now sleeps for a day
    return well


def words_of(error: Exception) -> str:
    """What went wrong, for the terminal; a fault of ours under its number."""
    if isinstance(error, Failed):
        return str(error)
    if isinstance(error, click.ClickException):
        return error.message
    if isinstance(error, Refused):
        return str(error.sentence)
    if isinstance(error, DatabaseError):
        return "The database does not answer, or is not prepared: run `flask init`."
    return f"A fault of the program; its log holds it under {written_down(error)}."


def verification(panel: Panel) -> str:
    """The whole log, also against every checkpoint that lies in the folder."""
    found = look(panel, whole=True, actor=Command("nightly"))
    report = found.report
    wrong = [str(one.sentence) for one in report.findings]
    looked = f"{report.deeds} deeds, {report.changes} changes, {found.checkpoints} checkpoints"
    if wrong:
        raise Failed("\n  ".join([f"The log does NOT verify ({looked}).", *wrong]))
    other = f"; {found.foreign} of other logs left out" if found.foreign else ""
    return f"the log verifies: {looked}{other}."


def checkpoint(panel: Panel) -> str:
    """A checkpoint in the folder and by mail; one that says otherwise of as many deeds stays."""
    found, text = take(panel)
    before = folder() / f"checkpoint-{found.size:012d}.txt"
    if before.exists() and read(before.read_text("utf-8", "replace")).root != found.root:
        raise Failed(f"{before} says otherwise of the same deeds, and was left as it is.")
    said = f"written to {put(found, text, folder())}"
    try:
        to = mailed(found, text)
    except Refused as refused:
        raise Failed(f"{said}, but not sent. {refused.sentence}") from None
    sent = f", sent to {', '.join(to)}" if to else ""
    return f"{said}{sent}, to be typed: {found.size} {found.code}."


def reminders(panel: Panel) -> str:
    """People told of near and passed deadlines; nobody twice."""
    if panel.notices is None:
        return "left out, this installation has no notices."
    told, wrong = remind(panel, panel.notices, write=True)
    if wrong:
        raise Failed(f"{wrong} records could not be looked at; see the log of the program.")
    return f"{len(told)} records looked at." if told else "nobody has to be told anything."


def tidying(panel: Panel) -> str:
    """What has ended by itself is swept out."""
    gone = tidy(panel.access, panel.db.engine, now())
    return f"{gone.sessions} sessions, {gone.attempts} attempts, {gone.forms} forms swept out."


def erasures(panel: Panel) -> str:
    """The list of erasures outside of the database; whom a restore brought back is erased again."""
    new = list_erasures(panel, folder())
    again = erase_listed(panel, folder(), "Brought back by a restore, and erased before.")
    return f"{new} put into the list, {len(again)} erased again."


PARTS: dict[str, Callable[[Panel], str]] = {
    "Verification": verification,
    "Checkpoint": checkpoint,
    "Erasures": erasures,
    "Reminders": reminders,
    "Tidying": tidying,
}
