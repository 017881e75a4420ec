"""The condition of a plan that takes its parameters from the process file."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from models.guards import DUTIES, GUARDS
from panel.workflow.reading import WrongProcess, read_process

FILE = Path(__file__).parents[2] / "models" / "processes" / "action_plan.toml"
ASKS = 'guards = ["has_evidence"]'


def _process(guard: str):
    text = FILE.read_text("utf-8")
    assert ASKS in text
    return read_process(text.replace(ASKS, f"guards = [{guard}]"), guards=GUARDS, duties=DUTIES)


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("steps", "Add steps first: at least 2."),
        ("evidence", "Attach evidence first: at least 2."),
    ],
)
def test_a_process_may_ask_for_several(field: str, said: str) -> None:
    process = _process(f'{{ name = "at_least", field = "{field}", count = 2 }}')
    [guard] = process.transitions["submit_evidence"].guards.values()
    plan = {"steps": [1, 2], "evidence": [1, 2]}

    assert guard.field == field
    assert guard.check(SimpleNamespace(**plan)) is None
    assert str(guard.check(SimpleNamespace(**{**plan, field: [1]}))) == said


def test_it_asks_for_nothing_else() -> None:
    with pytest.raises(WrongProcess, match="“field” must be one of steps, evidence"):
        _process('{ name = "at_least", field = "target", count = 2 }')
