"""Proposals that were applied and taken back since: told beside their state, one query a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import g
from markupsafe import Markup

from ..plugin import current_panel
from ..words import say
from .marks import badge
from .workflow import state_badge


def note_taken_back(proposals: Iterable[Any]) -> None:
    """Find out which of these proposals another one took back; empty places are left out."""
    panel = current_panel()
    assert panel.proposals is not None, "there are proposals"
    keys = {one.id for one in proposals if one is not None}
    known: set[int] = g.setdefault("taken_back", set())
    known |= panel.proposals.taken_back(panel.db.session(), keys)


def proposal_badge(record: Any) -> Any:
    """The state of a proposal, and beside it that it was taken back, where that was noted."""
    if record.id not in g.get("taken_back", ()):
        return state_badge(record)
    return Markup("{} {}").format(state_badge(record), badge("", "undo", say("Taken back since")))
