"""Rules of requests for a later due date."""

from __future__ import annotations

from panel.words import Refused, Sentence, say

from .follow_up import Extension


def settle(extension: Extension) -> None:
    """A request asks for a day after the present due date, of a plan that has one."""
    plan = extension.plan
    if plan is None:
        return
    extension.region_id = plan.region_id
    if plan.due_on is None:
        raise Refused("field", say("This plan has no due date that could be later."), "plan")
    if extension.asked_due_on is not None and extension.asked_due_on <= plan.due_on:
        sentence = say("Choose a day after the present due date, %(day)s.", day=plan.due_on)
        raise Refused("field", sentence, "asked_due_on")


def why_kept(extension: Extension) -> Sentence | None:
    """Why a request is neither changed nor deleted any more; None while nobody decided on it."""
    if extension.status == "requested":
        return None
    return say("This request was decided on and is kept as it is.")
