"""What at a door looks as if somebody signs for others: rules over the times of check-ins.

Pure. Nothing here is a proof: a finding is what a supervisor asks about before signing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import Literal, TypeVar

#: So many codes scanned at one station within this time: nobody passes a door so fast.
FAST, FAST_WITHIN = 4, timedelta(seconds=10)
#: So many couples typed in one after the other at one station, none later than this after the last.
TYPED, TYPED_WITHIN = 3, timedelta(seconds=60)
#: Official and spouse of two couples recorded on one device without network so close together.
MIXED_WITHIN = timedelta(seconds=5)
#: People come so long before a part begins, and still come so long after it ends.
EARLY, LATE = timedelta(minutes=90), timedelta(minutes=30)

T = TypeVar("T")
Rule = Literal["fast", "typed", "mixed", "hours"]
RULES: tuple[Rule, ...] = ("fast", "typed", "mixed", "hours")


@dataclass(frozen=True)
class Entry:
    """One check-in as the rules see it."""

    at: datetime
    way: str
    station: str
    couple: int
    party: str
    name: str
    #: The page without network that it was recorded on.
    page: str | None = None

    @property
    def device(self) -> str:
        """Where it was recorded."""
        return self.page or self.station


@dataclass(frozen=True)
class Finding:
    """Check-ins that one rule holds against each other."""

    rule: Rule
    entries: tuple[Entry, ...]


def suspicions(
    entries: Iterable[Entry], hours: tuple[datetime, datetime] | None = None
) -> list[Finding]:
    """What the rules find, by rule and time; `hours` are the beginning and the end of the part."""
    ordered = sorted(entries, key=lambda one: (one.device, one.at, one.couple, one.party))
    found: list[Finding] = []
    for _device, held in groupby(ordered, key=lambda one: one.device):
        own = list(held)
        found += fast(own) + typed(own) + mixed(own)
    if hours is not None:
        first, last = hours[0] - EARLY, hours[1] + LATE
        outside = tuple(one for one in ordered if not first <= one.at <= last)
        found += [Finding("hours", outside)] if outside else []
    return sorted(found, key=lambda one: (RULES.index(one.rule), one.entries[0].at))


def fast(own: Sequence[Entry]) -> list[Finding]:
    """Bursts of scanned codes of one device."""
    scanned = [one for one in own if one.way == "scanned"]
    close = [
        range(first, first + FAST)
        for first in range(len(scanned) - FAST + 1)
        if scanned[first + FAST - 1].at - scanned[first].at <= FAST_WITHIN
    ]
    places = sorted({place for one in close for place in one})
    marked = [(place, scanned[place]) for place in places]
    runs = parted(marked, lambda a, b: b[0] - a[0] == 1 and b[1].at - a[1].at <= FAST_WITHIN)
    return [Finding("fast", tuple(one for _, one in run)) for run in runs]


def typed(own: Sequence[Entry]) -> list[Finding]:
    """Codes of one device that were typed in a row."""
    both = parted(
        own,
        lambda a, b: a.way == b.way == "typed" and b.at - a.at <= TYPED_WITHIN,
    )
    return [
        Finding("typed", tuple(run))
        for run in both
        if run[0].way == "typed" and len({one.couple for one in run}) >= TYPED
    ]


def mixed(own: Sequence[Entry]) -> list[Finding]:
    """An official with another one's spouse, recorded together without network."""
    return [
        Finding("mixed", (one, other))
        for one, other in pairwise(own)
        if one.page is not None
        and one.couple != other.couple
        and one.party != other.party
        and other.at - one.at <= MIXED_WITHIN
    ]


def parted(row: Sequence[T], together: Callable[[T, T], bool]) -> list[list[T]]:
    """A row cut wherever two neighbours do not belong together."""
    runs: list[list[T]] = []
    for one in row:
        if runs and together(runs[-1][-1], one):
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs
