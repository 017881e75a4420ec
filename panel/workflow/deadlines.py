"""How long a record stands, on whose account, and until when its next step should be taken.

The clock of a side runs while that side has the turn and rests while another one has it. It begins
anew once the step that was expected has been taken: what was sent back and came again goes on where
it stopped, what was reopened after its verification begins from nothing. Time before the first
decision is nobody's: a draft waits for no one else. What begins with waiting is given with its
making as the first decision (`beginnings`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from .calendar import Calendar
from .definition import MIGRATE, Process, Transition


class Taken(Protocol):
    """What of a decision counts here."""

    @property
    def step(self) -> str:
        """The step taken."""

    @property
    def becomes(self) -> str:
        """The state after it."""

    @property
    def at(self) -> datetime:
        """When, with its zone."""


@dataclass(frozen=True)
class Stay:
    """The time in one state, in days of the place; `left` and `left_by` are none while it lasts."""

    state: str
    came: date
    left: date | None = None
    left_by: str | None = None


@dataclass(frozen=True)
class Clock:
    """How long a side has had the turn, all in working days."""

    #: Roles that have the turn.
    roles: tuple[str, ...]
    #: The day on which the record came into its present state.
    since: date
    #: The day on which the first of the stays began that count.
    first: date
    #: Days in the present state.
    here: int
    #: Days in all stays that count, the present one among them.
    spent: int
    #: Days in which the step should be taken; none when the process names none.
    allowed: int | None = None
    #: The last day for it, if the turn is not given away before.
    due: date | None = None

    @property
    def late(self) -> int:
        """Working days past the deadline; 0 within it, and when there is none."""
        return 0 if self.allowed is None else max(self.spent - self.allowed, 0)

    @property
    def resumed(self) -> bool:
        """Whether the clock had rested meanwhile."""
        return self.first != self.since or self.spent != self.here

    @property
    def urgency(self) -> tuple[int, date]:
        """What a list is sorted by: the most overdue first, then what waits longest."""
        return -self.late, self.since


def expected(process: Process, state: str) -> list[Transition]:
    """The steps that lead on from a state; none where a record may rest."""
    steps = process.leaving(state)
    ahead = [step for step in steps if step.style == "main"]
    if process.states[state].final:
        return [step for step in ahead if step.deadline_days]
    return ahead or list(steps)


def stays(decisions: Iterable[Taken], calendar: Calendar) -> list[Stay]:
    """The states that a record went through, oldest first; `decisions` in that order too.

    Where it passed on to another version, the state goes on under the name that it has there.
    """
    found: list[Stay] = []
    for one in decisions:
        if one.step == MIGRATE:
            left = found[-1].state if found else None
            found = [replace(s, state=one.becomes) if s.state == left else s for s in found]
            continue
        day = calendar.day(one.at)
        if found:
            last = found[-1]
            found[-1] = Stay(last.state, last.came, day, one.step)
        found.append(Stay(one.becomes, day))
    return found


def clock(
    process: Process, decisions: Iterable[Taken], calendar: Calendar, now: datetime
) -> Clock | None:
    """The clock of who has the turn; None before the first decision and where nothing is due."""
    past = stays(decisions, calendar)
    steps = expected(process, past[-1].state) if past else []
    if not steps:
        return None
    here = past.pop()
    today = calendar.day(now)
    taking = {step.name for step in steps}
    sources = {state for step in steps for state in step.sources}
    roles = tuple(dict.fromkeys(role for step in steps for role in step.roles))
    first, before = here.came, 0
    for stay in reversed(past):
        if stay.left_by in taking:
            break
        if stay.state in sources and stay.left is not None:
            first, before = stay.came, before + calendar.between(stay.came, stay.left)
    within = calendar.between(here.came, today)
    allowed = min(
        (
            step.deadline_days
            for step in process.leaving(here.state)
            if step.deadline_days and set(step.roles) & set(roles)
        ),
        default=None,
    )
    return Clock(
        roles=roles,
        since=here.came,
        first=first,
        here=within,
        spent=before + within,
        allowed=allowed,
        due=None if allowed is None else calendar.after(here.came, allowed - before),
    )


def ages(
    process: Process, decisions: Iterable[Taken], calendar: Calendar, now: datetime
) -> dict[str, int]:
    """Working days that each role has had the turn since the first decision."""
    today = calendar.day(now)
    found: dict[str, int] = {}
    for stay in stays(decisions, calendar):
        roles = {role for step in expected(process, stay.state) for role in step.roles}
        for role in sorted(roles):
            found[role] = found.get(role, 0) + calendar.between(stay.came, stay.left or today)
    return found
