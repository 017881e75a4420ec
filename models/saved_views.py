"""Lists as somebody arranged them: a name for the address of a list.

Nothing of the list is kept, only what was asked of it; who opens the view asks anew, in his own
scope. A shared view is seen by all accounts of its region.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from panel.changelog.records import Logged, personal, plain
from panel.words import Sentence, say

from .base import Base, InRegion, Keyed, Versioned, filled

#: So many digits in a row are the number of a person, such as a NIP or a telephone.
NUMBER = re.compile(r"(?:[0-9][\s.\-]*){8}")
NUMBERED = say("It asks for the number of a person. Keep this view for yourself.")


class SavedView(Keyed, InRegion, Versioned, Logged, Base):
    """One arrangement of one list, of one account."""

    __tablename__ = "saved_view"
    __table_args__ = (
        sa.UniqueConstraint("account_id", "list", "name"),
        filled("name"),
        sa.Index("ix_saved_view_list", "list", "region_id"),
    )

    #: The account that saved it.
    account_id: Mapped[int] = plain(nullable=False)
    #: The list: the table of its records.
    list: Mapped[str] = plain(sa.String(60), nullable=False)
    #: What it is called.
    name: Mapped[str] = personal(sa.String(60), nullable=False)
    #: Search, filters, order and columns, as they stand in the address; a search may be a name.
    query: Mapped[str] = personal(nullable=False)
    #: Whether all accounts of the region see it.
    shared: Mapped[bool] = plain(nullable=False, default=False)

    def __str__(self) -> str:
        return self.name


def unshareable(query: str) -> Sentence | None:
    """Why a view with this query is not for others, or None.

    A number of a person that one has unmasked, or has from elsewhere, is not handed on by it.
    """
    words = (part.partition("=")[2] for part in query.split("&"))
    return NUMBERED if any(NUMBER.search(unquote_plus(word)) for word in words) else None
