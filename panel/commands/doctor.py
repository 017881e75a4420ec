"""`flask doctor`: looks over the installation and says what is wrong, and how to mend it."""

from __future__ import annotations

import sys
from collections import Counter

import click
from flask.cli import with_appcontext

from ..doctor import database, keeping, machine
from ..doctor.saying import NOTE, WRONG, Check, asked
from ..plugin import current_panel

MACHINE: tuple[Check, ...] = (
    machine.python,
    machine.packages,
    machine.disk,
    machine.folders,
    machine.keys,
    database.database,
)
DATABASE: tuple[Check, ...] = (
    database.migrations,
    database.triggers,
    database.foreign_keys,
    database.clock,
    database.seals,
    keeping.files,
    keeping.worker,
    keeping.backups,
    keeping.checkpoints,
    keeping.erasures,
)


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Look over machine, folders, keys, database, log, files, worker and backups.

    Each line says what was found, and how to mend what is wrong. It changes nothing, and prints no
    secret. Ends with 1 if anything is wrong.
    """
    panel, levels = current_panel(), Counter[str]()
    checks = MACHINE + (DATABASE if database.answers(panel) else ())
    for said in asked(panel, checks):
        levels[said.level] += 1
        click.echo(f"{said.level:<6} {said.text}")
    if levels[WRONG]:
        count = levels[WRONG]
        click.echo("1 thing is wrong." if count == 1 else f"{count} things are wrong.", err=True)
        sys.exit(1)
    click.echo(f"All is well{', with notes' if levels[NOTE] else ''}.")
