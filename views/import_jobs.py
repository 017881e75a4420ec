"""Long work of imports, done by the worker: the check of a large file, and its proposal.

Each acts on behalf of the account that asked for it, with the rights that it has by then.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask

from models.base import db
from models.imports.batches import book_of, reading_of, sheet_of
from models.imports.checking import Progress, Reading, check
from models.imports.proposing import known_for, submit
from models.queries import in_scope
from models.records import access, proposals, workflow
from models.roster_imports import RosterImport, as_json
from panel.access.rules import Actor
from panel.changelog.records import deed
from panel.jobs import Jobs
from panel.screens.files import stored_files
from panel.screens.language import tell
from panel.words import Refused, say

from .import_words import KINDS

#: From so many rows on the worker does it, where one runs.
LARGE = 1_000
CHECK, SUBMIT = "roster_import.check", "roster_import.submit"
STALE = say("Somebody changed this import in the meantime. Look at it again; nothing is saved.")


def init_app(app: Flask) -> None:
    """Let the worker of `app` do this work."""
    jobs: Jobs = app.extensions["panel_jobs"]

    @jobs.task(CHECK)
    def check_it(progress: Progress, *, number: int, account: int, version: int) -> None:
        actor = actor_of(account)
        with deed("roster_import.map", actor=actor, subject=("roster_import", str(number))):
            record = held(actor, number, version)
            counted(record, actor, progress)
            db.session.commit()

    @jobs.task(SUBMIT)
    def submit_it(progress: Progress, *, number: int, account: int, version: int) -> None:
        actor = actor_of(account)
        with deed("roster_import.propose", actor=actor, subject=("roster_import", str(number))):
            hand_over(held(actor, number, version), actor, progress)
            db.session.commit()


def reading_at(record: RosterImport) -> Reading:
    """How the file of an import is read, from the store."""
    return reading_of(record, sheet_of(book_of(stored_files(), record), record))


def counted(record: RosterImport, actor: Actor, progress: Progress | None = None) -> None:
    """Check a file whose columns are confirmed, and keep how many rows of each class it has."""
    known = known_for(db.session(), actor, record)
    report = check(reading_at(record), known, size=0, progress=progress)
    record.counts, record.stage = as_json(dict(report.counts)), "checked"
    db.session.flush()


def hand_over(record: RosterImport, actor: Actor, progress: Progress | None = None) -> Any:
    """The submitted proposal of a checked file; the caller commits."""
    title = tell(say("%(kind)s: %(file)s", kind=KINDS[record.kind][0], file=record.file.name))
    return submit(
        db.session(),
        workflow,
        proposals,
        actor,
        record,
        reading_at(record),
        title=title,
        progress=progress,
    )


def actor_of(account: int) -> Actor:
    """The account as it is now; refused once it is closed."""
    found = access.find(db.session(), id=account)
    if found is None or not found.active:
        raise Refused("role", say("Sign in first."))
    actor = access.himself(found)
    db.session.rollback()
    return actor


def held(actor: Actor, number: int, version: int) -> RosterImport:
    """The import in the actor's scope, held, as it was when the work was asked for."""
    db.session.execute(
        sa.select(RosterImport.id).where(RosterImport.id == number).with_for_update()
    )
    rows = sa.select(RosterImport).where(RosterImport.id == number)
    record: RosterImport | None = db.session.scalar(in_scope(rows, RosterImport, actor))
    if record is None or access.may(actor, "edit", record) is not None:
        raise Refused("scope", say("This record is not there any more."))
    if record.version != version or not record.is_open:
        raise Refused("stale", STALE)
    return record
