"""A checked file as a proposal: what its rows ask for, in the order of the file, all or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy.orm import Session

from panel.access.rules import Actor
from panel.proposals.entries import Bundle
from panel.proposals.records import Proposals
from panel.words import Refused, say
from panel.workflow.records import Workflow

from ..clock import today
from ..proposals import Proposal
from ..roster_imports import RosterImport, as_json
from .checking import Progress, Reading, Recorded, outcomes_of
from .complete import rotation_directory
from .known import directory
from .marks import guests
from .outcomes import CLASSES, Class, Outcome, entries_of, wanted

#: As many rows as one proposal takes in: somebody has to read it.
MOST_ROWS: Final = 20_000
#: The kind of record that a proposal of each kind of list is about.
TABLES: Final = {
    "officials": "official",
    "appointments": "appointment",
    "rotation": "appointment",
    "spouses": "spouse",
    "attendance": "attendance",
}


def known_for(session: Session, actor: Actor, record: RosterImport) -> Recorded:
    """What is recorded beside this file, with the day and the decree that hold for all rows."""
    if record.agenda_item is not None:
        return guests(session, actor, record.agenda_item, today())
    if record.kind == "rotation":
        return rotation_directory(session, actor, record)
    known = directory(session, actor, record.region_id, today())
    known.on_day, known.decree_no = record.on_day, record.decree_no
    return known


def propose(
    session: Session,
    proposals: Proposals,
    actor: Actor,
    record: RosterImport,
    reading: Reading | None,
    *,
    title: str,
    progress: Progress | None = None,
    found: Iterable[Outcome | Bundle] | None = None,
) -> Proposal:
    """The draft of a proposal of this file, by its policy; the caller commits.

    `found` is what a check that still holds found; without it the file is read and checked.

    `Refused` while rows have problems and the policy is to stop, and where nothing is left.
    """
    if not record.is_open:
        raise Refused("state", say("This import is closed: nothing more comes of it."))
    if found is None:
        assert reading is not None, "a file is checked, or its check is at hand"
        found = outcomes_of(reading, known_for(session, actor, record), progress)
    counts: dict[Class, int] = dict.fromkeys(CLASSES, 0)
    taken: list[Outcome | Bundle] = []
    left_out = rows = 0
    for one in found:
        if isinstance(one, Bundle):
            counts["new"] += len(one)
            rows += len(one)
            taken.append(one)
        else:
            counts[one.kind] += 1
            if wanted(one, record.policy):
                rows += 1
                taken.append(one)
            elif one.number and one.kind not in ("matched", "duplicate"):
                left_out += 1
        if rows > MOST_ROWS:
            sentence = say(
                "At most %(most)s rows go into one proposal. Divide the file.", most=MOST_ROWS
            )
            raise Refused("field", sentence)
    if record.policy == "stop" and counts["problem"]:
        sentence = say(
            "%(count)s rows have a problem. Mend them, or choose to leave them out.",
            count=counts["problem"],
        )
        raise Refused("guard", sentence)
    if not taken:
        raise Refused("guard", say("Nothing in this file differs from what is recorded."))
    proposal = Proposal(
        title=title,
        origin="import",
        record_table=TABLES[record.kind],
        unchanged_count=counts["matched"] + counts["duplicate"],
        refused_count=left_out,
    )
    proposals.propose(session, proposal, entries_of(taken, record.policy), actor)
    record.proposal, record.stage, record.counts = proposal, "proposed", as_json(counts)
    session.flush()
    return proposal


def submit(
    session: Session,
    workflow: Workflow,
    proposals: Proposals,
    actor: Actor,
    record: RosterImport,
    reading: Reading | None,
    *,
    title: str,
    progress: Progress | None = None,
    found: Iterable[Outcome | Bundle] | None = None,
) -> Proposal:
    """As `propose`, and handed to whoever applies it, in the open deed."""
    told: dict[str, Any] = {"title": title, "progress": progress, "found": found}
    made = propose(session, proposals, actor, record, reading, **told)
    _, seen = workflow.snapshot(session, made)
    workflow.move(session, made, "submit", seen=seen)
    return made
