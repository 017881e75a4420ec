"""Substitutes by letter: who may stand in for whom, when, and what one gets by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from panel.access.rules import Actor, Place, StandIn
from panel.access.substitutes import (
    Term,
    lent_by,
    refuse_change,
    refuse_days,
    refuse_meeting,
    refuse_pair,
)
from panel.words import Refused

TODAY, DAY = date(2026, 11, 21), timedelta(days=1)
SERANG, METRO, DISTRICT = Place(1), Place(2), Place(1, "/3/")
EKA = Actor(9, "Eka", frozenset({"administrator"}), (SERANG, METRO))
BAYU = Actor(3, "Bayu", frozenset({"supervisor"}), (SERANG,))
DEWI = Actor(4, "Dewi", frozenset({"supervisor"}), (DISTRICT,))


def somebody(role: str, place: Place = SERANG, **values: object) -> Actor:
    return Actor(7, "Fulan", frozenset({role} - {""}), (place,), **values)


def test_one_gets_what_the_absent_one_has_himself_and_no_more() -> None:
    lent = StandIn(EKA, "ST 1", TODAY)
    dewi = Actor(4, "Dewi", frozenset({"supervisor"}), (DISTRICT, METRO), stands_in=(lent,))

    assert lent_by(BAYU, dewi, "ST 2", TODAY) == StandIn(
        Actor(4, "Dewi", frozenset({"supervisor"}), (DISTRICT,)), "ST 2", TODAY
    )


@pytest.mark.parametrize(
    ("role", "place", "gets"),
    [
        ("supervisor", SERANG, True),
        ("clerk", SERANG, True),
        ("clerk", Place(1, "/8/"), True),
        ("", SERANG, True),
        ("auditor", SERANG, False),
        ("administrator", SERANG, False),
        ("supervisor", METRO, False),
    ],
)
def test_nothing_is_lent_across_regions_or_to_who_watches(
    role: str, place: Place, gets: bool
) -> None:
    who = somebody(role, place)

    assert (lent_by(who, DEWI, "ST 1", TODAY) is not None) is gets
    if gets:
        refuse_pair(EKA, who, DEWI)
    else:
        with pytest.raises(Refused):
            refuse_pair(EKA, who, DEWI)


@pytest.mark.parametrize(
    ("actor", "substitute", "absent", "code"),
    [
        (EKA, BAYU, BAYU, "field"),
        (EKA, somebody("clerk", official_id=5), Actor(4, "D", BAYU.roles, (SERANG,), 5), "field"),
        (EKA, BAYU, Actor(8, "Nobody", frozenset(), (SERANG,)), "field"),
        (EKA, Actor(8, "Edi", EKA.roles, (SERANG,)), EKA, "duty"),
        (EKA, EKA, Actor(8, "Edi", EKA.roles, (SERANG,)), "duty"),
        (replace(EKA, official_id=5), somebody("clerk", official_id=5), BAYU, "duty"),
        (replace(EKA, official_id=5), BAYU, somebody("clerk", official_id=5), "duty"),
    ],
)
def test_nobody_stands_in_for_himself_or_signs_his_own_letter(
    actor: Actor, substitute: Actor, absent: Actor, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        refuse_pair(actor, substitute, absent)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (0, 0, None),
        (-7, 0, None),
        (30, 60, None),
        (0, 365, None),
        (-8, 3, "valid_from"),
        (3, 2, "valid_to"),
        (-2, -1, "valid_to"),
        (0, 366, "valid_to"),
    ],
)
def test_days_of_a_new_letter(first: int, last: int, field: str | None) -> None:
    term = Term(3, 4, TODAY + first * DAY, TODAY + last * DAY)
    if field is None:
        refuse_days(term, TODAY)
        return
    with pytest.raises(Refused) as refused:
        refuse_days(term, TODAY)

    assert refused.value.field == field


#: Of account 3 for 4, from day 10 to 20: a further letter, and whether it is taken.
MEETINGS = [
    (5, 4, 21, 30, True),
    (5, 4, 1, 9, True),
    (5, 4, 20, 30, False),
    (5, 4, 1, 10, False),
    (5, 4, 12, 13, False),
    (3, 4, 12, 13, False),
    (5, 3, 12, 13, False),
    (5, 3, 21, 22, True),
    (4, 6, 12, 13, False),
    (4, 6, 1, 9, True),
    (3, 6, 12, 13, True),
    (6, 5, 12, 13, True),
]


@pytest.mark.parametrize(("account", "absent", "first", "last", "taken"), MEETINGS)
def test_no_two_for_one_and_no_chain(
    account: int, absent: int, first: int, last: int, taken: bool
) -> None:
    there = Term(3, 4, TODAY + 10 * DAY, TODAY + 20 * DAY, "Bayu", "Dewi")
    new = Term(account, absent, TODAY + first * DAY, TODAY + last * DAY)
    if taken:
        refuse_meeting(new, [there])
        return
    with pytest.raises(Refused) as refused:
        refuse_meeting(new, [there])

    assert refused.value.code == "field"


#: From day 'first' to 'last'; the new last day, what else changed, and how it is answered.
CHANGES = [
    (-5, 10, 3, (), None),
    (-5, 10, 0, (), None),
    (-5, 10, -1, (), None),
    (-5, 10, -2, (), "field"),
    (-5, 10, 11, (), "field"),
    (0, 10, 0, (), None),
    (0, 10, -1, (), "field"),
    (-5, 10, 10, ("letter_no",), "state"),
    (-5, 10, 10, ("account_id",), "state"),
    (-5, -1, 3, (), "state"),
    (5, 10, 30, ("account_id", "valid_from"), None),
]


@pytest.mark.parametrize(("first", "last", "new_last", "changed", "code"), CHANGES)
def test_what_has_begun_is_ended_earlier_and_not_changed(
    first: int, last: int, new_last: int, changed: tuple[str, ...], code: str | None
) -> None:
    old = Term(3, 4, TODAY + first * DAY, TODAY + last * DAY)
    new = Term(3, 4, old.first, TODAY + new_last * DAY)
    if code is None:
        refuse_change(old, new, {"valid_to", *changed}, TODAY)
        return
    with pytest.raises(Refused) as refused:
        refuse_change(old, new, {"valid_to", *changed}, TODAY)

    assert refused.value.code == code
