"""Open commitments of offices, handed over to successors as a single rotation does; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from .drafting import told_only
from .outcomes import Draft
from .people import Held
from .posts import Post


@dataclass(frozen=True)
class Promise:
    """A commitment of an office that nobody has continued; `template` is a number as a text."""

    id: int
    official_id: int
    template: str | None
    category: str
    area: str | None
    text: str
    indicator: str | None


@dataclass(frozen=True)
class Promises:
    """Commitments by post, and by post the official who left it last as its definitive holder."""

    of_post: Mapping[int, Collection[Promise]] = field(default_factory=dict)
    last_of: Mapping[int, int] = field(default_factory=dict)

    def handed(
        self, appointment: Draft, at: int, post: Post, ended: Collection[Held]
    ) -> Iterator[Draft]:
        """What goes on under a new appointment, the draft `at` of its row; not signed yet."""
        here = [one for one in ended if one.position_id == post.id]
        before = {one.official_id for one in here}
        if not any(one.status == "definitive" for one in here) and post.id in self.last_of:
            before.add(self.last_of[post.id])
        successor = appointment.values["official_id"][1]
        for one in self.of_post.get(post.id, ()):
            if one.official_id in before and str(one.official_id) != successor:
                values = {
                    "official_id": successor,
                    "appointment_id": f"@{at}",
                    "unit_id": str(post.unit_id),
                    "template_id": one.template,
                    "party": "official",
                    "category": one.category,
                    "area": one.area,
                    "text": one.text,
                    "indicator": one.indicator,
                    "continued_from_id": str(one.id),
                }
                pairs = {column: (None, text) for column, text in values.items()}
                yield Draft("commitment", None, "insert", one.text[:80], told_only(pairs))
