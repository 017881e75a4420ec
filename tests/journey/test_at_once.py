"""Decisions of several people in the same moment: one has its effect, the others are told so.

Eight real connections through the application, on both databases.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
import sqlalchemy as sa

from models.base import db
from models.follow_up import ActionPlan
from models.records import Decision
from tests.site import sign_in

AT_ONCE = 8
ROUNDS = 3
#: Who tries what: the approval, the return and the withdrawal of one plan.
TRIES = (
    ("bayu", "approve"),
    ("dewi", "return"),
    ("asep", "withdraw"),
    ("dewi", "approve"),
    ("bayu", "return"),
    ("asep", "withdraw"),
    ("bayu", "approve"),
    ("dewi", "return"),
)
LEADS_TO = {"approve": "approved", "return": "returned", "withdraw": "draft"}
TOLD = {"approved": "Disetujui", "returned": "Dikembalikan", "draft": "Draf"}


class Racer:
    """One browser with its own session and connection."""

    def __init__(self, app, name):
        self.client = app.test_client()
        sign_in(self.client, name)
        page = self.client.get("/").text
        self.token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]

    def seen(self, key):
        page = self.client.get(f"/action-plans/details/?id={key}").text
        return re.search(r'name="seen" value="([0-9a-f]{64})"', page)[1]

    def post(self, path, accept="text/html", **data):
        headers = {"Accept": accept}
        return self.client.post(path, data={"csrf_token": self.token, **data}, headers=headers)

    def move(self, key, step, seen, accept):
        path = f"/action-plans/{key}/move/{step}/"
        return self.post(path, accept, seen=seen, reason="Rencana ganda.")


def all_at_once(acts):
    """The answers of functions that start in the same moment, each in a thread of its own."""
    barrier = Barrier(len(acts))

    def run(act):
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.fixture
def ask(site):
    """The rows of a statement, read outside of any request."""

    def read(statement):
        with site.app_context():
            found = [tuple(row) for row in db.session.execute(statement)]
            db.session.remove()
        return found

    return read


def words(answer):
    if answer.is_json:
        return answer.json["sentence"]
    return " ".join(re.sub(r"<[^>]*>", " ", answer.text.split("<main")[1]).split())


def test_of_eight_decisions_on_one_plan_one_counts(site, ask):
    people = {name: Racer(site, name) for name in ("bayu", "dewi", "asep")}
    racers = [Racer.__new__(Racer) for _ in TRIES]
    for racer, (name, _step) in zip(racers, TRIES, strict=True):
        racer.client, racer.token = site.test_client(), people[name].token
        racer.client.set_cookie("session", people[name].client.get_cookie("session").value)
    waiting = sa.select(ActionPlan.id).where(
        ActionPlan.region_id == 1, ActionPlan.status == "submitted"
    )
    keys = [key for (key,) in ask(waiting.order_by(ActionPlan.id))][:ROUNDS]

    for key, accept in zip(keys, ("text/html", *["application/json"] * ROUNDS), strict=False):
        seen = people["bayu"].seen(key)
        count = sa.select(sa.func.count(Decision.id)).where(Decision.record_id == key)
        [(before,)] = ask(count)
        acts = [
            partial(racer.move, key, step, seen, accept)
            for racer, (_name, step) in zip(racers, TRIES, strict=True)
        ]

        answers = all_at_once(acts)

        codes = [answer.status_code for answer in answers]
        assert sorted(codes) == [303] + [409] * (AT_ONCE - 1)
        won = TRIES[codes.index(303)][1]
        plan = sa.select(ActionPlan.status, ActionPlan.decision_id).where(ActionPlan.id == key)
        [(status, decision_id)] = ask(plan)
        assert status == LEADS_TO[won]
        assert ask(count) == [(before + 1,)]
        latest = sa.select(Decision.step, Decision.becomes).where(Decision.id == decision_id)
        assert ask(latest) == [(won, status)]
        for answer in answers:
            if answer.status_code == 409:
                assert f"“{TOLD[status]}”" in words(answer)


def test_four_identical_submissions_are_one(site, ask):
    ani = Racer(site, "ani")
    page = ani.client.get("/venues/new/").text
    once = re.search(r'name="once"[^>]*value="([^"]+)"', page)[1]
    form = {"once": once, "name": "Balai serentak", "kind": "hall", "csrf_token": ani.token}
    cookie = ani.client.get_cookie("session").value

    def send():
        client = site.test_client()
        client.set_cookie("session", cookie)
        return client.post("/venues/new/", data=form)

    answers = all_at_once([send] * 4)

    assert [answer.status_code for answer in answers] == [303] * 4
    assert len({answer.location for answer in answers}) == 1
    made = sa.select(sa.func.count()).select_from(sa.text("venue"))
    assert ask(made.where(sa.text("name = 'Balai serentak'"))) == [(1,)]


def test_two_bulk_decisions_on_the_same_plans_decide_each_once(site, ask):
    waiting = sa.select(ActionPlan.id).where(
        ActionPlan.region_id == 1, ActionPlan.status == "submitted"
    )
    keys = [key for (key,) in ask(waiting.order_by(ActionPlan.id))][:3]
    acts = []
    for name in ("bayu", "dewi"):
        racer = Racer(site, name)
        inbox = racer.client.get("/inbox/?by=overdue&search=kelurahan&late=1")
        assert (inbox.status_code, "Terlambat" in words(inbox)) == (200, True)
        items = [f"action_plan:{key}|{racer.seen(key)}" for key in keys]
        data = {"step": "action_plan.approve", "once": f"{name}-once", "item": items}
        acts.append(partial(racer.post, "/inbox/bulk/decide/", **data))

    answers = all_at_once(acts)

    assert [answer.status_code for answer in answers] == [303, 303]
    made = sa.select(Decision.record_id, sa.func.count()).where(
        Decision.record_id.in_(keys), Decision.step == "approve"
    )
    assert ask(made.group_by(Decision.record_id).order_by(Decision.record_id)) == [
        (key, 1) for key in keys
    ]
