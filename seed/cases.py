"""What is out of the ordinary in the made-up rosters: the cases that real rosters have.

Acting holders (Plt., Plh.), vacant posts, a person with two posts, two who changed places, people
without a spouse, and a couple of officials.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Stand:
    """A further holding of a post, by whoever holds `holder` definitively."""

    holder: str
    post: str
    status: str
    started_on: date
    ended_on: date | None = None


@dataclass(frozen=True)
class Cases:
    """What is out of the ordinary in one city; posts are named as in its list of positions."""

    #: Number of the city's first made-up person.
    first: int
    #: First day of ordinary appointments.
    since: date
    #: Posts that nobody holds.
    vacant: frozenset[str] = frozenset()
    #: Posts held by one who has no other post, with the kind of holding.
    acting: dict[str, str] = field(default_factory=dict)
    #: People who hold a second post.
    stands: tuple[Stand, ...] = ()
    #: Two posts whose holders changed places, and the day.
    swap: tuple[str, str, date] | None = None
    #: Posts whose holders live without a spouse.
    single: frozenset[str] = frozenset()
    #: Two posts whose holders are married to each other.
    couple: tuple[str, str] | None = None


SERANG = Cases(
    first=0,
    since=date(2025, 3, 3),
    vacant=frozenset({"Lurah Kalodran", "Kepala Bagian Organisasi"}),
    acting={"Lurah Cilowong": "acting_vacant", "Kepala Dinas Perhubungan": "acting_vacant"},
    stands=(
        Stand("Lurah Sayar", "Lurah Sepang", "acting_vacant", date(2025, 9, 1)),
        Stand(
            "Lurah Kagungan",
            "Lurah Cipare",
            "acting_absent",
            date(2025, 11, 17),
            date(2025, 11, 21),
        ),
        Stand("Kepala Dinas Sosial", "Kepala Dinas Kesehatan", "acting_vacant", date(2025, 10, 1)),
    ),
    swap=("Lurah Unyur", "Lurah Lopang", date(2025, 11, 4)),
    single=frozenset({"Lurah Gelam", "Lurah Terumbu", "Lurah Tinggar"}),
    couple=("Lurah Pancur", "Lurah Kuranji"),
)
METRO = Cases(
    first=120,
    since=date(2022, 2, 1),
    vacant=frozenset({"Lurah Purwoasri"}),
    acting={"Lurah Tejosari": "acting_vacant", "Kepala Bagian Umum": "acting_vacant"},
    stands=(Stand("Camat Metro Barat", "Camat Metro Utara", "acting_vacant", date(2024, 1, 8)),),
    single=frozenset({"Lurah Imopuro"}),
)
