"""An action plan goes its whole way on the real tables, and each child is locked with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.files import StoredFile
from models.follow_up import ActionPlan, ActionStep, Evidence
from models.government import Region
from models.people import Official, Spouse
from models.records import Account, Decision, workflow
from panel.access.rules import Actor
from panel.changelog.deeds import deed
from panel.changelog.triggers import differences
from panel.words import Refused
from tests.models.real_tables import RealTables

ANI = Actor(1, "Ani", frozenset({"clerk"}))
BAYU = Actor(2, "Bayu", frozenset({"supervisor"}))
DEWI = Actor(3, "Dewi", frozenset({"supervisor"}))
HASH = "a" * 64


class Town(RealTables):
    """The real tables with one official and one draft of a plan."""

    def fill(self, session: Session) -> None:
        session.add(Region(id=1, name="Kota", kind="city", kemendagri_code="36.73", province="P"))
        for id, name in ((1, "Fulan"), (2, "Fulanah")):
            session.add(Official(id=id, region_id=1, full_name=name, employment_type="other"))
        session.flush()
        session.add(Spouse(region_id=1, official_id=1, full_name="Fulanah", person_id=2))
        for actor, official in ((ANI, None), (BAYU, None), (DEWI, 2)):
            account = Account(id=actor.id, username=actor.name.lower(), name=actor.name)
            account.fs_uniquifier, account.official_id = actor.name, official
            session.add(account)
        session.add(
            StoredFile(id=1, region_id=1, key="k", name="n", media_type="m", size=1, sha256=HASH)
        )
        session.flush()
        plan = ActionPlan(id=1, region_id=1, code="RTL-0001", title="Apel", official_id=1)
        plan.target, plan.indicator, plan.due_on = "t", "i", date(2026, 12, 15)
        plan.steps.append(ActionStep(region_id=1, number=1, text="Papan hadir"))
        session.add(plan)

    def move(self, actor: Actor, step: str, **options: object) -> None:
        with deed("try", actor=actor), self.sessions() as session:
            plan = session.get_one(ActionPlan, 1)
            seen = workflow.snapshot(session, plan)[1]
            workflow.move(session, plan, step, **{"seen": seen, **options})
            session.commit()

    def attach_evidence(self) -> None:
        with deed("attach", actor=ANI), self.sessions() as session:
            plan = session.get_one(ActionPlan, 1)
            plan.evidence.append(Evidence(region_id=1, title="Foto", file_id=1, uploaded_by_id=1))
            session.commit()

    def refused(self, actor: Actor, step: str, **options: object) -> str:
        with pytest.raises(Refused) as refused:
            self.move(actor, step, **options)
        return refused.value.code


@pytest.fixture
def town(opened: Callable[[type[Town]], Town]) -> Town:
    return opened(Town)


def test_a_plan_goes_its_whole_way(town: Town) -> None:
    town.move(ANI, "submit")
    town.move(BAYU, "return", reason="Indikator belum terukur.")
    town.move(ANI, "submit")
    assert town.refused(DEWI, "approve") == "duty"  # she is the official's spouse
    town.move(BAYU, "approve")
    town.move(ANI, "start")
    assert town.refused(ANI, "submit_evidence") == "guard"
    town.attach_evidence()
    town.move(ANI, "submit_evidence")
    given = {"result_class": "cannot_be_followed_up", "evidence.sufficient": {1: "yes"}}
    assert town.refused(BAYU, "verify", values=given) == "reason"
    town.move(BAYU, "verify", values=given, reason="Pejabat pensiun.")
    with town.sessions() as session:
        plan = session.get_one(ActionPlan, 1)
        assert (plan.result_class, plan.result_note) == (
            "cannot_be_followed_up",
            "Pejabat pensiun.",
        )
        assert plan.evidence[0].sufficient == "yes"
    assert town.refused(BAYU, "close") == "reason"
    town.move(BAYU, "close", reason="Pejabat pensiun.")
    town.move(DEWI, "reopen", reason="Belum selesai.")

    with town.sessions() as session:
        plan = session.get_one(ActionPlan, 1)
        assert (plan.status, plan.result_class, plan.result_note) == ("in_progress", None, None)
        decisions = session.scalars(sa.select(Decision).order_by(Decision.id)).all()
        assert [(one.step, one.actor_name) for one in decisions] == [
            ("submit", "Ani"),
            ("return", "Bayu"),
            ("submit", "Ani"),
            ("approve", "Bayu"),
            ("start", "Ani"),
            ("submit_evidence", "Ani"),
            ("verify", "Bayu"),
            ("close", "Bayu"),
            ("reopen", "Dewi"),
        ]
        frozen = json.loads(decisions[6].snapshot)
        assert [piece["file.sha256"] for piece in frozen["children"]["evidence"].values()] == [HASH]


def test_each_child_of_a_locked_plan_is_closed_by_orm_bulk_and_sql(town: Town) -> None:
    for step, actor in (("submit", ANI), ("approve", BAYU), ("start", ANI)):
        town.move(actor, step)
    town.attach_evidence()
    town.move(ANI, "submit_evidence")

    for model, column in ((ActionStep, "text"), (Evidence, "title")):
        table = model.__tablename__
        with deed("try", actor=ANI), town.sessions() as session:
            child = session.scalars(sa.select(model)).one()
            setattr(child, column, "other")
            with pytest.raises(Refused, match="Evidence submitted"):
                session.flush()
            session.rollback()
            session.delete(session.scalars(sa.select(model)).one())
            with pytest.raises(Refused, match="Evidence submitted"):
                session.flush()
            session.rollback()
        for statement in (
            sa.update(model).values({column: "other"}),
            sa.delete(model),
            sa.text(f"UPDATE {table} SET {column} = 'other'"),
            sa.text(f"DELETE FROM {table}"),
            sa.text(f"INSERT INTO {table} SELECT * FROM {table}"),
        ):
            with deed("try", actor=ANI), town.sessions() as session:
                with pytest.raises(IntegrityError, match=r"jenjang:locked|UNIQUE"):
                    session.execute(statement)
                session.rollback()


def test_the_database_has_the_triggers_that_are_expected(town: Town) -> None:
    with town.engine.connect() as connection:
        assert differences(connection, town.triggers) == []
