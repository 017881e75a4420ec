"""Reading a process: each thing wrong with a file is one sentence, and nothing is taken."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from panel.words import Label, Sentence, say
from panel.workflow.definition import Guard
from panel.workflow.reading import WrongProcess, read_file, read_process
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


def test_a_step_names_whom_it_tells() -> None:
    text = PROCESS.replace(
        'name = "grant"', 'name = "grant"\ntell = ["turn", "creator", "stand_in", "decider:ask"]'
    )

    process = read_process(text, guards=GUARDS, duties=DUTIES, roles=ROLES)

    assert process.transitions["grant"].tell == ("turn", "creator", "stand_in", "decider:ask")
    assert process.transitions["ask"].tell == ()


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
        'to = "nowhere"',
    ),
    (
        PROCESS + STEP.replace('["asked"]', '["nowhere"]'),
        "Process leave_request, transition lose: there is no state nowhere.",
        '"nowhere"',
    ),
    (
        PROCESS + STEP.replace('["asked"]', "[]"),
        "Process leave_request, transition lose: it starts from no state.",
        "from = []",
    ),
    (
        PROCESS + STEP.replace('["chief"]', '["chief", "king"]'),
        "Process leave_request, transition lose: there is no role king.",
        '"king"',
    ),
    (
        PROCESS + STEP.replace('["chief"]', "[]"),
        "Process leave_request, transition lose: nobody may take it; name its roles.",
        "roles = []",
    ),
    (
        PROCESS + STEP + STEP,
        "Process leave_request has two transitions lose.",
        'name = "lose"',
    ),
    (
        PROCESS + STATE + STATE + STEP.replace('"over"', '"lost"'),
        "Process leave_request has two states lost.",
        'code = "lost"',
    ),
    (
        PROCESS + STATE,
        "Process leave_request, state lost: no transition leads there.",
        'code = "lost"',
    ),
    (
        PROCESS
        + STATE.replace('category = "done"', 'category = "active"')
        + STEP.replace('to = "over"', 'to = "lost"'),
        "Process leave_request, state lost: no way out to a state that is final.",
        'code = "lost"',
    ),
    (
        PROCESS.replace("initial = true\n", ""),
        "Process leave_request needs exactly one initial state.",
        '[[state]]\ncode = "draft"',
    ),
    (
        PROCESS + STATE + "initial = true\n" + STEP.replace('"over"', '"lost"'),
        "Process leave_request needs exactly one initial state.",
        "initial = true",
    ),
    (
        PROCESS + STEP + 'guards = ["has_wings"]',
        "Process leave_request, lose: “guards” names “has_wings”, which is not registered.",
        '"has_wings"',
    ),
    (
        PROCESS + STEP + 'reason_when = ["has_wings"]',
        "Process leave_request, lose: “reason_when” names “has_wings”, which is not registered.",
        '"has_wings"',
    ),
    (
        PROCESS + STEP + 'duties = ["cousin"]',
        "Process leave_request, lose: “duties” names “cousin”, which is not registered.",
        '"cousin"',
    ),
    (
        PROCESS + STEP + 'sets = ["wings"]',
        "Process leave_request, transition lose: there is no field wings.",
        '"wings"',
    ),
    (
        PROCESS + STEP + 'clears = ["leave_day.wings"]',
        "Process leave_request, transition lose: there is no field leave_day.wings.",
        '"leave_day.wings"',
    ),
    (
        PROCESS + STEP + 'keeps_reason = "wings"',
        "Process leave_request, transition lose: there is no field wings.",
        "keeps_reason",
    ),
    (
        PROCESS + STATE + 'editable = ["wings"]' + STEP.replace('"over"', '"lost"'),
        "Process leave_request, state lost: there is no field wings.",
        '"wings"',
    ),
    (
        PROCESS + STATE + 'editable = ["leave_night"]' + STEP.replace('"over"', '"lost"'),
        "Process leave_request, state lost: there is no field leave_night.",
        '"leave_night"',
    ),
    (
        PROCESS + STATE + 'editable = ["pay"]' + STEP.replace('"over"', '"lost"'),
        "Process leave_request, state lost: pay is set by a step and cannot be edited as well.",
        '"pay"',
    ),
    (
        PROCESS.replace('table = "leave_request"', 'table = "nowhere"'),
        "Process leave_request: there is no table nowhere.",
        'table = "nowhere"',
    ),
    (
        PROCESS + STEP + 'colour = "red"',
        "Process leave_request, lose: “colour” is not a word of a process file.",
        "colour",
    ),
    (
        PROCESS + STATE + 'colour = "red"' + STEP.replace('"over"', '"lost"'),
        "Process leave_request, lost: “colour” is not a word of a process file.",
        "colour",
    ),
    (
        'colour = "red"' + PROCESS,
        "Process leave_request: “colour” is not a word of a process file.",
        "colour",
    ),
    (
        PROCESS + STEP.replace('{ id = "Hilangkan", en = "Lose" }', '"Lose"'),
        "Process leave_request, lose: “label” must give its text as id and as en.",
        "label",
    ),
    (
        PROCESS + STEP.replace('id = "Hilangkan"', 'id = " "'),
        "Process leave_request, lose: “label” must give its text as id and as en.",
        "label",
    ),
    (
        PROCESS + STEP.replace('name = "lose"', ""),
        "Process leave_request, ?: “name” must be a name of small letters, digits and underscores.",
        "[[transition]]",
    ),
    (
        PROCESS + STEP + "needs_reason = 1",
        "Process leave_request, lose: “needs_reason” must be true or false.",
        "needs_reason",
    ),
    (
        PROCESS + STEP + "deadline_days = 0",
        "Process leave_request, lose: “deadline_days” must be a whole number from 1 to 1000.",
        "deadline_days",
    ),
    (
        PROCESS + STEP + "deadline_days = true",
        "Process leave_request, lose: “deadline_days” must be a whole number from 1 to 1000.",
        "deadline_days",
    ),
    (
        PROCESS + STEP + 'style = "loud"',
        "Process leave_request, lose: “style” must be one of main, negative, plain.",
        "style",
    ),
    (
        PROCESS + STEP + 'duties = "creator"',
        "Process leave_request, lose: “duties” must be a list of names, each once.",
        "duties",
    ),
    (
        PROCESS + STEP.replace('["chief"]', '["chief", "chief"]'),
        "Process leave_request, lose: “roles” must be a list of names, each once.",
        '"chief"]',
    ),
    (
        PROCESS + STEP + 'common_reasons = ["because"]',
        "Process leave_request, lose: “common_reasons” must give its text as id and as en.",
        '"because"',
    ),
    (
        PROCESS + STEP + 'tell = ["creator", "boss"]',
        "Process leave_request, lose: “tell” names “boss”, which is not registered.",
        '"boss"',
    ),
    (
        PROCESS + STEP + 'tell = ["decider:nod"]',
        "Process leave_request, lose: “tell” names “decider:nod”, which is not registered.",
        '"decider:nod"',
    ),
    (
        PROCESS + STEP + 'common_reasons = "because"',
        "Process leave_request, lose: “common_reasons” must be a list.",
        "common_reasons",
    ),
    (
        PROCESS + STATE.replace('"done"', '"odd"') + STEP.replace('"over"', '"lost"'),
        "Process leave_request, lost: “category” must be one of draft, waiting, active, done, "
        "cancelled.",
        "category",
    ),
]


def _place(text: str, mark: str) -> str:
    """Line and column at which `mark` stands for the last time."""
    before = text[: text.rindex(mark)]
    return f"Line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))}"


@pytest.mark.parametrize(("text", "complaint", "mark"), BROKEN, ids=[said for _, said, _ in BROKEN])
def test_a_broken_process_is_refused_with_its_one_complaint(
    text: str, complaint: str, mark: str
) -> None:
    assert _complaints(text) == [f"{_place(text, mark)}: {complaint}"]


def test_a_file_of_no_blocks_says_so() -> None:
    assert "Line 1, column 1: Process ?: “state” must be written as [[state]]." in _complaints(
        "state = 1"
    )


def _many(count: int, text: str) -> str:
    return PROCESS + "".join(text.format(number=number) for number in range(count))


#: What costs a reader dear, or is no text of a process at all; refused at its place.
HOSTILE = {
    "no TOML": ("kind = ", "Line 1, column 8: This is no TOML: Invalid value."),
    "no TOML later": (PROCESS + "\nx = 1\n = 2", "Line 79, column 2: This is no TOML: "),
    "a key twice": (PROCESS.replace("kind", "kind = 'a'\nkind", 1), "Line 3, column 23: This is"),
    "NUL": (PROCESS.replace("Cuti", "Cu\0ti"), "Line 4, column 19: A sign here is no text."),
    "NUL by its number": (
        PROCESS.replace("Cuti", "Cu\\u0000ti"),
        "Line 4, column 1: Process leave_request: “label” must give its text as id and as en.",
    ),
    "10 MB": ("#" * 10_000_000, "Line 1, column 1: A process file has 256 kB at most."),
    "deep lists": ("kind = " + "[" * 100_000, "Line 1, column 16: Lists and tables go deeper"),
    "deep tables": ("a = {a = " * 5_000, "Line 1, column 77: Lists and tables go deeper than 8"),
    "deep keys": ("a." * 100_000 + "a = 1", "Line 1, column 18: Lists and tables go deeper than 8"),
    "a deep head": ("[" + '"a".' * 10_000 + "a]", "Line 1, column 37: Lists and tables go deeper"),
    "quotes without end": ('kind = "' + '\\"' * 100_000, "Line 1, column 200009: This is no TOML"),
    "10,000 states": (
        _many(10_000, "[[state]]\ncode='s{number}'\n"),
        "Line 269, column 1: Process leave_request: “state” may stand here 100 times at most.",
    ),
    "10,000 steps": (
        _many(10_000, "[[transition]]\nname='s'\n"),
        "Line 667, column 1: Process leave_request: “transition” may stand here 300 times at most.",
    ),
    "a name that is a path": (
        PROCESS.replace('name = "ask"', 'name = "../ask"'),
        "Line 30, column 1: Process leave_request, ../ask: “name” must be a name of small",
    ),
}


@pytest.mark.parametrize(("text", "begin"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_is_refused_at_its_place_in_no_time(text: str, begin: str) -> None:
    started = time.process_time()

    said = _complaints(text)

    assert [sentence[: len(begin)] for sentence in said[:1]] == [begin]
    assert time.process_time() - started < 2


def test_a_file_is_measured_before_it_is_read(tmp_path: Path) -> None:
    """The file is sparse: to read it whole would take a terabyte."""
    file = tmp_path / "large.toml"
    with file.open("wb") as opened:
        opened.truncate(1 << 40)

    with pytest.raises(WrongProcess, match="A process file has 256 kB at most"):
        read_file(file)


def test_a_file_in_another_encoding_is_refused_at_its_place(tmp_path: Path) -> None:
    file = tmp_path / "latin.toml"
    file.write_bytes(b'kind = "a"\nlabel = "caf\xe9"\n')

    with pytest.raises(WrongProcess) as wrong:
        read_file(file)

    assert list(map(str, wrong.value.sentences)) == ["Line 2, column 13: This is no text in UTF-8."]


def test_a_file_of_another_system_has_the_same_text(tmp_path: Path) -> None:
    file = tmp_path / "windows.toml"
    file.write_bytes(b"\xef\xbb\xbf" + PROCESS.replace("\n", "\r\n").encode())

    assert read_file(file) == PROCESS


def test_all_complaints_come_at_once_in_the_order_of_lines() -> None:
    text = (
        PROCESS.replace('code = "over"', 'code = "over"\ncolour = "red"')
        + STEP.replace('to = "over"', 'to = "nowhere"')
        + 'guards = ["a"]\nduties = ["b"]\nneeds_reason = "yes"\n'
        + STATE
    )

    said = _complaints(text)

    lines = [int(sentence.split(",")[0].removeprefix("Line ")) for sentence in said]
    assert lines == sorted(lines)
    about = ["colour", "state nowhere", "guards", "duties", "needs_reason", "state lost"]
    assert [word in sentence for word, sentence in zip(about, said, strict=True)] == [True] * 6


def test_nothing_is_concluded_from_what_cannot_be_read() -> None:
    """One mistake, one complaint: no state is said to be out of reach because of it."""
    assert len(_complaints(PROCESS.replace('to = "granted"', "to = 5"))) == 1
    assert len(_complaints(PROCESS.replace('code = "granted"', "code = 5"))) == 4
    assert len(_complaints(PROCESS.replace('roles = ["chief"]', 'roles = "chief"', 1))) == 1


# Editing by role


BY_ROLE = PROCESS.replace(
    'editable = ["note", "leave_day.note", "leave_paper"]',
    'editable = { staff = ["note"], chief = ["note", "leave_paper"] }',
)


def test_a_state_may_be_open_to_each_role_otherwise() -> None:
    process = read_process(BY_ROLE, guards=GUARDS, duties=DUTIES, roles=ROLES, fields=FIELDS)
    granted = process.states["granted"]

    assert granted.editable == ("note", "leave_paper")
    assert granted.editable_to({"staff"}) == {"note"}
    assert granted.editable_to({"staff", "chief"}) == {"note", "leave_paper"}
    assert granted.editable_to(()) == frozenset()
    assert process.states["draft"].editable_to(()) == {"all"}


@pytest.mark.parametrize(
    ("was", "becomes", "complaint"),
    [
        ("staff = [", "king = [", "state granted: there is no role king."),
        ('["note"]', '["nota"]', "state granted: there is no field nota."),
        (
            '["note"]',
            '["pay"]',
            "state granted: pay is set by a step and cannot be edited as well.",
        ),
        ('["note"]', '"note"', "granted: “staff” must be a list of names, each once."),
    ],
)
def test_what_is_open_by_role_is_checked(was: str, becomes: str, complaint: str) -> None:
    [said] = _complaints(BY_ROLE.replace(was, becomes))

    assert said.startswith("Line 22, column ")
    assert f": Process leave_request, {complaint}" in said


# Guards with parameters


def _at_least(request: SimpleNamespace, *, field: str, count: int) -> Sentence | None:
    enough = len(getattr(request, field)) >= count
    return None if enough else say("Give %(count)s at least.", count=count)


COUNTING = {
    **GUARDS,
    "at_least": Guard(_at_least, parameters={"field": ("days", "papers"), "count": int}),
}
ASKS = 'guards = ["has_days"]'


def _counting(item: str) -> str:
    return PROCESS.replace(ASKS, f'guards = ["has_days", {item}]')


def test_a_guard_takes_its_parameters_from_the_file() -> None:
    text = _counting('{ name = "at_least", field = "days", count = 3 }')

    process = read_process(text, guards=COUNTING, duties=DUTIES, roles=ROLES, fields=FIELDS)
    guards = process.transitions["ask"].guards

    assert list(guards) == ["has_days", "at_least (field days, count 3)"]
    asked = guards["at_least (field days, count 3)"]
    assert asked.field == "days"
    assert str(asked.check(SimpleNamespace(days=[1, 2]))) == "Give 3 at least."
    assert asked.check(SimpleNamespace(days=[1, 2, 3])) is None


@pytest.mark.parametrize(
    ("item", "complaints"),
    [
        ('"at_least"', ["“field” must be one of days, papers", "“count” must be a whole number"]),
        ('{ name = "at_least", field = "days" }', ["“count” must be a whole number from 0"]),
        ('{ name = "at_least", field = "days", count = "3" }', ["“count” must be a whole number"]),
        ('{ name = "at_least", field = "days", count = true }', ["“count” must be a whole number"]),
        ('{ name = "at_least", field = "days", count = -1 }', ["“count” must be a whole number"]),
        ('{ name = "at_least", field = "why", count = 1 }', ["“field” must be one of days"]),
        (
            '{ name = "at_least", field = "days", count = 1, colour = 2 }',
            ["“colour” is not a word of a process file"],
        ),
        ('{ name = "has_days", count = 1 }', ["“count” is not a word of a process file"]),
        ('{ name = "has_wings" }', ["“guards” names “has_wings”, which is not registered"]),
        ("{ count = 1 }", ["“guards” must give each guard by its name"]),
        ("5", ["“guards” must give each guard by its name"]),
        ('"has_days"', ["“guards” must be a list of names, each once"]),
    ],
)
def test_parameters_of_a_guard_are_checked_when_they_are_read(
    item: str, complaints: list[str]
) -> None:
    with pytest.raises(WrongProcess) as wrong:
        read_process(_counting(item), guards=COUNTING, duties=DUTIES, roles=ROLES, fields=FIELDS)

    said = list(map(str, wrong.value.sentences))
    assert len(said) == len(complaints)
    for sentence, complaint in zip(said, complaints, strict=True):
        assert sentence.startswith("Line 35, column ")
        assert complaint in sentence
