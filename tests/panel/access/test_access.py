"""The object that screens ask: policy by class, rows by scope, columns by role."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import sqlalchemy as sa
from flask import Flask

from panel.access.rules import Actor, Place
from panel.changelog.records import deed
from panel.changelog.rules import Command
from tests.panel.access.office import Account, Grant, Memo, access, db

ANI = Actor(1, "Ani", frozenset({"clerk"}), (Place(1),))
CITRA = Actor(2, "Citra", frozenset({"auditor"}), (Place(1),))


@contextmanager
def counted(engine: sa.Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*details: object) -> None:
        statements.append(str(details[2]))

    sa.event.listen(engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(engine, "before_cursor_execute", note)


def test_class_record_and_name_of_a_kind_are_asked_alike() -> None:
    targets = (Memo, Memo(region_id=1, text="x"), "memo")

    assert [access.may(ANI, "edit", target) for target in targets] == [None, None, None]
    assert [str(access.may(CITRA, "edit", target)) for target in targets] == [
        "Your role does not change this. Roles that do: Clerk."
    ] * 3


def test_an_actor_is_found_with_one_statement(app: Flask) -> None:
    with app.app_context(), counted(db.engine) as statements:
        account = access.find(db.session(), username="ani")
        actor = access.actor_of(account)

    selects = [each for each in statements if each.startswith("SELECT")]
    assert actor == ANI
    assert len(selects) == 1


def test_only_grants_in_force_today_give_places(app: Flask) -> None:
    today = date.today()
    with app.app_context(), deed("grant", actor=Command("tests")):
        account = access.find(db.session(), username="ani")
        account.grants += [
            Grant(region_id=2, unit_path="", valid_to=date(2020, 1, 1)),
            Grant(region_id=3, unit_path="", valid_from=date(today.year + 1, 1, 1)),
            Grant(region_id=4, unit_path="/1/", valid_from=today, valid_to=today),
        ]
        db.session.commit()
        actor = access.actor_of(access.find(db.session(), username="ani"))

    assert set(actor.places) == {Place(1), Place(4, "/1/")}


def test_rows_are_narrowed_to_the_actor_and_to_nothing_for_a_stranger(app: Flask) -> None:
    with app.app_context(), deed("memo", actor=Command("tests")):
        db.session.add_all([Memo(region_id=1, text="here"), Memo(region_id=2, text="there")])
        db.session.commit()
        seen = [
            list(db.session.scalars(access.scoped(sa.select(Memo.text), Memo, actor)))
            for actor in (ANI, None)
        ]

    assert seen == [["here"], []]


def test_secrets_are_visible_to_nobody_and_masks_follow_the_role() -> None:
    eka = Actor(3, "Eka", frozenset({"administrator"}))

    assert access.visible(eka, Account, "username")
    assert not access.visible(eka, Account, "password")
    assert not access.visible(ANI, Account, "username")
    assert access.masked(CITRA, Memo, "text")
    assert not access.masked(ANI, Memo, "text")
    assert not access.masked(CITRA, Memo, "region_id")
