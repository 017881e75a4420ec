"""What a request for more time must be before it is granted: sentences, or None.

Pure: a guard looks at the request, its plan and the plan's other requests. The numbers of the caps
stand in the process file. Whoever asks is told the same when asking.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any, Protocol

from panel.words import Sentence, say
from panel.workflow.definition import Guard


class Requested(Protocol):
    """What the guards read of a request; `plan` is an action plan with its `extensions`."""

    plan: Any
    asked_due_on: date
    granted_until: date | None


def plan_is_running(request: Requested) -> Sentence | None:
    """Only what is under way can need more time, and only what has a day can have a later one."""
    plan = request.plan
    if plan.last_day is None:
        return say("This plan has no due date that could be later.")
    if plan.state.category == "draft":
        return say("This plan is not under way yet; change its due date itself.")
    if plan.state.category == "done":
        return say("This plan is done and needs no more time.")
    if plan.state.category == "cancelled":
        return say("This plan was cancelled and needs no more time.")
    return None


def at_most_extensions(request: Requested, *, count: int) -> Sentence | None:
    """A plan is extended so many times and no more."""
    granted = [one.granted_until for one in others(request) if one.granted_until is not None]
    if len(granted) < count:
        return None
    return say(
        "A plan is given more time %(count)s times at most; this one was given it %(given)s times, "
        "the last time until %(day)s.",
        count=count,
        given=len(granted),
        day=max(granted),
    )


def granted_as_asked(request: Requested) -> Sentence | None:
    """The day granted lies after the present one and not after the one that was asked for."""
    day, plan = request.granted_until, request.plan
    if day is None:
        return say("Choose the day until which more time is granted.")
    if plan.last_day is not None and day <= plan.last_day:
        return say("Choose a day after the present due date, %(day)s.", day=plan.last_day)
    if day > request.asked_due_on:
        return say(
            "Choose a day no later than the one asked for, %(day)s.", day=request.asked_due_on
        )
    return None


def within_days(request: Requested, *, days: int) -> Sentence | None:
    """All that is granted together ends so many days after the day that was approved."""
    approved, day = request.plan.due_on, request.granted_until or request.asked_due_on
    if approved is None or day <= approved + timedelta(days=days):
        return None
    furthest = approved + timedelta(days=days)
    if request.plan.last_day == approved:
        return say(
            "More time ends %(days)s days after the approved due date at the latest, on %(day)s.",
            days=days,
            day=furthest,
        )
    return say(
        "More time ends %(days)s days after the approved due date at the latest, on %(day)s; it "
        "was given until %(given)s already.",
        days=days,
        day=furthest,
        given=request.plan.last_day,
    )


def others(request: Requested) -> Collection[Any]:
    """The other requests of the same plan."""
    return [one for one in request.plan.extensions if one is not request]


#: By the names that process files use, with the field where each is mended.
EXTENSION_GUARDS: Mapping[str, Guard] = {
    "plan_is_running": Guard(plan_is_running),
    "at_most_extensions": Guard(at_most_extensions, parameters={"count": int}),
    "granted_as_asked": Guard(granted_as_asked, "granted_until"),
    "within_days": Guard(within_days, "granted_until", parameters={"days": int}),
}
