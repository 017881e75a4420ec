"""Long work of imports, done by the worker: a large file read and checked, and its proposal.

Each acts on behalf of the account that asked for it, with the rights that it has by then. Files are
read and checked before a deed begins: nobody else waits for that.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask

from models.base import db
from models.imports.batches import best_sheet, book_of, choose_sheet
from models.imports.checking import Progress, Report
from models.imports.proposing import submit
from models.queries import in_scope
from models.records import access, proposals, workflow
from models.roster_imports import RosterImport, as_json
from panel.access.rules import Actor
from panel.changelog.records import deed
from panel.jobs import Jobs
from panel.screens.files import stored_files
from panel.screens.language import tell
from panel.sheets.reading import WORKER
from panel.words import Refused, say

from .import_kept import fresh, reading_at, shelf, worked_out
from .import_words import KINDS, title_of

READ, CHECK = "roster_import.read", "roster_import.check"
PREVIEW, SUBMIT = "roster_import.preview", "roster_import.submit"
STALE = say("Somebody changed this import in the meantime. Look at it again; nothing is saved.")


def init_app(app: Flask) -> None:
    """Let the worker of `app` do this work."""
    jobs: Jobs = app.extensions["panel_jobs"]

    @jobs.task(READ)
    def read_it(_progress: Progress, *, number: int, account: int, version: int) -> None:
        actor = actor_of(account)
        record = seen(actor, number)
        book, new = book_of(stored_files(), shelf(), record, WORKER), record.sheet is None
        db.session.rollback()
        if not new:  # what was read of it got lost: nothing of the import changes
            return
        with deed("roster_import.read", actor=actor, subject=("roster_import", str(number))):
            record = held(actor, number, version)
            choose_sheet(db.session(), record, best_sheet(book, record.kind))
            db.session.commit()

    @jobs.task(CHECK)
    def check_it(progress: Progress, *, number: int, account: int, version: int) -> None:
        actor = actor_of(account)
        report = worked_out(seen(actor, number), actor, progress, WORKER).report()
        db.session.rollback()
        with deed("roster_import.map", actor=actor, subject=("roster_import", str(number))):
            counted(held(actor, number, version), report)
            db.session.commit()

    @jobs.task(PREVIEW)
    def look_again(progress: Progress, *, number: int, account: int, version: int) -> None:
        actor = actor_of(account)
        worked_out(seen(actor, number), actor, progress, WORKER)
        db.session.rollback()

    @jobs.task(SUBMIT)
    def submit_it(
        progress: Progress, *, number: int, account: int, version: int, title: str = ""
    ) -> None:
        actor = actor_of(account)
        with deed("roster_import.propose", actor=actor, subject=("roster_import", str(number))):
            hand_over(held(actor, number, version), actor, title, progress)
            db.session.commit()


def counted(record: RosterImport, report: Report) -> None:
    """Keep how many rows of each class a file has whose columns are confirmed."""
    record.counts, record.stage = as_json(dict(report.counts)), "checked"
    db.session.flush()


def proposal_title(record: RosterImport) -> str:
    """What the proposal of an import is called, in the language of its author."""
    return tell(say("%(kind)s: %(file)s", kind=KINDS[record.kind][0], file=title_of(record)))


def hand_over(
    record: RosterImport, actor: Actor, title: str, progress: Progress | None = None
) -> Any:
    """The submitted proposal of a checked file, called so; the caller commits."""
    title = title or proposal_title(record)
    kept = fresh(record, actor)
    return submit(
        db.session(),
        workflow,
        proposals,
        actor,
        record,
        reading_at(record, WORKER) if kept is None else None,
        title=title,
        progress=progress,
        found=kept.found() if kept is not None else None,
    )


def actor_of(account: int) -> Actor:
    """The account as it is now; refused once it is closed."""
    found = access.find(db.session(), id=account)
    if found is None or not found.active:
        raise Refused("role", say("Sign in first."))
    actor = access.himself(found)
    db.session.rollback()
    return actor


def seen(actor: Actor, number: int) -> RosterImport:
    """The import in the actor's scope, while it is open."""
    rows = sa.select(RosterImport).where(RosterImport.id == number)
    record: RosterImport | None = db.session.scalar(in_scope(rows, RosterImport, actor))
    if record is None or access.may(actor, "read", record) is not None:
        raise Refused("scope", say("This record is not there any more."))
    if not record.is_open:
        raise Refused("stale", STALE)
    return record


def held(actor: Actor, number: int, version: int) -> RosterImport:
    """The import in the actor's scope, held, as it was when the work was asked for."""
    db.session.execute(
        sa.select(RosterImport.id).where(RosterImport.id == number).with_for_update()
    )
    record = seen(actor, number)
    if access.may(actor, "edit", record) is not None:
        raise Refused("scope", say("This record is not there any more."))
    if record.version != version:
        raise Refused("stale", STALE)
    return record
