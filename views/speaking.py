"""Screens of speakers, what they said, and the news about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jinja2 import pass_context
from sqlalchemy.orm import selectinload

from models.base import db
from models.bookings import clashes_of
from models.speaking import KeyMessage, NewsSource, SessionSpeaker, Speaker, SpeakerAlias
from panel.screens.acting import the_actor
from panel.screens.base import RecordView
from panel.screens.lookup import Inline
from panel.screens.sheets import Section
from panel.words import Sentence, say

from .fields import PhoneField
from .labels import MESSAGE_KINDS, SPEAKER_ROLES
from .pasting import Pasting
from .session_page import tags
from .speaker_page import SpeakerPage
from .telephones import Telephoned


class SpeakerView(SpeakerPage, Telephoned):
    """People who speak at sessions."""

    model = Speaker
    title = say("Speakers")
    one = say("Speaker")
    icon = "mic"
    columns = ("full_name", "organisation", "official", "aliases")
    details = ("full_name", "organisation", "official", "aliases", "phone", "note")
    fields = (
        Section(
            say("Speaker"),
            say("Position and institution are stored per session, as they were stated then."),
            ["full_name", "organisation", "official", "phone", "note"],
        ),
        Section(
            say("Other spellings"),
            say("Papers spell names differently; a spelling keeps its source."),
            ["aliases"],
        ),
    )
    form_overrides = {"phone": PhoneField}
    inlines = (Inline("aliases", SpeakerAlias, ("name", "source"), one=say("Spelling")),)
    lookups = {"official": ("full_name",)}
    list_joins = (selectinload(Speaker.aliases),)
    searchable = ("full_name", "aliases.name", "organisation.name")
    filtered = ("organisation",)
    sort_by = {"organisation": "organisation.name", "official": "official.full_name"}
    default_order = ("full_name",)
    labels = {
        "full_name": "Name",
        "aliases": "Other spellings",
        "official": "Is the official",
        "phone": "Telephone",
    }
    constraint_sentences = {
        "uq_speaker_alias_speaker_id_name": ("aliases", say("One spelling is written twice.")),
        "uq_speaker_region_id_full_name": ("full_name", say("There is a speaker of this name.")),
    }


class SessionSpeakerView(RecordView):
    """Who spoke at which session, with the position as stated then."""

    model = SessionSpeaker
    title = say("Speakers per session")
    one = say("Speaker of a session")
    path = "session-speakers"
    icon = "card"
    columns = ("speaker", "session", "role", "stated_position", "stated_institution")
    details = (*columns, "topic")
    fields = ("session", "speaker", "role", "stated_position", "stated_institution", "topic")
    searchable = ("speaker.full_name", "session.name", "stated_position")
    filtered = ("session", "role")
    choices = {"role": SPEAKER_ROLES}
    labels = {
        "stated_position": "Position as stated",
        "stated_institution": "Institution as stated",
    }
    constraint_sentences = {
        "uq_session_speaker_training_session_id_speaker_id_role": (
            "speaker",
            say("This speaker is recorded for the session already."),
        ),
    }

    def doubts(self, record: SessionSpeaker) -> Iterable[tuple[str, Sentence]]:
        """Other sessions of the day at which the speaker is announced."""
        for one in clashes_of(db.session(), the_actor(), record):
            yield "session", one.sentence


class KeyMessageView(RecordView):
    """What a session wants to leave behind."""

    model = KeyMessage
    title = say("Key messages")
    one = say("Key message")
    icon = "quote"
    columns = ("text", "speaker", "kind", "session")
    details = (*columns, "values", "note")
    fields = ("session", "speaker", "kind", "text", "values", "note")
    long_fields = ("text",)
    searchable = ("text", "speaker.full_name")
    filtered = ("session", "kind", "speaker")
    choices = {"kind": MESSAGE_KINDS}
    labels = {"text": "Message", "values": "Integrity values"}

    @pass_context
    def get_detail_value(self, context: Any, model: KeyMessage, name: str) -> Any:
        """The values of a message as tags."""
        if name == "values":
            return tags(model.values)
        return super().get_detail_value(context, model, name)


class NewsSourceView(Pasting, RecordView):
    """News pages about sessions: title, tags and text, never their furniture."""

    model = NewsSource
    title = say("News")
    one = say("News page")
    path = "news-sources"
    icon = "news"
    empty_sentence = say(
        "The text of an article can be pasted: what it says of a session is proposed line by line."
    )
    columns = ("title", "session", "outlet", "published_on", "tags")
    details = (*columns, "address")
    list_template = "news_sources.html"
    details_template = "news_source.html"
    fields = ("session", "title", "outlet", "published_on", "address", "tags", "text")
    long_fields = ("text",)
    searchable = ("title", "outlet", "tags", "text")
    filtered = ("session", "published_on")
    helps = {"tags": "Separated by commas."}
    labels = {"title": "Headline", "published_on": "Published", "tags": "Categories"}
    constraint_sentences = {
        "uq_news_source_region_id_title": ("title", say("This news page is recorded already.")),
    }
