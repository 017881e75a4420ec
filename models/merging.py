"""Two entries of one person as one: what hangs on the entry that goes, and what stands against it.

Nothing is written here. What a merge comes to is a list of items for a proposal, which somebody
else applies, as a whole or not at all, and which can be taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.access.rules import Actor
from panel.proposals.texts import texts
from panel.words import Refused, Sentence, say

from .attendance import Attendance, Participation
from .base import Base
from .commitments import Commitment
from .couples import plain_name
from .follow_up import ActionPlan
from .people import Appointment, Official, Spouse
from .queries import in_scope
from .roster import overlap
from .speaking import Speaker

#: What names an official, and moves with the merge; what names one besides refuses it.
WAYS: tuple[tuple[type[Any], str], ...] = (
    (Appointment, "official_id"),
    (Spouse, "official_id"),
    (Spouse, "person_id"),
    (Participation, "official_id"),
    (Commitment, "official_id"),
    (ActionPlan, "official_id"),
    (Speaker, "official_id"),
)
#: Fields that one of the two entries gives; the other spellings of both are kept.
FIELDS = (
    *("title_prefix", "full_name", "title_suffix", "nip", "employment_type"),
    *("grade_id", "phone", "without_spouse", "note"),
)

#: Why a record does not let go of its official, or None: its process may have locked it.
Locked = Callable[[Any], Refused | None]


@dataclass
class Merge:
    """What a merge of two entries would be; `stops` refuse it, `doubts` have to be confirmed."""

    kept: Official
    gone: Official
    #: What hangs on the entry that goes: records by their table and the column that names it.
    hanging: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    #: Posts and spouses recorded twice: those that go, with those that stand for them.
    joined: dict[Any, Any] = field(default_factory=dict)
    stops: list[Sentence] = field(default_factory=list)
    doubts: list[Sentence] = field(default_factory=list)

    def of(self, table: str, column: str = "official_id") -> list[Any]:
        """The records of a table that name the entry that goes."""
        return self.hanging.get((table, column), [])


def look(session: Session, actor: Actor, kept: Official, gone: Official, locked: Locked) -> Merge:
    """What hangs on `gone`, and what stands against giving it to `kept`."""
    merge = Merge(kept, gone)
    if kept.region_id != gone.region_id:
        merge.stops.append(say("The two entries belong to different regions."))
        return merge
    hidden = 0
    for entity, column in WAYS:
        key = getattr(entity, column)
        rows = in_scope(sa.select(entity).where(key == gone.id), entity, actor)
        found = list(session.scalars(rows.order_by(entity.id)).unique())
        whole = sa.select(sa.func.count()).select_from(entity).where(key == gone.id)
        hidden += (session.scalar(whole) or 0) - len(found)
        merge.hanging[entity.__tablename__, column] = found
    if hidden:
        merge.stops.append(
            say("Part of what hangs on this entry lies outside of your scope; merge it from there.")
        )
    merge.stops += _named_elsewhere(session, gone)
    _posts(merge)
    _spouses(merge)
    _sessions(session, merge)
    _locks(session, merge, locked)
    if merge.of("speaker") and session.scalar(
        sa.select(Speaker.id).where(Speaker.official_id == kept.id).limit(1)
    ):
        merge.doubts.append(say("Both are recorded as a speaker; both entries of speakers stay."))
    return merge


def _named_elsewhere(session: Session, gone: Official) -> Iterator[Sentence]:
    """Refusals for keys that no merge moves: an account, and whatever is added later."""
    moved = {(entity.__tablename__, column) for entity, column in WAYS}
    for table in Base.metadata.sorted_tables:
        for constraint in table.foreign_key_constraints:
            element = next(iter(constraint.elements))
            if constraint.referred_table is not Official.__table__ or constraint.ondelete:
                continue
            if (table.name, element.parent.name) in moved:
                continue
            if session.scalar(sa.select(element.parent).where(element.parent == gone.id).limit(1)):
                yield (
                    say("An account belongs to it: an administrator has to move the account first.")
                    if table.name == "account"
                    else say("Other records refer to it that cannot be moved.")
                )


def _posts(merge: Merge) -> None:
    """Posts recorded twice become one; two posts at once are a doubt."""
    for one in merge.of("appointment"):
        for other in merge.kept.appointments:
            if not overlap(one, other):
                continue
            if one.position_id == other.position_id and one.status == other.status:
                merge.joined.setdefault(one, other)
            elif one.position_id != other.position_id:
                merge.doubts.append(
                    say(
                        "Two posts at the same time: %(one)s and %(other)s.",
                        one=other.position.choice_name,
                        other=one.position.choice_name,
                    )
                )


def _spouses(merge: Merge) -> None:
    """A spouse of the same name, or who is the same official, is recorded twice."""
    for one in merge.of("spouse"):
        if one.person_id == merge.kept.id:
            merge.stops.append(say("They are recorded as a couple: nobody is his own spouse."))
        for other in merge.kept.spouses:
            same = one.person_id is not None and one.person_id == other.person_id
            if same or plain_name(one.full_name) == plain_name(other.full_name):
                merge.joined.setdefault(one, other)
    couples = {one.official_id for one in merge.of("spouse", "person_id")}
    if merge.kept.id in couples:
        merge.stops.append(say("They are recorded as a couple: nobody is his own spouse."))
    for one in merge.of("spouse", "person_id"):
        if any(other.person_id == merge.kept.id for other in one.official.spouses):
            merge.stops.append(
                say(
                    "%(name)s has both as a spouse. Delete one of these entries first.",
                    name=one.official.display_name,
                )
            )


def _sessions(session: Session, merge: Merge) -> None:
    """Nobody takes part twice in one session."""
    held = sa.select(Participation.training_session_id).where(
        Participation.official_id == merge.kept.id
    )
    taken = set(session.scalars(held))
    merge.stops += [
        say("Both are on the list of %(session)s. Take one off first.", session=one.session.name)
        for one in merge.of("participation")
        if one.training_session_id in taken
    ]


def _locks(session: Session, merge: Merge, locked: Locked) -> None:
    """What was signed or approved names who it is about, and stays as it is."""
    marks = sa.select(Attendance).where(
        Attendance.participation_id.in_([one.id for one in merge.of("participation")])
    )
    shut = dict.fromkeys(
        mark.agenda_item.session.name for mark in session.scalars(marks) if locked(mark)
    )
    merge.stops += [
        say("The attendance sheet of %(session)s is locked and names this entry.", session=name)
        for name in shut
    ]
    merge.stops += [
        say("The action plan %(code)s is locked and names this entry.", code=plan.code)
        for plan in merge.of("action_plan")
        if locked(plan)
    ]


def defaults(one: Official, other: Official) -> dict[str, Official]:
    """Which entry gives each field unless somebody chooses: the fuller one, else the first.

    The name is that of the entry with a NIP: a slip of the pen is often the longer one.
    """
    usual = {name: max((one, other), key=lambda its: fullness(its, name)) for name in FIELDS}
    if (one.nip is None) != (other.nip is None):
        usual["full_name"] = one if one.nip else other
    return usual


def fullness(official: Official, name: str) -> int:
    """How much stands in a field; nothing said is less than a no."""
    value = getattr(official, name)
    return 0 if value is None else len(str(value))


def stays(one: Official, other: Official, chosen: Mapping[str, Official]) -> Official:
    """The entry that stays: the one whose NIP counts, else the one that was there first."""
    giver = chosen["nip"]
    return giver if giver.nip else min((one, other), key=lambda its: its.id)


def all_spellings(merge: Merge, name: str) -> str | None:
    """The other spellings of both, with the name that is given up."""
    found: dict[str, str] = {}
    for text in (
        merge.kept.aliases,
        merge.gone.aliases,
        merge.kept.full_name,
        merge.gone.full_name,
    ):
        for part in (text or "").split(","):
            if part.strip() and part.strip().casefold() != name.casefold():
                found.setdefault(part.strip().casefold(), part.strip())
    return ", ".join(found.values()) or None


def becomes(merge: Merge, chosen: Mapping[str, Official]) -> dict[str, tuple[Any, Any]]:
    """What changes in the entry that stays: as texts, what was and what becomes."""
    names = (*FIELDS, "aliases")
    was = texts(merge.kept, names)
    new = {name: texts(chosen[name], [name])[name] for name in FIELDS}
    new["aliases"] = all_spellings(merge, new["full_name"] or "")
    return {name: (was[name], new[name]) for name in names if was[name] != new[name]}
