"""What gives an account rights is asked by one administrator and confirmed by another."""

import re

import pytest
import sqlalchemy as sa

from models.records import (
    Account,
    AccountChange,
    AccountGrant,
    Role,
    access,
    account_role,
    panel,
)
from panel.changelog.records import deed
from panel.words import Refused
from tests.site import sign_in
from tests.views.browser import Browser, Page

HANDED = re.compile(r"\b\w{4}-\w{4}-\w{4}-\w{4}\b")
WAITS = "Menunggu Edi Seumpama mengonfirmasi; sampai saat itu tidak ada yang berubah."
OUT_OF_DATE = "Akun ini sudah tidak sama dengan saat perubahan ini diminta."
REASON = {"_reason": "Surat 12"}


@pytest.fixture
def edi(browse):
    """The other administrator of both cities."""
    return browse("edi")


@pytest.fixture
def id_of(value):
    """The number of an account."""
    return lambda name: value(sa.select(Account.id).where(Account.username == name))


@pytest.fixture
def role_id(value):
    """The key of a role, as the form sends it."""
    return lambda code: str(value(sa.select(Role.id).where(Role.code == code)))


@pytest.fixture
def roles_of(rows):
    """The roles that an account has."""

    def found(name):
        return {
            code
            for (code,) in rows(
                sa.select(Role.code)
                .join(account_role, account_role.c.role_id == Role.id)
                .join(Account, Account.id == account_role.c.account_id)
                .where(Account.username == name)
            )
        }

    return found


@pytest.fixture
def states(rows):
    """The requests with their states, oldest first."""
    found = sa.select(AccountChange.id, AccountChange.status).order_by(AccountChange.id)
    return lambda: rows(found)


@pytest.fixture
def asked(eka, id_of, role_id):
    """Eka asked that the clerk Ani becomes a supervisor: the address of the request."""
    wanted = {"roles": [role_id("supervisor")], **REASON}
    answer = eka.send(f"/accounts/edit/?id={id_of('ani')}", **wanted)
    assert answer.status_code == 303
    return "/account-changes/details/?id=1"


def move(browser, path, step, **typed):
    """Take a step on the page of the request as it stands."""
    key = path.rpartition("=")[2]
    seen = browser.page(path).root.one("input", name="seen").given["value"]
    typed = {"seen": seen, **typed}
    return browser.post(f"/account-changes/{key}/move/{step}/", typed)


def told(answer):
    """What the page that comes back says was refused."""
    return " ".join(Page(answer.text).said) if answer.status_code != 303 else ""


def test_what_gives_a_role_waits_and_then_holds_at_once(
    deeds, eka, edi, ani, asked, roles_of, id_of
):
    page = eka.page(asked)

    assert page.table("Yang berlaku dan yang diminta") == [
        ["Boleh masuk", "ya", "ya"],
        ["Peran", "Petugas", "Penyelia"],
        ["Lingkup", "Kota Serang", "Kota Serang"],
    ]
    assert (roles_of("ani"), ani.get("/officials/").status_code) == ({"clerk"}, 200)
    assert [row[:2] for row in edi.page("/account-changes/").cells("Akun", "Yang diminta")] == [
        ("Ani Contoh", "peran")
    ]
    assert "Ani Contoh" in edi.page("/inbox/").text

    answer = move(edi, asked, "confirm")

    assert (answer.status_code, roles_of("ani")) == (303, {"supervisor"})
    assert ani.get("/officials/").status_code == 303  # she signs in again
    assert deeds() == ["account_change.create", "account_change.confirm"]
    history = edi.page(asked.replace("details", "history")).text
    assert "Edi Seumpama mengonfirmasi perubahan akun Ani Contoh." in history
    told_of_her = edi.page(f"/accounts/history/?id={id_of('ani')}").text
    assert "Edi Seumpama mengonfirmasi perubahan akun Ani Contoh." in told_of_her


def test_the_page_of_the_account_says_who_has_to_confirm(eka, edi, asked, id_of):
    page = eka.page(f"/accounts/details/?id={id_of('ani')}")

    assert WAITS in page.text
    assert "/account-changes/details/?id=1" in eka.get(f"/accounts/details/?id={id_of('ani')}").text
    assert "Minta kata sandi baru" not in page.text
    assert "Minta kata sandi baru" in edi.page(f"/accounts/details/?id={id_of('asep')}").text


def test_what_takes_away_holds_at_once_and_makes_the_request_out_of_date(
    eka, edi, asked, id_of, states, rows, roles_of
):
    ani = id_of("ani")
    ended = eka.send(f"/accounts/edit/?id={ani}", **{"grants-0-valid_to": "01/12/2026"})
    grant = sa.select(AccountGrant.valid_to).where(AccountGrant.account_id == ani)
    assert (ended.status_code, [str(day) for (day,) in rows(grant)]) == (303, ["2026-12-01"])

    refused = move(edi, asked, "confirm")

    assert (refused.status_code, roles_of("ani")) == (409, {"clerk"})
    assert OUT_OF_DATE in told(refused)
    assert Page(refused.text).table("Beda dengan keadaan saat ini diminta") == [
        ["Lingkup", "Kota Serang", "Kota Serang sampai Selasa, 1 Desember 2026"]
    ]
    assert move(eka, asked, "withdraw").status_code == 303
    assert states() == [(1, "withdrawn")]


def test_a_new_account_is_nothing_until_it_is_confirmed(
    app, eka, edi, citra, id_of, role_id, rows, deeds
):
    typed = {"username": "baru", "name": "Baru Contoh", "roles": [role_id("clerk")]}
    answer = eka.send("/accounts/new/", **typed, **{"grants-0-region": "1"}, **REASON)
    stored = sa.select(Account.active, Account.password).where(Account.username == "baru")
    assert (answer.status_code, rows(stored)) == (303, [(False, None)])
    assert WAITS in eka.page(answer.location).text
    assert rows(sa.select(AccountGrant.id).where(AccountGrant.account_id == id_of("baru"))) == []

    shown = move(edi, "/account-changes/details/?id=1", "confirm")

    [password] = HANDED.findall(Page(shown.text).text)
    assert rows(sa.select(Account.active).where(Account.username == "baru")) == [(True,)]
    assert deeds() == ["account.create", "account_change.confirm"]
    assert all(
        password not in browser.get(path).text
        for browser in (eka, edi, citra)
        for path in ("/account-changes/details/?id=1", f"/accounts/details/?id={id_of('baru')}")
    )
    browser = Browser(app, "baru")
    sign_in(browser.client, "baru", password)
    assert browser.get("/officials/").location == "/change"


@pytest.mark.parametrize(
    ("path", "step"),
    [("password", "Dibuatkan yang baru"), ("authenticator", "Dihapus"), ("active", "ya")],
)
def test_a_password_an_authenticator_and_an_opening_take_two(
    eka, edi, write, id_of, states, rows, path, step
):
    key = id_of("bayu")
    with write() as session:
        account = session.get(Account, key)
        account.active = path != "active"
        account.tf_primary_method, account.tf_totp_secret = "authenticator", "x"
    columns = (Account.password, Account.active, Account.tf_primary_method)
    before = rows(sa.select(*columns).where(Account.id == key))

    unsaid = eka.post(f"/accounts/{key}/{path}/")
    assert (unsaid.status_code, states()) == (422, [])
    assert "Isi alasannya" in Page(unsaid.text).text
    assert eka.post(f"/accounts/{key}/{path}/", REASON).status_code == 303
    assert eka.post(f"/accounts/{key}/{path}/", REASON).status_code == 409  # one at a time
    assert rows(sa.select(*columns).where(Account.id == key)) == before
    assert step in edi.page("/account-changes/details/?id=1").text

    answer = move(edi, "/account-changes/details/?id=1", "confirm")

    after = rows(sa.select(*columns).where(Account.id == key))
    assert after != before
    assert len(HANDED.findall(answer.text)) == (path == "password")


def test_closing_needs_one_and_ends_the_sessions(eka, ani, id_of, rows, deeds):
    assert eka.post(f"/accounts/{id_of('ani')}/active/").status_code == 303
    assert ani.get("/officials/").status_code == 303
    assert deeds() == ["account.deactivate"]


# Attacks


def test_nobody_but_another_administrator_confirms(
    eka, edi, ani, bayu, citra, browse, asked, write, id_of, states, roles_of
):
    seen = eka.page(asked).root.one("input", name="seen").given["value"]
    path = "/account-changes/1/move/confirm/"
    for browser, status in (
        (eka, 403),
        (ani, 403),
        (bayu, 403),
        (citra, 403),
        (browse("maya"), 404),
    ):
        assert browser.post(path, {"seen": seen}).status_code == status
        assert browser.post("/account-changes/1/move/refuse/", {"seen": seen}).status_code == status
    assert edi.post(path, {"seen": "x"}).status_code == 409
    assert edi.post(path, {"seen": seen, "csrf_token": ""}).status_code == 400
    assert move(edi, asked, "withdraw").status_code == 403  # only who asked
    two = [id_of(name) for name in ("eka", "edi")]
    with write() as session:  # they are one person
        for account in session.scalars(sa.select(Account).where(Account.id.in_(two))):
            account.official_id = 1
    assert move(edi, asked, "confirm").status_code == 403
    assert (states(), roles_of("ani")) == ([(1, "asked")], {"clerk"})


def test_an_administrator_of_one_region_neither_asks_nor_confirms_for_two(
    eka, edi, write, id_of, role_id, states
):
    both = {"grants-1-region": "2", **REASON}
    assert eka.send(f"/accounts/edit/?id={id_of('ani')}", **both).status_code == 303
    key = id_of("edi")
    with write() as session:
        [serang, metro] = session.get(Account, key).grants
        session.delete(metro)
        assert serang.region_id == 1
    sign_in(edi.client, "edi")
    token = edi.page("/").root.one("input", name="csrf_token").given["value"]
    edi.token = token

    assert edi.get("/account-changes/details/?id=1").status_code == 404
    assert edi.post("/account-changes/1/move/confirm/", {"seen": "x"}).status_code == 404
    page = eka.page(f"/accounts/details/?id={id_of('ani')}")
    assert "Tidak ada yang dapat mengonfirmasi" in page.text
    assert "`flask account add`" in page.text
    answer = edi.post(f"/accounts/{id_of('eka')}/password/", REASON)
    assert (answer.status_code, states()) == (403, [(1, "asked")])


def test_the_account_concerned_does_not_confirm_its_own_change(eka, edi, id_of, states):
    answer = eka.post(f"/accounts/{id_of('edi')}/password/", REASON)
    assert answer.status_code == 303

    refused = edi.post("/account-changes/1/move/confirm/", {"seen": "x"})

    assert (
        refused.status_code,
        move(edi, "/account-changes/details/?id=1", "confirm").status_code,
    ) == (409, 403)
    assert eka.post(f"/accounts/{id_of('eka')}/password/", REASON).status_code == 403
    assert states() == [(1, "asked")]


def test_two_roles_that_exclude_each_other_are_refused_when_asked(eka, id_of, role_id, states):
    both = {"roles": [role_id("clerk"), role_id("auditor")], **REASON}

    page = eka.sent(f"/accounts/edit/?id={id_of('ani')}", **both)

    assert page.problems == [
        "Peran: Satu akun tidak dapat menjadi Auditor dan Petugas sekaligus. Buat akun kedua."
    ]
    assert states() == []


def test_the_same_form_or_step_sent_again_does_nothing_twice(eka, edi, id_of, role_id, states):
    form = {**eka.form("/accounts/new/"), "username": "baru", "name": "Baru", **REASON}
    first, again = (eka.post("/accounts/new/", form) for _ in range(2))
    assert (first.location, states()) == (again.location, [(1, "asked")])
    seen = edi.page("/account-changes/details/?id=1").root.one("input", name="seen")
    step = {"seen": seen.given["value"]}

    answers = [edi.post("/account-changes/1/move/confirm/", step).status_code for _ in range(2)]

    assert (answers, states()) == ([200, 409], [(1, "confirmed")])


def test_a_request_is_written_by_no_form_and_no_list(eka, edi, asked, roles_of, states):
    forged = {"status": "confirmed", "roles": "administrator", "list_form_pk": "1"}
    answers = [
        edi.post("/account-changes/new/", forged),
        edi.post("/account-changes/edit/?id=1", forged),
        edi.post("/account-changes/ajax/update/", forged),
        edi.post("/account-changes/delete/", {"id": "1"}),
        edi.post("/account-changes/action/", {"action": "confirm", "rowid": "1"}),
        edi.post("/accounts/ajax/update/", {**forged, "active": "1"}),
        edi.post("/accounts/action/", {"action": "delete", "rowid": "1"}),
    ]

    assert {answer.status_code for answer in answers} <= {403, 404}
    bulk = {"step": "account_change.confirm", "rowid": "account_change:1"}
    assert edi.post("/inbox/bulk/decide/", bulk).status_code in (404, 422)
    assert (states(), roles_of("ani")) == ([(1, "asked")], {"clerk"})


def test_code_in_the_application_gives_nothing_past_a_confirmation(app, eka, id_of):
    ani = id_of("ani")
    statements = (
        sa.insert(account_role).values(account_id=ani, role_id=2),
        sa.update(account_role).values(role_id=4),
        sa.insert(AccountGrant).values(account_id=ani, region_id=2),
        sa.update(AccountGrant).values(valid_to=None),
    )
    with app.app_context():
        session = panel.db.session
        actor = access.actor_of(access.find(session, username="eka"))
        role = session.scalars(sa.select(Role).where(Role.code == "supervisor")).one()
        for statement in statements:
            session.rollback()
            with deed("try", actor=actor), pytest.raises(Refused, match="two administrators"):
                session.execute(statement)
        for act in (
            lambda one: one.roles.append(role),
            lambda one: setattr(one, "password", "x"),
            lambda one: one.grants.append(AccountGrant(region_id=2)),
        ):
            session.rollback()
            with deed("try", actor=actor):
                act(session.get(Account, ani))
                with pytest.raises(Refused, match="two administrators"):
                    session.flush()
        session.rollback()


def test_the_list_takes_the_same_number_of_statements_with_one_and_three(
    eka, edi, id_of, statements
):
    edi.page("/account-changes/")  # what a first page looks up is kept
    counts = []
    for names in (("ani",), ("asep", "bayu")):
        for name in names:
            assert eka.post(f"/accounts/{id_of(name)}/password/", REASON).status_code == 303
        with statements() as seen:
            edi.page("/account-changes/")
        counts.append(len(seen))

    assert counts[0] == counts[1]
