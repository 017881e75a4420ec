"""A checkpoint on paper: a QR code, and the short code that a person reads and types.

`checkpoint_mark()` stands at the foot of pages that are printed. It tells of the newest checkpoint
that was taken before, so that a paper in a drawer bears witness to the log up to there.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import segno
from flask import render_template
from markupsafe import Markup

from ..checkpointing import Taken, taken
from ..plugin import current_panel


@lru_cache(maxsize=64)
def qr(text: str, border: int = 4) -> Markup:
    """A text as a QR code, black on white in any theme; its page says beside it what it holds.

    `border` is the quiet zone in modules: 4 by the standard, 2 where white paper is around it.
    """
    code = segno.make(text, error="m", micro=False, mask=0, boost_error=False)
    drawn = code.svg_inline(
        omitsize=True, svgclass="qr", lineclass=None, light="#fff", border=border
    )
    return Markup(drawn.replace("<svg ", '<svg aria-hidden="true" ', 1))


def typed_text(taken_one: Taken) -> str:
    """What the small QR code of a paper holds: name of the log, size and short code."""
    one = taken_one.checkpoint
    return f"{one.origin}\n{one.size}\n{one.code}"


def checkpoint_mark() -> Any:
    """The foot of a printed page; nothing where no checkpoint was taken yet."""
    panel = current_panel()
    found = taken(panel.db.session.connection(), panel, 1)
    if not found or not found[0].sealed:
        return Markup("")
    drawn = render_template(
        "panel/integrity/mark.html", one=found[0].checkpoint, qr=qr(typed_text(found[0]))
    )
    return Markup(drawn)
