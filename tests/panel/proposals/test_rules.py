"""Changes as values: compared with what is there now, carried on, taken back, put in order."""

import pytest

from panel.proposals.rules import (
    Item,
    Moved,
    Tangled,
    canonical,
    carried_on,
    in_order,
    moved,
    read,
    reference,
    turned_round,
)


def item(number=1, op="update", key="7", **values):
    return Item(number, "official", None if op == "insert" else key, op, "Fulan", values)


def refers(one):
    found = {reference(becomes) for _, becomes in one.values.values()}
    return {number for number in found if number is not None}


def test_the_same_values_give_the_same_text_and_come_back():
    one, other = {"b": ("x", None), "a": (None, "é")}, {"a": (None, "é"), "b": ("x", None)}

    text = canonical("official", one)

    assert text == canonical("official", other) == '{"official":{"a":[null,"é"],"b":["x",null]}}'
    assert read(text) == ("official", one)


@pytest.mark.parametrize(
    ("present", "now", "gone"),
    [({"a": "1"}, {}, False), ({"a": "9"}, {"a": "9"}, False), ({"a": None}, {"a": None}, False)],
)
def test_a_row_moved_when_its_value_is_not_what_it_was(present, now, gone):
    one = item(a=("1", "2"))

    assert moved(one, present) == (Moved(one, now, gone) if now else None)


def test_a_row_that_is_gone_moved_and_a_new_one_never_does():
    assert moved(item(a=("1", "2")), None) == Moved(item(a=("1", "2")), {}, gone=True)
    assert moved(item(op="insert", a=(None, "2")), None) is None


def test_an_item_goes_on_from_what_is_there_and_ends_where_nothing_is_left():
    one = item(a=("1", "2"), b=("x", "y"))

    assert carried_on(one, {"a": "9", "b": "x"}) == item(a=("9", "2"), b=("x", "y"))
    assert carried_on(one, {"a": "2", "b": "x"}) == item(b=("x", "y"))
    assert carried_on(one, {"a": "2", "b": "y"}) is None
    assert carried_on(one, None) is None
    assert carried_on(item(op="delete", a=("1", None)), {"a": "5"}).values == {"a": ("5", None)}


def test_what_is_turned_round_twice_is_what_it_was():
    change, new = item(a=("1", "2")), item(op="insert", a=(None, "2"))

    assert turned_round(change) == item(a=("2", "1"))
    assert turned_round(new, "31") == item(op="delete", key="31", a=("2", None))
    assert turned_round(turned_round(new, "31")) == new


def test_new_rows_come_after_those_they_refer_to_and_deletions_last_and_backwards():
    items = [
        item(1, "delete", a=("1", None)),
        item(2, "insert", a=(None, "#4")),
        item(3, "update", a=("1", "#2")),
        item(4, "insert", a=(None, "1")),
        item(5, "delete", a=("1", None)),
    ]

    assert [one.number for one in in_order(items, refers)] == [4, 2, 3, 5, 1]


@pytest.mark.parametrize(
    "items",
    [
        [item(1, "insert", a=(None, "#2")), item(2, "insert", a=(None, "#1"))],
        [item(1, "insert", a=(None, "#1"))],
        [item(1, "insert", a=(None, "#9"))],
        [item(1, "update", a=("1", "#9"))],
    ],
)
def test_a_circle_and_a_reference_to_nothing_are_refused(items):
    with pytest.raises(Tangled, match="1"):
        in_order(items, refers)


@pytest.mark.parametrize("text", [None, "", "7", "#", "#0", "#-1", "x#1", "#1x"])
def test_only_a_number_behind_a_hash_is_a_reference(text):
    assert reference(text) is None
