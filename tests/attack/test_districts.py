"""A clerk of one district and what an official of it holds, or once held, in another one."""

from __future__ import annotations

import re
from datetime import date

import pytest
import sqlalchemy as sa

from models.people import Appointment
from models.records import Deed
from models.speaking import Speaker
from tests.views.test_subtree import granted

#: A lurah of Kecamatan Serang, the mayor, and posts of other districts.
LURAH, MAYOR = 46, 3
EDIT = f"/officials/edit/?id={LURAH}"
FAR = "SELECT p.id, p.unit_id, p.name FROM position p JOIN unit u ON u.id = p.unit_id"
FAR += " WHERE p.region_id = 1 AND u.path NOT LIKE '/33/%' AND p.name LIKE 'Lurah %' ORDER BY p.id"


@pytest.fixture
def clerk(app, write):
    return granted(app, write, "sari", "clerk")


@pytest.fixture
def far(write):
    """The number and the name of a post elsewhere that the lurah holds as well."""
    with write() as session:
        position, unit, name = session.execute(sa.text(FAR)).first()
        held = {"official_id": LURAH, "position_id": position, "unit_id": unit, "region_id": 1}
        one = Appointment(
            **held, status="acting_vacant", started_on=date(2024, 1, 1), decree_no="JAUH/1"
        )
        session.add(one)
        session.flush()
        return one.id, name


@pytest.fixture
def stored(rows):
    """The appointments of the lurah."""
    table = Appointment.__table__
    return lambda: rows(
        sa.select(table).where(table.c.official_id == LURAH).order_by(table.c.started_on)
    )


def inside(form, name="id"):
    """What the inner forms of the posts hold under a name, by their place."""
    found = {key: re.fullmatch(rf"appointments-(\d+)-{name}", key) for key in form}
    return {int(match[1]): form[key] for key, match in found.items() if match}


def test_the_form_of_an_official_shows_the_posts_of_the_district_alone(clerk, ani, far):
    whole, part = ani.form(EDIT), clerk.form(EDIT)

    assert len(inside(whole)) == 2
    assert len(inside(part)) == 1
    assert str(far[0]) not in inside(part).values()
    assert "JAUH/1" not in clerk.get(EDIT).text


def test_a_save_leaves_the_posts_elsewhere_as_they_are(clerk, far, stored):
    before = stored()

    answer = clerk.send(EDIT, note="Catatan kecamatan")

    assert (answer.status_code, stored()) == (303, before)


def test_a_post_elsewhere_is_neither_changed_nor_removed_by_its_number(clerk, far, stored, rows):
    before, number = stored(), far[0]
    form = {**clerk.form(EDIT), "appointments-1-id": str(number)}
    form |= {"appointments-1-position": "13", "appointments-1-status": "acting_absent"}

    removed = clerk.post(EDIT, {**form, "del-appointments-1": "on"})
    changed = clerk.post(EDIT, {**form, "appointments-1-decree_no": "CURI/1"})

    assert (removed.status_code, changed.status_code) == (303, 422)
    assert stored() == before


def test_nothing_wrong_elsewhere_stops_a_save_or_is_told(clerk, far, stored, write):
    """The post elsewhere ended long ago, and somebody else holds it definitively."""
    with write() as session:
        session.execute(
            sa.text("UPDATE position SET valid_to = '2024-06-30' WHERE name = :name"),
            {"name": far[1]},
        )

    answer = clerk.send(EDIT, note="Catatan kecamatan")

    assert answer.status_code == 303, answer.text
    assert far[1] not in answer.text


def test_a_rotation_offers_people_with_their_posts_of_the_district_alone(clerk, ani, far):
    asked = "/rotation/lookup/?name=successor&query=meranti"

    assert far[1] in ani.get(asked).text
    assert far[1] not in clerk.get(asked).text
    assert "Meranti" in clerk.get(asked).text


def test_every_holder_that_the_list_of_posts_names_can_be_opened(clerk, far):
    links = [a.given["href"] for a in clerk.page("/positions/").main.all("a")]
    people = [link for link in links if link.startswith("/officials/details/")]

    assert len(people) > 5
    assert {clerk.get(link).status_code for link in people} == {200}


def test_the_history_of_an_official_tells_nothing_of_posts_elsewhere(clerk, ani, far):
    form = ani.form(EDIT)
    [at] = [place for place, key in inside(form).items() if key == str(far[0])]
    saved = ani.post(EDIT, {**form, f"appointments-{at}-decree_no": "JAUH/2", "_reason": "Jauh"})

    assert saved.status_code == 303
    for path in ("details", "history"):
        text = clerk.get(f"/officials/{path}/?id={LURAH}").text
        assert [word for word in ("JAUH", far[1]) if word in text] == []


def test_looking_writes_nothing(clerk, rows):
    before = rows(sa.select(sa.func.count()).select_from(Deed))

    for path in (
        EDIT,
        "/officials/new/?grade=1&part=1",
        "/rotation/",
        "/rotation/replace/",
        "/rotation/lookup/?name=position&query=lurah",
        "/search/?q=lurah",
        "/coverage/",
        "/news-sources/paste/?session=8",
    ):
        assert clerk.get(path).status_code == 200, path

    assert rows(sa.select(sa.func.count()).select_from(Deed)) == before


def test_who_stays_a_record_s_official_may_be_of_elsewhere(clerk, write, rows):
    with write() as session:
        speaker = Speaker(region_id=1, full_name="Fulan Penceramah", official_id=MAYOR)
        session.add(speaker)
        session.flush()
        number = speaker.id
    edit = f"/speakers/edit/?id={number}"
    stored = sa.select(Speaker.official_id, Speaker.note).where(Speaker.id == number)

    kept = clerk.send(edit, note="Catatan", official=str(MAYOR))
    taken = clerk.sent(edit, official="1")

    assert kept.status_code == 303
    assert taken.errors == {"official": ["Pilih salah satu catatan yang ditawarkan."]}
    assert rows(stored) == [(MAYOR, "Catatan")]
