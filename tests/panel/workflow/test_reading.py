"""Reading a process: each thing wrong with a file is one sentence, and nothing is taken."""

from __future__ import annotations

import pytest

from panel.words import Label
from panel.workflow.reading import WrongProcess, read_process
from tests.panel.workflow.office import DUTIES, GUARDS, PROCESS, ROLES

FIELDS = {
    "leave_request": ("why", "note", "pay", "pay_note"),
    "leave_day": ("day", "note", "verdict"),
    "leave_paper": ("name",),
}


def _complaints(text: str) -> list[str]:
    with pytest.raises(WrongProcess) as wrong:
        read_process(text, guards=GUARDS, duties=DUTIES, roles=ROLES, fields=FIELDS)
    return [str(sentence) for sentence in wrong.value.sentences]


def test_a_sound_process_is_taken() -> None:
    process = read_process(PROCESS, guards=GUARDS, duties=DUTIES, roles=ROLES, fields=FIELDS)

    assert process.initial.code == "draft"
    assert list(process.states) == ["draft", "asked", "granted", "over"]
    assert [step.name for step in process.leaving("asked")] == ["withdraw", "grant"]
    assert process.step_fields == {"pay", "pay_note", "leave_day.verdict"}
    assert process.states["over"].final
    assert process.states["granted"].label == Label({"id": "Diberi", "en": "Granted"})
    assert process.states["granted"].tone == "active"


def test_steps_come_in_the_order_they_name() -> None:
    text = PROCESS.replace('name = "grant"', 'name = "grant"\norder = 1').replace(
        'name = "withdraw"', 'name = "withdraw"\norder = 2'
    )

    process = read_process(text, guards=GUARDS, duties=DUTIES, roles=ROLES)

    assert [step.name for step in process.leaving("asked")] == ["grant", "withdraw"]


STATE = """
[[state]]
code = "lost"
label = { id = "Hilang", en = "Lost" }
category = "done"
"""

STEP = """
[[transition]]
name = "lose"
label = { id = "Hilangkan", en = "Lose" }
from = ["asked"]
to = "over"
roles = ["chief"]
"""

BROKEN = [
    (
        PROCESS + STEP.replace('to = "over"', 'to = "nowhere"'),
        "Process leave_request, transition lose: there is no state nowhere.",
    ),
    (
        PROCESS + STEP.replace('["asked"]', '["nowhere"]'),
        "Process leave_request, transition lose: there is no state nowhere.",
    ),
    (
        PROCESS + STEP.replace('["asked"]', "[]"),
        "Process leave_request, transition lose: it starts from no state.",
    ),
    (
        PROCESS + STEP.replace('["chief"]', '["chief", "king"]'),
        "Process leave_request, transition lose: there is no role king.",
    ),
    (
        PROCESS + STEP.replace('["chief"]', "[]"),
        "Process leave_request, transition lose: nobody may take it; name its roles.",
    ),
    (
        PROCESS + STEP + STEP,
        "Process leave_request has two transitions lose.",
    ),
    (
        PROCESS + STATE + STATE + STEP.replace('"over"', '"lost"'),
        "Process leave_request has two states lost.",
    ),
    (
        PROCESS + STATE,
        "Process leave_request, state lost: no transition leads there.",
    ),
    (
        PROCESS
        + STATE.replace('category = "done"', 'category = "active"')
        + STEP.replace('to = "over"', 'to = "lost"'),
        "Process leave_request, state lost: no way out to a state that is final.",
    ),
    (
        PROCESS.replace("initial = true\n", ""),
        "Process leave_request needs exactly one initial state.",
    ),
    (
        PROCESS + STATE + "initial = true\n" + STEP.replace('"over"', '"lost"'),
        "Process leave_request needs exactly one initial state.",
    ),
    (
        PROCESS + STEP + 'guards = ["has_wings"]',
        "Process leave_request, lose: “guards” names “has_wings”, which is not registered.",
    ),
    (
        PROCESS + STEP + 'reason_when = ["has_wings"]',
        "Process leave_request, lose: “reason_when” names “has_wings”, which is not registered.",
    ),
    (
        PROCESS + STEP + 'duties = ["cousin"]',
        "Process leave_request, lose: “duties” names “cousin”, which is not registered.",
    ),
    (
        PROCESS + STEP + 'sets = ["wings"]',
        "Process leave_request, transition lose: there is no field wings.",
    ),
    (
        PROCESS + STEP + 'clears = ["leave_day.wings"]',
        "Process leave_request, transition lose: there is no field leave_day.wings.",
    ),
    (
        PROCESS + STEP + 'keeps_reason = "wings"',
        "Process leave_request, transition lose: there is no field wings.",
    ),
    (
        PROCESS + STATE + 'editable = ["wings"]' + STEP.replace('"over"', '"lost"'),
        "Process leave_request, state lost: there is no field wings.",
    ),
    (
        PROCESS + STATE + 'editable = ["leave_night"]' + STEP.replace('"over"', '"lost"'),
        "Process leave_request, state lost: there is no field leave_night.",
    ),
    (
        PROCESS + STATE + 'editable = ["pay"]' + STEP.replace('"over"', '"lost"'),
        "Process leave_request, state lost: pay is set by a step and cannot be edited as well.",
    ),
    (
        PROCESS.replace('table = "leave_request"', 'table = "nowhere"'),
        "Process leave_request: there is no table nowhere.",
    ),
    (
        PROCESS + STEP + 'colour = "red"',
        "Process leave_request, lose: “colour” is not a word of a process file.",
    ),
    (
        PROCESS + STATE + 'colour = "red"',
        "Process leave_request, lost: “colour” is not a word of a process file.",
    ),
    (
        'colour = "red"' + PROCESS,
        "Process leave_request: “colour” is not a word of a process file.",
    ),
    (
        PROCESS + STEP.replace('{ id = "Hilangkan", en = "Lose" }', '"Lose"'),
        "Process leave_request, lose: “label” must give its text as id and as en.",
    ),
    (
        PROCESS + STEP.replace('id = "Hilangkan"', 'id = " "'),
        "Process leave_request, lose: “label” must give its text as id and as en.",
    ),
    (
        PROCESS + STEP.replace('name = "lose"', ""),
        "Process leave_request, ?: “name” must be a text that is not empty.",
    ),
    (
        PROCESS + STEP + "needs_reason = 1",
        "Process leave_request, lose: “needs_reason” must be true or false.",
    ),
    (
        PROCESS + STEP + "deadline_days = 0",
        "Process leave_request, lose: “deadline_days” must be a whole number above 0.",
    ),
    (
        PROCESS + STEP + "deadline_days = true",
        "Process leave_request, lose: “deadline_days” must be a whole number above 0.",
    ),
    (
        PROCESS + STEP + 'style = "loud"',
        "Process leave_request, lose: “style” must be one of main, negative, plain.",
    ),
    (
        PROCESS + STEP + 'duties = "creator"',
        "Process leave_request, lose: “duties” must be a list of names, each once.",
    ),
    (
        PROCESS + STEP.replace('["chief"]', '["chief", "chief"]'),
        "Process leave_request, lose: “roles” must be a list of names, each once.",
    ),
    (
        PROCESS + STEP + 'common_reasons = ["because"]',
        "Process leave_request, lose: “common_reasons” must give its text as id and as en.",
    ),
    (
        PROCESS + STEP + 'common_reasons = "because"',
        "Process leave_request, lose: “common_reasons” must be a list.",
    ),
    (
        PROCESS + STATE.replace('"done"', '"odd"') + STEP.replace('"over"', '"lost"'),
        "Process leave_request, lost: “category” must be one of draft, waiting, active, done, "
        "cancelled.",
    ),
]


@pytest.mark.parametrize(("text", "complaint"), BROKEN, ids=[said for _, said in BROKEN])
def test_a_broken_process_is_refused_with_its_one_complaint(text: str, complaint: str) -> None:
    assert _complaints(text) == [complaint]


def test_a_file_of_no_toml_or_of_no_blocks_says_so() -> None:
    assert _complaints("kind = ")[0].startswith("This is no TOML: ")
    assert "Process ?: “state” must be written as [[state]]." in _complaints("state = 1")


def test_all_complaints_come_at_once() -> None:
    text = PROCESS + STEP + 'guards = ["a"]\nduties = ["b"]\nneeds_reason = "yes"\n'

    assert len(_complaints(text)) == 3
