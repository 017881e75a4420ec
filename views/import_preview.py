"""The third step of an import: every row with its class, problems mended in place, then submitted.

What the page shows is worked out once and kept, until the file, what was mended in it, or anything
that is recorded beside it changes.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose

from models.base import db
from models.imports.batches import handed_in_before
from models.imports.checking import Report
from models.imports.outcomes import CLASSES
from models.imports.proposing import MOST_ROWS
from models.records import proposals
from models.roster_imports import POLICIES as CODES
from models.roster_imports import RosterImport, as_json
from panel.jobs import current_jobs
from panel.screens.acting import doing, may, note_refusal, subject_of, the_actor
from panel.screens.answers import STATUS
from panel.screens.guarding import verb
from panel.screens.language import tell
from panel.screens.taken_back import note_taken_back
from panel.screens.values import screen_of
from panel.screens.workflow import state_badge
from panel.sheets.reading import PAGE as PAGE_LIMITS
from panel.sheets.refusing import Later
from panel.words import Refused, say

from .import_forms import mended_in_form, refuse_endless
from .import_jobs import PREVIEW, STALE, SUBMIT, hand_over, proposal_title
from .import_kept import fresh, is_left, rows_in, sheet_at, worked_out
from .import_rotations import Leaving, told_whole
from .import_waiting import Waiting
from .import_words import (
    KINDS,
    POLICIES,
    STEPS,
    cells_of,
    choice_told,
    label_of,
    row_badge,
    stage_badge,
    tiles_of,
    title_of,
    told,
)

#: Rows of the sheet on one page.
PAGE = 50
NO_WORKER = say(
    "No worker runs on this installation, and so long a list is not proposed without one. Ask for "
    "one to be started; the import stays as it is."
)


class Previewing(Leaving, Waiting):
    """The pages from the confirmed columns to the proposal; mixed into the view of imports."""

    one: Any
    open_one: Any
    render: Any

    @expose("/<int:id>/")
    @verb("read")
    def details_view(self, id: int) -> Any:
        """The preview of an open import; what became of a closed one."""
        record = self.one(id)
        if not record.is_open:
            return self.closed_page(record)
        if record.stage == "uploaded":
            if may("edit", RosterImport):
                return redirect(url_for(".columns_view", id=id), 303)
            return self.closed_page(record)
        return self.preview_page(record)

    def preview_page(self, record: RosterImport, refused: Refused | None = None) -> Any:
        """Tiles, problems, the rows of one class."""
        preview = fresh(record, the_actor())
        if preview is None and is_left(record, PAGE_LIMITS.rows):
            return self.waiting_page(record, refused)
        if preview is None:
            preview = worked_out(record, the_actor())
        kind = request.values.get("show", "")
        kind = kind if kind in CLASSES else ""
        number = request.values.get("rows", "0")
        start = int(number) * PAGE if re.fullmatch(r"[0-9]{1,5}", number) else 0
        report = preview.report()
        count = report.counts[kind] if kind else report.total
        found = (name for name in preview.columns if name not in ("number", "signature"))
        fields = sorted(found, key=preview.columns.__getitem__)
        earlier = handed_in_before(db.session(), the_actor(), record)
        note_taken_back(one.proposal for one in earlier)
        page = self.render(
            "import_check.html",
            record=record,
            title=title_of(record),
            report=report,
            rows=preview.page(kind or None, start, PAGE, rows_in(record)),
            sheet=preview.sheet,
            fields=fields,
            letters=preview.letters,
            kind=kind,
            page=start // PAGE,
            pages=max((count - 1) // PAGE, 0) + 1,
            rows_url=lambda at: url_for(
                ".details_view", id=record.id, show=kind or None, rows=at or None
            ),
            tiles=tiles_of(record.kind),
            badge_of=cache(lambda kind: row_badge(record.kind, kind)),
            policies=POLICIES,
            proposed=report.proposed[record.policy],
            why_not=why_not(record, report),
            may_mend=may("edit", RosterImport),
            earlier=earlier,
            label_of=cache(lambda name: tell(label_of(record.kind, name))),
            cells_of=lambda row: cells_of(row, fields),
            choice_told=choice_told,
            told=told,
            kinds=KINDS,
            steps=STEPS,
            stage_badge=stage_badge,
            refused=refused,
            whole=told_whole(record) if record.kind == "rotation" else None,
        )
        return page, STATUS[refused.code] if refused else 200

    def closed_page(self, record: RosterImport) -> Any:
        """What became of an import that is closed, or not ready."""
        proposal = record.proposal
        screen = screen_of("proposal")
        readable = proposal is not None and may("read", type(proposal))
        before = screen.undone_by(proposal) if readable else None
        note_taken_back([proposal])
        return self.render(
            "import_closed.html",
            record=record,
            title=title_of(record),
            proposal_url=url_for(f"{screen.endpoint}.details_view", id=proposal.id)
            if readable and proposal is not None
            else None,
            before=before,
            undone=before is not None and screen.category_of(before) == "done",
            state_badge=state_badge,
            counts=record.counted,
            tiles=tiles_of(record.kind),
            kinds=KINDS,
            steps=STEPS,
            stage_badge=stage_badge,
            may_mend=may("edit", RosterImport),
        )

    # Changes

    def changed(self, id: int, act: str, change: Any) -> Any:
        """Change an open import of which the page showed the present state.

        None when it is done; else the preview with why not.
        """
        with doing(f"roster_import.{act}") as deed:
            record = self.open_one(id, locked=True)
            deed.subject = subject_of(record)
            try:
                if request.form.get("version") != str(record.version):
                    raise Refused("stale", STALE)
                change(record)
                db.session.commit()
            except Refused as refused:
                note_refusal(deed.action, refused.sentence, subject=deed.subject)
                return self.preview_page(self.open_one(id), refused)
        return None

    def changing(self, id: int, act: str, change: Any) -> Any:
        """The same, and then its preview; of a long list once the worker has looked through it."""
        refused = self.changed(id, act, change)
        if refused is not None:
            return refused
        record = self.one(id)
        waits = record.is_open and current_jobs().served() and fresh(record, the_actor()) is None
        if waits and is_left(record, PAGE_LIMITS.rows):
            return self.worked_on(record, PREVIEW)
        show = request.form.get("show")
        back = url_for(".details_view", id=id, show=show if show in CLASSES else None)
        return redirect(back, 303)

    @expose("/<int:id>/mend/", methods=("POST",))
    @verb("edit")
    def mend_view(self, id: int) -> Any:
        """Texts in the place of cells, and answers to questions; the file stays as it came."""

        def mend(record: RosterImport) -> None:
            cells, answers = record.mended_cells, record.given_answers
            undone = request.form.get("undo", "")
            if undone:
                cells.pop(undone, None)
                answers.pop(undone, None)
            else:
                found = mended_in_form(sheet_at(record))
                if not found:
                    raise Refused("field", say("Nothing was typed."))
                cells |= {key: text for key, text in found.items() if ":" not in key}
                answers |= {key: text for key, text in found.items() if ":" in key}
                refuse_endless(cells, answers)
            record.mended, record.answers = as_json(cells), as_json(answers)
            record.counts = None

        return self.changing(id, "mend", mend)

    @expose("/<int:id>/policy/", methods=("POST",))
    @verb("edit")
    def policy_view(self, id: int) -> Any:
        """What happens to rows with a problem and to records that are there."""

        return self.changing(id, "map", self.policy_asked)

    @expose("/<int:id>/propose/", methods=("POST",))
    @verb("edit")
    def propose_view(self, id: int) -> Any:
        """The proposal of this file, submitted; sent again it leads to the first one."""
        record = self.one(id)
        if record.proposal_id is not None:
            return redirect(url_for(".details_view", id=id), 303)
        if not may("create", proposals.proposal):
            raise Refused("role", say("No rule opens this."))

        try:
            left = is_left(record)
        except Later:
            return self.unserved(record)
        if left:
            refused = self.changed(id, "map", self.policy_asked)
            if refused is not None:
                return refused
            record = self.open_one(id)
            return self.worked_on(record, SUBMIT, title=proposal_title(record))

        def submit(record: RosterImport) -> None:
            self.policy_asked(record)
            hand_over(record, the_actor(), proposal_title(record))

        refused = self.changed(id, "propose", submit)
        if refused is not None:
            return refused
        flash(tell(say("The proposal is submitted. A supervisor looks at it now.")), "success")
        return redirect(url_for(".details_view", id=id), 303)

    def unserved(self, record: RosterImport) -> Any:
        """The same page with why nothing was asked of a worker: none runs."""
        refused = Refused("state", NO_WORKER)
        note_refusal("roster_import.propose", NO_WORKER, subject=subject_of(record))
        if fresh(record, the_actor()) is None:
            return self.waiting_page(record, refused)
        return self.preview_page(record, refused)

    @staticmethod
    def policy_asked(record: RosterImport) -> None:
        """Take the policy that the form names."""
        if request.form.get("policy", record.policy) not in CODES:
            raise Refused("scope", say("This was not offered."))
        record.policy = request.form.get("policy", record.policy)


def why_not(record: RosterImport, report: Report) -> Any:
    """Why the proposal cannot be submitted yet, or None."""
    if record.policy == "stop" and report.counts["problem"]:
        return say(
            "Closed. Problems that are left: %(count)s. Mend them, or choose to leave them out.",
            count=report.problem_count,
        )
    if not report.proposed[record.policy]:
        if report.counts["problem"]:
            return say("No row is left to propose: mend a problem, or choose another way.")
        return say("Nothing in this file differs from what is recorded.")
    if report.proposed[record.policy] > MOST_ROWS:
        return say("At most %(most)s rows go into one proposal. Divide the file.", most=MOST_ROWS)
    return None
