"""One look at the log: verified against every checkpoint in the folder, kept, and told on.

Who reads the log gets a notice when it does not verify, once for each first difference.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from .changelog.anchoring import begun
from .changelog.chain import Finding
from .changelog.checkpoints import Checkpoint
from .changelog.rules import Actor, Command
from .changelog.seal import NoKey
from .changelog.standing import Standing, keep, standing
from .changelog.verify import Report, verify
from .checkpointing import folder, signing_key
from .columns import now
from .kept import found_in
from .plugin import Panel
from .words import say

LOOKER = Command("log verify")
#: What is found as well where the log takes no deed any more.
NOT_KEPT = say("How this verification ended could not be kept: the log takes no deed now.")
#: What a notice calls the record that it is about: a deed by its number.
NOTICED = "deed"


@dataclass(frozen=True)
class Looked:
    """What was found, and beside how many checkpoints."""

    report: Report
    #: Checkpoints of the folder that the log was compared with.
    checkpoints: int
    #: Files of other logs in the folder, which were left out.
    foreign: int
    #: The verification before this one.
    before: Standing


def stands(panel: Panel) -> Standing:
    """How the log stands by its newest verification."""
    with panel.db.engine.connect() as connection:
        return standing(connection, panel.log.tables, panel.log.keys())


def look(
    panel: Panel,
    *,
    whole: bool,
    kept: Collection[Checkpoint] = (),
    archived: Mapping[int, str] | None = None,
    actor: Actor = LOOKER,
    **facts: str,
) -> Looked:
    """Verify the log, keep how it ended, and tell those who read it of what is new.

    Without `whole`, changes up to the last verified point are not read again. All is read where
    there is no such point, where the last verification found something, and where this one does.
    `archived` gives the values that stand in archives, by the numbers of their changes. A host that
    signs no checkpoints has its log verified whole, and no account is kept of it.
    """
    engine, triggers = panel.db.engine, panel.triggers(panel.db.engine.dialect.name)
    if "CHECKPOINT_KEY" not in current_app.config:
        report = verify(engine, panel.log, triggers, kept=kept, archived=archived)
        return Looked(report, 0, 0, Standing())
    before, key = stands(panel), signing_key()
    there = found_in(panel, folder(), key.public_key())
    everything = (*kept, *there.kept)
    since = None if whole else before.point(key)
    report = verify(engine, panel.log, triggers, kept=everything, since=since, archived=archived)
    if report.since is not None and report.findings:
        report = verify(engine, panel.log, triggers, kept=everything, archived=archived)
    broken = tuple(Finding("checkpoint", one) for one in there.broken)
    report = replace(report, findings=(*report.findings, *broken))
    with engine.connect() as connection:
        kept_account = begun(connection, panel.log.tables) is not None
    if kept_account:
        try:
            keep(engine, panel.log.tables, report, before, key, actor, **facts)
        except (NoKey, SQLAlchemyError):
            report = replace(report, findings=(*report.findings, Finding("kept", NOT_KEPT)))
        else:
            if report.findings and before.findings[:1] != stands(panel).findings[:1]:
                _tell(panel)
    return Looked(report, len(there.kept), len(there.foreign), before)


def _tell(panel: Panel) -> None:
    """Leave a notice of the newest verification with everybody who reads the log."""
    notices, access = panel.notices, panel.access
    seq = stands(panel).seq
    if notices is None or access.role is None or seq is None:
        return
    roles = [role for role, verbs in access.policy.get("change", {}).items() if "read" in verbs]
    account, notice = access.account, notices.notice
    readers = sa.select(account.id).where(
        account.active, account.roles.any(access.role.code.in_(roles))
    )
    with panel.db.engine.connect().execution_options(write=True) as connection, connection.begin():
        rows = [
            {
                "account_id": one,
                "record_table": NOTICED,
                "record_id": seq,
                "kind": "decided",
                "at": now(),
            }
            for one in connection.scalars(readers.order_by(account.id))
        ]
        if rows:
            connection.execute(sa.insert(notice), rows)
