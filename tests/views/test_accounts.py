"""The administrator's page of accounts: passwords, roles that exclude each other, ends."""

import re

import pytest
import sqlalchemy as sa

from models.records import Account, AccountGrant, Change, Role, account_role
from tests.site import PASSWORD
from tests.views.browser import Page

TOXIC = "Peran: Satu akun tidak dapat menjadi {} dan {} sekaligus. Buat akun kedua."
HIS_OWN = "Peran dan lingkup Anda diubah oleh pengelola lain."


@pytest.fixture
def edi(browse):
    """The administrator who confirms."""
    return browse("edi")


@pytest.fixture
def id_of(rows):
    """The number of an account, or of a role."""

    def find(name):
        model, column = (Account, Account.username) if name in NAMES else (Role, Role.code)
        return rows(sa.select(model.id).where(column == name))[0][0]

    return find


NAMES = ("ani", "asep", "bayu", "citra", "eka", "edi", "mira", "baru")


@pytest.fixture
def new(id_of):
    """A filled form for a new clerk of Serang."""
    return {
        "username": "baru",
        "name": "Baru Contoh",
        "roles": [str(id_of("clerk"))],
        "grants-0-region": "1",
        "_reason": "Surat 12",
    }


def test_the_list_tells_who_may_do_what_where(eka):
    cells = eka.page("/accounts/").cells("Nama", "Nama pengguna", "Peran", "Lingkup", "Boleh masuk")

    assert [row for row in cells if row[1] in ("ani", "citra", "eka", "mira")] == [
        ("Ani Contoh", "ani", "Petugas", "Kota Serang", "ya"),
        ("Citra Rekaan", "citra", "Auditor", "Kota Serang", "ya"),
        ("Eka Tiruan", "eka", "Pengelola", "Kota Serang, Kota Metro", "ya"),
        ("Mira Ibarat", "mira", "Petugas", "Kota Metro", "ya"),
    ]


def test_an_auditor_reads_the_accounts_of_his_region_and_changes_none(citra, deeds, id_of):
    assert {row[1] for row in citra.page("/accounts/").rows} == {
        "ani", "asep", "bayu", "citra", "dewi", "edi", "eka"
    }  # fmt: skip
    assert citra.get(f"/accounts/edit/?id={id_of('ani')}").status_code == 403
    assert citra.post(f"/accounts/{id_of('ani')}/active/").status_code == 403
    assert deeds() == ["account.edit.refused", "account.edit.refused"]


def test_neither_password_nor_hash_stands_on_a_page_or_in_the_log(
    eka, edi, citra, new, rows, id_of
):
    assert eka.send("/accounts/new/", **new).status_code == 303
    request = "/account-changes/details/?id=1"
    seen = edi.page(request).root.one("input", name="seen").given["value"]
    answer = edi.post("/account-changes/1/move/confirm/", {"seen": seen})
    [password] = re.findall(r"\b\w{4}-\w{4}-\w{4}-\w{4}\b", Page(answer.text).text)
    key = id_of("baru")
    [(hashed, unique)] = rows(
        sa.select(Account.password, Account.fs_uniquifier).where(Account.id == key)
    )

    pages = [
        browser.get(path).text
        for browser in (eka, edi, citra)
        for path in (
            request,
            "/account-changes/",
            "/account-changes/history/?id=1",
            "/accounts/",
            f"/accounts/details/?id={key}",
            f"/accounts/edit/?id={key}",
            f"/accounts/history/?id={key}",
            "/changes/",
        )
    ]
    written = Change.tbl.in_(("account", "account_change"))
    log = rows(sa.select(Change.data, Change.personal).where(written))
    held = " ".join(str(cell) for row in log for cell in row)

    for secret in (password, hashed, hashed[-20:], unique, "argon2"):
        assert [page for page in pages if secret in page] == []
        assert secret not in held


@pytest.mark.parametrize(
    ("roles", "names"),
    [
        (("auditor", "clerk"), ("Auditor", "Petugas")),
        (("auditor", "supervisor"), ("Auditor", "Penyelia")),
        (("administrator", "clerk"), ("Pengelola", "Petugas")),
        (("administrator", "supervisor"), ("Pengelola", "Penyelia")),
    ],
)
def test_who_watches_does_not_also_do_the_work(eka, new, rows, deeds, id_of, roles, names):
    held = [str(id_of(role)) for role in roles]

    page = eka.sent("/accounts/new/", **{**new, "roles": held})
    edited = eka.sent(f"/accounts/edit/?id={id_of('ani')}", roles=held)

    assert page.problems == edited.problems == [TOXIC.format(*names)]
    assert rows(sa.select(Account.id).where(Account.username == "baru")) == []
    assert rows(
        sa.select(Role.code)
        .join(account_role, account_role.c.role_id == Role.id)
        .where(account_role.c.account_id == id_of("ani"))
    ) == [("clerk",)]
    assert deeds() == []


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        ({"username": "ani"}, ["Nama pengguna: Nama pengguna ini sudah dipakai. Pilih yang lain."]),
        ({"username": "ANI"}, ["Nama pengguna: Nama pengguna ini sudah dipakai. Pilih yang lain."]),
        ({"username": ""}, ["Nama pengguna: Isian ini wajib diisi."]),
        ({"name": ""}, ["Nama: Isian ini wajib diisi."]),
        ({"roles": ["99"]}, ["Peran: Pilih salah satu catatan yang ditawarkan."]),
    ],
)
def test_an_account_that_cannot_be_is_refused_at_the_field(eka, new, rows, deeds, typed, problems):
    page = eka.sent("/accounts/new/", **{**new, **typed})

    assert page.problems == problems
    assert (rows(sa.select(sa.func.count(Account.id))), deeds()) == ([(10,)], [])


def test_closing_ends_sessions_at_once_and_a_closed_account_does_not_sign_in(
    eka, ani, id_of, deeds
):
    path = f"/accounts/{id_of('ani')}/active/"
    assert ani.get("/officials/").status_code == 200

    closed = eka.post(path, {"_reason": "Cuti panjang"})
    ended = ani.get("/officials/")
    form = {"username": "ani", "password": PASSWORD, "csrf_token": token_of(ani)}
    refused = ani.client.post("/login", data=form)

    assert closed.status_code == 303
    assert (ended.status_code, ended.location) == (303, "/login?next=/officials/")
    assert refused.status_code in (200, 401, 422)
    assert deeds() == ["account.deactivate", "sign-in.refused"]


def token_of(browser):
    """The token of the sign-in page."""
    return browser.page("/login").root.one("input", name="csrf_token").given["value"]


def test_a_role_less_holds_at_once_and_ends_sessions(eka, ani, id_of, rows, deeds):
    answer = eka.send(f"/accounts/edit/?id={id_of('ani')}", roles=[])

    held = sa.select(account_role).where(account_role.c.account_id == id_of("ani"))
    assert (answer.status_code, ani.get("/officials/").status_code) == (303, 303)
    assert (rows(held), deeds()) == ([], ["account.edit"])


@pytest.mark.parametrize("act", ["roles", "grant", "active"])
def test_an_administrator_does_not_change_his_own_rights(eka, rows, deeds, id_of, act):
    own = id_of("eka")
    before = rows(sa.select(AccountGrant.region_id, AccountGrant.account_id))
    if act == "active":
        answer = eka.post(f"/accounts/{own}/active/")
    elif act == "grant":
        answer = eka.send(
            f"/accounts/edit/?id={own}", **{"grants-0-unit": "33", "grants-0-region": "1"}
        )
    else:
        answer = eka.send(f"/accounts/edit/?id={own}", roles=[str(id_of("auditor"))])

    assert answer.status_code == 403
    assert rows(sa.select(AccountGrant.region_id, AccountGrant.account_id)) == before
    assert rows(sa.select(Account.active).where(Account.id == own)) == [(True,)]
    assert [action.rpartition(".")[2] for action in deeds()] == ["refused"]


PEOPLE = (
    "/officials/",
    "/positions/",
    "/appointments/",
    "/spouses/",
    "/training-sessions/",
    "/speakers/",
    "/participations/",
    "/commitments/",
    "/action-plans/",
    "/evidence/",
)


@pytest.mark.parametrize("path", PEOPLE)
def test_an_administrator_sees_no_official_s_data(eka, path):
    ways = ("", "details/?id=1", "edit/?id=1", "new/", "export/csv/", "history/?id=1")

    assert {eka.get(path + way).status_code for way in ways} == {403}


def test_an_administrator_has_no_way_around_an_approval(eka, rows, deeds):
    stored = sa.text("SELECT status, version, decision_id FROM action_plan ORDER BY id")
    before = rows(stored)
    answers = [
        eka.post("/action-plans/1/move/approve/", {"seen": "x", "reason": "x"}),
        eka.get("/action-plans/1/offers/"),
        eka.post("/action-plans/edit/?id=1", {"status": "approved"}),
        eka.post("/action-plans/ajax/update/", {"list_form_pk": "1", "status": "approved"}),
        eka.post("/action-plans/action/", {"action": "approve", "rowid": "1"}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 5
    assert rows(stored) == before
    assert {action.rpartition(".")[2] for action in deeds()} == {"refused"}


def test_an_administrator_s_log_is_about_accounts_roles_and_processes(eka, ani):
    ani.send("/officials/edit/?id=3", note="Rahasia", _reason="Alasan rahasia")

    text = eka.page("/changes/").text

    assert "rahasia" not in text.lower()
    assert eka.page("/changes/?table=official").text.count("Fulanah") == 0
