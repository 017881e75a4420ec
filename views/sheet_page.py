"""The page of one attendance sheet: its rows, and its corrections by their numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from models.attendance import Attendance, AttendanceSheet
from models.check_ins import CheckIn
from models.corrections import Correction, corrected_rows, corrections
from models.recording import signed
from models.sheet_scans import SheetScan
from panel.screens.acting import may
from panel.screens.base import RecordView
from panel.screens.deciding import Changes, Rows
from panel.screens.prefilled import new_url
from panel.screens.standing import decider, names_stood_in_for
from panel.screens.values import screen_of
from panel.screens.workflow import the_workflow

from .rows import record_link
from .sheet_rows import Couple, came, couples_of, keyed, spouse_of, told_rows, told_scans
from .sheet_scans import scans_on
from .suspicions_page import suspicious
from .uploads import file_link


@dataclass(frozen=True)
class Told:
    """A correction as the page tells it: who asked and who approved, and the rows."""

    number: int
    asked: Any
    asked_by: Any
    signed: Any
    signed_by: Any
    rows: Rows


class SheetPage(RecordView):
    """The details page of attendance sheets, for their screen."""

    details_template = "attendance_sheet.html"

    def details_page(self, record: AttendanceSheet, **more: Any) -> Any:
        """The decision page with the rows of the sheet."""
        session, workflow = self.session.session, the_workflow()
        process = workflow.process_of(session, record)
        done = {code for code, state in process.states.items() if state.category == "done"}
        text, _seen = workflow.snapshot(session, record)
        decisions = list(reversed(workflow.decisions(session, record)))
        found = corrections(decisions, done, text)
        couples = couples_of(record, corrected_rows(found))
        told = told_of(found, couples)
        pending = next((one for one in told if one.signed is None), None)
        context = {
            "couples": couples,
            "corrections": told,
            "changes": Changes(pending.rows, pending.asked.at) if pending else Changes(),
            "mark_url": mark_urls(record),
            "scans": scans_on(record) if may("read", SheetScan) else None,
            "scan_url": scan_url(record),
            "suspicious": len(suspicious(record.agenda_item)[0]) if may("read", CheckIn) else 0,
            "door_open": may("create", CheckIn) and signed(record) is None,
            **{one.__name__: one for one in (came, file_link, record_link, spouse_of)},
        }
        return super().details_page(record, **{**context, **more})


def scan_url(sheet: AttendanceSheet) -> str | None:
    """Where a scan is attached; None where that is not open."""
    shut = signed(sheet, SheetScan.__tablename__) is not None
    return None if shut else new_url(SheetScan, sheet=sheet.id)


def told_of(found: list[Correction], couples: list[Couple]) -> list[Told]:
    """The corrections with names and rows in words."""
    people, deciders = keyed(couples), [one.asked for one in found]
    deciders += [one.signed for one in found if one.signed is not None]
    names = names_stood_in_for(deciders)
    return [
        Told(
            one.number,
            one.asked,
            decider(one.asked, names),
            one.signed,
            decider(one.signed, names) if one.signed is not None else None,
            [*told_rows(one.changes, people), *told_scans(one.scans)],
        )
        for one in found
    ]


def mark_urls(sheet: AttendanceSheet) -> Any:
    """Where a row is changed or recorded, by couple and party; None where that is not open."""
    screen = screen_of(Attendance)
    shut = screen is None or signed(sheet) is not None

    def address(couple: Couple, party: str) -> str | None:
        if shut or (party == "spouse" and couple.one.spouse_id is None):
            return None
        mark = couple.marks.get(party)
        if mark is not None:
            back = {"id": mark.id, "url": request.full_path}
            return url_for(f"{screen.endpoint}.edit_view", **back) if may("edit", mark) else None
        return new_url(Attendance, participation=couple.one.id, agenda_item=sheet.agenda_item_id)

    return address
