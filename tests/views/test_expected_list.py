"""Who must come: the list taken over from the posts, differences accepted, make-up sessions."""

from datetime import date

import pytest
import sqlalchemy as sa

from models.attendance import Attendance, Participation
from models.make_ups import MakeUp
from models.people import Appointment
from models.programme import Programme
from models.training import AgendaItem, SessionTier, TrainingSession
from tests.views.browser import Page

AT = "/expected-list/{}/".format
LURAH, CAMAT_TIER, HELD = 8, "district_head", date(2026, 3, 2)


@pytest.fixture
def planned(write, value):
    """A session for the camat of Serang, with nobody on its list."""
    tier = value(sa.text(f"select id from tier where code = '{CAMAT_TIER}'"))
    with write() as session:
        programme = session.scalars(sa.select(Programme.id).where(Programme.region_id == 1)).first()
        one = TrainingSession(
            region_id=1,
            programme_id=programme,
            name="Bimtek camat",
            held_on=HELD,
            date_precision="day",
            includes_spouses="yes",
            tiers=[SessionTier(tier_id=tier)],
        )
        session.add(one)
        session.flush()
        return one.id


def on_list(rows, key):
    """Who is on the list, under which post, with whom."""
    what = sa.select(
        Participation.official_id, Participation.appointment_id, Participation.spouse_id
    )
    return rows(what.where(Participation.training_session_id == key).order_by(Participation.id))


def parts(page):
    """The parts of the difference that the page offers, with what it says of them."""
    boxes = page.main.all("input", name="part")
    return {box.given["value"]: "checked" in box.given for box in boxes}


def accept(browser, key, **more):
    """Send the page as it stands, all that is ticked."""
    page = browser.page(AT(key))
    form = {
        "seen": page.main.one("input", name="seen").given["value"],
        "part": [name for name, on in parts(page).items() if on],
        **more,
    }
    return browser.post(AT(key), form)


def test_the_list_is_taken_over_and_a_rotation_is_a_difference(ani, rows, write, planned, deeds):
    posts = rows(
        sa.text(
            "select a.official_id, a.id from appointment a join position p on p.id = a.position_id"
            " join tier t on t.id = p.tier_id join unit u on u.id = p.unit_id"
            f" where t.code = '{CAMAT_TIER}' and p.region_id = 1 and a.ended_on is null"
            " order by u.path"
        )
    )

    taken = accept(ani, planned, invited_on="2 Feb 2026")
    invited = on_list(rows, planned)

    assert taken.status_code == 303
    assert [(who, post) for who, post, _ in invited] == posts
    assert all(spouse for _, _, spouse in invited)
    assert "Daftar sesuai dengan jabatan" in ani.page(AT(planned)).text
    assert deeds() == ["participation.accept"]

    (gone, old), free = (
        posts[0],
        sa.text("select max(id) from official where region_id = 1"),
    )
    new = rows(free)[0][0]
    with write() as session:
        session.get_one(Appointment, old).ended_on = date(2026, 2, 20)
        session.flush()
        before = session.get_one(Appointment, old)
        made = Appointment(
            region_id=1,
            official_id=new,
            position_id=before.position_id,
            unit_id=before.unit_id,
            status="acting_vacant",
            started_on=date(2026, 2, 21),
        )
        session.add(made)
        session.flush()
        post = made.id
    page = ani.page(AT(planned))

    assert on_list(rows, planned) == invited  # nothing changes by itself
    left = next(name for name in parts(page) if name.startswith("left-"))
    assert parts(page) == {f"came-{post}": True, left: False}
    stale = page.main.one("input", name="seen").given["value"]
    assert accept(ani, planned, part=[f"came-{post}", left]).status_code == 303
    assert {who for who, _, _ in on_list(rows, planned)} == {who for who, _ in posts[1:]} | {new}
    again = ani.post(AT(planned), {"seen": stale, "part": [f"came-{post}"]})
    assert (again.status_code, len(on_list(rows, planned))) == (409, len(posts))
    assert gone not in {who for who, _, _ in on_list(rows, planned)}


def test_who_may_not_and_what_is_not_there(ani, browse, rows, planned, deeds):
    seen = ani.page(AT(planned)).main.one("input", name="seen").given["value"]
    form = {"seen": seen, "part": list(parts(ani.page(AT(planned))))}

    tried = {
        name: browse(name).post(AT(planned), form).status_code
        for name in ("bayu", "citra", "mira", "eka")
    }
    forged = ani.post(AT(planned), {**form, "part": ["left-1", "came-1"]})
    wrong = ani.post(AT(planned), {**form, "invited_on": "32 Maret"})

    assert tried == {"bayu": 403, "citra": 403, "mira": 404, "eka": 403}
    assert browse("mira").get(AT(planned)).status_code == 404
    assert (forged.status_code, wrong.status_code) == (409, 422)
    assert on_list(rows, planned) == []
    assert [one for one in deeds() if not one.endswith("refused")] == []


def test_a_make_up_session_is_planned_for_those_who_missed(ani, mira, rows, deeds):
    page = ani.page(AT(LURAH))
    missed = [box.given["value"] for box in page.main.all("input", name="missed")]
    there = sa.exists().where(
        Attendance.participation_id == Participation.id,
        Attendance.party == "official",
        Attendance.status == "present",
    )
    absent = sa.select(Participation.id, Participation.official_id).where(
        Participation.training_session_id == LURAH, ~there
    )

    answer = ani.post(f"{AT(LURAH)}make-up/", {"missed": missed})
    key = int(answer.location.rpartition("=")[2])

    assert answer.status_code == 303
    assert {int(one) for one in missed} == {one for one, _ in rows(absent)}
    assert {who for who, _, _ in on_list(rows, key)} == {who for _, who in rows(absent)}
    made = sa.select(TrainingSession.name, TrainingSession.status, TrainingSession.previous_id)
    assert rows(made.where(TrainingSession.id == key)) == [
        ("Bimtek Keluarga Berintegritas bagi lurah dan pasangan (susulan)", "planned", LURAH)
    ]
    assert rows(sa.select(MakeUp.missed_id).where(MakeUp.training_session_id == key)) == [(LURAH,)]
    parts_of = sa.select(AgendaItem.title, AgendaItem.takes_attendance)
    assert rows(parts_of.where(AgendaItem.training_session_id == key)) == rows(
        parts_of.where(AgendaItem.training_session_id == LURAH)
    )
    assert deeds() == ["training_session.make_up"]
    assert "Untuk yang belum hadir di" in ani.page(f"/training-sessions/details/?id={key}").text
    assert mira.post(f"{AT(LURAH)}make-up/", {"missed": missed}).status_code == 404
    nobody = ani.post(f"{AT(LURAH)}make-up/", {"missed": ["1", "x"]})
    assert (nobody.status_code, "Centang siapa" in Page(nobody.text).text) == (422, True)


def test_a_make_up_session_expects_holders_of_its_day_who_were_not_there(ani, rows, write):
    page = ani.page(AT(LURAH))
    missed = [box.given["value"] for box in page.main.all("input", name="missed")]
    answer = ani.post(f"{AT(LURAH)}make-up/", {"missed": missed})
    key = int(answer.location.rpartition("=")[2])
    with write() as session:
        one = session.get_one(TrainingSession, key)
        one.held_on, one.date_precision = date(2025, 11, 18), "day"

    page = ani.page(AT(key))

    assert not [name for name in parts(page) if name.startswith(("left", "moved"))]
    listed = {who for who, _, _ in on_list(rows, key)}
    came = [int(name.partition("-")[2]) for name in parts(page)]
    holders = rows(sa.select(Appointment.official_id).where(Appointment.id.in_(came)))
    present = rows(
        sa.select(Participation.official_id)
        .join(Attendance, Attendance.participation_id == Participation.id)
        .where(
            Participation.training_session_id == LURAH,
            Attendance.party == "official",
            Attendance.status == "present",
        )
    )
    assert not {who for (who,) in holders} & ({who for (who,) in present} | listed)
