"""The password of who acts from a terminal, where decisions ask for it."""

from __future__ import annotations

from typing import Any

import click
from flask import current_app

from ..access.passwords import LONGEST, normal
from ..plugin import current_panel

#: In place of an address.
TERMINAL = "terminal"


def prove(account: Any) -> None:
    """Ask for the account's password; counted and slowed like one at sign-in.

    Ends the transaction that is open.
    """
    typed = normal(click.prompt("Password", hide_input=True, err=True))[: LONGEST + 1]
    session, username = current_panel().db.session(), account.username
    throttle = current_app.extensions.get("throttle") if current_app.config["THROTTLE"] else None
    session.expunge(account)
    session.rollback()
    if throttle is not None and (seconds := throttle.begin(username, TERMINAL)):
        raise click.ClickException(f"Too many attempts. Wait {seconds} seconds.")
    if not account.verify_and_update_password(typed):
        raise click.ClickException("The password is wrong.")
    if throttle is not None:
        throttle.succeeded(username, TERMINAL)
