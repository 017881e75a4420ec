"""Accounts on the screen: one-time passwords, roles that fit, scope, and no hash anywhere."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from tests.panel.screens import office
from tests.panel.screens.office import Account

NEW = {"username": "Budi", "name": "Budi Baru", "roles": ["1"], "grants-0-region": "1"}
KEPT = sa.select(Account.username, Account.active).where(Account.name == "Budi Baru")


@pytest.fixture
def eka(browse):
    return browse("eka")


def password_in(page: str) -> str:
    return re.search(r'id="password">([^<]+)<', page)[1]


def test_a_new_account_has_a_password_that_is_shown_once(eka, rows, deeds):
    form = {**eka.form("/accounts/new/"), **NEW}

    answer = eka.post("/accounts/new/", form)

    assert answer.status_code == 200
    password = password_in(answer.text)
    assert len(password) >= 12
    assert rows(KEPT) == [("budi", True)]
    [(stored,)] = rows(sa.select(Account.password).where(Account.username == "budi"))
    assert password not in stored
    assert stored not in eka.get("/accounts/details/?id=6").text
    assert password not in eka.get("/accounts/details/?id=6").text
    again = eka.post("/accounts/new/", form)
    assert (again.status_code, again.location) == (303, "/accounts/details/?id=6")
    assert deeds() == ["account.create"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"roles": ["1", "3"]}, "roles"),
        ({"username": "ani"}, "username"),
        ({"username": "<b>"}, "username"),
        ({"name": ""}, "name"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(eka, rows, typed, field):
    answer = eka.post("/accounts/new/", {**eka.form("/accounts/new/"), **NEW, **typed})

    assert answer.status_code == 422
    assert f'id="{field}-e"' in answer.text
    assert rows(KEPT) == []


def test_an_account_is_closed_opened_and_given_a_new_password(eka, rows, deeds):
    active = sa.select(Account.active).where(Account.id == 1)

    assert eka.post("/accounts/1/active/").status_code == 303
    assert rows(active) == [(False,)]
    assert eka.post("/accounts/1/active/").status_code == 303
    assert rows(active) == [(True,)]
    assert len(password_in(eka.post("/accounts/1/password/").text)) >= 12
    assert deeds() == ["account.deactivate", "account.activate", "account.password"]


def test_nobody_closes_or_raises_himself(eka, rows, deeds):
    form = eka.form("/accounts/edit/?id=5")

    assert eka.post("/accounts/5/active/").status_code == 403
    assert eka.post("/accounts/edit/?id=5", {**form, "roles": ["4", "3"]}).status_code == 403
    assert rows(sa.select(Account.active).where(Account.id == 5)) == [(True,)]
    assert deeds() == ["account.deactivate.refused", "account.edit.refused"]


def test_only_administrators_touch_accounts_and_auditors_read_them(browse, ani, citra, rows):
    assert ani.get("/accounts/").status_code == 403
    assert citra.get("/accounts/").status_code == 200
    assert citra.get("/accounts/edit/?id=1").status_code == 403
    for path in ("/accounts/1/active/", "/accounts/1/password/"):
        assert citra.post(path).status_code == 403
    assert "Mira" not in citra.get("/accounts/").text.split("<main")[1]
    assert rows(sa.select(Account.active).where(Account.id == 1)) == [(True,)]


def test_a_user_name_never_changes(eka, rows):
    assert eka.send("/accounts/edit/?id=1", name="Ani Baru", username="other").status_code == 303

    assert rows(sa.select(Account.username, Account.name).where(Account.id == 1)) == [
        ("ani", "Ani Baru")
    ]


def test_roles_have_their_names_in_the_readers_language(eka):
    page = eka.get("/accounts/edit/?id=1").text

    assert "Petugas" in page
    assert "Pengelola" in page
    assert office.access
