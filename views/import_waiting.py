"""What the worker does of an import: asked for, how far it is, and where a page waits for it."""

from __future__ import annotations

import re
from typing import Any

from flask import abort, redirect, url_for
from flask_admin import expose

from models.base import db
from models.roster_imports import RosterImport
from panel.jobs import current_jobs
from panel.screens.acting import may, the_actor
from panel.screens.answers import STATUS
from panel.screens.guarding import verb
from panel.words import Refused

from .import_jobs import PREVIEW
from .import_kept import is_left, is_unread
from .import_words import STEPS, title_of


class Waiting:
    """Long work of one import; mixed into the view of imports."""

    one: Any
    render: Any

    def to_preview(self, record: RosterImport) -> Any:
        """The preview."""
        return redirect(url_for(".details_view", id=record.id), 303)

    def worked_on(self, record: RosterImport, task: str, **more: str) -> Any:
        """Ask the worker for this work, with what `more` it takes, and show how far it is."""
        number, version, account = record.id, record.version, the_actor().id
        db.session.rollback()
        job = current_jobs().start(task, number=number, account=account, version=version, **more)
        return redirect(url_for(".progress_view", id=number, job=job), 303)

    def waiting_page(self, record: RosterImport, refused: Refused | None = None) -> Any:
        """In place of a page that only the worker can prepare: what it is asked to do."""
        page = self.render(
            "import_waiting.html",
            record=record,
            title=title_of(record),
            unread=is_unread(record),
            refused=refused,
            may_mend=may("edit", RosterImport),
            steps=STEPS,
        )
        return page, STATUS[refused.code] if refused else 200

    @expose("/<int:id>/check/", methods=("POST",))
    @verb("read")
    def check_view(self, id: int) -> Any:
        """Have the worker check a large file against what is recorded now."""
        record = self.one(id)
        if record.stage not in ("mapped", "checked") or not is_left(record):
            return self.to_preview(record)
        return self.worked_on(record, PREVIEW)

    @expose("/<int:id>/progress/<job>/")
    @verb("read")
    def progress_view(self, id: int, job: str) -> Any:
        """How far the worker is; the preview, or what came of it, once it is done."""
        record = self.one(id)
        if not re.fullmatch(r"[0-9a-f]{32}", job):
            abort(404)
        state = current_jobs().state(job)
        if state.stage == "done":
            return self.to_preview(record)
        again = url_for(".progress_view", id=id, job=job)
        page = self.render(
            "import_progress.html",
            record=record,
            title=title_of(record),
            state=state,
            again=again,
            at={"uploaded": 2, "mapped": 3}.get(record.stage, 3),
            steps=STEPS,
        )
        waits = state.stage in ("waiting", "running")
        return page, 200, {"Refresh": f"2; url={again}"} if waits else {}
