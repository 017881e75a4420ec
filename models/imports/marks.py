"""A list of attendance at one session part beside its marks; people are those of the session.

Nobody is added to the list of a session here: who came uninvited is recorded on its page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.access.rules import Actor
from panel.words import say

from ..attendance import Attendance, Participation
from ..people import Official
from ..queries import in_scope
from ..training import AgendaItem
from .drafting import told_only
from .outcomes import Difference, Draft, Outcome
from .people import Known, People
from .said import Said

#: Column of a list and party of a mark.
PARTIES = {"mark": "official", "spouse_mark": "spouse"}


@dataclass(frozen=True)
class Guest:
    """Somebody on the list of the session."""

    participation_id: int
    has_spouse: bool
    #: Number, status and remark of the marks at this part, by party.
    marks: Mapping[str, tuple[int, str, str | None]] = field(default_factory=dict)


@dataclass
class Guests:
    """Who is on the list of the session, and what is recorded of each at this part."""

    part_id: int
    people: People
    guests: Mapping[int, Guest]
    today: date
    adds_people: bool = False

    def looking(self, kind: str, answers: Mapping[str, str]) -> Marks:
        """Who looks at the rows of a list of attendance."""
        return Marks(self)


class Marks:
    """Looks at the rows of a list of attendance in their order."""

    def __init__(self, known: Guests) -> None:
        self.known = known
        self._rows: dict[int, int] = {}

    def look(self, said: Said) -> Outcome:
        """What becomes of one row."""
        row = said.row
        outcome = Outcome(row.number, "problem", said.display_name, hidden=row.hidden)
        official = self.known.people.of(said, None)
        if official is not None:
            outcome.official_id = official.id
            outcome.name = (said.name and outcome.name) or official.display_name
            if self._rows.setdefault(official.id, row.number) != row.number:
                outcome.kind = "duplicate"
                return outcome
        elif not said.problems:
            sentence = say("This person is not on the list of this session. Add the person there.")
            said.wrong("name" if "name" in row.addresses else "nip", sentence)
        drafts = list(self._drafts(said, official, outcome)) if official is not None else []
        if said.problems:
            outcome.problems = said.problems
            outcome.differences = ()
            return outcome
        outcome.kind = "changed" if any(one.op == "update" for one in drafts) else "new"
        outcome.kind = outcome.kind if drafts else "matched"
        outcome.drafts = drafts
        return outcome

    def rest(self) -> Iterable[Outcome]:
        """Nobody: who stands in no row stays as recorded."""
        return ()

    def _drafts(self, said: Said, official: Known, outcome: Outcome) -> Iterable[Draft]:
        """The marks of a row that are not recorded so already."""
        guest = self.known.guests[official.id]
        for column, party in PARTIES.items():
            status = said.mark if party == "official" else said.spouse_mark
            if status is None:
                continue
            if party == "spouse" and not guest.has_spouse:
                sentence = say(
                    "No spouse is named in this participation. Add the spouse there first."
                )
                said.wrong(column, sentence)
                continue
            key, was, note = guest.marks.get(party, (None, None, None))
            becomes = said.note if party == "official" and said.note else note
            if (was, note) == (status, becomes):
                continue
            outcome.differences = [*outcome.differences, Difference(column, was, status)]
            if key is None:
                values = {
                    "participation_id": (None, str(guest.participation_id)),
                    "agenda_item_id": (None, str(self.known.part_id)),
                    "party": (None, party),
                    "status": (None, status),
                    "note": (None, becomes),
                }
                yield Draft("attendance", None, "insert", outcome.name, told_only(values))
            else:
                values = {"status": (was, status), "note": (note, becomes)}
                changed = {name: pair for name, pair in values.items() if pair[0] != pair[1]}
                yield Draft("attendance", key, "update", outcome.name, changed)


def guests(session: Session, actor: Actor, part: AgendaItem, day: date) -> Guests:
    """The people of a part's session in the actor's scope, with their marks; two statements."""
    columns = (
        *(Participation.id.label("participation"), Participation.spouse_id, Official.id),
        *(Official.title_prefix, Official.full_name, Official.title_suffix, Official.nip),
        *(Official.employment_type, Official.aliases),
    )
    rows = sa.select(*columns).join(Official, Official.id == Participation.official_id)
    rows = rows.where(Participation.training_session_id == part.training_session_id)
    marks: dict[int, dict[str, tuple[int, str, str | None]]] = {}
    recorded = sa.select(Attendance).where(Attendance.agenda_item_id == part.id)
    for mark in session.scalars(in_scope(recorded, Attendance, actor)):
        marks.setdefault(mark.participation_id, {})[mark.party] = (mark.id, mark.status, mark.note)
    known, found = [], {}
    for row in session.execute(in_scope(rows, Participation, actor).order_by(Official.id)):
        known.append(Known.of(row))
        found[row.id] = Guest(
            row.participation, row.spouse_id is not None, marks.get(row.participation, {})
        )
    return Guests(part.id, People(known, adds=False), found, day)
