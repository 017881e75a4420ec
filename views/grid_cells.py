"""Cells of the attendance grid between form and mark: what is asked for, done, and answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import abort, jsonify, request

from models.attendance import Attendance, Participation
from models.base import db
from models.marking import LONGEST, Said, marks_of, record, seen_of
from models.training import AgendaItem
from panel.changelog.history import history
from panel.plugin import current_panel
from panel.screens.acting import objection, subject_of
from panel.screens.language import clock, tell
from panel.screens.querying import scoped
from panel.typed import tidy
from panel.words import Refused, Sentence, say

from .grid_rows import PARTIES, rows_of
from .labels import ATTENDANCE


def said_in(form: Mapping[str, Any], end: str = "") -> Said:
    """What a form says of a cell; `end` is behind the names of its fields."""
    seen = form.get(f"seen{end}", "0")
    if not (seen.isdecimal() and len(seen) < 16):
        raise Refused("field", say("The page cannot be read. Load it again."))
    note = tidy(form.get(f"note{end}", ""), most=LONGEST)
    return Said(form.get(f"status{end}") or None, note or None, int(seen))


def asked(form: Mapping[str, Any]) -> tuple[str, Said]:
    """Of whom of the couple, and what."""
    party = form.get("party", "")
    if party not in PARTIES:
        abort(404)
    return party, said_in(form)


def put(
    part: AgendaItem, one: Participation, party: str, said: Said, deed: Any
) -> Attendance | None:
    """Do what was asked for one cell and flush; `Refused` by right, lock, version or value."""
    session = db.session()
    done, mark = record(session, part, one, party, said, marks_of(session, part, [one.id]))
    refuse_role(done)
    if mark is not None and done == "edit":
        deed.subject = subject_of(mark)
    deed.action = "attendance.clear" if done == "delete" else f"attendance.{done or 'edit'}"
    session.flush()
    return mark


def refuse_role(done: str) -> None:
    """Ask the policy for what recording turned out to be; a mark is cleared, never deleted."""
    asked_for = "clear" if done == "delete" else done
    sentence = objection(asked_for, Attendance) if done else None
    if sentence is not None:
        raise Refused("role", sentence)


def write_all(part: AgendaItem) -> tuple[int, list[tuple[Any, str, Sentence]]]:
    """Write what differs in a whole form: how many cells, and those that others wrote meanwhile."""
    session, form = db.session(), request.form
    marks = marks_of(session, part)
    count, conflicts = 0, []
    for row in rows_of(part, marks.values()):
        for party in row.parties:
            end = f"-{row.one.id}-{party}"
            if f"status{end}" not in form:
                continue
            said = said_in(form, end)
            if not (said.status or said.seen):
                continue  # nothing stood there and nothing was put there
            try:
                done, _mark = record(session, part, row.one, party, said, marks)
            except Refused as error:
                if error.code != "stale":
                    raise
                conflicts.append((row, party, who_set(marks.get((row.one.id, party)))))
                continue
            refuse_role(done)
            count += bool(done)
    return count, conflicts


def cell(mark: Attendance | None) -> dict[str, Any]:
    """What stands in a cell, for the script."""
    if mark is None:
        return {"status": "", "note": "", "seen": 0}
    return {"status": mark.status, "note": mark.note or "", "seen": seen_of(mark)}


def conflict(part: int, participation: int, party: str) -> Any:
    """409: what stands in the cell now, and who put it there."""
    own = scoped(Attendance).where(
        Attendance.agenda_item_id == part,
        Attendance.participation_id == participation,
        Attendance.party == party,
    )
    mark = db.session.scalar(own)
    body = {"refused": "stale", "sentence": tell(who_set(mark)), "cell": cell(mark)}
    return jsonify(body), 409


def who_set(mark: Attendance | None) -> Sentence:
    """Who recorded what stands in a cell, and when."""
    if mark is None:
        return say("Somebody else took the mark away.")
    log = current_panel().log.tables
    found = history(log, db.session(), [subject_of(mark)], limit=1, most=1)
    deed = next((one.deed for one in found if one.deed is not None), None)
    if deed is None or not deed.actor_name:
        return say("Somebody else recorded “%(status)s”.", status=ATTENDANCE[mark.status])
    return say(
        "%(who)s recorded “%(status)s” at %(time)s.",
        who=deed.actor_name,
        status=ATTENDANCE[mark.status],
        time=clock(deed.at),
    )


def saved_at(moment: datetime) -> str:
    """The time of a save to the second, as the reader's clock shows it."""
    at = clock(moment)
    return f"{at}{at[2]}{moment:%S}"
