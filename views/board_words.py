"""How the tier board says what is known of a seat, and how full a cell of its heat map is."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass

from models.coverage import Place
from models.government import Tier, Unit
from models.seats import Seat
from panel.words import Sentence, say

ATTENDED, NOT_ATTENDED = say("attended"), say("did not attend")
NOT_KNOWN, NONE_RECORDED, VACANT = say("not known"), say("none recorded"), say("vacant")
#: What is said quietly: it is no answer yet.
QUIET = (NOT_KNOWN, NONE_RECORDED, VACANT)
#: From this percentage on a cell has the next darker shade; the palest is for the first one.
SHADES = (1, 25, 50, 70, 90)


@dataclass(frozen=True)
class SeatLine:
    """One seat of the board and the facts of it that hold, by the names of `reach.FACTS`."""

    seat: Seat
    facts: Set[str]

    @property
    def seat_came(self) -> Sentence:
        """Whether anybody attended under an appointment to the seat."""
        return attendance(self.facts, "attended", "recorded")

    @property
    def holder_came(self) -> Sentence:
        """Whether the present holder attended, in whatever post."""
        if self.seat.vacant:
            return VACANT
        return attendance(self.facts, "holder_attended", "holder_recorded")

    @property
    def with_spouse(self) -> Sentence:
        """Whether the official came together with the spouse."""
        if "as_couple" in self.facts:
            return say("with spouse")
        alone = {"attended", "spouse_recorded"} <= self.facts
        return say("without spouse there") if alone else NOT_KNOWN

    @property
    def commitment(self) -> Sentence:
        """Whether something was promised under the seat."""
        return say("given") if "committed" in self.facts else NONE_RECORDED

    @property
    def plan(self) -> Sentence:
        """How far an action plan of the seat has come."""
        if "verified" in self.facts:
            return say("verified")
        return say("not verified yet") if "planned" in self.facts else NONE_RECORDED

    @property
    def answers(self) -> tuple[Sentence, ...]:
        """Seat, holder, spouse, commitment and plan, in the order of the columns."""
        return self.seat_came, self.holder_came, self.with_spouse, self.commitment, self.plan


def attendance(facts: Set[str], came: str, recorded: str) -> Sentence:
    """Attended, did not, or not known because nothing was recorded."""
    if came in facts:
        return ATTENDED
    return NOT_ATTENDED if recorded in facts else NOT_KNOWN


@dataclass(frozen=True)
class Heat:
    """The heat map: its tiers, and per district a cell for each, None where there is no post."""

    tiers: list[Tier]
    rows: list[tuple[Unit, list[Place | None]]]


def heat_of(places: Iterable[Place]) -> Heat:
    """The counts of districts as a table; tiers from the top down."""
    tiers: dict[int, Tier] = {}
    districts: dict[int, tuple[Unit, dict[int, Place]]] = {}
    for place in places:
        tiers[place.tier.id] = place.tier
        districts.setdefault(place.district.id, (place.district, {}))[1][place.tier.id] = place
    order = sorted(tiers.values(), key=lambda tier: tier.rank)
    rows = [(one, [cells.get(tier.id) for tier in order]) for one, cells in districts.values()]
    return Heat(order, rows)


def shade(percent: int) -> str:
    """The class of a cell: "" for nothing, then h1 to h5."""
    level = sum(percent >= least for least in SHADES)
    return f"h{level}" if level else ""
