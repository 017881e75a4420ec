"""`flask account official`: tells whose account it is, so that the duties bind the person.

Administrators read no official's data on their screens; who calls the command has the NIP from the
decree and learns nothing but whether it is known.
"""

from __future__ import annotations

from typing import Any

import click
import sqlalchemy as sa

from models import identifiers
from models.people import Official
from panel.commands.account import account, change, reason_option, username_argument
from panel.plugin import Panel
from panel.words import Refused, say


@account.command("official")
@username_argument
@click.option("--nip", help="NIP of the official whose account it is.")
@click.option("--none", "nobody", is_flag=True, help="It is no official's account.")
@reason_option
def official(username: str, nip: str | None, nobody: bool, reason: str) -> None:
    """Say whose account it is: that person decides on no plan of his own, or of those near him."""
    if bool(nip) == nobody:
        raise click.UsageError("Give either --nip or --none.")

    def act(panel: Panel, found: Any) -> None:
        found.official_id = official_with(panel, found, nip) if nip else None

    change("official", username, reason, act)


def official_with(panel: Panel, found: Any, nip: str) -> int:
    """The number of the official with this NIP in the account's regions; `Refused` without one."""
    regions = {grant.region_id for grant in found.grants}
    known: int | None = panel.db.session.scalar(
        sa.select(Official.id).where(
            Official.nip == identifiers.nip(nip).value, Official.region_id.in_(regions)
        )
    )
    if known is None:
        raise Refused(
            "field", say("No official where the account is in force has this NIP."), "nip"
        )
    return known
