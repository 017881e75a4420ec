"""How people search for the records of the office: titles that they type, and synonyms."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from .base import db
from .glossary import SAME
from .government import Tier
from .identifiers.titles import BEFORE, BEHIND

#: Titles are not looked for: "Drs. Fulan, S.IP." finds Fulan. Lower case, without full stops.
TITLES = frozenset(title.lower().replace(".", "") for title in (*BEFORE, *BEHIND))


def synonyms() -> Iterator[tuple[str, ...]]:
    """Groups of words that mean the same: the glossary's, and the names of each tier."""
    yield from SAME
    rows = db.session.execute(sa.select(Tier.label_id, Tier.label_en, Tier.synonyms))
    for label_id, label_en, others in rows:
        yield (label_id, label_en, *(others or "").split(","))
