"""Files that records point to: stored outside the database, known by their hash."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from panel.changelog.records import Logged, personal, plain
from panel.files.records import GONE

from .base import Base, InRegion, Keyed, filled, reached_inside

MEDIA_TYPES = ("application/pdf", "image/jpeg", "image/png")


class StoredFile(Keyed, InRegion, Logged, Base):
    """A file as it was handed in; never changed, replaced by a new one.

    When the content is deleted on purpose the key says so, and everything else stays.
    """

    __tablename__ = "stored_file"
    __table_args__ = (
        reached_inside(),
        sa.UniqueConstraint("key"),
        sa.CheckConstraint("size > 0", name="size"),
        sa.CheckConstraint("length(sha256) = 64", name="sha256"),
        filled("name"),
    )

    #: Random name under which it is kept.
    key: Mapped[str] = plain(nullable=False)
    #: Name that the uploader's computer gave it.
    name: Mapped[str] = personal(nullable=False)
    #: Kind, told from the content.
    media_type: Mapped[str] = plain(nullable=False)
    #: Size in bytes.
    size: Mapped[int] = plain(nullable=False)
    #: SHA-256 of the content, 64 hexadecimal digits.
    sha256: Mapped[str] = plain(nullable=False)

    @property
    def is_gone(self) -> bool:
        """Whether its content was deleted on purpose."""
        return self.key.startswith(GONE)

    def __str__(self) -> str:
        return self.name
