"""Screen of a session's papers: invitation, materials, photographs, report."""

from __future__ import annotations

import sqlalchemy as sa

from models.papers import SessionPaper
from models.speaking import SessionSpeaker
from panel.screens.querying import scoped
from panel.words import Refused, say

from .labels import PAPER_KINDS
from .uploads import FILE_DETAILS, FILE_LABELS, FileRecordView, file_link


class SessionPaperView(FileRecordView):
    """Files of a session; those of a speaker only where the person spoke."""

    model = SessionPaper
    title = say("Papers of sessions")
    one = say("Paper")
    icon = "file"
    belongs_to = "session"
    none_chosen = say("Choose the file of this paper.")
    columns = ("title", "kind", "session", "speaker", "file")
    details = ("title", "kind", "number", "session", "speaker", "file", *FILE_DETAILS)
    exported = (*columns[:2], "number", *columns[2:4], "file.name", "file.sha256")
    fields = ("session", "kind", "title", "number", "speaker", "upload")
    searchable = ("title", "number", "session.name", "speaker.full_name", "file.name")
    filtered = ("kind", "session", "speaker")
    sort_by = {"session": "session.held_on", "speaker": "speaker.full_name", "file": "file.name"}
    default_order = ("-session.held_on", "kind", "title")
    choices = {"kind": PAPER_KINDS}
    formats = {"file": file_link}
    labels = {"number": "Number of the letter", **FILE_LABELS}
    helps = {"speaker": "For materials: whose they are."}

    def before_save(self, record: SessionPaper, created: bool) -> None:
        """Materials are of somebody who spoke at the session."""
        super().before_save(record, created)
        speaker, held = record.speaker, record.session
        if speaker is None or held is None:
            return
        spoke = scoped(SessionSpeaker, SessionSpeaker.id).where(
            SessionSpeaker.training_session_id == held.id,
            SessionSpeaker.speaker_id == speaker.id,
        )
        with self.session.session.no_autoflush:
            found = self.session.session.scalar(sa.select(spoke.exists()))
        if not found:
            raise Refused(
                "field",
                say(
                    "%(name)s did not speak at this session. Record the appearance first, "
                    "or leave the speaker out.",
                    name=speaker.full_name,
                ),
                "speaker",
            )
