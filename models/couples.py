"""Rules of marriages: a couple is recorded once, however the name is written.

Each side may have its own record of the other: that is one couple still, seen from both.
"""

from __future__ import annotations

import re

from panel.typed import Wrong
from panel.words import Refused, say

from .identifiers.names import person_name
from .people import Spouse

TWICE = say("This couple is recorded already.")


def settle(spouse: Spouse, inside: str | None = None) -> None:
    """Give a spouse the region of the official; refuse oneself and a couple that is there already.

    A refusal stands at its field, or at `inside` on the form of the official.
    """
    official = spouse.official
    if official is None:
        return
    spouse.region_id = official.region_id
    if spouse.person is not None and spouse.person is official:
        raise Refused("field", say("Nobody is his own spouse."), inside or "person")
    for other in official.spouses:
        if other is spouse:
            continue
        if spouse.person is not None and other.person is spouse.person:
            raise Refused("field", TWICE, inside or "person")
        if plain_name(other.full_name) == plain_name(spouse.full_name):
            raise Refused("field", TWICE, inside or "full_name")


def plain_name(text: str | None) -> str:
    """A name without titles, case, signs and doubled blanks, for comparing."""
    try:
        name = person_name(text or "").value.name
    except Wrong:
        name = text or ""
    return re.sub(r"[\W_]+", " ", name.casefold()).strip()
