"""Imports of rosters: upload, match the columns, check and mend, submit as a proposal.

Nothing of the roster is written here: what a file asks for becomes a proposal, which somebody else
applies. The uploaded file stays as it came.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from sqlalchemy.orm import joinedload

from models.base import db
from models.concrete import Account
from models.imports import batches
from models.imports.batches import book_of, choose_sheet, headings_of, remember, sheet_of
from models.roster_imports import RosterImport, as_json
from panel.plugin import Panel
from panel.screens.acting import doing, may, note_refusal, subject_of, the_actor
from panel.screens.answers import STATUS
from panel.screens.files import send_stored, stored_files
from panel.screens.guarding import Guarded, verb
from panel.screens.language import tell
from panel.screens.querying import find, scoped
from panel.screens.taken_back import note_taken_back
from panel.words import Refused, say

from .import_forms import (
    chosen_columns,
    columns_of,
    heading_rows,
    skipped,
    typed_columns,
)
from .import_jobs import CHECK, STALE, counted
from .import_kept import is_left, is_unread, sheet_at, shelf, worked_out
from .import_preview import Previewing
from .import_rotations import every_form, keep_whole, marked_at, wholes
from .import_upload import Uploading
from .import_words import KINDS, STEPS, masked, stage_badge, title_of

#: As many imports as the list shows.
LISTED = 100


class ImportsView(Uploading, Previewing, Guarded):
    """The pages of one import, and the list of all."""

    kind = RosterImport
    icon = "upload"

    def __init__(self, _panel: Panel, *, category: Any = None) -> None:
        super().__init__(
            say("Imports"),
            category=category,
            endpoint="roster_import",
            url="/imports",
            menu_icon_value=self.icon,
        )

    @expose("/")
    @verb("read")
    def index_view(self) -> Any:
        """What came in, the latest first."""
        rows = scoped(RosterImport).options(
            joinedload(RosterImport.file), joinedload(RosterImport.proposal)
        )
        found = db.session.scalars(rows.order_by(RosterImport.id.desc()).limit(LISTED)).all()
        note_taken_back(one.proposal for one in found)
        return self.render(
            "imports.html",
            imports=found,
            names=names_of(found),
            kinds=KINDS,
            stage_badge=stage_badge,
            title_of=title_of,
            may_upload=may("create", RosterImport),
        )

    # Columns

    @expose("/<int:id>/columns/", methods=("GET", "POST"))
    @verb("edit")
    def columns_view(self, id: int) -> Any:
        """The sheet and its columns as they were guessed; confirmed or corrected here."""
        if request.method == "GET":
            record = self.open_one(id)
            if is_unread(record):
                return self.waiting_page(record)
            return self.columns_page(record, every_form(record))
        with doing("roster_import.map") as deed:
            record = self.open_one(id, locked=True)
            deed.subject = subject_of(record)
            form = every_form(record, request.form)
            try:
                if request.form.get("version") != str(record.version):
                    raise Refused("stale", STALE)
                if is_unread(record):
                    raise Refused("state", say("The file is not read yet."))
                if request.form.get("act") in ("sheet", "rows"):
                    return self.other_sheet(record)
                if not form.validate():
                    return self.columns_page(record, form, status=422)
                self.confirm(record, form)
                large = is_left(record)
                if not large:
                    counted(record, worked_out(record, the_actor()).report())
                db.session.commit()
            except Refused as refused:
                note_refusal("roster_import.map", refused.sentence, subject=deed.subject)
                if is_unread(self.open_one(id)):
                    return self.waiting_page(self.open_one(id), refused)
                return self.columns_page(self.open_one(id), form, refused=refused)
        return self.worked_on(record, CHECK) if large else self.to_preview(record)

    def other_sheet(self, record: RosterImport) -> Any:
        """Read another sheet, or other rows as the headings: what was mended belongs to the old."""
        book = book_of(stored_files(), shelf(), record)
        sheet = sheet_of(book, record)
        rows = None
        if request.form.get("act") == "sheet":
            names = {one.name: one for one in book.sheets if one.rows}
            if request.form.get("sheet") not in names:
                raise Refused("scope", say("This was not offered."))
            sheet = names[request.form["sheet"]]
        else:
            rows = heading_rows(sheet)
        choose_sheet(db.session(), record, sheet, rows)
        db.session.commit()
        return redirect(url_for(".columns_view", id=record.id), 303)

    def confirm(self, record: RosterImport, form: Any) -> None:
        """Take the columns as they were chosen, and keep them for the next list like this."""
        sheet = sheet_at(record)
        chosen = chosen_columns(record.kind, sheet)
        if chosen != record.column_of:
            record.answers = "{}"
        record.columns = as_json(chosen)
        record.on_day, record.decree_no = form.on_day.data, form.decree_no.data
        record.stage, record.counts = "mapped", None
        keep_whole(record, form)
        remember(db.session(), record, headings_of(record, sheet).labels)
        db.session.flush()

    def columns_page(
        self,
        record: RosterImport,
        form: Any,
        *,
        refused: Refused | None = None,
        status: int = 200,
    ) -> Any:
        """The second step."""
        book = book_of(stored_files(), shelf(), record)
        sheet = sheet_of(book, record)
        found = headings_of(record, sheet)
        columns = columns_of(sheet, found, record.column_of)
        if refused is not None:
            columns = typed_columns(columns)
        earlier = batches.handed_in_before(db.session(), the_actor(), record)
        note_taken_back(one.proposal for one in earlier)
        page = self.render(
            "import_columns.html",
            record=record,
            form=form,
            book=book,
            sheet=sheet,
            found=found,
            columns=columns,
            masked=masked,
            title=title_of(record),
            fields=batches.FIELDS[record.kind],
            skipped=skipped(found),
            remembered=batches.remembered(db.session(), record, found.labels) is not None,
            earlier=earlier,
            names=names_of(earlier),
            stage_badge=stage_badge,
            seats=record.kind in ("officials", "appointments", "rotation"),
            wholes=wholes(record),
            kinds=KINDS,
            steps=STEPS,
            refused=marked_at(form, refused),
        )
        return page, STATUS[refused.code] if refused else status

    # One import

    def one(self, id: int, *, locked: bool = False) -> RosterImport:
        """The import in scope; 404 for any other."""
        if locked:
            held = sa.select(RosterImport.id).where(RosterImport.id == id)
            db.session.execute(held.with_for_update())
        record: RosterImport | None = find(RosterImport, id)
        if record is None:
            abort(404)
        return record

    def open_one(self, id: int, *, locked: bool = False) -> RosterImport:
        """The import in scope, while it can be changed; 409 for one that is closed."""
        record = self.one(id, locked=locked)
        if not record.is_open:
            raise Refused("state", say("This import is closed: nothing more comes of it."))
        return record

    @expose("/<int:id>/file/")
    @verb("read")
    def file_view(self, id: int) -> Any:
        """The file as it was handed in; who may not mend it has no need of it."""
        record = self.one(id)
        if not may("edit", RosterImport):
            raise Refused("role", say("Only clerks of this list take the file itself."))
        return send_stored(record.file)

    @expose("/<int:id>/discard/", methods=("POST",))
    @verb("edit")
    def discard_view(self, id: int) -> Any:
        """Close an import without a proposal; what was typed into its cells goes."""
        with doing("roster_import.discard") as deed:
            record = self.open_one(id, locked=True)
            deed.subject = subject_of(record)
            record.stage, record.mended = "discarded", "{}"
            db.session.commit()
        flash(tell(say("The import is discarded. The roster is as it was.")), "success")
        return redirect(url_for(".index_view"), 303)


def names_of(imports: Any) -> dict[int, str]:
    """The accounts that handed imports in, by number; one statement."""
    keys = {one.created_by_id for one in imports}
    if not keys:
        return {}
    rows = sa.select(Account.id, Account.name).where(Account.id.in_(keys))
    return {row.id: row.name for row in db.session.execute(rows)}
