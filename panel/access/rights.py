"""What an account may, as one value: roles, places with their days, and whether it signs in.

Pure. Two such values say whether one takes away only, which one hand may do at once, or gives
something, which takes two.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from .rules import Place

#: The columns of a place as the host has them, with the number of the grant where it stands.
Columns = Mapping[str, int | str | None]


@dataclass(frozen=True)
class Held:
    """A place for a time; no day means without beginning, or without end."""

    place: Place
    first: date | None
    last: date | None

    def covers(self, other: Held) -> bool:
        """Whether everything of `other` is held by this already."""
        return (
            self.place.holds(other.place.region_id, other.place.unit_path.rstrip("/"))
            and (self.first is None or (other.first is not None and self.first <= other.first))
            and (self.last is None or (other.last is not None and other.last <= self.last))
        )


@dataclass(frozen=True)
class Rights:
    """Roles, places and sign-in of one account; `held` says of the places what they hold."""

    active: bool = False
    roles: frozenset[str] = frozenset()
    #: Canonical JSON of the places, see `places_text`.
    places: str = "[]"
    held: tuple[Held, ...] = ()

    @property
    def text(self) -> str:
        """Canonical JSON: the same rights give the same text."""
        return json.dumps(
            {
                "active": self.active,
                "roles": sorted(self.roles),
                "places": json.loads(self.places),
            },
            sort_keys=True,
            separators=(",", ":"),
        )

    def gives_nothing(self, before: Rights) -> bool:
        """Whether everything here was held `before`: then somebody only lost something."""
        return (
            self.active <= before.active
            and self.roles <= before.roles
            and all(any(old.covers(new) for old in before.held) for new in self.held)
        )


def places_text(places: list[Columns]) -> str:
    """Places as canonical JSON, in one order."""
    ordered = sorted(places, key=lambda columns: json.dumps(columns, sort_keys=True))
    return json.dumps(ordered, sort_keys=True, separators=(",", ":"))


def roles_text(roles: frozenset[str]) -> str:
    """Roles as one text: "clerk supervisor"."""
    return " ".join(sorted(roles))


def regions_text(held: tuple[Held, ...]) -> str:
    """The regions of some places, each once: "/1//12/"; nothing for no place."""
    return "".join(f"/{number}/" for number in sorted({one.place.region_id for one in held}))
