"""Which states of two versions go together, and which do not: the rules alone."""

from __future__ import annotations

import pytest

from panel.workflow.definition import Process
from panel.workflow.mapping import approvals, candidates, given, mapped, objection
from panel.workflow.reading import WrongProcess, read_process
from tests.panel.workflow.office import DUTIES, GUARDS, PROCESS, ROLES

#: "asked" is called otherwise.
RENAMED = PROCESS.replace('"asked"', '"wanted"')


def _read(text: str) -> Process:
    return read_process(text, guards=GUARDS, duties=DUTIES, roles=ROLES)


def _without_approval(text: str) -> str:
    return text.replace("approves = true\n", "")


BEFORE, AFTER = _read(PROCESS), _read(RENAMED)


def test_states_are_counted_by_the_approvals_before_them() -> None:
    assert approvals(BEFORE) == {"draft": 0, "asked": 0, "granted": 1, "over": 1}
    assert set(approvals(_read(_without_approval(PROCESS))).values()) == {0}


def test_what_both_have_stays_itself_and_a_record_at_its_end_stays_where_it_is() -> None:
    assert given(BEFORE, AFTER) == {"draft": "draft", "granted": "granted"}
    assert [state.code for state in candidates(BEFORE, AFTER, "over")] == ["over"]
    assert [state.code for state in candidates(BEFORE, AFTER, "draft")] == ["draft"]


def test_a_state_that_is_gone_becomes_one_of_its_category() -> None:
    assert [state.code for state in candidates(BEFORE, AFTER, "asked")] == ["wanted"]
    assert mapped(BEFORE, AFTER, {"asked": "wanted"}) == {
        "draft": "draft",
        "granted": "granted",
        "asked": "wanted",
    }


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("draft", "wanted", "“Draft” is in both versions and stays itself."),
        ("asked", "draft", "the category stays the same"),
        ("asked", "granted", "the category stays the same"),
        ("asked", "nowhere", "There is no state “nowhere”."),
        ("nowhere", "draft", "There is no state “nowhere”."),
    ],
)
def test_what_does_not_go_together_is_told(was: str, becomes: str, said: str) -> None:
    assert said in str(objection(BEFORE, AFTER, was, becomes))
    assert was not in mapped(BEFORE, AFTER, {was: becomes}) or was in given(BEFORE, AFTER)


def test_no_mapping_leads_round_an_approval() -> None:
    before = _read(_without_approval(PROCESS))
    now_approved = _read(PROCESS.replace('"granted"', '"allowed"'))

    assert "lies behind an approval" in str(objection(before, now_approved, "granted", "allowed"))
    assert candidates(before, now_approved, "granted") == []
    # who was approved before goes on where one approval is enough
    assert objection(BEFORE, now_approved, "granted", "allowed") is None
    # the same state, behind an approval from now on, does not stay itself by silence
    assert "granted" not in given(before, BEFORE)
    assert given(BEFORE, before)["granted"] == "granted"


def test_a_second_approval_is_no_less_than_two() -> None:
    twice = PROCESS.replace('category = "active"', 'category = "active"', 1) + (
        '[[state]]\ncode = "checked"\nlabel = { id = "Dicek", en = "Checked" }\n'
        'category = "active"\n'
        '[[transition]]\nname = "check"\nlabel = { id = "Cek", en = "Check" }\n'
        'from = ["asked"]\nto = "checked"\nroles = ["chief"]\napproves = true\n'
    )
    twice = twice.replace('from = ["asked"]\nto = "granted"', 'from = ["checked"]\nto = "allowed"')
    twice = twice.replace('"granted"', '"allowed"')
    after = _read(twice)

    assert approvals(after)["allowed"] == 2
    assert [state.code for state in candidates(BEFORE, after, "granted")] == ["checked"]


# The key of the file

MAPPING = '\n[[mapping]]\nfrom_version = 1\nwas = "asked"\nbecomes = "wanted"\n'


def test_a_file_says_what_becomes_of_running_records() -> None:
    [one] = _read(RENAMED + MAPPING).mapping

    assert (one.from_version, one.was, one.becomes) == (1, "asked", "wanted")


@pytest.mark.parametrize(
    ("was", "becomes", "line", "said"),
    [
        ('becomes = "wanted"', 'becomes = "lost"', 4, "there is no state lost to map to."),
        ("from_version = 1\n", "", 1, "“from_version” must say the number of a version"),
        ("from_version = 1", "from_version = 0", 2, "must be a whole number from 1"),
        ("from_version = 1", 'from_version = "one"', 2, "must be a whole number from 1"),
        ('was = "asked"', "was = 3", 3, "must be a name of small letters"),
        ('was = "asked"', 'was = "asked"\nuntil = "x"', 4, "“until” is not a word"),
        (MAPPING, MAPPING + MAPPING, 8, "maps state asked twice."),
        ("[[mapping]]", "[mapping]", 1, "must be written as [[mapping]]"),
    ],
)
def test_a_wrong_mapping_is_told_with_its_line(
    was: str, becomes: str, line: int, said: str
) -> None:
    text = MAPPING.replace(was, becomes)
    begin = RENAMED.count("\n")

    with pytest.raises(WrongProcess) as wrong:
        _read(RENAMED + text)

    [told] = map(str, wrong.value.sentences)
    assert told.startswith(f"Line {begin + line + 1},")
    assert said in told


def test_no_step_has_the_name_by_which_records_pass_on() -> None:
    with pytest.raises(WrongProcess, match="no transition is called migrate"):
        _read(PROCESS.replace('name = "withdraw"', 'name = "migrate"'))
