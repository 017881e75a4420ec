"""The first step of an import: the file or the pasted cells; a large one is read by the worker."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import redirect, request, url_for
from flask_admin import expose
from sqlalchemy.exc import IntegrityError

from models.base import db
from models.imports import batches
from models.roster_imports import RosterImport
from models.scope_rules import regions_of
from panel.jobs import current_jobs
from panel.plugin import current_panel
from panel.screens.acting import doing, note_refusal, subject_of, the_actor
from panel.screens.answers import STATUS
from panel.screens.files import stored_files
from panel.screens.guarding import verb
from panel.screens.language import tell
from panel.words import Refused, say

from .import_forms import UploadForm
from .import_jobs import READ
from .import_kept import is_unread, shelf
from .import_words import KINDS, STEPS


class Uploading:
    """Where a list comes in; mixed into the view of imports."""

    render: Any
    open_one: Any
    worked_on: Any

    @expose("/new/", methods=("GET", "POST"))
    @verb("create")
    def create_view(self) -> Any:
        """The file or the pasted cells; the same form sent again leads to the first import."""
        form = UploadForm(request.form if request.method == "POST" else None)
        if request.method == "POST":
            form.file.process_formdata(request.files.getlist("file"))
        regions = regions_of(the_actor())
        if len(regions) == 1:
            del form.region
        if request.method == "GET":
            return self.upload_page(form)
        if not form.validate():
            return self.upload_page(form, 422)
        region = regions[0] if len(regions) == 1 else form.region.data.id
        with doing("roster_import.create") as deed:
            made, answer = self.attempt_upload(form, region, deed)
        return self.worked_on(made, READ) if made is not None and made.sheet is None else answer

    def attempt_upload(
        self, form: UploadForm, region: int, deed: Any
    ) -> tuple[RosterImport | None, Any]:
        """Keep the file and guess its columns; or the form again with why it cannot be read."""
        token = token_of(form)
        before = sent_before(token)
        if before:
            return None, redirect(before, 303)
        try:
            data, name, pasted = form.handed()
            made = batches.hand_in(
                db.session(),
                stored_files(),
                shelf(),
                data,
                name or tell(say("Pasted cells")),
                kind=form.kind.data,
                region_id=region,
                account_id=the_actor().id,
                pasted=pasted,
                part=form.of_part(region),
                served=current_jobs().served(),
            )
            deed.subject = subject_of(made)
            location = url_for(".columns_view", id=made.id)
            tokens = current_panel().access.form_token
            db.session.add(tokens(hash=token, account_id=the_actor().id, location=location))
            db.session.commit()
        except Refused as refused:
            note_refusal("roster_import.create", refused.sentence)
            field = form._fields.get(refused.field or "file") or form.file
            field.errors = [*field.errors, tell(refused.sentence)]
            return None, self.upload_page(form, STATUS[refused.code])
        except IntegrityError:  # the same form, sent twice at once
            db.session.rollback()
            return None, redirect(sent_before(token) or url_for(".index_view"), 303)
        return made, redirect(location, 303)

    def upload_page(self, form: UploadForm, status: int = 200) -> Any:
        """The first step."""
        page = self.render("import_new.html", form=form, kinds=KINDS, steps=STEPS)
        return page, status

    @expose("/<int:id>/read/", methods=("POST",))
    @verb("edit")
    def read_view(self, id: int) -> Any:
        """Have the worker read a file that is too large for a page."""
        record: RosterImport = self.open_one(id)
        if not is_unread(record):
            return redirect(url_for(".columns_view", id=id), 303)
        return self.worked_on(record, READ)


def token_of(form: UploadForm) -> str:
    """The hash of the form's one-time token, for this account."""
    return hashlib.sha256(f"{the_actor().id}:roster_import:{form.once.data}".encode()).hexdigest()


def sent_before(token: str) -> str | None:
    """Where the first sending of a form led, or None."""
    row = db.session.get(current_panel().access.form_token, token)
    return row.location if row is not None else None
