"""`flask workflow`: processes as tables for people; checks, comparisons and proposals of files.

No command publishes: what a terminal proposes, another administrator publishes on screen.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from ..changelog.records import deed
from ..plugin import current_panel
from ..words import Refused
from ..workflow.definition import Process, State, Transition
from ..workflow.proposals import Difference, difference, propose
from ..workflow.reading import WrongProcess, read_file
from ..workflow.records import Workflow
from ..workflow.truth import rows

workflow = AppGroup("workflow", help="Processes: tables, checks, comparisons, proposals.")
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
    found = _workflow()
    process = found.read(read_file(file), strictly=True)
    _print(difference(found, current_panel().db.session(), process))


@workflow.command("publish")
@one_file
@click.option(
    "--account", required=True, help="The administrator who proposes it, by sign-in name."
)
@click.option("--reason", required=True, help="Why; it stands in the change log.")
@refusing
def publish(file: Path, account: str, reason: str) -> None:
    """Propose FILE; it is published when another administrator says so on screen."""
    panel, found = current_panel(), _workflow()
    text, session = read_file(file), panel.db.session()
    named = panel.access.find(session, username=account.strip().lower())
    if named is None or not named.active:
        raise click.ClickException("There is no active account of this name.")
    actor = panel.access.actor_of(named)
    why = panel.access.may(actor, "publish", found.process_version)
    if why is not None:
        raise click.ClickException(str(why))
    session.rollback()
    facts = {"reason": reason.strip(), "details": {"by": "flask workflow publish"}}
    try:
        with deed("process_version.propose", actor=actor, **facts) as opened:
            version = propose(found, session, text, actor=actor, reason=reason)
            opened.subject = (found.process_version.__tablename__, str(version.id))
            number, touched = version.number, difference(found, session, found.read(text))
            session.commit()
    finally:
        session.rollback()
    _print(touched)
    click.echo(
        f"Version {number} is proposed. Another administrator publishes it under “Processes”."
    )


def _print(found: Difference) -> None:
    for change in found.changes:
        was, now = (value if value is not None else "–" for value in (change.was, change.now))
        click.echo(f"{change.about}: {was} → {now}")
    for state, count in found.unsettled:
        click.echo(
            f"{count} records stand in “{state.label}”; they keep the version they began on."
        )
    if not found.changes:
        click.echo("Nothing is changed.")


def process_table(process: Process) -> str:
    """The steps, the states and the truth table of a process in Markdown."""
    steps = _markdown(
        ("step", "button", "from → to", "who", "needs"),
        (
            (
                f"`{step.name}`",
                step.label.text("id"),
                f"{', '.join(step.sources)} → {step.target}",
                ", ".join(step.roles),
                "; ".join(_needs(step)),
            )
            for step in process.transitions.values()
        ),
    )
    states = _markdown(
        ("state", "label", "category", "open for editing"),
        (
            (f"`{state.code}`", state.label.text("id"), state.category, _open(state))
            for state in process.states.values()
        ),
    )
    truth = _markdown(("state", "step", *process.role_names), rows(process))
    return f"{steps}\n{states}\n{truth}"


def _needs(step: Transition) -> Iterator[str]:
    if step.duties:
        yield f"not by {', '.join(step.duties)}"
    for name in step.guards:
        yield name.replace("_", " ")
    if step.needs_reason:
        yield "reason"
    for name in step.reason_when:
        yield f"reason when {name.replace('_', ' ')}"
    if step.deadline_days:
        yield f"within {step.deadline_days} working days"
    if step.tell:
        yield f"tells {', '.join(step.tell)}"


def _open(state: State) -> str:
    if not state.editable_by:
        return _fields(state.editable)
    return "; ".join(f"{role}: {_fields(names)}" for role, names in state.editable_by.items())


def _fields(names: tuple[str, ...]) -> str:
    return "everything" if "all" in names else ", ".join(names)


def _markdown(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _workflow() -> Workflow:
    found = current_panel().workflow
    if found is None:
        raise click.ClickException("This installation has no processes.")
    return found
