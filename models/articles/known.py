"""What the office knows, as plain data for the reader of an article; and how a session stands.

Pure. The screens fill this from scoped queries, so that nothing out of scope is ever proposed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from panel.dates import PartialDate
from panel.words import Label


@dataclass(frozen=True)
class Named:
    """A record with the names under which a text may mention it."""

    id: int
    name: str
    others: tuple[str, ...] = ()
    label: Label | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """All spellings, the record's own first."""
        return (self.name, *(other for other in self.others if other))

    @property
    def shown(self) -> Label | str:
        """What it is called on a screen."""
        return self.label or self.name


@dataclass(frozen=True)
class Person:
    """Somebody known: as a speaker, as an official, or as both."""

    name: str
    others: tuple[str, ...] = ()
    speaker_id: int | None = None
    official_id: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """All spellings, the person's own first."""
        return (self.name, *(other for other in self.others if other))

    @property
    def key(self) -> str:
        """Who is meant, for the key of a proposal."""
        return f"s{self.speaker_id}" if self.speaker_id is not None else f"o{self.official_id}"


@dataclass(frozen=True)
class Present:
    """What is recorded of the session now."""

    held: PartialDate | None = None
    tiers: frozenset[int] = frozenset()
    tiers_complete: bool = False
    venue: Named | None = None
    #: Keys of the people who are recorded as its speakers.
    speakers: frozenset[str] = frozenset()
    organisations: frozenset[int] = frozenset()
    values: frozenset[int] = frozenset()
    risks: frozenset[int] = frozenset()
    includes_spouses: str = "unknown"


@dataclass(frozen=True)
class Known:
    """Everything that a text can be compared with."""

    regions: tuple[Named, ...] = ()
    tiers: tuple[Named, ...] = ()
    venues: tuple[Named, ...] = ()
    units: tuple[Named, ...] = ()
    people: tuple[Person, ...] = ()
    organisations: tuple[Named, ...] = ()
    values: tuple[Named, ...] = ()
    risks: tuple[Named, ...] = ()
    #: How the chosen session stands; none while no session is chosen.
    session: Present | None = field(default=None)
