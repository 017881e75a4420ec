"""`flask log`: verify the change log, and take in what was written outside the application."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DatabaseError

from ..changelog import verify as verification

if TYPE_CHECKING:
    from ..plugin import Panel


@click.group("log", help="Verify the change log, or take in changes made outside.")
def log() -> None:
    """The group."""


@log.command("verify")
@with_appcontext
def verify() -> None:
    """Check triggers and chain, and replay the log against the tables.

    Names the first difference: table, row and field. Ends with 1 if there is any.
    """
    panel = _panel()
    with _database():
        report = verification.verify(panel.db.engine, panel.log, panel.triggers(_dialect(panel)))
    for finding in report.findings:
        click.echo(str(finding.sentence), err=True)
    looked = f"{report.deeds} deeds, {report.changes} changes"
    if report.sound:
        click.echo(f"The log verifies: {looked}; chain, triggers and tables agree.")
        return
    click.echo(f"The log does NOT verify ({looked}). The first difference stands first.", err=True)
    sys.exit(1)


@log.command("adopt")
@with_appcontext
def adopt() -> None:
    """Seal changes made outside the application, so that they too can no longer be altered.

    They keep their mark "outside". Verify first, and find out who made them.
    """
    panel = _panel()
    with _database():
        count = verification.adopt(panel.db.engine, panel.log)
    click.echo(f"Adopted: {count} changes." if count else "There is nothing to adopt.")


@contextmanager
def _database() -> Iterator[None]:
    try:
        yield
    except DatabaseError:
        raise click.ClickException(
            "The database does not answer, or is not prepared: run `flask init`."
        ) from None


def _panel() -> Panel:
    panel: Panel = current_app.extensions["panel"]
    return panel


def _dialect(panel: Panel) -> str:
    name: str = panel.db.engine.dialect.name
    return name
