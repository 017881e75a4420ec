"""Requests for more time on the real tables of both databases: granted, capped, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from models.extensions import Extension
from models.follow_up import ActionPlan
from models.more_time import settle
from models.people import Official
from models.records import Account, Decision, workflow
from panel.access.rules import Actor
from panel.changelog.deeds import deed
from panel.words import Refused
from tests.models.test_action_plan_moves import ANI, BAYU, DEWI, Town

DUE = date(2026, 12, 15)


def later(days: int) -> date:
    """A day after the approved one."""
    return DUE + timedelta(days)


class Office(Town):
    """A town whose plan is approved, and where more time is asked for."""

    def ask(self, until: date, actor: Actor = ANI, start: Barrier | None = None) -> int | str:
        """The number of the request, or the sentence that refuses it."""
        with self.app.app_context(), deed("ask", actor=actor), self.sessions() as session:
            plan = session.get_one(ActionPlan, 1)
            if start:
                session.rollback()
                start.wait()
            asked = Extension(plan=plan, asked_due_on=until, reason="Menunggu anggaran.")
            version = workflow.latest(session, "extension")
            try:
                with session.no_autoflush:
                    session.add(asked)
                    settle(session, asked, workflow.process_in(version))
            except Refused as refused:
                session.rollback()
                return str(refused.sentence)
            session.commit()
            return asked.id

    def decide(self, actor: Actor, id: int, step: str, until: date | None = None) -> str | None:
        """The code of the refusal, or None."""
        with deed("decide", actor=actor), self.sessions() as session:
            asked = session.get_one(Extension, id)
            seen = workflow.snapshot(session, asked)[1]
            values = {"granted_until": until} if step == "grant" else {}
            try:
                workflow.move(session, asked, step, reason="Sebab.", seen=seen, values=values)
            except Refused as refused:
                return refused.code
            session.commit()
            return None

    def last_day(self) -> tuple[date | None, date | None]:
        """The day that counts, as a plan says it and as a condition finds it; the approved one."""
        with self.sessions() as session:
            plan = session.get_one(ActionPlan, 1)
            found = session.scalar(
                sa.select(ActionPlan.id).where(ActionPlan.last_day == plan.last_day)
            )
            assert found == 1
            return plan.last_day, plan.due_on


@pytest.fixture
def office(opened: Callable[[type[Office]], Office]) -> Office:
    made = opened(Office)
    made.move(ANI, "submit")
    made.move(BAYU, "approve")
    return made


def test_granted_time_counts_and_the_approved_day_stays(office: Office) -> None:
    first = office.ask(later(60))
    assert office.decide(DEWI, first, "grant", later(30)) == "duty"  # the official's spouse
    assert office.decide(BAYU, first, "grant", later(61)) == "guard"
    assert office.last_day() == (DUE, DUE)
    assert office.decide(BAYU, first, "grant", later(30)) is None
    assert office.last_day() == (later(30), DUE)

    refused = office.ask(later(40))
    assert office.decide(BAYU, refused, "refuse") is None
    withdrawn = office.ask(later(40))
    assert office.decide(ANI, withdrawn, "withdraw") is None
    assert office.last_day() == (later(30), DUE)

    second = office.ask(later(90))
    assert office.decide(BAYU, second, "grant", later(90)) is None
    assert office.last_day() == (later(90), DUE)
    assert office.ask(later(95)) == (
        "A plan is given more time 2 times at most; this one was given it 2 times, the last time "
        "until 2027-03-15."
    )
    with office.sessions() as session:
        plan = session.get_one(ActionPlan, 1)
        states = [(one.status, one.granted_until) for one in plan.extensions]
        outdated = workflow.snapshot(session, plan)[1]
        approval = session.scalar(sa.select(Decision.seen_hash).where(Decision.step == "approve"))
    assert states == [
        ("granted", later(30)),
        ("refused", None),
        ("withdrawn", None),
        ("granted", later(90)),
    ]
    assert outdated == approval  # what was approved is untouched


def test_the_day_is_set_by_the_step_alone_and_what_was_asked_never_changes(office: Office) -> None:
    number = office.ask(later(30))
    granted = office.ask(later(20))
    assert granted == "More time until 2027-01-14 is asked for already and waits for a decision."

    for change in (
        f"granted_until = '{later(10)}'",
        f"asked_due_on = '{later(80)}'",
        "status = 'granted'",
    ):
        with (
            deed("x", actor=ANI),
            pytest.raises(DBAPIError, match="jenjang:"),
            office.engine.begin() as connection,
        ):
            connection.execute(sa.text(f"UPDATE extension SET {change} WHERE id = {number}"))
    assert office.last_day() == (DUE, DUE)


def test_of_requests_at_once_exactly_one_is_taken(office: Office) -> None:
    for days in (20, 30):
        together = Barrier(6)
        with ThreadPoolExecutor(6) as pool:
            made = list(pool.map(lambda n: office.ask(later(days), start=together), range(6)))  # noqa: B023 - called at once

        taken = [one for one in made if isinstance(one, int)]
        assert len(taken) == 1
        assert {one for one in made if isinstance(one, str)} == {
            f"More time until {later(days)} is asked for already and waits for a decision."
        }
        assert office.decide(ANI, taken[0], "withdraw") is None


def test_decisions_at_once_have_one_effect(office: Office) -> None:
    number = office.ask(later(30))
    with deed("hire", actor=ANI), office.sessions() as session:
        session.add(Official(id=9, region_id=1, full_name="Budi", employment_type="other"))
        session.flush()
        session.add(Account(id=9, username="budi", name="Budi", fs_uniquifier="b", official_id=9))
        session.commit()
    budi = Actor(9, "Budi", frozenset({"supervisor"}))

    def decide(turn: tuple[Actor, str]) -> str | None:
        with office.app.app_context():
            return office.decide(turn[0], number, turn[1], later(15))

    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(decide, [(BAYU, "grant"), (budi, "refuse")] * 2))

    assert sorted(map(str, codes)) == ["None", "state", "state", "state"]
    with office.sessions() as session:
        count = sa.select(sa.func.count()).where(Decision.record_table == "extension")
        assert session.scalar(count) == 1
