"""The screen of scanned attendance sheets: paper with ink, attached before the signature."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import joinedload

from models.attendance import AttendanceSheet
from models.base import db
from models.recording import refuse_signed, signed
from models.sheet_scans import SheetScan
from models.training import AgendaItem
from panel.screens.querying import scoped
from panel.words import Refused, say

from .uploads import FILE_DETAILS, FILE_LABELS, FileRecordView, file_link

SHEET = joinedload(SheetScan.sheet).joinedload(AttendanceSheet.agenda_item)


class SheetScanView(FileRecordView):
    """What was signed in ink; from the signature on the panel it changes by a correction only."""

    model = SheetScan
    title = say("Scans of signed sheets")
    one = say("Scan of a signed sheet")
    icon = "clip"
    belongs_to = "sheet"
    none_chosen = say("Choose the scanned sheet.")
    columns = ("file", "sheet")
    details = ("sheet", "file", *FILE_DETAILS)
    exported = ("sheet", "file.name", "file.sha256")
    fields = ("sheet", "upload")
    list_joins = (SHEET.joinedload(AgendaItem.session),)
    choice_joins = {"sheet": (AttendanceSheet.agenda_item,)}
    searchable = ("file.name", "sheet.agenda_item.title")
    filtered = ("sheet.agenda_item.session",)
    sort_by = {"file": "file.name"}
    default_order = ("-id",)
    empty_sentence = say("Scans are added on the page of an attendance sheet, before it is signed.")
    formats = {"file": file_link}
    labels = {
        "sheet": "Attendance sheet",
        "sheet.agenda_item.title": "Session part",
        "sheet.agenda_item.session": "Session",
        **FILE_LABELS,
    }
    helps = {"upload": "The pages with the ink signatures. Their fingerprint is signed along."}

    def before_save(self, record: SheetScan, created: bool) -> None:
        """A scan belongs to the region of its sheet, and to a sheet that is open."""
        super().before_save(record, created)
        if record.sheet is not None:
            refuse_signed(record.sheet, record.__tablename__)

    def closed(self, record: SheetScan, verb: str) -> Refused | None:
        """The scan of a signed sheet says how it can be taken away all the same."""
        refused = super().closed(record, verb)
        if refused is None or refused.code != "locked":
            return refused
        return signed(record.sheet, record.__tablename__) or refused


def scans_on(sheet: AttendanceSheet) -> list[Any]:
    """The scans of a sheet that the actor sees, in the order in which they came."""
    rows = scoped(SheetScan).where(SheetScan.sheet_id == sheet.id).order_by(SheetScan.id)
    return list(db.session.scalars(rows.options(joinedload(SheetScan.file))))
