"""`flask remind`: tells people of deadlines that are near, and others of those that have passed.

To be run once a night. Run again, it tells nobody twice; nothing leaves the machine.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DatabaseError, IntegrityError

from ..changelog.records import deed
from ..changelog.rules import Command
from ..columns import now
from ..incidents import written_down
from ..plugin import Panel, current_panel
from ..workflow.calendar import Calendar
from ..workflow.notices import Notices
from ..workflow.reminding import Open, Told, open_turns
from ..workflow.reminding import remind as tell_of

#: Who tells people, as the log would name it.
ACTOR = Command("flask remind")
WORDS = {"reminder": "reminds", "escalated": "passes on to"}


@click.command("remind")
@click.option("--dry-run", is_flag=True, help="Say who would be told, and tell nobody.")
@with_appcontext
def remind(dry_run: bool) -> None:
    """Remind those whose deadline is near; pass on to others what is late. Ends with 1 on errors.

    To be run nightly. Running it again tells nobody twice.
    """
    panel = current_panel()
    if panel.notices is None:
        raise click.ClickException("This installation has no notices.")
    try:
        told, wrong = run(panel, panel.notices, write=not dry_run)
    except DatabaseError:
        raise click.ClickException(
            "The database does not answer, or is not prepared: run `flask init`."
        ) from None
    counts = {kind: sum(len(one.names.get(kind, ())) for one in told) for kind in WORDS}
    if not any(counts.values()):
        click.echo("Nobody has to be told anything.")
    else:
        done = "would be written" if dry_run else "written"
        click.echo(f"{counts['reminder']} reminders, {counts['escalated']} escalations {done}.")
    if wrong:
        click.echo(f"{wrong} records could not be looked at; see the log of the program.", err=True)
        sys.exit(1)


def run(panel: Panel, notices: Notices, *, write: bool) -> tuple[list[Told], int]:
    """Tell everybody concerned, each record in its own transaction; and how many of them failed."""
    session = panel.db.session()
    session.rollback()
    told, wrong = [], 0
    with deed("notice.remind", actor=ACTOR):
        for one in list(open_turns(notices, session, calendar_of(panel), now())):
            try:
                found = tell_of(notices, session, one, write=write)
                session.commit()
            except IntegrityError:  # another run told them meanwhile
                session.rollback()
                continue
            except DatabaseError:
                raise
            except Exception as error:
                session.rollback()
                written_down(error, record=f"{one.record.__tablename__} {one.record.id}")
                wrong += 1
                continue
            for line in lines_of(found):
                click.echo(line)
            told.append(found)
    session.rollback()
    return told, wrong


def calendar_of(panel: Panel) -> Callable[[Any], Calendar]:
    """The working time of each place; without the host's, Monday to Friday in the panel's zone."""
    if panel.calendars is not None:
        return panel.calendars(panel.db.session())
    from babel.dates import get_timezone

    name = current_app.config["PANEL_TIME_ZONE"]
    everywhere = Calendar(get_timezone(name if isinstance(name, str) else "Asia/Jakarta"))
    return lambda place: everywhere


def lines_of(told: Told) -> list[str]:
    """One line for each kind of notice: the record, its deadline, and who is told."""
    return [
        f"{name_of(told.open)}, deadline {told.open.clock.due}: {WORDS[kind]} {', '.join(names)}."
        for kind, names in told.names.items()
    ]


def name_of(one: Open) -> str:
    """The record as a line of the terminal names it."""
    return f"{one.process.label} {one.record.id} ({one.record})"
