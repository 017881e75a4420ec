"""Files in screens: a field that takes one, and the answer that gives one back.

Who may is asked before, by the view. What leaves here is always a download: no browser shows it
as a page of this site.
"""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Response, current_app, send_file
from werkzeug.datastructures import FileStorage
from wtforms import FileField
from wtforms.validators import StopValidation

from ..files.names import ENDINGS, display_name
from ..files.records import Damaged, FolderStore, Kept, read
from ..files.rules import LIMIT, CheckedFile, check
from ..words import Refused, Sentence, say
from .errors import LOG, incident
from .language import tell

HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def stored_files() -> FolderStore:
    """The store of the running application, in the folder that `FILES_FOLDER` names."""
    return FolderStore(Path(current_app.config["FILES_FOLDER"]))


class UploadField(FileField):
    """Takes one file: `data` is the `CheckedFile` that was just handed in, or None.

    The view puts its bytes into the store and makes the record; `populate_obj` leaves the record
    alone.
    """

    data: CheckedFile | None

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        accept = {"accept": ",".join(ENDINGS)}
        options["render_kw"] = accept | (options.get("render_kw") or {})
        super().__init__(label, validators, **options)
        self.wrong: Sentence | None = None

    def process_data(self, value: Any) -> None:
        """A record's file is never put into a box again."""
        self.data = None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Check what was posted; without a file, or with text in its place, there is none."""
        posted = [item for item in valuelist if isinstance(item, FileStorage) and item.filename]
        self.raw_data, self.data, self.wrong = posted, None, None
        if len(posted) > 1:
            self.wrong = say("Attach one file at a time.")
        elif posted:
            try:
                self.data = check(posted[0].stream.read(LIMIT + 1), posted[0].filename or "")
            except Refused as refused:
                self.wrong = refused.sentence

    def pre_validate(self, form: Any) -> None:
        """Say what is wrong before any validator can take it for an empty field."""
        if self.wrong:
            raise StopValidation(tell(self.wrong))

    def populate_obj(self, obj: Any, name: str) -> None:
        """Nothing: bytes do not go into a record."""


def send_stored(record: Kept) -> Response:
    """The file of `record` as a download; `Refused` with an incident number when it is damaged."""
    try:
        data = read(stored_files(), record)
    except Damaged as damaged:
        number = incident(damaged)
        LOG.error(json.dumps({"incident": number, "file": damaged.key}))
        sentence = say(
            "%(what)s Nothing was sent. Tell your administrator the number %(number)s.",
            what=damaged.sentence,
            number=number,
        )
        raise Refused("guard", sentence) from damaged
    response = send_file(
        BytesIO(data),
        mimetype=record.media_type,
        as_attachment=True,
        download_name=display_name(record.name, record.media_type),
    )
    response.headers.update(HEADERS)
    return response
