"""Items as they are stored and come back: alone, or long runs of new ones in one row."""

from types import SimpleNamespace

from panel.proposals.bundles import LEAST, MOST, items_in, outcome_of, outcome_text, stored
from panel.proposals.rules import Item


def new(number, **values):
    told = {name: (None, text) for name, text in {"full_name": f"Fulan {number}", **values}.items()}
    return Item(number, "official", None, "insert", f"Fulan {number}", told)


def row(one, outcome=None):
    return SimpleNamespace(**vars(one), outcome=outcome)


def test_runs_of_new_rows_are_bundled_and_everything_comes_back():
    change = Item(1, "unit", "7", "update", "Unyur", {"name": ("Unjur", "Unyur")})
    many = [new(number, note="é" if number % 2 else None) for number in range(2, MOST + 3)]
    few = [new(number)._replace(op="delete", key="9") for number in range(MOST + 3, MOST + 6)]
    items = [change, *many, *few]

    rows = list(stored(items))

    assert [one.number for one in rows] == [1, 2, MOST + 2, MOST + 3, MOST + 4, MOST + 5]
    assert [one.record_id for one in rows] == [7, None, None, 9, 9, 9]
    assert rows[1].label == f"Fulan 2 … Fulan {MOST + 1}"
    assert [item for one in rows for item in items_in(row(one))] == items


def test_rows_that_may_name_each_other_are_told_one_by_one():
    alone, naming = (
        [new(number, note=note) for number in range(1, LEAST + 1)] for note in ("nr. 1", "#1")
    )

    texts = [next(stored(items)).changes for items in (alone, naming)]

    assert [text.startswith('[{"columns"') for text in texts] == [True, False]
    assert items_in(row(next(stored(naming)))) == naming


def test_a_few_new_rows_stand_alone():
    assert len(list(stored(map(new, range(1, LEAST))))) == LEAST - 1
    assert len(list(stored(map(new, range(1, LEAST + 1))))) == 1


def test_each_new_row_is_known_by_its_key_afterwards():
    items = [new(number) for number in range(4, 4 + LEAST)]
    [bundle] = stored(items)
    made = {item.number: str(item.number * 10) for item in items}

    text = outcome_text(row(bundle), made)

    assert outcome_of(row(bundle, text)) == made
    alone = row(next(stored(items[:1])))
    alone.outcome = outcome_text(alone, made)
    assert outcome_of(alone) == {4: "40"}
    [change] = stored([Item(1, "unit", "7", "update", "Unyur", {})])
    assert outcome_text(change, {}) is None
