"""What a proposal must have before a step; pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from panel.words import Sentence, say
from panel.workflow.definition import Guard


def has_items(proposal: Any) -> Sentence | None:
    """A proposal without a change would be applied for nothing."""
    return None if proposal.item_count else say("There is no change in this proposal.")


GUARDS: Mapping[str, Guard] = {"has_items": Guard(has_items)}
