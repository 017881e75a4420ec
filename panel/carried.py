"""Sentences as JSON and back: told in one process, read in another, in the reader's language. Pure.

What a sentence is about keeps its type where a screen shows it by its type: days and moments.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from .words import Label, Sentence


def carried(sentence: Sentence) -> dict[str, Any]:
    """What JSON can say of it; a value of any other kind goes as its text."""
    return {"say": sentence.id, "values": {k: _packed(v) for k, v in sentence.values.items()}}


def told(packed: dict[str, Any]) -> Sentence:
    """The sentence again."""
    return Sentence(packed["say"], {k: _unpacked(v) for k, v in packed["values"].items()})


def _packed(value: object) -> Any:
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, Sentence):
        return carried(value)
    if isinstance(value, Label):
        return {"label": dict(value.texts)}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return str(value)


def _unpacked(value: Any) -> object:
    if not isinstance(value, dict):
        return value
    if "say" in value:
        return told(value)
    if "label" in value:
        return Label(value["label"])
    if "moment" in value:
        return datetime.fromisoformat(value["moment"])
    return date.fromisoformat(value["day"])
