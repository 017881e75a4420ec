"""Legal holds: set by a supervisor's letter, read by auditors, lifted with a reason; they keep."""

import pytest
import sqlalchemy as sa

from models.base import db
from models.holds import LegalHold, holds, refuse_while_held
from models.people import Official
from models.records import panel
from panel.words import Refused
from tests.views.browser import Page

FORM = {
    "letter_no": "B-12/2026",
    "asked_by": "Pengadilan Negeri Serang",
    "reason": "Perkara yang berjalan",
    "scope": "record",
    "kind": "official",
    "record": "official:1",
}


def standing(app):
    """What the archive is told of the holds that stand."""
    with app.app_context():
        found = list(holds(db.session(), panel.log.tables))
        db.session.remove()
    return found


def refused_in(app, region, table, key):
    """Whether an erasure of a record is refused by a hold."""
    with app.app_context():
        try:
            refuse_while_held(db.session(), region, [(table, key)])
        except Refused as refused:
            return refused.code
        finally:
            db.session.remove()
    return None


def test_a_person_is_held_with_all_that_belongs_to_him_until_it_is_lifted(app, bayu, citra):
    page = bayu.page("/legal-holds/?kind=official&id=1")
    done = bayu.post("/legal-holds/set/", FORM)
    [hold] = standing(app)
    with app.app_context():
        name = db.session.get_one(Official, 1).full_name
        number = db.session.scalar(sa.select(LegalHold.id))

    assert (done.status_code, "Tetapkan penahanan ini" in page.text) == (303, True)
    assert hold.letter == "B-12/2026"
    assert ("official", "1") in hold.records
    assert {table for table, _ in hold.records} > {"official", "appointment"}
    assert name in citra.page("/legal-holds/").text
    assert refused_in(app, 1, "official", "1") == "guard"
    assert refused_in(app, 1, "official", "2") is None

    bare = bayu.post("/legal-holds/lift/", {"id": number})
    foreign = citra.post("/legal-holds/lift/", {"id": number, "lifted_reason": "x"})
    lifted = bayu.post("/legal-holds/lift/", {"id": number, "lifted_reason": "Perkara selesai"})
    again = bayu.post("/legal-holds/lift/", {"id": number, "lifted_reason": "Perkara selesai"})

    assert (bare.status_code, foreign.status_code) == (422, 403)
    assert (lifted.status_code, again.status_code) == (303, 409)
    assert standing(app) == []
    assert "Perkara selesai" in citra.page("/legal-holds/").text
    assert "B-12/2026" in citra.page("/changes/").text


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"letter_no": " "}, 422),
        ({"reason": ""}, 422),
        ({"scope": "planet"}, 422),
        ({"record": "official:999999999999999999999"}, 422),
        ({"record": ""}, 422),
        ({"letter_no": "B" * 1001}, 422),
        ({"record": "official:1\0"}, 400),
        ({"record": "account:1"}, 422),
        ({"record": "deed:1"}, 422),
    ],
)
def test_what_makes_no_hold_is_said_at_its_field(app, bayu, typed, status):
    assert bayu.post("/legal-holds/set/", {**FORM, **typed}).status_code == status
    assert standing(app) == []


def test_only_supervisors_of_the_region_set_and_lift(app, browse, ani, bayu, eka):
    made, maya = browse("made"), browse("maya")
    with app.app_context():
        metro = db.session.scalar(sa.select(Official.id).where(Official.region_id == 2))
        db.session.remove()

    assert ani.get("/legal-holds/").status_code == 403
    assert eka.post("/legal-holds/set/", FORM).status_code == 403
    assert made.post("/legal-holds/set/", FORM).status_code == 422
    assert (
        bayu.post("/legal-holds/set/", {**FORM, "record": f"official:{metro}"}).status_code == 422
    )
    assert bayu.post("/legal-holds/set/", {**FORM, "scope": "region"}).status_code == 303
    with app.app_context():
        number = db.session.scalar(sa.select(LegalHold.id))
        db.session.remove()
    assert "B-12/2026" not in maya.page("/legal-holds/").text
    assert made.post("/legal-holds/lift/", {"id": number}).status_code == 404
    assert bayu.post("/legal-holds/set/", {**FORM, "scope": "whole"}).status_code == 303
    assert "B-12/2026" in maya.page("/legal-holds/").text
    with app.app_context():
        number = db.session.scalar(sa.select(sa.func.max(LegalHold.id)))
        db.session.remove()
    lifting = {"id": number, "lifted_reason": "x"}
    assert made.post("/legal-holds/lift/", lifting).status_code == 403
    assert [one.whole for one in standing(app)] == [False, True]
    erasing = (
        refused_in(app, region, "official", str(key)) for region, key in ((1, 1), (2, metro))
    )
    assert tuple(erasing) == ("guard", None)


def test_the_record_is_found_by_its_name_in_scope_and_stays_chosen(app, browse, bayu, ani):
    with app.app_context():
        name = db.session.get_one(Official, 1).full_name
        db.session.remove()
    address = f"/legal-holds/records/?kind=official&query={name.split()[0]}"

    found = bayu.get(address).json
    sought = bayu.post("/legal-holds/set/", {**FORM, "record": "", "sought": name, "search": "1"})
    again = bayu.post("/legal-holds/set/", {**FORM, "reason": " "})

    assert name in dict(found)["official:1"]
    assert ani.get(address).status_code == 403
    assert browse("made").get(f"/legal-holds/records/?kind=official&query={name}").json == []
    assert bayu.get("/legal-holds/records/?kind=account&query=a").json == []
    for answer, status in ((sought, 200), (again, 422)):
        assert answer.status_code == status
        assert Page(answer.text).main.one("option", value="official:1", selected="") is not None
    assert standing(app) == []


def test_the_page_asks_as_often_for_many_holds_as_for_one(bayu, statements):
    def asked(*records):
        for record in records:
            assert (
                bayu.post("/legal-holds/set/", {**FORM, "record": f"official:{record}"}).status_code
                == 303
            )
        with statements() as found:
            bayu.page("/legal-holds/")
        return len(found)

    asked("1")
    assert asked("2") == asked("3", "4", "5")


def test_a_region_that_was_not_offered_is_never_taken_for_ones_own(bayu, rows):
    answer = bayu.post("/legal-holds/set/", {**FORM, "scope": "region", "region": "2"})

    assert (answer.status_code, rows(sa.select(LegalHold.id))) == (404, [])
