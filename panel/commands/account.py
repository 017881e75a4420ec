"""`flask account`: accounts from the terminal, each act a deed with its reason.

Who runs the server acts alone here, so that there can be a first administrator and a second one.
Says the same sentences as the screens. A made-up password is printed once and kept nowhere; its
owner has to choose his own at the first sign-in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
import sqlalchemy as sa
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import selectinload

from ..access import accounts
from ..access.rules import ROLE_NAMES, Actor
from ..changelog.records import OpenDeed, deed
from ..plugin import Panel, current_panel
from ..words import Refused

account = AppGroup("account", help="Accounts: who may sign in, as what, and for which places.")
role = AppGroup("role", help="Give an account a role, or take one away.")
account.add_command(role)
place = AppGroup("place", help="Give an account a place, or take one away.")
account.add_command(place)

ROLES = click.Choice(list(ROLE_NAMES))
reason_option = click.option(
    "--reason", required=True, help="Why; it stands in the change log, such as a letter's number."
)
username_argument = click.argument("username")


@contextmanager
def acting(action: str, reason: str) -> Iterator[tuple[Panel, OpenDeed]]:
    """A deed of the command; what it refuses is printed as one sentence, and nothing is changed."""
    panel = current_panel()
    if not reason.strip():
        raise click.ClickException("Give a reason.")
    actor = Actor(id=0, name=f"flask account {action}", kind="command")
    try:
        with deed(f"account.{action}", actor=actor, reason=reason.strip()) as opened:
            yield panel, opened
            panel.db.session.commit()
    except Refused as refused:
        panel.db.session.rollback()
        raise click.ClickException(str(refused.sentence)) from None
    except OperationalError:
        raise click.ClickException(
            "The database does not answer, or is not prepared: run `flask init`."
        ) from None


def change(action: str, username: str, reason: str, act: Callable[[Panel, Any], None]) -> None:
    """Do `act` to the account of that name."""
    with acting(action, reason) as (panel, opened):
        found = accounts.account_named(panel.access, panel.db.session(), username)
        opened.subject = (found.__tablename__, str(found.id))
        act(panel, found)
    click.echo(f"{username}: done.")


@account.command()
@username_argument
@click.option("--name", required=True, help="Name that screens and the change log show.")
@click.option("--role", "roles", type=ROLES, multiple=True, required=True)
@click.option("--place", "places", multiple=True, help="Region or unit in scope, by its code.")
@reason_option
def add(
    username: str, name: str, roles: tuple[str, ...], places: tuple[str, ...], reason: str
) -> None:
    """Make an account and print its first password, once."""
    with acting("add", reason) as (panel, opened):
        made, password = accounts.add_account(
            panel.access,
            panel.db.session(),
            username=username,
            name=name,
            roles=roles,
            places=places,
        )
        opened.subject = (made.__tablename__, str(made.id))
        username = made.username
    click.echo(f"{username}: made. First password, shown only now: {password}")


@account.command("list")
def list_accounts() -> None:
    """Show all accounts: name, roles, places, whether they may sign in."""
    panel = current_panel()
    model = panel.access.account
    query = sa.select(model).order_by(model.username)
    found = panel.db.session.scalars(
        query.options(selectinload(model.roles), selectinload(model.grants))
    )
    for each in found:
        roles = ", ".join(sorted(held.code for held in each.roles)) or "no role"
        places = ", ".join(str(grant) for grant in each.grants) or "no place"
        state = "active" if each.active else "not active"
        click.echo(f"{each.username}\t{each.name}\t{roles}\t{places}\t{state}")


@account.command()
@username_argument
@reason_option
def password(username: str, reason: str) -> None:
    """Make up a new password and print it, once; ends the account's sessions."""
    made = ""

    def act(_: Panel, found: Any) -> None:
        nonlocal made
        made = accounts.hand_over_password(found)

    change("password", username, reason, act)
    click.echo(f"New password, shown only now: {made}")


@account.command()
@username_argument
@reason_option
def deactivate(username: str, reason: str) -> None:
    """Close the account and end its sessions; what it did stays in the log."""
    change("deactivate", username, reason, lambda _, found: accounts.set_active(found, False))


@account.command()
@username_argument
@reason_option
def activate(username: str, reason: str) -> None:
    """Let a closed account sign in again."""
    change("activate", username, reason, lambda _, found: accounts.set_active(found, True))


@account.command("totp-reset")
@username_argument
@reason_option
def reset_totp(username: str, reason: str) -> None:
    """Forget the authenticator of a lost telephone; ends the account's sessions.

    The owner sets up a new one at the next sign-in. Who knows the password could do so too: see
    the owner in person, and where in doubt give a new password as well.
    """
    change("totp-reset", username, reason, lambda _, found: accounts.reset_second_factor(found))


@role.command("add")
@username_argument
@click.argument("code", type=ROLES)
@reason_option
def add_role(username: str, code: str, reason: str) -> None:
    """Give the role CODE; ends the account's sessions."""

    def act(panel: Panel, found: Any) -> None:
        held = {each.code for each in found.roles}
        accounts.set_roles(panel.access, panel.db.session(), found, held | {code})

    change("role", username, reason, act)


@role.command("remove")
@username_argument
@click.argument("code", type=ROLES)
@reason_option
def remove_role(username: str, code: str, reason: str) -> None:
    """Take the role CODE away; ends the account's sessions."""

    def act(panel: Panel, found: Any) -> None:
        held = {each.code for each in found.roles}
        accounts.set_roles(panel.access, panel.db.session(), found, held - {code})

    change("role", username, reason, act)


@place.command("add")
@username_argument
@click.argument("code")
@reason_option
def add_place(username: str, code: str, reason: str) -> None:
    """Give the region or unit with this CODE; ends the account's sessions."""

    def act(panel: Panel, found: Any) -> None:
        accounts.add_place(panel.access, panel.db.session(), found, code)

    change("place", username, reason, act)


@place.command("remove")
@username_argument
@click.argument("code")
@reason_option
def remove_place(username: str, code: str, reason: str) -> None:
    """Take the region or unit with this CODE away; ends the account's sessions."""

    def act(panel: Panel, found: Any) -> None:
        accounts.remove_place(panel.access, panel.db.session(), found, code)

    change("place", username, reason, act)
