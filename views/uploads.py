"""Records with a file: handed in with the record, never replaced, given back as a download."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_admin import expose
from markupsafe import Markup

from models.files import StoredFile
from panel.screens.base import RecordView
from panel.screens.files import UploadField, send_stored, stored_files
from panel.screens.guarding import verb
from panel.screens.marks import sub
from panel.screens.values import screen_of
from panel.words import Refused, Sentence, say

FILE = say("File (PDF, JPEG or PNG, up to 10 MB)")
FILE_LABELS = {
    "upload": FILE,
    "file.name": "File",
    "file.media_type": "Kind of file",
    "file.sha256": "Fingerprint (SHA-256)",
}
#: What the details of such a record tell of its file, under its name.
FILE_DETAILS = ("file.media_type", "file.sha256")


def file_link(record: Any) -> Markup:
    """The file of a record as a download, over its size and the start of its fingerprint."""
    address = url_for(f"{screen_of(type(record)).endpoint}.file_view", id=record.id)
    name = Markup('<a href="{}">{}</a>').format(address, record.file.name)
    size = max(record.file.size // 1024, 1)
    return name + sub(say("%(size)s kB · %(print)s", size=size, print=record.file.sha256[:8]))


class FileRecordView(RecordView):
    """A kind whose records have a `file`; its fields hold "upload", its formats `file_link`."""

    #: The relation whose region is that of the record and of its file.
    belongs_to: str = ""
    #: What is said when no file was chosen.
    none_chosen: Sentence = say("Choose a file.")
    form_extra_fields = {"upload": UploadField(FILE)}

    def edit_form(self, obj: Any = None) -> Any:
        """A file is not replaced: another one is another record."""
        form = super().edit_form(obj)
        if "upload" in form:
            del form.upload
        return form

    def save(self, form: Any, record: Any, token: str | None = None) -> None:
        """A new record takes its file from the form; the bytes are stored before the commit."""
        if token is not None:
            file = form.upload.data
            if file is None:
                raise Refused("field", self.none_chosen, "upload")
            record.file = StoredFile(
                key=stored_files().put(file.data),
                name=file.name,
                media_type=file.media_type,
                size=file.size,
                sha256=file.sha256,
            )
        super().save(form, record, token)

    def before_save(self, record: Any, created: bool) -> None:
        """Record and file are of the region of what they belong to."""
        owner = getattr(record, self.belongs_to)
        if owner is not None:
            record.region_id = record.file.region_id = owner.region_id

    @expose("/file/")
    @verb("read")
    def file_view(self) -> Any:
        """The file as a download."""
        return send_stored(self.get_one(request.args.get("id")).file)
