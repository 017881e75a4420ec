"""Eight browsers press the same button at the same moment: one act, and the others are told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from models.base import db
from models.clock import today
from models.government import Position
from models.people import Appointment, Official
from models.programme import Organisation
from models.records import Deed
from models.speaking import NewsSource
from models.training import SessionTier
from tests.site import sign_in
from tests.views import test_pasting as pasting
from tests.views import test_rotation as rotation
from tests.views.browser import Browser, Page

HANDS = 8


@pytest.fixture
def hands(site: Flask) -> list[Browser]:
    """Ani at eight browsers; in one of them she has signed in."""
    first = Browser(site, "ani")
    sign_in(first.client, "ani")
    token = first.page("/").root.one("input", name="csrf_token").given["value"]
    cookie = first.client.get_cookie("session")
    assert cookie is not None
    return [Browser(site, "ani", cookie.value, token) for _ in range(HANDS)]


@pytest.fixture
def read(site: Flask) -> Callable[[Any], list[Any]]:
    """The rows of a statement."""

    def read(statement: Any) -> list[Any]:
        with site.app_context():
            found = [tuple(row) for row in db.session.execute(statement)]
            db.session.remove()
        return found

    return read


def at_once(hands: list[Browser], act: Callable[[Browser, int], Any]) -> Counter[int]:
    """How often each status came when everybody acts at the same moment."""
    ready = Barrier(len(hands))

    def press(one: tuple[int, Browser]) -> int:
        ready.wait(30)
        return int(act(one[1], one[0]).status_code)

    with ThreadPoolExecutor(len(hands)) as pool:
        return Counter(pool.map(press, enumerate(hands)))


def lost(answers: Counter[int]) -> set[int]:
    """What those were told who came too late."""
    assert answers[303] == 1, answers
    return set(answers) - {303}


def test_a_post_changes_its_holder_once(
    hands: list[Browser], read: Callable[[Any], list[Any]]
) -> None:
    held = sa.select(Position.id, Appointment.official_id).join(Appointment.position)
    [(post, _holder)] = read(held.where(Position.name == "Lurah Kota Baru"))
    comers = [
        key
        for (key,) in read(
            sa.select(Official.id)
            .join(Official.appointments)
            .join(Appointment.position)
            .where(Position.name.like("Lurah B%"), Official.region_id == 1)
            .order_by(Official.id)
        )
    ]
    day = {"on": today().isoformat(), "decree_no": "800/12"}
    pages = [
        Page(
            one.send(
                rotation.REPLACE, position=post, successor=comers[number % len(comers)], **day
            ).text
        )
        for number, one in enumerate(hands)
    ]

    answers = at_once(hands, lambda one, at: rotation.save(one, rotation.REPLACE, pages[at]))

    begun = sa.select(Appointment.id).where(
        Appointment.position_id == post, Appointment.started_on == today()
    )
    deeds = sa.select(Deed.seq).where(Deed.action == "appointment.rotate")
    assert lost(answers) <= {409, 422}
    assert (len(read(begun)), len(read(deeds))) == (1, 1)


def test_what_an_article_says_is_taken_over_once(
    hands: list[Browser], read: Callable[[Any], list[Any]]
) -> None:
    text = pasting.TEXT.replace("BACA JUGA:Jalan Baru Dibuka untuk Umum\r\n", "")
    made = hands[0].send("/training-sessions/new/", programme="1", name="Sesi contoh")
    training = made.location.partition("=")[2]
    pages = [pasting.preview(one, session=training, pasted=text) for one in hands]

    answers = at_once(hands, lambda one, at: pasting.save(one, pages[at], "Lurah"))

    tiers = sa.select(SessionTier.id).where(SessionTier.training_session_id == int(training))
    news = sa.select(NewsSource.id).where(NewsSource.training_session_id == int(training))
    assert lost(answers) <= {409, 422}
    assert (len(read(tiers)), len(read(news))) == (1, 1)


def test_a_national_body_is_added_once(
    hands: list[Browser], read: Callable[[Any], list[Any]]
) -> None:
    forms = [one.form("/organisations/new/") for one in hands]
    names = ["Ombudsman Contoh", "OMBUDSMAN CONTOH", "Ombudsman-Contoh", "Ombudsmann Contoh"]

    def add(one: Browser, at: int) -> Any:
        typed = {"name": names[at % len(names)], "kind": "national_agency"}
        return one.post("/organisations/new/", {**forms[at], **typed})

    answers = at_once(hands, add)

    assert lost(answers) == {422}
    assert len(read(sa.select(Organisation.id).where(Organisation.name.ilike("ombuds%")))) == 1
