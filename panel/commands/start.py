"""What stops the start in production; each reason is one sentence that says what to do.

Asked before serving, never by other commands: they are what mends it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from datetime import timedelta

import click
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError

from ..changelog.triggers import differences
from ..columns import now
from ..plugin import Panel
from ..words import Sentence, say

#: Deeds by which an office adds an account itself: its own Ani is not the demo's.
ADDED = ("account.add", "account.create")
#: As far as the clocks of several machines may be apart.
APART = timedelta(seconds=5)


def start_objection(
    app: Flask, *, is_current: Callable[[], bool], demo_names: Collection[str]
) -> Sentence | None:
    """Why real people's data are not served now, or None; asks the database.

    `is_current` tells whether no migration is pending, `demo_names` are accounts of the demo, whose
    password is known to many.
    """
    if app.debug:
        return say("Debugging is on: it shows the program's inside to everybody. Switch it off.")
    panel: Panel = app.extensions["panel"]
    try:
        with app.app_context(), panel.db.engine.connect() as connection:
            if not is_current():
                return say("A migration is pending: call `flask init`.")
            return (
                _demo(connection, panel, demo_names)
                or _triggers(connection, panel)
                or _clock(connection, panel)
            )
    except OperationalError:
        return say("The database does not answer.")


def is_serving() -> bool:
    """Whether the application is made to serve: by a server or `flask run`, no other command."""
    context = click.get_current_context(silent=True)
    return os.environ.get("FLASK_RUN_FROM_CLI") != "true" or (
        context is not None and context.info_name == "run"
    )


def _demo(connection: sa.Connection, panel: Panel, names: Collection[str]) -> Sentence | None:
    account: sa.Table = sa.inspect(panel.access.account).local_table
    change, deed = panel.log.tables.change, panel.log.tables.deed
    added = sa.exists().where(
        change.c.tbl == account.name,
        change.c.pk == sa.cast(account.c.id, sa.Text),
        change.c.op == "I",
        change.c.deed_id == deed.c.id,
        deed.c.action.in_(ADDED),
    )
    query = sa.select(account.c.username).where(
        account.c.username.in_(names), account.c.active, ~added
    )
    found = connection.scalars(query.order_by(account.c.username)).all()
    if not found:
        return None
    return say(
        "Accounts of the demo are active: %(names)s. Close each by `flask account deactivate`, or "
        "begin with a database that never held the demo.",
        names=", ".join(found),
    )


def _triggers(connection: sa.Connection, panel: Panel) -> Sentence | None:
    found = differences(connection, panel.triggers(connection.dialect.name))
    if not found:
        return None
    return say(
        "The change log would have gaps. %(first)s Find out who did that: `flask log verify` shows "
        "all.",
        first=found[0],
    )


def _clock(connection: sa.Connection, panel: Panel) -> Sentence | None:
    deed = panel.log.tables.deed
    newest = connection.scalar(sa.select(deed.c.at).order_by(deed.c.seq.desc()).limit(1))
    moment = now()
    if newest is None or newest <= moment + APART:
        return None
    return say(
        "The clock shows %(clock)s UTC, but the newest entry of the change log is of %(newest)s "
        "UTC. Set the clock.",
        clock=f"{moment:%Y-%m-%d %H:%M:%S}",
        newest=f"{newest:%Y-%m-%d %H:%M:%S}",
    )
