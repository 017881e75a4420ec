"""Codes of reference data, made from an English name: lower case, unique, never typed."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.words import Refused, say


def free_code(session: Session, model: Any, name: str) -> str:
    """The code for a new record of `model` called `name`; "member_of_council_2" if one is taken."""
    word = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:60].rstrip("_")
    if not word:
        raise Refused("field", say("Write the English name in Latin letters."), "label_en")
    with session.no_autoflush:
        like = model.code.startswith(word, autoescape=True)
        taken = set(session.scalars(sa.select(model.code).where(like)))
    number, code = 1, word
    while code in taken:
        number += 1
        code = f"{word}_{number}"
    return code
