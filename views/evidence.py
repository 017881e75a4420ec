"""Screen of evidence: a file with what it shows, handed in while the plan runs."""

from __future__ import annotations

from typing import Any

from models.follow_up import Evidence
from panel.screens.acting import the_actor
from panel.screens.marks import blank
from panel.words import say

from .labels import VERDICTS
from .uploads import FILE_DETAILS, FILE_LABELS, FileRecordView, file_link


def verdict(code: str | None) -> Any:
    """What the one who verified found; nobody yet is said in words."""
    return VERDICTS[code] if code else blank(say("not judged yet"))


class EvidenceView(FileRecordView):
    """Files that show what was done; what was handed in is never replaced, only added to."""

    model = Evidence
    title = say("Evidence")
    one = say("Piece of evidence")
    path = "evidence"
    icon = "clip"
    belongs_to = "plan"
    none_chosen = say("Choose the file that shows it.")
    columns = ("title", "plan", "file", "sufficient", "competent", "relevant")
    details = (*columns, *FILE_DETAILS)
    exported = ("title", "plan", "file.name", "file.sha256", *columns[3:])
    fields = ("plan", "title", "upload")
    lookups = {"plan": ("title", "code")}
    searchable = ("title", "plan.title", "plan.code")
    filtered = ("sufficient", "competent", "relevant")
    sort_by = {"plan": "plan.title", "file": "file.name"}
    default_order = ("-id",)
    formats = {
        "file": file_link,
        "sufficient": lambda evidence: verdict(evidence.sufficient),
        "competent": lambda evidence: verdict(evidence.competent),
        "relevant": lambda evidence: verdict(evidence.relevant),
    }
    choices = dict.fromkeys(("sufficient", "competent", "relevant"), VERDICTS)
    labels = {"title": "What it shows", "plan": "Action plan", **FILE_LABELS}

    def before_save(self, record: Evidence, created: bool) -> None:
        """Who handed it in is bound by it when the plan is decided on."""
        super().before_save(record, created)
        if created:
            record.uploaded_by_id = the_actor().id
