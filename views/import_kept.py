"""Who reads a file and checks it, the request or the worker; and the preview, kept while it holds.

Files lie in the store; what was read of them and what a check found lie in the instance folder and
go when the file goes.
"""

from __future__ import annotations

from pathlib import Path

from flask import current_app

from models.base import db
from models.imports.batches import book_of, reading_of, sheet_of
from models.imports.checking import Progress, Reading
from models.imports.freshness import basis, holds
from models.imports.previews import Preview, RowAt, preview_of, work_out
from models.imports.proposing import known_for
from models.imports.rows import Row, rows_of
from models.roster_imports import RosterImport
from panel.access.rules import Actor
from panel.jobs import current_jobs
from panel.plugin import current_panel
from panel.screens.files import stored_files
from panel.sheets.cells import Sheet
from panel.sheets.reading import PAGE, Limits, refuse_later
from panel.sheets.refusing import Later
from panel.sheets.shelf import Shelf

#: From so many rows on the worker does it, where one runs.
LARGE = 1_000


def shelf() -> Shelf:
    """Where the running application keeps what was read of files."""
    return Shelf(Path(current_app.instance_path) / "imports")


def sheet_at(record: RosterImport, limits: Limits = PAGE) -> Sheet:
    """The sheet of an import that is read."""
    return sheet_of(book_of(stored_files(), shelf(), record, limits), record)


def reading_at(record: RosterImport, limits: Limits = PAGE) -> Reading:
    """How the file of an import is read."""
    return reading_of(record, sheet_at(record, limits))


def rows_in(record: RosterImport) -> RowAt:
    """The rows of the sheet of an import by their number, with what was mended in them."""
    sheet, columns, mended = sheet_at(record), record.column_of, record.mended_cells

    def row_at(number: int) -> Row:
        place = number - 1 - sheet.first_row
        [row] = rows_of(sheet, columns, (place,), mended=mended, answers={})
        return row

    return row_at


def is_unread(record: RosterImport) -> bool:
    """Whether nothing was read of a file that is too large for a page."""
    try:
        book_of(stored_files(), shelf(), record)
    except Later:
        return True
    return record.sheet is None


def is_left(record: RosterImport, most: int = LARGE) -> bool:
    """Whether the worker looks through this file; `Later` where it has to and none runs.

    From `most` rows on it does so where one runs.
    """
    served = current_jobs().served()
    try:
        rows = len(sheet_at(record).rows)
        refuse_later(rows)
    except Later:
        if not served:
            raise
        return True
    return served and rows > most


def fresh(record: RosterImport, actor: Actor) -> Preview | None:
    """The preview that was kept for this actor, if everything is as it was; else None."""
    found = preview_of(shelf(), _key(record, actor))
    log = current_panel().log.tables
    if (
        found is None
        or not shelf().holds(record.file.key)
        or not holds(db.session(), log, actor, record, found.of)
    ):
        return None
    return found


def worked_out(
    record: RosterImport, actor: Actor, progress: Progress | None = None, limits: Limits = PAGE
) -> Preview:
    """Check the file, and keep the preview for this actor."""
    of = basis(db.session(), current_panel().log.tables, actor, record)
    known = known_for(db.session(), actor, record)
    reading = reading_at(record, limits)
    return work_out(shelf(), _key(record, actor), of, reading, known, progress)


def _key(record: RosterImport, actor: Actor) -> str:
    return f"{record.file.key}-{actor.id}"
