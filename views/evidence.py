"""Screen of evidence: a file with what it shows, handed in while the plan runs."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_admin import expose
from markupsafe import Markup

from models.files import StoredFile
from models.follow_up import Evidence
from panel.screens.acting import the_actor
from panel.screens.base import RecordView
from panel.screens.files import UploadField, send_stored, stored_files
from panel.screens.guarding import verb
from panel.screens.marks import blank, sub
from panel.words import Refused, say

from .labels import VERDICTS


def file_link(evidence: Evidence) -> Markup:
    """The file as a download, over its fingerprint."""
    address = url_for("evidence.file_view", id=evidence.id)
    name = Markup('<a href="{}">{}</a>').format(address, evidence.file.name)
    size = max(evidence.file.size // 1024, 1)
    quiet = sub(say("%(size)s kB · %(print)s", size=size, print=evidence.file.sha256[:8]))
    return name + quiet


def verdict(code: str | None) -> Any:
    """What the one who verified found; nobody yet is said in words."""
    return VERDICTS[code] if code else blank(say("not judged yet"))


class EvidenceView(RecordView):
    """Files that show what was done; what was handed in is never replaced, only added to."""

    model = Evidence
    title = say("Evidence")
    one = say("Piece of evidence")
    path = "evidence"
    icon = "clip"
    columns = ("title", "plan", "file", "sufficient", "competent", "relevant")
    details = (*columns, "file.media_type", "file.sha256")
    exported = ("title", "plan", "file.name", "file.sha256", *columns[3:])
    fields = ("plan", "title", "upload")
    form_extra_fields = {"upload": UploadField(say("File (PDF, JPEG or PNG, up to 10 MB)"))}
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
    labels = {
        "title": "What it shows",
        "plan": "Action plan",
        "upload": "File (PDF, JPEG or PNG, up to 10 MB)",
        "file.name": "File",
        "file.media_type": "Kind of file",
        "file.sha256": "Fingerprint (SHA-256)",
    }

    def edit_form(self, obj: Any = None) -> Any:
        """A file is not replaced: another one is another piece of evidence."""
        form = super().edit_form(obj)
        if "upload" in form:
            del form.upload
        return form

    def save(self, form: Any, record: Evidence, token: str | None = None) -> None:
        """A new piece takes its file from the form; the bytes are stored before the commit."""
        if token is not None:
            file = form.upload.data
            if file is None:
                raise Refused("field", say("Choose the file that shows it."), "upload")
            record.file = StoredFile(
                key=stored_files().put(file.data),
                name=file.name,
                media_type=file.media_type,
                size=file.size,
                sha256=file.sha256,
            )
            record.uploaded_by_id = the_actor().id
        super().save(form, record, token)

    def before_save(self, record: Evidence, created: bool) -> None:
        """File and evidence are of the plan's region."""
        if record.plan is not None:
            record.region_id = record.plan.region_id
            record.file.region_id = record.plan.region_id

    @expose("/file/")
    @verb("read")
    def file_view(self) -> Any:
        """The file as a download."""
        return send_stored(self.get_one(request.args.get("id")).file)
