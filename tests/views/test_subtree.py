"""An account of Kecamatan Serang sees the district and what is below it, on every page."""

import secrets
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from models.follow_up import ActionPlan
from models.government import Unit
from models.people import Official, Spouse
from models.records import Account, AccountGrant, Role
from panel.columns import now
from tests.site import sign_in
from tests.views.browser import Browser, told
from tests.views.test_lists import all_ids

DISTRICT = 33
BELOW = Unit.path.startswith(f"/{DISTRICT}/")
#: A lurah of the district, and the mayor, who is of none.
NEAR, MAYOR = 46, 3

#: How many records of each list the account sees, and of which unit they are.
IN_SCOPE = {
    "/units/": 13,
    "/positions/": 13,
    "/officials/": 13,
    "/appointments/": 16,
    "/spouses/": 13,
    "/participations/": 13,
    "/commitments/": 9,
    "/action-plans/": 9,
}


def granted(app, write, username, role):
    """A new account for the district, signed in."""
    with write() as session:
        model = session.scalars(sa.select(Account).where(Account.username == "ani")).one()
        account = Account(
            username=username,
            name=username.title(),
            password=model.password,
            password_changed_at=now(),
            fs_uniquifier=secrets.token_hex(8),
            roles=[session.scalars(sa.select(Role).where(Role.code == role)).one()],
            grants=[AccountGrant(region_id=1, unit_id=DISTRICT)],
        )
        session.add(account)
    browser = Browser(app, username)
    sign_in(browser.client, username)
    browser.token = browser.page("/").root.one("input", name="csrf_token").given["value"]
    return browser


@pytest.fixture
def clerk(app, town, write):
    def signed_in():
        browser = granted(app, write, "sari", "clerk")
        return browser.client.get_cookie("session").value, browser.token

    return Browser(app, "sari", *town.once("sari", signed_in))


@pytest.fixture
def supervisor(app, write):
    return granted(app, write, "sinta", "supervisor")


@pytest.fixture
def auditor(app, write):
    return granted(app, write, "surya", "auditor")


@pytest.fixture
def outside(rows):
    """Names of Serang that are nobody's in the district."""
    near = sa.select(Official.full_name).join(Official.appointments).join(Unit).where(BELOW)
    spouses = sa.select(Spouse.full_name).join(Spouse.official).join(Official.appointments)
    seen = {name for (name,) in rows(near)} | {n for (n,) in rows(spouses.join(Unit).where(BELOW))}
    everybody = rows(sa.select(Official.full_name).where(Official.region_id == 1))
    married = rows(sa.select(Spouse.full_name).where(Spouse.region_id == 1))
    # speakers are of the whole region
    return (
        {name for (name,) in everybody + married}
        - seen
        - {"Nanang Saefudin", "Wachyu B. Kristiawan"}
    )


@pytest.mark.parametrize(("path", "count"), IN_SCOPE.items())
def test_lists_and_their_counts_are_those_of_the_district(clerk, rows, path, count):
    found = all_ids(clerk, path)

    table = path.strip("/").replace("-", "_").removesuffix("s")
    if table not in ("unit", "official", "spouse"):
        units = sa.text(
            f"SELECT t.id FROM {table} t JOIN unit u ON u.id = t.unit_id WHERE u.path LIKE '/33/%'"
        )
        assert sorted(found) == sorted(key for (key,) in rows(units))
    assert len(found) == count


def test_home_counts_the_posts_of_the_district_alone(clerk):
    text = clerk.page("/").text

    assert "Camat" in text
    assert "Wali Kota" not in text


@pytest.mark.parametrize(
    "path",
    ["/officials/", "/appointments/", "/spouses/", "/commitments/", "/action-plans/", "/units/"],
)
def test_nobody_of_elsewhere_stands_on_a_page_or_in_a_file(clerk, outside, path):
    pages = [clerk.get(path), clerk.get(f"{path}export/csv/"), clerk.get(f"{path}new/")]

    assert [told(page.get_data(as_text=True), outside) for page in pages] == [[], [], []]
    assert len(outside) > 100


def test_a_record_of_elsewhere_is_not_there(clerk, rows):
    [(far,)] = rows(
        sa.select(sa.func.min(Official.id)).where(Official.id > 60, Official.region_id == 1)
    )
    plan = sa.select(ActionPlan.id).join(Unit, Unit.id == ActionPlan.unit_id)
    [(other, *_), *_] = rows(plan.where(~BELOW, ActionPlan.region_id == 1))
    answers = [
        clerk.get(f"/officials/details/?id={NEAR}"),
        clerk.get(f"/officials/details/?id={far}"),
        clerk.get(f"/officials/edit/?id={MAYOR}"),
        clerk.post("/officials/delete/", {"id": far}),
        clerk.post("/officials/unmask/", {"id": far, "column": "nip", "reason": "x"}),
        clerk.get(f"/action-plans/{other}/offers/"),
        clerk.post(f"/action-plans/{other}/move/submit/", {"seen": "x"}),
        clerk.get(f"/action-plans/history/?id={other}"),
    ]

    assert [answer.status_code for answer in answers] == [200, *[404] * 7]


def test_lookups_and_choices_are_those_of_the_district(clerk, rows):
    answer = clerk.get("/commitments/ajax/lookup/?name=official&query=")
    near = sa.select(Official.id).join(Official.appointments).join(Unit).where(BELOW)
    choices = clerk.page("/positions/new/").options("unit")

    assert {key for key, _name in answer.json} <= {key for (key,) in rows(near)}
    assert len(answer.json) == 13
    assert len(choices) == 14


def test_a_record_is_not_moved_out_of_the_district(clerk, rows, deeds):
    page = clerk.sent("/units/new/", kind="urban_village", name="Contoh", parent="36")
    lost = clerk.sent("/units/edit/?id=46", parent="")

    assert page.problems == ["Langsung di atasnya: Pilih salah satu catatan yang ditawarkan."]
    assert lost.problems == [
        "Langsung di atasnya: Kelurahan berada di bawah kecamatan. Pilih unit di atasnya."
    ]
    assert rows(sa.select(Unit.parent_id).where(Unit.id == 46)) == [(DISTRICT,)]
    assert deeds() == []


def test_the_inbox_holds_what_waits_in_the_district(supervisor, rows):
    waiting = sa.select(ActionPlan.title).join(Unit, Unit.id == ActionPlan.unit_id)
    own = rows(waiting.where(BELOW, ActionPlan.status.in_(["submitted", "evidence_submitted"])))

    all_of_them = rows(waiting.where(ActionPlan.status.in_(["submitted", "evidence_submitted"])))

    text = supervisor.page("/inbox/").text

    assert told(text, {title for (title,) in all_of_them}) != []
    assert set(told(text, {title for (title,) in all_of_them})) == {title for (title,) in own}


def test_the_log_tells_of_the_district_alone(auditor, outside, ani):
    ani.send(f"/officials/edit/?id={MAYOR}", note="Rahasia kota", _reason="Alasan kota")
    ani.send(f"/officials/edit/?id={NEAR}", note="Catatan kecamatan", _reason="Alasan kecamatan")

    text = auditor.page("/changes/").text

    assert ("Alasan kecamatan" in text, "Alasan kota" in text) == (True, False)
    assert told(text, outside) == []
    assert auditor.get(f"/officials/history/?id={MAYOR}").status_code == 404


def test_an_ended_grant_opens_nothing(clerk, write):
    with write() as session:
        grant = session.scalars(
            sa.select(AccountGrant).where(AccountGrant.unit_id == DISTRICT)
        ).one()
        grant.valid_to = now().date().replace(year=2020)

    ended = clerk.get("/officials/")
    sign_in(clerk.client, "sari")

    assert (ended.status_code, ended.location) == (303, "/login?next=/officials/")
    assert clerk.page("/officials/").rows == []


def test_attendance_and_results_are_those_of_the_district(clerk, rows, deeds):
    there = "select p.id from participation p join unit u on u.id = p.unit_id where u.path "
    near, far = (
        rows(sa.text(f"{there} {which} '/33/%' and p.training_session_id = 8"))[0][0]
        for which in ("like", "not like")
    )
    own = sa.text(
        f"select count(*) from attendance where participation_id in ({there} like '/33/%')"
    )

    far_one = clerk.sent("/scores/new/", participation=far, party="official", before="50")
    near_one = clerk.send("/scores/new/", participation=near, party="official", before="50")

    assert len(all_ids(clerk, "/attendance/")) == rows(own)[0][0] > 0
    assert far_one.errors == {"participation": ["Pilih salah satu catatan yang ditawarkan."]}
    assert (near_one.status_code, deeds()[-1]) == (303, "score.create")


def test_more_time_is_asked_for_plans_of_the_district_alone(clerk, rows):
    plans = "select t.id, t.due_on from action_plan t join unit u on u.id = t.unit_id"
    near, far = (
        rows(
            sa.text(
                f"{plans} where u.path {which} '/33/%' and t.region_id = 1"
                " and t.status in ('submitted', 'approved', 'in_progress', 'evidence_submitted')"
                " and t.due_on is not null"
            )
        )
        for which in ("like", "not like")
    )
    later = date.fromisoformat(str(near[0][1])) + timedelta(days=30)
    asked = {"asked_due_on": later.isoformat(), "reason": "Menunggu anggaran."}

    assert list(clerk.sent("/extensions/new/", plan=far[0][0], **asked).errors) == ["plan"]
    assert clerk.send("/extensions/new/", plan=near[0][0], **asked).status_code == 303
