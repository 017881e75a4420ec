"""The review of access: who opens it, what it shows of whom, and what a sign-off leaves."""

import hashlib
import json
from datetime import date, timedelta

import sqlalchemy as sa

from models.clock import today
from models.concrete import Account, AccountGrant, Deed, Substitution
from panel.changelog.verify import verify
from tests.views.browser import filled_in

PAGE, SIGN_OFF = "/access-review/", "/access-review/sign-off/"
SERANG, METRO = {"ani", "asep", "bayu", "dewi", "citra"}, {"mira", "made", "maya"}


def usernames(page):
    """The accounts of the first table."""
    lines = page.main.all("table")[0].one("tbody").all("tr")
    return {line.one("th").one("small").text for line in lines}


def form_of(browser, query=""):
    """What the form of the sign-off would send."""
    return filled_in(browser.page(PAGE + query).main.one("form", method="post"))


def test_auditors_sign_administrators_read_and_nobody_else_comes_in(browse, deeds):
    for name in ("ani", "bayu"):
        assert browse(name).get(PAGE).status_code == 403
        assert browse(name).post(SIGN_OFF, {"remark": "x"}).status_code == 403
    assert browse("").get(PAGE).status_code in (302, 303, 401)
    assert browse("citra").page(PAGE).heading == "Tinjauan akses"
    assert 'name="remark"' not in browse("eka").get(PAGE).text
    assert browse("eka").post(SIGN_OFF, {"remark": "x"}).status_code == 403
    assert "access_review.sign-off" not in deeds()


def test_each_city_sees_its_own_accounts_and_places(browse):
    assert usernames(browse("citra").page(PAGE)) == SERANG | {"eka", "edi"}
    assert usernames(browse("maya").page(PAGE)) == METRO | {"eka", "edi"}
    assert usernames(browse("eka").page(PAGE)) == SERANG | METRO | {"eka", "edi"}
    text = browse("citra").page(PAGE).main.text
    assert "Metro" not in text
    assert "Mira" not in text


def test_who_had_a_place_in_the_period_is_shown_though_it_was_taken(citra, browse, write):
    with write() as session:
        asep = session.scalars(sa.select(Account).where(Account.username == "asep")).one()
        grant = session.scalars(sa.select(AccountGrant).filter_by(account_id=asep.id)).one()
        session.delete(grant)

    [line] = [
        line.text for line in citra.page(PAGE).main.all("table")[0].all("tr") if "asep" in line.text
    ]

    assert "sampai" in line
    assert "asep" not in usernames(browse("maya").page(PAGE))


def test_letters_and_idle_accounts(citra, browse, write):
    day = today()
    with write() as session:
        ids = dict(session.execute(sa.select(Account.username, Account.id)).all())
        for first, last, number in (
            (day, day + timedelta(days=3), "SPT/1"),
            (date(2020, 1, 1), date(2020, 1, 2), "SPT/2"),
        ):
            session.add(
                Substitution(
                    account_id=ids["dewi"],
                    for_account_id=ids["bayu"],
                    letter_no=number,
                    valid_from=first,
                    valid_to=last,
                )
            )

    text = citra.page(PAGE).main.text

    assert "SPT/1" in text
    assert "SPT/2" not in text
    assert "SPT/1" not in browse("maya").page(PAGE).main.text
    assert "Tidak ada. Setiap akun yang terbuka digunakan" in text


def test_a_sign_off_is_a_deed_with_the_hash_of_the_text(app, citra, browse, rows, deeds):
    form = form_of(citra)
    text = citra.get("/access-review/text/").data
    assert form["sha256"] == hashlib.sha256(text).hexdigest()
    assert {one["username"] for one in json.loads(text)["accounts"]} == SERANG | {"eka", "edi"}

    for _ in range(2):  # a doubled click leaves one deed
        answer = citra.post(SIGN_OFF, {**form, "remark": "Akun Asep ditanyakan."})
        assert (answer.status_code, answer.location.partition("?")[0]) == (303, PAGE)

    assert deeds() == ["access_review.sign-off"]
    newest = sa.select(Deed.details, Deed.personal, Deed.scope).order_by(Deed.seq.desc()).limit(1)
    [(details, personal, scope)] = rows(newest)
    assert json.loads(details)["sha256"] == form["sha256"]
    assert (json.loads(details)["last"], scope) == (today().isoformat(), "1")
    assert json.loads(personal)["reason"] == "Akun Asep ditanyakan."
    page = citra.page(answer.location)
    assert any(one.startswith("Ditinjau oleh Citra") for one in page.said)
    assert "Akun Asep ditanyakan." in page.main.all("table")[-1].text
    assert "Akun Asep ditanyakan." in browse("eka").page(PAGE).main.text
    assert "Akun Asep ditanyakan." not in browse("maya").page(PAGE).main.text
    assert "mengesahkannya" in citra.page("/changes/").main.text
    with app.app_context():
        from models.base import db
        from models.records import panel

        assert verify(db.engine, panel.log, panel.triggers(db.engine.dialect.name)).sound


FORGED = (
    ({"remark": ""}, 422),
    ({"remark": "   "}, 422),
    ({"remark": "x" * 1001}, 422),
    ({"sha256": "0" * 64}, 409),
    ({"sha256": "é"}, 409),
    ({"days": "91"}, 409),
    ({"to": "2999-01-01"}, 422),
    ({"remark": "a\0b"}, 400),
    ({"csrf_token": ""}, 400),
)


def test_a_forged_or_empty_sign_off_leaves_nothing(citra, deeds):
    form = {**form_of(citra), "remark": "x"}

    answers = [citra.post(SIGN_OFF, {**form, **change}).status_code for change, _ in FORGED]

    assert answers == [status for _, status in FORGED]
    assert deeds() == []


def test_what_changed_since_it_was_shown_is_not_signed(citra, deeds, write):
    form = form_of(citra)
    with write() as session:
        bayu = session.scalars(sa.select(Account).where(Account.username == "bayu")).one()
        bayu.active = False

    page = citra.post(SIGN_OFF, {**form, "remark": "Sudah dibaca"})

    assert page.status_code == 409
    assert "Sudah dibaca" in page.text
    assert deeds() == ["test.fill"]


def test_nonsense_is_said_and_the_usual_period_shown(citra):
    for query in (
        "from=x",
        "from=2026-02-01&to=2026-01-01",
        "to=9999-12-31",
        "from=0001-01-01",
        "days=0",
        "days=٣",
    ):
        page = citra.page(f"{PAGE}?{query}", 422)
        assert any("Yang ditampilkan ialah masa yang lazim." in note for note in page.said)
    assert citra.get("/access-review/text/?from=x").status_code == 422


def test_it_asks_the_same_for_many_accounts_as_for_few(browse, statements, write):
    browse("maya").page(PAGE)  # what a first page looks up is kept
    with statements() as few:
        browse("maya").page(PAGE)
    with write() as session:
        for number in range(30):
            account = Account(username=f"u{number}", name=f"U {number}", fs_uniquifier=f"u{number}")
            account.grants = [AccountGrant(region_id=2)]
            session.add(account)
    with statements() as many:
        page = browse("maya").page(PAGE)

    assert len(usernames(page)) == 35
    assert len(many) == len(few) <= 30
