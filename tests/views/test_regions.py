"""An administrator adds a region: he sees it at once, the others when granted it."""

import sqlalchemy as sa

from models.government import Region
from models.records import AccountGrant, Deed
from tests.views.browser import told

NEW = {
    "name": "Kabupaten Contoh",
    "kind": "regency",
    "kemendagri_code": "36.99",
    "province": "Banten",
    "office_start": "pukul 7",
}
GRANTS = sa.select(AccountGrant.account_id, AccountGrant.region_id).order_by(AccountGrant.id)


def test_a_new_region_is_in_the_scope_of_its_maker_in_one_deed(eka, browse, ani, rows, deeds):
    edi, before = browse("edi"), rows(GRANTS)

    answer = eka.send("/regions/new/", **NEW)

    key = int(answer.location.partition("id=")[2])
    assert (answer.status_code, deeds()) == (303, ["region.create"])
    own = rows(sa.select(Deed.actor_id).order_by(Deed.seq.desc()).limit(1))[0][0]
    assert rows(GRANTS) == [*before, (own, key)]
    page = eka.page(f"/regions/details/?id={key}")
    assert (page.heading, page.facts["Masuk kantor pukul"]) == ("Kabupaten Contoh", "07.00")
    for other in (edi, ani):
        assert other.get(f"/regions/details/?id={key}").status_code == 404
        assert told(other.get("/regions/").text, ["Kabupaten Contoh"]) == []


def test_the_second_administrator_sees_it_when_the_server_granted_it(app, eka, browse, value):
    answer = eka.send("/regions/new/", **NEW)
    key = answer.location.partition("id=")[2]
    account = value(sa.text("select id from account where username = 'edi'"))

    asked = eka.send(f"/accounts/edit/?id={account}", **{"grants-9-region": key, "_reason": "SK"})

    assert asked.status_code == 303
    assert "Tidak ada yang dapat mengonfirmasi" in eka.page(asked.location).text
    code = NEW["kemendagri_code"]
    given = app.test_cli_runner().invoke(
        args=["account", "place", "add", "edi", code, "--reason", "SK"]
    )
    assert given.exit_code == 0, given.output
    grant = sa.text(f"select count(*) from account_grant where account_id = {account}")
    assert value(grant) == 3
    assert browse("edi").get("/regions/").status_code in (302, 303)  # to sign in again


def test_the_form_says_who_will_see_it(eka):
    assert "Anda yang menambahkan langsung melihat daerah ini" in eka.page("/regions/new/").text


def test_a_region_that_cannot_be_leaves_no_grant(eka, rows, deeds):
    before = rows(GRANTS)

    page = eka.sent("/regions/new/", **{**NEW, "kemendagri_code": "36.73"})

    assert page.errors["kemendagri_code"] == ["Kode wilayah ini sudah dipakai daerah lain."]
    assert page.form()["name"] == NEW["name"]
    assert (rows(GRANTS), deeds()) == (before, [])


def test_an_edit_widens_nobody_s_scope(eka, rows):
    before = rows(GRANTS)

    answer = eka.send("/regions/edit/?id=1", office_start="08.00")

    assert (answer.status_code, rows(GRANTS)) == (303, before)


def test_nobody_else_adds_a_region(ani, rows):
    assert ani.post("/regions/new/", NEW).status_code == 403
    assert rows(sa.select(sa.func.count(Region.id))) == [(2,)]


def test_an_administrator_does_not_widen_his_own_scope_otherwise(eka, value, rows):
    eka.send("/regions/new/", **NEW)
    before = rows(GRANTS)
    account = value(sa.text("select id from account where username = 'eka'"))

    answer = eka.send(f"/accounts/edit/?id={account}", **{"grants-9-region": "1"})

    assert (answer.status_code, rows(GRANTS)) == (403, before)
