"""Screen of the wordings that commitments start from, edition by edition."""

from __future__ import annotations

from typing import Any

from flask import g

from models.base import db
from models.codes import free_code
from models.commitments import CommitmentTemplate
from models.editions import WORDING, next_edition
from models.shared import refuse_for_all, why_read_only
from panel.screens.acting import the_actor
from panel.screens.base import RecordView
from panel.screens.marks import badge
from panel.screens.sheets import Section
from panel.words import Refused, say

from .labels import AREAS, COMMITMENT_CATEGORIES, PARTIES


def origin(template: CommitmentTemplate) -> Any:
    """The region that made it, or that it came with the panel."""
    return template.region or badge("line", "", say("Came with the panel"))


class CommitmentTemplateView(RecordView):
    """Wordings to start from; one that changes becomes a new edition."""

    model = CommitmentTemplate
    restorable = False  # a wording that changes becomes a new edition
    title = say("Commitment templates")
    one = say("Wording of a commitment")
    icon = "copy"
    columns = ("text", "category", "party", "edition", "origin")
    details = (
        "text",
        "indicator",
        "category",
        "area",
        "party",
        "integrity_value",
        "edition",
        "origin",
        "is_example",
    )
    exported = ("code", "edition", *details[:6], "origin")
    fields = (
        Section(
            say("Wording"),
            say("A changed wording is saved as a new edition; commitments keep the one they had."),
            ["text", "indicator"],
        ),
        Section(say("Use"), "", ["category", "area", "party", "integrity_value"]),
    )
    long_fields = ("text", "indicator")
    list_joins = (CommitmentTemplate.region,)
    searchable = ("text", "indicator")
    filtered = ("category", "area", "party", "integrity_value", "region")
    default_order = ("category", "code", "-edition")
    choices = {"category": COMMITMENT_CATEGORIES, "area": AREAS, "party": PARTIES}
    formats = {"origin": origin}
    labels = {
        "text": "Wording",
        "party": "Whose promise",
        "region": "Made by",
        "origin": "Made by",
        "is_example": "Example",
    }
    constraint_sentences = {
        "uq_commitment_template_code_edition": (
            "text",
            say("Somebody saved a new edition just now. Open it and save again."),
        ),
    }

    def closed(self, record: CommitmentTemplate, verb: str) -> Refused | None:
        """What every region reads is changed by no region's clerk."""
        sentence = why_read_only(the_actor(), record)
        return super().closed(record, verb) or (Refused("role", sentence) if sentence else None)

    def before_save(self, record: CommitmentTemplate, created: bool) -> None:
        """A new wording gets a code of its own; it belongs to the clerk's region."""
        refuse_for_all(the_actor(), record)
        if created:
            record.code = free_code(db.session(), CommitmentTemplate, record.category)

    def save(self, form: Any, record: CommitmentTemplate, token: str | None = None) -> None:
        """As for every record; a changed wording is written beside the old one."""
        changed = [
            name for name in WORDING if token is None and form[name].data != getattr(record, name)
        ]
        if changed:
            record = g.edition = next_edition(db.session(), record)
            db.session().add(record)
        super().save(form, record, token)

    def saved(self, record: CommitmentTemplate) -> Any:
        """Lead to the new edition where there is one."""
        return super().saved(g.pop("edition", None) or record)
