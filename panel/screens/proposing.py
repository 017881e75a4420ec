"""The screen of proposals: what would become of every row, what moved since, and taking it back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

import sqlalchemy as sa
from flask import current_app, flash, request, url_for
from flask_admin import expose

from ..plugin import current_panel
from ..proposals.entries import Entry, count_of, cut, parted, spread
from ..proposals.records import NAMED, Proposals
from ..proposals.writing import ROW
from ..words import Refused, Sentence, say
from ..workflow.records import UnknownStep
from ..workflow.snapshot import differences
from .acting import doing, may, note_refusal, subject_of, the_actor
from .answers import STATUS
from .deciding import Rows, diff_rows
from .guarding import verb
from .language import tell
from .proposal_kinds import by_kind, grouped, kinds_of
from .proposal_rows import differing, labels_of, page_of, summary_of
from .stored import kind_of
from .taken_back import note_taken_back, proposal_badge
from .workflow import WorkflowView, state_of, the_workflow

#: Rows on one page of a proposal.
PAGE = 50
#: Categories of states in which rows may move away from what was proposed, and of those in which
#: nothing more becomes of it.
OPEN, ENDED = ("draft", "waiting"), ("done", "cancelled")


def the_proposals() -> Proposals:
    """The proposals of this installation."""
    proposals = current_panel().proposals
    assert proposals is not None, "a screen of proposals needs a panel with them"
    return proposals


class ProposalScreen(WorkflowView):
    """Proposals are made in other lists; here they are looked at, decided on and taken back."""

    details_template = "panel/proposed.html"
    formats = {"status": proposal_badge}
    #: The step by which an author takes a submitted proposal back to bring it up to date.
    recall: str = "recall"

    def get_list(self, *args: Any, **options: Any) -> tuple[int, list[Any]]:
        """The rows of one page; which of them were taken back is asked at once."""
        count, rows = super().get_list(*args, **options)
        note_taken_back(rows)
        return count, rows

    def details_page(self, record: Any, **more: Any) -> Any:
        """The page of the decision, with the rows of one page and what moved since.

        Where somebody has written past the application what cannot be read, it says so.
        """
        try:
            entries = by_kind(the_proposals().entries(self.session.session, record))
            return self.rows_page(record, entries, **more)
        except Refused as error:
            return self.rows_page(record, [], **{"refused": error, **more})

    def rows_page(self, record: Any, entries: Sequence[Entry], **more: Any) -> Any:
        """The same with what the proposal is made of, as its pages list it."""
        proposals, session = the_proposals(), self.session.session
        count = sum(map(count_of, entries))
        category = self.category_of(record)
        moved = proposals.moved_of(session, entries) if category in OPEN else []
        refused = more.get("refused")
        items = spread(entries) if moved or refused else []
        pages = {one.number: at // PAGE for at, one in enumerate(items)}
        kinds = kinds_of(entries, PAGE)
        wrong = refused_row(refused, pages)
        number = max(request.args.get("rows", 0, type=int), 0)
        number = pages[wrong[0]] if wrong else min(number, (count - 1) // PAGE)
        number, before = max(number, 0), self.undone_by(record)

        def rows_url(page: int) -> str:
            return url_for(".details_view", id=record.id, rows=page or None)

        here = cut(entries, number * PAGE, (number + 1) * PAGE)
        rows = page_of(
            here, {one.item.number: one for one in moved}, labels_of(here, entries), wrong
        )
        context = {
            "groups": grouped(rows, kinds),
            "kinds": list(kinds.values()),
            "summary": summary_of(parted(entries)[0]),
            "moved": moved,
            "named": [
                (line, f"{rows_url(pages[one.item.number])}#row-{one.item.number}" if one else None)
                for line, one in zip_longest(proposals.named(moved), moved[:NAMED])
            ],
            "wrong": wrong,
            "page": number,
            "pages": max((count - 1) // PAGE, 0) + 1,
            "rows_url": rows_url,
            "may_renew": bool(moved) and may("edit", record),
            "may_drop": category == "draft" and may("edit", record) and count > 1,
            "may_undo": category == "done" and may("create", record),
            "undone_by": before,
            "undone": before is not None and self.category_of(before) == "done",
        }
        if category in ENDED:
            context |= {"shut": None, "closed_for_editing": True}
        return super().details_page(record, **{**context, **more})

    def closed_acts(self, record: Any, shut: Refused | None) -> dict[str, Sentence]:
        """As everywhere; that what has ended is not edited any more needs no sentence."""
        found = super().closed_acts(record, shut)
        if self.category_of(record) in ENDED:
            found.pop("edit", None)
        return found

    def undone_by(self, record: Any) -> Any:
        """The proposal that takes this one back, unless it was given up; or None."""
        model = self.model
        rows = sa.select(model).where(model.undoes_id == record.id).order_by(model.id.desc())
        found = [one for one in self.session.session.scalars(rows) if one.undoes_id]
        return next((one for one in found if state_of(one).category != "cancelled"), None)

    def differing(self, before: str, after: str) -> Rows:
        """What two versions of a proposal differ in, row by row."""
        own = diff_rows(one for one in differences(before, after) if one.row is None)
        try:
            return [*own, *differing(json.loads(before), json.loads(after))]
        except Refused as error:  # there is no telling what differs in what cannot be read
            return [*own, (error.sentence, None, None)]

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        """Where proposals begin: in the lists whose rows are changed."""
        lists = [
            view
            for admin in current_app.extensions["admin"]
            for view in admin._views
            if getattr(view, "bulk_fields", ()) and view.is_accessible() and view.proposes()
        ]
        status = 422 if request.method == "POST" else 200
        return self.render("panel/proposal_new.html", lists=lists), status

    @expose("/<int:id>/renew/", methods=("POST",))
    @verb("edit")
    def renew_view(self, id: int) -> Any:
        """Carry the rows on from what stands there now; the author looks and submits again."""
        session, proposals = self.session.session, the_proposals()
        with doing("proposal.renew") as deed:
            record = self.locked(id)
            deed.subject = subject_of(record)
            try:
                self.take_back(record)
                found = proposals.bring_up_to_date(session, record, the_actor())
                deed.action = "proposal.renew"
                session.commit()
            except Refused as error:
                return self.refused_here(id, "renew", error)
        if found:
            flash(
                tell(say("The proposal is up to date. Look at it and submit it again.")), "success"
            )
        else:
            flash(tell(say("Nothing changed since: the proposal is as it was.")), "info")
        return self.back_to(record)

    def take_back(self, record: Any) -> None:
        """Bring a proposal that waits into a state in which its rows are open."""
        if self.category_of(record) != "waiting":
            return
        try:
            seen = request.form.get("seen", "")
            the_workflow().move(self.session.session, record, self.recall, seen=seen)
        except UnknownStep as unknown:
            sentence = say("This proposal cannot be taken back: have it returned first.")
            raise Refused("state", sentence) from unknown

    @expose("/<int:id>/drop/", methods=("POST",))
    @verb("edit")
    def drop_view(self, id: int) -> Any:
        """Take rows out of a draft."""
        session, proposals = self.session.session, the_proposals()
        with doing("proposal.drop") as deed:
            record = self.locked(id)
            deed.subject = subject_of(record)
            try:
                count = proposals.drop(session, record, set(request.form.getlist("row", type=int)))
                session.commit()
            except Refused as error:
                return self.refused_here(id, "drop", error)
        flash(tell(say("Rows taken out: %(count)s.", count=count)), "success")
        return self.back_to(record)

    @expose("/<int:id>/undo/", methods=("POST",))
    @verb("create")
    def undo_view(self, id: int) -> Any:
        """A new proposal that takes an applied one back, while nothing of it moved since."""
        session, proposals = self.session.session, the_proposals()
        with doing("proposal.create") as deed:
            record = self.locked(id)
            before = self.undone_by(record)
            if before is not None:
                return self.back_to(before)
            try:
                if self.category_of(record) != "done":
                    raise Refused("state", say("Only what was applied can be taken back."))
                made = self.model(
                    title=tell(say("Undo: %(title)s", title=record.title)),
                    origin="undo",
                    record_table=record.record_table,
                    undoes_id=record.id,
                    note=tell(say("Takes back proposal no. %(id)s.", id=record.id)),
                )
                items = proposals.reverse(session, record)
                proposals.propose(session, made, items, the_actor())
                deed.subject = subject_of(made)
                session.commit()
            except Refused as error:
                return self.refused_here(id, "undo", error)
        flash(tell(say("The draft is made. Look at it, then submit it.")), "success")
        return self.back_to(made)

    def refused_here(self, id: int, act: str, error: Refused) -> Any:
        """The proposal's page with why something was not done; the attempt stands in the log."""
        subject = (self.model.__tablename__, str(id))
        note_refusal(f"{self.kind_name}.{act}", error.sentence, subject=subject)
        return self.details_page(self.get_one(id), refused=error), STATUS[error.code]


def refused_row(refused: Refused | None, pages: Mapping[int, int]) -> tuple[int, Any] | None:
    """The row that a refusal is about, and the sentence; None: it is about none of these."""
    number = refused.field.removeprefix(ROW) if refused is not None and refused.field else ""
    if refused is None or not number.isdecimal() or int(number) not in pages:
        return None
    return int(number), refused.sentence


def kind_line(proposal: Any) -> Any:
    """What kind of record a proposal is about."""
    return kind_of(proposal.record_table)
