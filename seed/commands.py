"""`flask init` and `flask demo`, and what `make run` does before it serves.

Both can be called again at any time: what is there already is left alone, and nothing is logged.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask, current_app
from flask.cli import with_appcontext

from models.base import db
from models.records import ProcessVersion, access, log, workflow
from models.schema import is_current, mend_triggers, migrate
from panel.access.accounts import lay_down_roles, missing_roles
from panel.changelog.anchoring import begin
from panel.changelog.records import note
from panel.words import Refused, say

from .accounts import ACCOUNTS
from .acting import SYSTEM, act, acts_done
from .demo import load_demo
from .reference import plant_reference

PROCESSES = Path(__file__).parent.parent / "models" / "processes"
REFERENCE = "seed.reference"


def initialise(*, lists: bool = True) -> list[str]:
    """Bring schema, processes and, if asked for, reference data up to date; what was done."""
    lines = []
    if migrate():
        lines.append("The database is at the newest schema.")
    elif differing := mend_triggers():
        note(db.engine, "schema.triggers", actor=SYSTEM, details={"differed": differing})
        lines.append("The triggers were put back; the change log says which differed.")
    origin = f"jenjang/{secrets.token_hex(8)}"
    key = Ed25519PrivateKey.from_private_bytes(current_app.config["CHECKPOINT_KEY"])
    if begin(db.engine, log, origin, key.public_key()):
        lines.append("The change log has its name, and the key of its checkpoints.")
    if missing_roles(access, db.session()):
        with act("role.create", SYSTEM) as session:
            lay_down_roles(access, session)
        lines.append("The roles are laid down.")
    if lists and REFERENCE not in acts_done("seed."):
        with act(REFERENCE, SYSTEM) as session:
            plant_reference(session)
        lines.append("The reference data are in.")
    for path in sorted(PROCESSES.glob("*.toml")):
        workflow.define(path)
    with act("process_version.publish", SYSTEM) as session:
        for version in workflow.sync(session):
            lines.append(told_of(version))
    return lines or ["Everything is up to date."]


def told_of(version: ProcessVersion) -> str:
    """What became of a process that the program brought along."""
    if version.published_at is not None:
        return f"The process {version.kind} is at version {version.number}."
    return (
        f"The process {version.kind} has changed: version {version.number} waits under "
        "“Processes” for two administrators, who take it up and publish it."
    )


def demonstrate() -> list[str]:
    """Load the demo of both cities, never where real people's data are; what was done, in words."""
    if current_app.config["PRODUCTION"]:
        raise Refused("state", say("The demo is not loaded in production."))
    if not is_current() or not acts_done(REFERENCE):
        raise Refused("state", say("Call `flask init` first."))
    loaded = load_demo(current_app.config["DEMO_PASSWORD"])
    return ["The demo of both cities is in."] if loaded else ["The demo is in already."]


def prepare(app: Flask) -> Iterator[str]:
    """What `make run` does and prints before it serves."""
    with app.app_context():
        yield from initialise()
        if app.config["PRODUCTION"]:
            return
        yield from demonstrate()
        yield from sign_in_lines(app.config["DEMO_PASSWORD"])


def sign_in_lines(password: str) -> Iterator[str]:
    """The demo's sign-in names, and the password that they share."""
    yield "Sign in with one of these names:"
    for one in ACCOUNTS:
        yield f"  {one.username:<6} {one.role:<14} {one.name}"
    yield f"  password: {password}"


@click.command("init")
@click.option("--bare", is_flag=True, help="No lists and no cities: they are entered on screen.")
@with_appcontext
def init_command(bare: bool) -> None:
    """Migrate the database and put the reference data and processes in."""
    say_all(initialise(lists=not bare))


@click.command("demo")
@with_appcontext
def demo_command() -> None:
    """Load the demo of both cities; refused in production."""
    try:
        say_all(demonstrate())
    except Refused as refused:
        raise click.ClickException(str(refused.sentence)) from None


def say_all(lines: list[str]) -> None:
    """One line each."""
    for line in lines:
        click.echo(line)


def register_seed_commands(app: Flask) -> None:
    """Make the commands known to `flask`."""
    app.cli.add_command(init_command)
    app.cli.add_command(demo_command)
