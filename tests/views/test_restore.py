"""Earlier values are given back as a new change: by the rules of the form, and by nobody else."""

import pytest
import sqlalchemy as sa

from models.base import db
from models.concrete import Change, Deed
from models.follow_up import ActionPlan
from models.people import Grade, Official
from models.programme import Programme
from panel.typed import LINE
from tests.views.browser import Page, filled_in

REASON = {"reason": "Salah ketik"}


@pytest.fixture
def newest(value):
    """The number of the newest deed."""
    return lambda: value(sa.select(sa.func.max(Deed.seq)))


@pytest.fixture
def programme(ani, value):
    """A programme of Serang, and the number of the deed that renamed it."""
    ani.send("/programmes/new/", name="Program Lama", category="education", description="Satu")
    key = value(sa.select(Programme.id).where(Programme.name == "Program Lama"))
    ani.send(f"/programmes/edit/?id={key}", name="Program Baru", description="Dua")
    return key, value(sa.select(sa.func.max(Deed.seq)))


def asked(page):
    """What the preview's form would send."""
    return filled_in(page.main.all("form", method="post")[-1])


def offered(page):
    """Field, value now and value that would stand, of the preview's table."""
    return [row[1:] for row in page.table("Yang tercatat kini dan yang akan berlaku lagi")]


def test_one_field_is_given_back_with_a_reason_and_the_deed_names_the_other(
    ani, programme, value, deeds, newest, rows
):
    key, deed = programme
    address = f"/programmes/restore/?id={key}&deed={deed}"
    page = ani.page(address)

    assert offered(page) == [
        ["Nama", "Program Baru", "Program Lama"],
        ["Uraian", "Dua", "Satu"],
    ]
    sent = {**asked(page), **REASON, "field": ["name"]}
    answer = ani.post(address, sent)

    assert (answer.status_code, answer.location) == (303, f"/programmes/details/?id={key}")
    assert rows(sa.select(Programme.name, Programme.description).where(Programme.id == key)) == [
        ("Program Lama", "Dua")
    ]
    assert deeds()[-1] == "programme.restore"
    with ani.client.application.app_context():
        last = db.session.get(Deed, newest())
        assert (last.facts, last.reason, last.n) == ({"restores": deed}, "Salah ketik", 1)
        assert (last.subject_table, last.subject_pk) == ("programme", str(key))
        db.session.remove()
    told = ani.page(f"/programmes/history/?id={key}")
    assert f"mengembalikan pada Program Lama yang diubah tindakan nomor {deed}: Nama." in told.text
    assert address in [one.given["href"] for one in told.main.all("a")]
    again = ani.post(address, sent)
    assert again.status_code == 409
    assert offered(Page(again.text)) == [["Uraian", "Dua", "Satu"]]


def test_without_reason_field_or_fresh_version_nothing_is_given_back(ani, programme, value, newest):
    key, deed = programme
    address = f"/programmes/restore/?id={key}&deed={deed}"
    sent = {**asked(ani.page(address)), "field": ["name"]}
    before = newest()

    assert ani.post(address, {**sent, "reason": " "}).status_code == 422
    assert ani.post(address, {**sent, **REASON, "field": []}).status_code == 422
    assert ani.post(address, {**sent, **REASON, "field": ["name", "region"]}).status_code == 422
    assert ani.post(address, {**sent, **REASON, "version": "x"}).status_code == 409
    assert ani.post(address, {**sent, **REASON, "csrf_token": "forged"}).status_code == 400
    assert value(sa.select(Programme.name).where(Programme.id == key)) == "Program Baru"
    assert newest() == before


@pytest.mark.parametrize(("who", "status"), [("mira", 404), ("bayu", 403), ("citra", 403)])
def test_another_city_and_other_roles_give_nothing_back(browse, programme, value, who, status):
    key, deed = programme
    address = f"/programmes/restore/?id={key}&deed={deed}"

    assert browse(who).get(address).status_code == status
    answer = browse(who).post(address, {**REASON, "field": ["name"], "version": "x"})

    assert answer.status_code == status
    assert value(sa.select(Programme.name).where(Programme.id == key)) == "Program Baru"


@pytest.mark.parametrize("deed", ["", "0", "-1", "x", "9" * 30, "1"])
def test_a_deed_that_is_none_or_touched_another_record_gives_nothing(ani, programme, deed):
    key, _deed = programme

    answer = ani.get(f"/programmes/restore/?id={key}&deed={deed}")

    assert answer.status_code == 404


def test_the_number_of_anothers_deed_tells_nobody_who_acted(ani, mira, programme, newest):
    mira.send("/programmes/new/", name="Program Kota Lain", category="education")

    answer = ani.get(f"/programmes/restore/?id={programme[0]}&deed={newest()}")

    assert (answer.status_code, "Mira" in answer.text) == (404, False)


def test_rules_of_the_form_and_of_the_table_have_their_say(ani, programme, value):
    key, deed = programme
    ani.send("/programmes/new/", name="Program Lama", category="education")
    address = f"/programmes/restore/?id={key}&deed={deed}"

    answer = ani.post(address, {**asked(ani.page(address)), **REASON, "field": ["name"]})

    assert answer.status_code == 422
    assert "Sudah ada program dengan nama ini." in Page(answer.text).text
    assert value(sa.select(Programme.name).where(Programme.id == key)) == "Program Baru"


def test_a_value_that_no_form_would_take_is_not_given_back(ani, programme, value, write, newest):
    key, _deed = programme
    with write() as session:
        session.get_one(Programme, key).name = "x" * (LINE + 1)
    ani.send(f"/programmes/edit/?id={key}", name="Pendek")
    address = f"/programmes/restore/?id={key}&deed={newest()}"

    answer = ani.post(address, {**asked(ani.page(address)), **REASON})

    assert answer.status_code == 422
    assert Page(answer.text).problems[0].startswith("Nama: ")
    assert value(sa.select(Programme.name).where(Programme.id == key)) == "Pendek"


def test_masked_values_and_states_are_never_given_back(ani, bayu, value, newest, write):
    key = value(sa.select(Official.id).where(Official.nip.is_not(None)).limit(1))
    with write() as session:
        official = session.get_one(Official, key)
        official.phone, official.note, official.nip = "+628120000999", "Baru", None
        official.grade = session.scalars(sa.select(Grade).limit(1)).first()
    page = ani.page(f"/officials/restore/?id={key}&deed={newest()}")

    fields = [row[0] for row in offered(page)]
    assert "Catatan" in fields
    assert not {"NIP", "Telepon"} & set(fields)
    assert "Anda melihatnya hanya tersamar" in page.facts["Telepon"]

    plan = value(sa.select(ActionPlan.id).where(ActionPlan.status == "submitted").limit(1))
    seq = value(
        sa.select(sa.func.max(Deed.seq))
        .join(Change, Change.deed_id == Deed.id)
        .where(Change.tbl == "action_plan", Change.pk == str(plan), Change.op == "U")
    )
    answer = ani.get(f"/action-plans/restore/?id={plan}&deed={seq}")
    assert answer.status_code == 409
    assert ani.post(f"/action-plans/restore/?id={plan}&deed={seq}", REASON).status_code == 409


def test_a_deleted_record_comes_back_under_its_number_and_only_once(
    ani, mira, bayu, programme, value, newest, deeds, rows
):
    key, _deed = programme
    ani.post("/programmes/delete/", {"id": key, "_reason": "Ganda"})
    deletion, address = newest(), f"/programmes/bring-back/?id={key}"
    page = ani.page(address)

    assert page.facts == {"Nama": "Program Baru", "Kategori": "Pendidikan", "Uraian": "Dua"}
    assert mira.get(address).status_code == 404
    assert bayu.get(address).status_code == 403
    assert ani.post(address, {**asked(page), "reason": ""}).status_code == 422
    sent = {**asked(page), **REASON}
    answer = ani.post(address, sent)

    assert (answer.status_code, answer.location) == (303, f"/programmes/details/?id={key}")
    assert rows(sa.select(Programme.name, Programme.description).where(Programme.id == key)) == [
        ("Program Baru", "Dua")
    ]
    assert deeds()[-1] == "programme.restore"
    assert ani.post(address, sent).location == answer.location
    assert ani.post(address, {**sent, "once": "x" * 20}).status_code == 409
    assert deeds().count("programme.restore") == 1
    with ani.client.application.app_context():
        assert db.session.get(Deed, newest()).facts == {"restores": deletion}
        db.session.remove()


def test_a_deleted_record_whose_name_is_taken_stays_away(ani, programme, value):
    key, _deed = programme
    ani.post("/programmes/delete/", {"id": key})
    ani.send("/programmes/new/", name="Program Baru", category="education")
    address = f"/programmes/bring-back/?id={key}"
    page = ani.page(address)

    answer = ani.post(address, {**asked(page), **REASON})

    assert answer.status_code == 422
    assert "Sudah ada program dengan nama ini." in Page(answer.text).text
    assert value(sa.select(sa.func.count()).where(Programme.name == "Program Baru")) == 1
