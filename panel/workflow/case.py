"""One record as the rules see it, and the people who could act on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Person:
    """Somebody who could act, and the names of those who stand in for him, by account."""

    name: str
    substitutes: Mapping[int, str] = field(default_factory=dict)
    #: How narrow his place is that holds the record; the greater, the nearer he is to it.
    near: int = 0


#: Who could act, by role and account.
People = Mapping[str, Mapping[int, str | Person]]


@dataclass(frozen=True)
class Case:
    """One record as the rules see it."""

    #: Its present state.
    state: str
    #: The record itself; only guards look at it.
    record: object = None
    #: Accounts tied to it, by relation.
    parties: Mapping[str, frozenset[int]] = field(default_factory=dict)
    #: Hash of its present content.
    seen: str = ""
    #: When it came into its present state.
    since: datetime | None = None
    #: Those who could act; none while that is not known.
    people: People | None = None
