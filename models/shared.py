"""Records that belong to no region: every city reads them, so no city's clerk changes them."""

from __future__ import annotations

from typing import Any

from panel.access.rules import NOWHERE, Actor
from panel.words import Refused, Sentence, say


def why_read_only(actor: Actor, record: Any) -> Sentence | None:
    """Why this actor may not change a record of all regions, or None."""
    if record.region_id is not None or "administrator" in actor.roles:
        return None
    return say("This came with the panel for all regions and is only read here. Add your own.")


def refuse_for_all(actor: Actor, record: Any) -> None:
    """Refuse to add a record for all regions to anybody but an administrator."""
    if record.region_id is None and why_read_only(actor, record) is not None:
        raise Refused("field", NOWHERE, "region")
