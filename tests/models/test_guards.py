"""Each guard of the action plan: what it lets through, and the sentence it answers with."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from models.guards import GUARDS, at_least

LETS_THROUGH = {
    "has_target": [{"target": "x"}],
    "has_indicator": [{"indicator": "x"}],
    "has_due_date": [{"due_on": date(2026, 1, 1)}],
    "has_evidence": [{"evidence": ["a"]}],
    "has_result": [{"result_class": "not_followed_up"}],
    "result_allows_closing": [
        {"result_class": "conforming"},
        {"result_class": "cannot_be_followed_up"},
    ],
    "cannot_be_followed_up": [{"result_class": None}, {"result_class": "conforming"}],
}

OBJECTS_TO = [
    ("has_target", {"target": None}, "Fill in the target first."),
    ("has_target", {"target": " \n"}, "Fill in the target first."),
    ("has_indicator", {"indicator": ""}, "Fill in the indicator first."),
    ("has_due_date", {"due_on": None}, "Fill in the due date first."),
    ("has_evidence", {"evidence": []}, "Attach evidence first."),
    ("has_result", {"result_class": None}, "Choose the result class first."),
    *(
        (
            "result_allows_closing",
            {"result_class": result},
            "Only a plan whose result conforms or that cannot be followed up is closed; "
            "reopen this one.",
        )
        for result in (None, "not_yet_conforming", "not_followed_up")
    ),
    (
        "cannot_be_followed_up",
        {"result_class": "cannot_be_followed_up"},
        "Give the reason why this cannot be followed up.",
    ),
]


def test_the_table_names_every_guard() -> None:
    plain = {name for name, guard in GUARDS.items() if not guard.parameters}

    assert set(LETS_THROUGH) == plain == {name for name, _, _ in OBJECTS_TO}
    assert set(GUARDS) - plain == {"at_least"}


@pytest.mark.parametrize(
    ("field", "held", "sentence"),
    [
        ("steps", 1, "Add steps first: at least 2."),
        ("evidence", 0, "Attach evidence first: at least 2."),
        ("steps", 2, None),
        ("evidence", 3, None),
    ],
)
def test_a_plan_has_as_much_as_its_process_asks_for(
    field: str, held: int, sentence: str | None
) -> None:
    plan = SimpleNamespace(steps=[], evidence=[])
    setattr(plan, field, ["one"] * held)

    said = at_least(plan, field=field, count=2)

    assert (said and str(said)) == sentence


@pytest.mark.parametrize("name", LETS_THROUGH)
def test_a_guard_lets_through_what_is_there(name: str) -> None:
    for values in LETS_THROUGH[name]:
        assert GUARDS[name].check(SimpleNamespace(**values)) is None


@pytest.mark.parametrize(("name", "values", "sentence"), OBJECTS_TO)
def test_a_guard_answers_with_its_sentence(
    name: str, values: dict[str, object], sentence: str
) -> None:
    assert str(GUARDS[name].check(SimpleNamespace(**values))) == sentence
