"""`flask workflow`: processes as tables for people; checks, comparisons and proposals of files.

No command publishes: what a terminal proposes, another administrator publishes on screen. Running
records pass on to what is published.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from ..access.rules import Actor
from ..changelog.records import deed
from ..incidents import written_down
from ..plugin import current_panel
from ..words import Refused
from ..workflow.choosing import Earlier, foreseen, ways_to
from ..workflow.definition import MIGRATE, Process
from ..workflow.passing import pass_on, waiting
from ..workflow.proposals import difference, propose, reason_given
from ..workflow.reading import WrongProcess, read_file
from ..workflow.records import Workflow
from .process_tables import process_table
from .signing import prove

workflow = AppGroup("workflow", help="Processes: tables, checks, proposals, running records.")
#: As many records as are looked up at once.
BATCH = 500

one_file = click.argument("file", type=click.Path(path_type=Path))


@workflow.command("table")
def table() -> None:
    """Print each process as Markdown: steps, states, and who may do what in which state."""
    for process in _workflow().processes():
        click.echo(process_table(process))


@workflow.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Check process FILES; every complaint is a sentence. Ends with 1 if there is any."""
    wrong = False
    for file in files:
        complaints = list(_complaints(file))
        for complaint in complaints:
            click.echo(f"{file}: {complaint}", err=True)
        wrong = wrong or bool(complaints)
        if not complaints:
            click.echo(f"{file}: sound.")
    sys.exit(1 if wrong else 0)


def _complaints(file: Path) -> Iterator[object]:
    try:
        _workflow().read(read_file(file), strictly=True)
    except WrongProcess as wrong:
        yield from wrong.sentences
    except OSError as error:
        yield f"This cannot be read: {error.strerror}."


def refusing(command: Callable[..., None]) -> Callable[..., None]:
    """Print what a command refuses as its sentences, and end with 1."""

    @wraps(command)
    def run(file: Path, **options: Any) -> None:
        try:
            command(file, **options)
        except WrongProcess as wrong:
            lines = "\n".join(f"{file}: {sentence}" for sentence in wrong.sentences)
            raise click.ClickException(f"Nothing was changed.\n{lines}") from None
        except Refused as refused:
            raise click.ClickException(str(refused.sentence)) from None
        except OSError as error:
            raise click.ClickException(f"{file}: {error.strerror}.") from None

    return run


@workflow.command("diff")
@one_file
@refusing
def diff(file: Path) -> None:
    """Print what FILE changes against the published process, and which records that touches."""
    found, session = _workflow(), current_panel().db.session()
    process = found.read(read_file(file), strictly=True)
    _print_changes(found, session, process)
    _print_ways(foreseen(found, session, process))


@workflow.command("publish")
@one_file
@click.option(
    "--account", required=True, help="The administrator who proposes it, by sign-in name."
)
@click.option("--reason", required=True, help="Why; it stands in the change log.")
@refusing
def publish(file: Path, account: str, reason: str) -> None:
    """Propose FILE; it is published when another administrator says so on screen."""
    found, session = _workflow(), current_panel().db.session()
    text = read_file(file)
    actor = _administrator(account)
    facts = {"reason": reason.strip(), "details": {"by": "flask workflow publish"}}
    try:
        with deed("process_version.propose", actor=actor, **facts) as opened:
            version = propose(found, session, text, actor=actor, reason=reason)
            opened.subject = (found.process_version.__tablename__, str(version.id))
            session.commit()
        process = found.read(text)
        _print_changes(found, session, process)
        _print_ways(ways_to(found, session, version, process))
    finally:
        session.rollback()
    click.echo(
        f"Version {version.number} is proposed. Another administrator publishes it under "
        "“Processes”."
    )


@workflow.command("migrate")
@click.argument("kind")
@click.option("--dry-run", is_flag=True, help="Only say which records would pass on.")
@click.option("--account", help="The administrator who passes them on, by sign-in name.")
@click.option("--reason", default="", help="Why; it stands in every decision.")
def migrate(kind: str, dry_run: bool, account: str | None, reason: str) -> None:
    """Pass running records of KIND on to the published version, by its mapping.

    Each is a decision of its own; one that is refused stops no other. Ends with 1 if any stayed
    that should have passed on; safe to repeat.
    """
    found, session = _workflow(), current_panel().db.session()
    table = next((one.table for one in found.processes() if one.kind == kind), None)
    version = found.latest(session, table) if table is not None else None
    if version is None:
        raise click.ClickException(f"There is no published process {kind}.")
    if dry_run:
        _print_ways(ways_to(found, session, version, found.process_in(version)))
        return
    if account is None:
        raise click.UsageError("Say with --account who passes them on.")
    try:
        given = reason_given(reason)
    except Refused as refused:
        raise click.ClickException(str(refused.sentence)) from None
    actor = _administrator(account)
    number, done, stayed, after = version.id, 0, 0, 0
    while batch := waiting(found, session, session.get_one(type(version), number), BATCH, after):
        after = batch[-1]
        session.rollback()
        for record in batch:
            why = _passed(found, number, record, actor, given)
            done, stayed = done + (why is None), stayed + (why is not None)
            if why is not None:
                click.echo(f"{kind} {record}: {why}", err=True)
    session.rollback()
    click.echo(f"{done} records passed on, {stayed} stayed.")
    sys.exit(1 if stayed else 0)


def _passed(
    found: Workflow, version_id: int, number: int, actor: Actor, reason: str
) -> object | None:
    """Pass one record on in a deed of its own; why not, or None."""
    session = current_panel().db.session()
    facts = {"reason": reason, "details": {"by": "flask workflow migrate"}}
    try:
        with deed(MIGRATE, actor=actor, **facts):
            version = session.get_one(found.process_version, version_id)
            record = session.get(found.records()[version.record_table].entity, number)
            if record is None:
                return None  # deleted meanwhile
            pass_on(found, session, record, version, reason)
            session.commit()
    except Refused as refused:
        return refused.sentence
    except Exception as error:
        return f"something broke: {written_down(error, record=number)}"
    finally:
        session.rollback()
    return None


def _administrator(account: str) -> Actor:
    """The account of this name, if it publishes processes; its password is asked for here too."""
    panel, found = current_panel(), _workflow()
    session = panel.db.session()
    named = panel.access.find(session, username=account.strip().lower())
    if named is None or not named.active:
        raise click.ClickException("There is no active account of this name.")
    actor = panel.access.actor_of(named)
    why = panel.access.may(actor, "publish", found.process_version)
    if why is not None:
        raise click.ClickException(str(why))
    if current_app.config.get("REAUTH"):
        prove(named)
    session.rollback()
    return actor


def _print_changes(found: Workflow, session: Session, process: Process) -> None:
    changes = difference(found, session, process)
    for change in changes:
        was, now = (value if value is not None else "–" for value in (change.was, change.now))
        click.echo(f"{change.about}: {was} → {now}")
    if not changes:
        click.echo("Nothing is changed.")


def _print_ways(earlier: list[Earlier]) -> None:
    """What becomes of running records: states that go, and how many pass on or stay."""
    for one in earlier:
        about = f"Version {one.version.number}"
        for way in one.ways:
            becomes = way.becomes
            if becomes is not None and becomes.label != way.state.label:
                click.echo(f"{about}: “{way.state.label}” goes on as “{becomes.label}”.")
            elif becomes is None and way.count and not way.state.final:
                could = ", ".join(f"“{state.label}”" for state in way.choices)
                hint = f"; may go on as {could}" if could else ""
                click.echo(f"{about}: “{way.state.label}” stays on it{hint}.")
        click.echo(f"{about}: {one.passing} records can pass on, {one.staying} stay.")


def _workflow() -> Workflow:
    found = current_panel().workflow
    if found is None:
        raise click.ClickException("This installation has no processes.")
    return found
