"""Screen of proposals: changes of many records, approved by somebody else and applied at once."""

from __future__ import annotations

from typing import Any

from flask import g, url_for
from markupsafe import Markup
from sqlalchemy.orm import joinedload

from models.base import db
from models.proposals import Proposal
from models.roster_imports import RosterImport
from panel.screens.acting import may
from panel.screens.language import tell
from panel.screens.marks import linked
from panel.screens.proposing import ProposalScreen, kind_line
from panel.screens.querying import scoped
from panel.screens.sheets import Section
from panel.words import Sentence, say

from .inbox import DISTRICT

ORIGINS = {
    "bulk": say("Change of a list"),
    "undo": say("Undoing"),
    "import": say("Import"),
    "merge": say("Merge of two entries of one person"),
}


def counted(proposal: Proposal) -> Any:
    """How many rows change, were so already, and were left out: which, its import tells."""
    parts = [tell(changes(proposal))]
    if proposal.unchanged_count:
        parts.append(tell(say("%(count)s so already", count=proposal.unchanged_count)))
    if proposal.refused_count:
        out = say("%(count)s left out by a rule", count=proposal.refused_count)
        source = brought_in(proposal)
        url = source and url_for("roster_import.details_view", id=source.id)
        parts.append(linked(out, url))
    return Markup("; ").join(parts)


def changes(proposal: Proposal) -> Sentence:
    """How many rows change."""
    if proposal.item_count == 1:
        return say("1 change")
    return say("%(count)s changes", count=proposal.item_count)


def brought_in(proposal: Proposal) -> RosterImport | None:
    """The import in scope that a proposal came from, with its file; asked once in a request."""
    if proposal.origin != "import" or not may("read", RosterImport):
        return None
    known: dict[int, RosterImport | None] = g.setdefault("imports_of_proposals", {})
    if proposal.id not in known:
        rows = scoped(RosterImport).where(RosterImport.proposal_id == proposal.id)
        known[proposal.id] = db.session.scalar(rows.options(joinedload(RosterImport.file)))
    return known[proposal.id]


class ProposalView(ProposalScreen):
    """Sets of changes, from draft to applied."""

    model = Proposal
    details_template = "proposal.html"
    title = say("Proposals")
    one = say("Proposal")
    icon = "pledge"
    columns = ("title", "kind", "item_count", "status", "origin")
    details = (
        "note",
        "kind",
        "origin",
        "unit",
        "changes",
    )
    exported = ("id", "title", "kind", "origin", "unit.name", "item_count", "status", "note")
    fields = (
        Section(
            say("Proposal"),
            say("Its rows are not typed here: take out what is wrong, or make a new one."),
            ["title", "note"],
        ),
    )
    long_fields = ("note",)
    searchable = ("title", "note")
    filtered = ("status", "origin", "unit")
    default_order = ("-id",)
    waits_by = (DISTRICT,)
    choices = {"origin": ORIGINS}
    formats = {
        **ProposalScreen.formats,
        "kind": kind_line,
        "changes": counted,
        "unit": lambda one: one.unit.place if one.unit else say("the whole region"),
    }
    labels = {
        "kind": "Kind of record",
        "item_count": "Changes",
        "changes": "Changes",
        "origin": "Comes from",
        "note": "Reason",
        "unit": "Concerns",
    }
    empty_sentence = say(
        "Tick rows in a list and press “Change several”: the proposal stands here then."
    )

    def details_page(self, record: Proposal, **more: Any) -> Any:
        """The page of the decision, with the file that the proposal came from."""
        return super().details_page(record, **{"brought_in": brought_in(record), **more})

    def about(self, record: Proposal) -> tuple[Any, ...]:
        """What it changes, and where."""
        return kind_line(record), changes(record), record.unit.place if record.unit else None
