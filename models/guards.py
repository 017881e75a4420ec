"""What an action plan must have before a step: each guard answers with a sentence, or None.

Pure: a guard looks at the record and nothing else. `DUTIES` says to whom a decision is closed; the
accounts behind each relation come from the record's `parties`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Protocol, cast

from panel.words import Sentence, say
from panel.workflow.definition import OWN_DUTIES, Guard


class Plan(Protocol):
    """What the guards read of an action plan."""

    target: str | None
    indicator: str | None
    due_on: date | None
    result_class: str | None

    @property
    def steps(self) -> Collection[object]: ...
    @property
    def evidence(self) -> Collection[object]: ...


def has_target(plan: Plan) -> Sentence | None:
    """A plan says what is to be reached."""
    return None if _filled(plan.target) else say("Fill in the target first.")


def has_indicator(plan: Plan) -> Sentence | None:
    """A plan says how it is measured."""
    return None if _filled(plan.indicator) else say("Fill in the indicator first.")


def has_due_date(plan: Plan) -> Sentence | None:
    """A plan says until when."""
    return None if plan.due_on else say("Fill in the due date first.")


def has_evidence(plan: Plan) -> Sentence | None:
    """Without a piece of evidence there is nothing to verify."""
    return None if plan.evidence else say("Attach evidence first.")


def has_result(plan: Plan) -> Sentence | None:
    """Who verifies says how the follow-up is classed."""
    return None if plan.result_class else say("Choose the result class first.")


def result_allows_closing(plan: Plan) -> Sentence | None:
    """Only what conforms, or cannot be followed up, is over."""
    if plan.result_class in {"conforming", "cannot_be_followed_up"}:
        return None
    return say(
        "Only a plan whose result conforms or that cannot be followed up is closed; "
        "reopen this one."
    )


def cannot_be_followed_up(plan: Plan) -> Sentence | None:
    """The last class is accepted only with its reason."""
    if plan.result_class != "cannot_be_followed_up":
        return None
    return say("Give the reason why this cannot be followed up.")


def at_least(plan: Plan, *, field: str, count: int) -> Sentence | None:
    """A plan has so many steps, or pieces of evidence, as its process asks for."""
    held = plan.steps if field == "steps" else plan.evidence
    if len(held) >= count:
        return None
    if field == "steps":
        return say("Add steps first: at least %(count)s.", count=count)
    return say("Attach evidence first: at least %(count)s.", count=count)


def _filled(text: str | None) -> bool:
    return bool(text and text.strip())


def _of_plan(check: Callable[[Plan], Sentence | None], field: str | None) -> Guard:
    return Guard(cast(Callable[[object], Sentence | None], check), field)


#: By the names that process files use, with the field where each is mended.
GUARDS: Mapping[str, Guard] = {
    "has_target": _of_plan(has_target, "target"),
    "has_indicator": _of_plan(has_indicator, "indicator"),
    "has_due_date": _of_plan(has_due_date, "due_on"),
    "at_least": Guard(at_least, parameters={"field": ("steps", "evidence"), "count": int}),
    "has_evidence": _of_plan(has_evidence, "evidence"),
    "has_result": _of_plan(has_result, "result_class"),
    "result_allows_closing": _of_plan(result_allows_closing, "result_class"),
    "cannot_be_followed_up": _of_plan(cannot_be_followed_up, "reason"),
}

#: Relations whose people do not decide, with what each is told. Nobody is exempt.
DUTIES: Mapping[str, Sentence] = {
    **OWN_DUTIES,
    "uploader": say("You uploaded evidence of this plan; somebody else has to decide on it."),
    "official": say("This plan is your own; somebody else has to decide on it."),
    "spouse": say("This is the plan of your spouse; somebody else has to decide on it."),
    "subordinate": say(
        "This is the plan of your direct superior; somebody else has to decide on it."
    ),
}
