"""A change of an account on the real tables: what a confirmation does, and at once with another."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.government import Region
from models.records import (
    Account,
    AccountChange,
    AccountGrant,
    Decision,
    Role,
    WebSession,
    access,
    workflow,
)
from panel.access.accounts import set_active
from panel.access.changes import held, refuse_no_administrator, request_for, rights_of
from panel.access.rights import Rights, places_text
from panel.access.rules import ROLE_NAMES, Actor
from panel.changelog.deeds import deed
from panel.words import Refused
from tests.models.real_tables import RealTables

ADMINISTRATOR = frozenset({"administrator"})
EKA, EDI, ERNI = (Actor(n, name, ADMINISTRATOR) for n, name in enumerate(("Eka", "Edi", "Erni"), 1))
SERVER = Actor(0, "flask account", kind="command")
ANI = 4
METRO = places_text([{"region_id": 2, "unit_id": None, "valid_from": None, "valid_to": None}])
WANTED = Rights(True, frozenset({"supervisor"}), METRO)


class Town(RealTables):
    """Two regions, three administrators, and a clerk of the first region."""

    founder = SERVER

    def attach(self) -> None:
        assert access.by_two is not None
        access.by_two.attach(self.sessions)

    def fill(self, session: Session) -> None:
        for id, code in ((1, "36.73"), (2, "18.72")):
            session.add(Region(id=id, name=code, kind="city", kemendagri_code=code, province="P"))
        roles = {code: Role(code=code) for code in ROLE_NAMES}
        session.add_all(roles.values())
        session.flush()
        for actor in (EKA, EDI, ERNI, Actor(ANI, "Ani", frozenset({"clerk"}))):
            account = Account(id=actor.id, username=actor.name.lower(), name=actor.name)
            account.fs_uniquifier = actor.name
            account.roles = [roles[code] for code in actor.roles]
            places = (1, 2) if actor.roles == ADMINISTRATOR else (1,)
            account.grants = [AccountGrant(region_id=region) for region in places]
            session.add(account)
        session.flush()
        session.add(WebSession(id="x", account_id=ANI, data="{}"))

    def ask(self, wanted: Rights = WANTED, account_id: int = ANI) -> None:
        with deed("ask", actor=EKA), self.sessions() as session:
            account = session.get_one(Account, account_id)
            before = rights_of(account)
            session.add(request_for(access, account, before, wanted, reason="SK 12"))
            session.commit()

    def confirm(self, actor: Actor, meet: Barrier | None = None) -> str | None:
        """Confirm the request; the code of what was refused, if it was."""
        try:
            with deed("try", actor=actor), self.sessions() as session:
                request = session.get_one(AccountChange, 1)
                seen = workflow.snapshot(session, request)[1]
                session.rollback()
                if meet is not None:
                    meet.wait(20)
                workflow.move(session, request, "confirm", seen=seen)
                session.commit()
        except Refused as refused:
            return refused.code
        return None

    def close(self, actor: Actor, account_id: int, meet: Barrier) -> str | None:
        """Close an account as its page does."""
        try:
            with deed("account.deactivate", actor=actor), self.sessions() as session:
                meet.wait(20)
                set_active(held(access, session, account_id), False)
                session.flush()
                refuse_no_administrator(access, session)
                session.commit()
        except Refused as refused:
            return refused.code
        return None

    def has(self) -> Rights:
        with self.sessions() as session:
            return rights_of(session.get_one(Account, ANI))


@pytest.fixture
def town(opened: Callable[[type[Town]], Town]) -> Town:
    return opened(Town)


def at_once(app: Flask, *acts: object) -> list[str | None]:
    """Acts in threads of their own, each in the application's context."""

    def run(act: object) -> str | None:
        with app.app_context():
            return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_a_confirmation_does_everything_once_whoever_presses_at_the_same_time(town: Town) -> None:
    town.ask()
    assert (town.has().roles, town.confirm(EKA)) == (frozenset({"clerk"}), "duty")
    meet = Barrier(2)

    answers = at_once(town.app, lambda: town.confirm(EDI, meet), lambda: town.confirm(ERNI, meet))

    assert sorted(answers, key=str) in ([None, "state"], [None, "stale"])
    assert (town.has().roles, [one.place.region_id for one in town.has().held]) == (
        frozenset({"supervisor"}),
        [2],
    )
    with town.sessions() as session:
        assert session.scalars(sa.select(WebSession)).all() == []
        assert [one.step for one in session.scalars(sa.select(Decision))] == ["confirm"]
    for statement in (
        sa.update(AccountChange).values(roles="administrator"),
        sa.update(AccountChange).values(status="asked"),
        sa.delete(AccountChange),
    ):
        with deed("try", actor=EDI), town.sessions() as session:
            with pytest.raises(IntegrityError, match="jenjang:"):
                session.execute(statement)
            session.rollback()


def test_what_was_asked_of_an_account_that_changed_since_gives_nothing(town: Town) -> None:
    town.ask()
    with deed("account.role", actor=SERVER), town.sessions() as session:
        session.get_one(Account, ANI).grants[0].valid_from = access.today()
        session.commit()

    assert (town.confirm(EDI), town.has().roles) == ("guard", frozenset({"clerk"}))


def test_two_administrators_who_close_each_other_at_once_leave_one(town: Town) -> None:
    with deed("account.deactivate", actor=SERVER), town.sessions() as session:
        session.get_one(Account, ERNI.id).active = False
        session.commit()
    meet = Barrier(2)

    answers = at_once(
        town.app, lambda: town.close(EKA, EDI.id, meet), lambda: town.close(EDI, EKA.id, meet)
    )

    assert sorted(answers, key=str) == [None, "state"]
    with town.sessions() as session:
        open_ones = sa.select(Account.id).where(Account.active, Account.id != ANI)
        assert len(session.scalars(open_ones).all()) == 1
