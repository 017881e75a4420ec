"""Who spoke at a session, what was said, and which papers wrote of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship

from panel.changelog.records import PLAIN, Logged, personal, plain
from panel.columns import one_of

from .base import Base, InRegion, Keyed, Versioned, filled, inside, reached_inside
from .people import Official
from .programme import IntegrityValue, Organisation

if TYPE_CHECKING:
    from .papers import SessionPaper
    from .training import TrainingSession

SPEAKER_ROLES = ("speaker", "opening", "remarks", "moderator")
MESSAGE_KINDS = ("message", "definition", "paraphrase")

message_value = sa.Table(
    "message_value",
    Base.metadata,
    sa.Column(
        "key_message_id",
        sa.ForeignKey("key_message.id", ondelete="CASCADE"),
        primary_key=True,
        info=PLAIN,
    ),
    sa.Column(
        "integrity_value_id", sa.ForeignKey("integrity_value.id"), primary_key=True, info=PLAIN
    ),
    info={"logged": True},
)


class Speaker(Keyed, InRegion, Versioned, Logged, Base):
    """A person who speaks at sessions of a region; may be one of its officials."""

    __tablename__ = "speaker"
    __table_args__ = (
        inside("official_id", "official"),
        reached_inside(),
        sa.UniqueConstraint("region_id", "full_name"),
        filled("full_name"),
    )

    #: Name as the person writes it.
    full_name: Mapped[str] = personal(nullable=False)
    #: The body that sends the person.
    organisation_id: Mapped[int | None] = plain(sa.ForeignKey("organisation.id"))
    #: The official that the speaker is; none for guests.
    official_id: Mapped[int | None] = plain()
    #: Telephone in E.164.
    phone: Mapped[str | None] = personal(sa.String(16))
    #: What a clerk should know about this entry.
    note: Mapped[str | None] = personal()

    organisation: Mapped[Organisation | None] = relationship()
    official: Mapped[Official | None] = relationship(foreign_keys=[official_id])
    aliases: Mapped[list[SpeakerAlias]] = relationship(
        back_populates="speaker",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="(SpeakerAlias.name, SpeakerAlias.id)",
    )
    appearances: Mapped[list[SessionSpeaker]] = relationship(
        foreign_keys="SessionSpeaker.speaker_id",
        back_populates="speaker",
        order_by="SessionSpeaker.id",
    )

    materials: Mapped[list[SessionPaper]] = relationship(
        foreign_keys="SessionPaper.speaker_id", back_populates="speaker", order_by="SessionPaper.id"
    )

    def __str__(self) -> str:
        return self.full_name


class SpeakerAlias(Keyed, Logged, Base):
    """Another spelling under which a speaker is met."""

    __tablename__ = "speaker_alias"
    __table_args__ = (sa.UniqueConstraint("speaker_id", "name"), filled("name"))

    #: The speaker.
    speaker_id: Mapped[int] = plain(sa.ForeignKey("speaker.id", ondelete="CASCADE"), nullable=False)
    #: The other spelling.
    name: Mapped[str] = personal(nullable=False)
    #: Where it was met.
    source: Mapped[str | None] = plain()

    speaker: Mapped[Speaker] = relationship(back_populates="aliases")

    def __str__(self) -> str:
        return self.name


class SessionSpeaker(Keyed, InRegion, Versioned, Logged, Base):
    """A speaker at one session, with the position as it was stated then."""

    __tablename__ = "session_speaker"
    __table_args__ = (
        inside("training_session_id", "training_session"),
        inside("speaker_id", "speaker"),
        sa.UniqueConstraint("training_session_id", "speaker_id", "role"),
    )
    __locked_with__ = "session"

    #: The session.
    training_session_id: Mapped[int] = plain(nullable=False)
    #: The speaker.
    speaker_id: Mapped[int] = plain(nullable=False)
    #: What the person did there.
    role: Mapped[str] = plain(one_of("role", SPEAKER_ROLES), nullable=False, default="speaker")
    #: Position as stated on that day.
    stated_position: Mapped[str | None] = plain()
    #: Institution as stated on that day.
    stated_institution: Mapped[str | None] = plain()
    #: What the person spoke about.
    topic: Mapped[str | None] = plain()

    session: Mapped[TrainingSession] = relationship(
        foreign_keys=[training_session_id], back_populates="speakers"
    )
    speaker: Mapped[Speaker] = relationship(foreign_keys=[speaker_id], back_populates="appearances")

    def __str__(self) -> str:
        return str(self.speaker)


class KeyMessage(Keyed, InRegion, Versioned, Logged, Base):
    """A thought that a session wants to leave behind, in the words of this project."""

    __tablename__ = "key_message"
    __table_args__ = (
        inside("training_session_id", "training_session"),
        inside("speaker_id", "speaker"),
        filled("text"),
    )
    __locked_with__ = "session"

    #: The session at which it was said.
    training_session_id: Mapped[int] = plain(nullable=False, index=True)
    #: Who said it.
    speaker_id: Mapped[int | None] = plain()
    #: Message, definition, or a quotation told in other words.
    kind: Mapped[str] = plain(one_of("kind", MESSAGE_KINDS), nullable=False)
    #: The thought itself.
    text: Mapped[str] = plain(nullable=False)
    #: How it is told: "parafrase".
    note: Mapped[str | None] = plain()

    session: Mapped[TrainingSession] = relationship(
        foreign_keys=[training_session_id], back_populates="messages"
    )
    speaker: Mapped[Speaker | None] = relationship(foreign_keys=[speaker_id])
    values: Mapped[list[IntegrityValue]] = relationship(
        secondary=message_value, order_by="(IntegrityValue.rank, IntegrityValue.id)"
    )

    def __str__(self) -> str:
        return self.text


class NewsSource(Keyed, InRegion, Versioned, Logged, Base):
    """A news page about a session: its title and tags, never its furniture."""

    __tablename__ = "news_source"
    __table_args__ = (
        inside("training_session_id", "training_session"),
        sa.UniqueConstraint("region_id", "title"),
        filled("title"),
    )

    #: The session that it reports.
    training_session_id: Mapped[int] = plain(nullable=False)
    #: Headline.
    title: Mapped[str] = plain(nullable=False)
    #: Paper or site; none when not stated.
    outlet: Mapped[str | None] = plain()
    #: Day of publication.
    published_on: Mapped[date | None] = plain()
    #: Address of the page.
    address: Mapped[str | None] = plain()
    #: Categories printed on the page, separated by commas.
    tags: Mapped[str | None] = plain()
    #: The article as it was pasted, without what surrounds it on the page.
    text: Mapped[str | None] = plain()

    session: Mapped[TrainingSession] = relationship(
        foreign_keys=[training_session_id], back_populates="news"
    )

    def __str__(self) -> str:
        return self.title
