"""`flask workflow`: the processes as tables for people, and a check of process files."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from flask.cli import AppGroup

from ..plugin import current_panel
from ..workflow.definition import Process, State, Transition
from ..workflow.reading import WrongProcess
from ..workflow.records import Workflow

workflow = AppGroup("workflow", help="Processes: show them as tables, check their files.")


@workflow.command("table")
def table() -> None:
    """Print each process as Markdown tables of its steps and states, as the README has them."""
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
        _workflow().read(file.read_text("utf-8"), strictly=True)
    except WrongProcess as wrong:
        yield from wrong.sentences
    except UnicodeDecodeError:
        yield "This is no text in UTF-8."
    except OSError as error:
        yield f"This cannot be read: {error.strerror}."


def process_table(process: Process) -> str:
    """The steps and the states of a process as two Markdown tables."""
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
    return f"{steps}\n{states}"


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


def _open(state: State) -> str:
    return "everything" if "all" in state.editable else ", ".join(state.editable)


def _markdown(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _workflow() -> Workflow:
    found = current_panel().workflow
    if found is None:
        raise click.ClickException("This installation has no processes.")
    return found
