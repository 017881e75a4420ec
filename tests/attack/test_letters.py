"""A letter lends rights by one administrator's hand: never to himself, and never unseen."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from models.clock import today
from models.people import Official
from models.records import Account, Notice

LETTER = "ST 900/11/2026"


@pytest.fixture
def letter(value):
    """`letter("asep", "bayu")`: the filled form, asep for bayu from tomorrow."""

    def of(substitute, absent):
        number = {
            name: str(value(sa.select(Account.id).where(Account.username == name)))
            for name in (substitute, absent)
        }
        return {
            "account": number[substitute],
            "for_account": number[absent],
            "letter_no": LETTER,
            "valid_from": (today() + timedelta(days=1)).isoformat(),
            "valid_to": (today() + timedelta(days=7)).isoformat(),
        }

    return of


def test_an_administrator_lends_nothing_to_a_second_account_of_himself(eka, write, letter, deeds):
    with write() as session:
        person = session.scalars(sa.select(Official).where(Official.region_id == 1)).first()
        for one in session.scalars(sa.select(Account).where(Account.username.in_(["eka", "asep"]))):
            one.official_id = person.id

    mine = eka.send("/substitutions/new/", **letter("asep", "bayu"))
    me = eka.send("/substitutions/new/", **letter("bayu", "asep"))

    assert (mine.status_code, me.status_code) == (403, 403)
    assert deeds()[-2:] == ["substitution.create.refused"] * 2


def test_both_people_of_a_letter_are_told_of_it_and_nobody_else(eka, browse, bayu, letter, rows):
    dewi = browse("dewi")
    made = eka.send("/substitutions/new/", **letter("asep", "bayu"))
    assert made.status_code == 303

    assert "Asep Misal mewakili Anda dari" in bayu.page("/notices/").text
    assert LETTER not in dewi.page("/notices/").text
    key = made.location.rpartition("=")[2]
    changed = {**letter("asep", "dewi"), "letter_no": f"{LETTER} B"}
    assert eka.send(f"/substitutions/edit/?id={key}", **changed).status_code == 303
    assert "Asep Misal mewakili Anda dari" in dewi.page("/notices/").text
    assert LETTER not in bayu.page("/notices/").text  # it is not about him any more
    told = sa.select(sa.func.count()).where(Notice.record_table == "substitution")
    assert rows(told) == [(3,)]
