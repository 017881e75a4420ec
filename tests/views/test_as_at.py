"""Lists, records and the tier board as they stood at the end of a past day."""

import io
import re
import sqlite3
import zipfile
from contextlib import closing
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from models.base import db
from models.clock import today
from models.concrete import Change, Deed
from models.people import Appointment, Official
from models.programme import Programme
from panel.changelog.erasing import erase
from panel.changelog.past import Past
from panel.changelog.replay import living
from panel.plugin import current_panel
from tests.views.browser import Page

#: A past day, and how many days the log is moved back to be older than it.
THEN, AGO = (today() - timedelta(days=4)).isoformat(), 7


@pytest.fixture
def age(app):
    """Makes everything in the log a week older, as somebody with a shell could."""

    def older():
        with app.app_context():
            path = db.engine.url.database
            db.session.remove()
        with closing(sqlite3.connect(path)) as shell:
            wanted = "type = 'trigger' AND tbl_name IN ('change', 'deed')"
            guards = shell.execute(f"SELECT name, sql FROM sqlite_master WHERE {wanted}").fetchall()
            for name, _ in guards:
                shell.execute(f'DROP TRIGGER "{name}"')
            for table in ("change", "deed"):
                moved = f"strftime('%Y-%m-%dT%H:%M:%fZ', at, '-{AGO} days')"
                shell.execute(f"UPDATE {table} SET at = {moved}")
            for _, sql in guards:
                shell.execute(sql)
            shell.commit()

    return older


@pytest.fixture
def made(ani, value):
    """`made("Alpha")`: a programme of Serang, recorded by Ani; its number."""

    def make(name):
        ani.send("/programmes/new/", name=name, category="education")
        return value(sa.select(Programme.id).where(Programme.name == name))

    return make


@pytest.fixture
def past(ani, made, age):
    """Since a week: Alpha, now named Omega, and Beta, now deleted; since today: Gamma."""
    alpha, beta = made("Alpha"), made("Beta")
    age()
    gamma = made("Gamma")
    ani.send(f"/programmes/edit/?id={alpha}", name="Omega", description="Baru")
    ani.post("/programmes/delete/", {"id": beta})
    return alpha, beta, gamma


def links(page):
    return [one.given["href"] for one in page.main.all("a")]


def test_a_list_stands_as_it_stood_and_nothing_can_be_pressed(ani, past):
    alpha, beta, _gamma = past
    here = set(ani.page("/programmes/").names)

    page = ani.page(f"/programmes/?as_at={THEN}")

    assert set(page.names) == here - {"Omega", "Gamma"} | {"Alpha", "Beta"}
    assert "Keadaan pada akhir" in page.said[0]
    details = [one for one in links(page) if "/details/" in one]
    assert {f"id={key}&" in "".join(details) for key in (alpha, beta)} == {True}
    assert all(f"as_at={THEN}" in one for one in details)
    acts = re.compile("/(new|edit|delete|action|change)/")
    assert [one for one in links(page) if acts.search(one)] == []
    files = [one for one in links(page) if "/export/" in one]
    assert files == [f"/programmes/export/{kind}/?as_at={THEN}" for kind in ("csv", "xlsx")]
    assert page.main.all("form", method="post") == []


def test_a_file_of_the_past_holds_what_stood_then_and_says_of_which_day(ani, eka, past, rows):
    here = set(ani.page("/programmes/").names)

    told = {one["Nama"] for one in ani.exported("/programmes/", f"?as_at={THEN}")}
    answer = ani.get(f"/programmes/export/xlsx/?as_at={THEN}")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        texts = book.read("xl/sharedStrings.xml").decode()
    reasons = [one.reason for (one,) in rows(sa.select(Deed).order_by(Deed.seq.desc()).limit(2))]

    assert told == here - {"Omega", "Gamma"} | {"Alpha", "Beta"}
    assert f"programme-as-at-{THEN}.xlsx" in answer.headers["Content-Disposition"]
    assert ("Keadaan pada akhir" in texts, THEN in texts) == (True, True)
    assert all("keadaan pada akhir" in one for one in reasons)
    assert ani.get("/programmes/export/csv/?as_at=2999-01-01").status_code == 422
    assert eka.get(f"/officials/export/csv/?as_at={THEN}").status_code == 403


def test_search_order_and_pages_of_a_list_stay_in_the_past(ani, past):
    for found, names in (("Alpha", ["Alpha"]), ("Omega", []), ("gam", [])):
        assert ani.page(f"/programmes/?as_at={THEN}&search={found}").names == names
    page = ani.page(f"/programmes/?as_at={THEN}&sort=0&desc=1&search=a")
    assert page.names == sorted(page.names, reverse=True)
    kept = [one for one in links(page) if "sort=" in one or "/details/" in one]
    left = [one for one in kept if "as_at" not in one]
    assert left == ["/programmes/?sort=0&desc=1&search=a"]  # the way back to today


def test_a_record_stands_beside_what_is_otherwise_today(ani, past):
    alpha, _beta, gamma = past

    page = ani.page(f"/programmes/details/?id={alpha}&as_at={THEN}")

    assert page.heading == "Alpha"
    assert page.facts["Kategori"] == "Pendidikan"
    assert ["Nama", "Alpha", "Omega"] in page.table("Yang berbeda hari ini")
    assert ["Uraian", "belum diisi", "Baru"] in page.table("Yang berbeda hari ini")
    new = ani.page(f"/programmes/details/?id={gamma}&as_at={THEN}")
    assert "Belum tercatat pada hari itu" in new.text
    same = ani.page(f"/programmes/details/?id={alpha}&as_at={today().isoformat()}")
    assert (same.heading, "Bidang ini sama hari ini." in same.text) == ("Omega", True)


def test_what_is_gone_is_read_in_its_city_and_brought_back_by_who_may(browse, past):
    _alpha, beta, _gamma = past
    address = f"/programmes/details/?id={beta}&as_at={THEN}"
    pages = {name: browse(name).page(address) for name in ("ani", "bayu")}

    assert "dihapus setelah hari itu" in pages["bayu"].text
    back = f"/programmes/bring-back/?id={beta}"
    assert {name: back in links(page) for name, page in pages.items()} == {
        "ani": True,
        "bayu": False,
    }
    assert browse("mira").get(address).status_code == 404
    assert browse("ani").get(f"/programmes/details/?id={beta}").status_code == 404
    assert "Alpha" not in browse("mira").page(f"/programmes/?as_at={THEN}").text


@pytest.mark.parametrize(
    "day", ["kemarin", "2025-02-30", "1900-01-01", "9999-12-31", "2026-11-18x", "-1"]
)
def test_other_days_are_refused_with_a_sentence(ani, day):
    for address in (f"/programmes/?as_at={day}", f"/programmes/details/?id=1&as_at={day}"):
        assert ani.page(address, 422).errors["as_at"]
    assert ani.page(f"/coverage/?known=then&on={day}", 422)


def test_masks_hold_in_the_past_and_erased_values_say_so(ani, citra, value, write, age):
    official = sa.select(Official).where(Official.nip.is_not(None), Official.region_id == 1)
    key, nip = (
        value(official.with_only_columns(c).order_by(Official.id))
        for c in (Official.id, Official.nip)
    )
    age()
    with write() as session:
        session.get_one(Official, key).nip = None
    address = f"/officials/details/?id={key}&as_at={THEN}"

    for reader in (ani, citra):
        answer = reader.get(address)
        assert nip not in answer.text
        assert Page(answer.text).facts["NIP"].endswith(f"•••• {nip[-3:]}")
    with write() as session:
        session.get_one(Official, key).full_name = "Pejabat"
        session.flush()
        erase(session, current_panel().log.tables, [("official", str(key))])
    page = ani.page(address)
    assert page.facts["NIP"] == "dihapus menurut hukum"
    assert "dihapus menurut hukum" in page.heading


def test_the_board_tells_what_was_recorded_from_what_is_known(ani, value, age, browse):
    row = sa.select(Appointment.official_id).where(
        Appointment.region_id == 1,
        Appointment.ended_on.is_(None),
        Appointment.status == "definitive",
    )
    official = value(row.order_by(Appointment.id.desc()))
    filled = re.compile(r"(\d+) terisi")

    def count(known):
        page = ani.page(f"/coverage/?on={THEN}&known={known}")
        return int(filled.search(page.text)[1])

    age()
    before = count("")
    form = ani.form(f"/officials/edit/?id={official}")
    last = (date.fromisoformat(THEN) - timedelta(days=30)).isoformat()
    ends = {
        name: last
        for name in form
        if re.fullmatch(r"appointments-\d+-ended_on", name) and not form[name]
    }
    answer = ani.post(f"/officials/edit/?id={official}", {**form, **ends})
    assert answer.status_code == 303

    assert (count("then"), count("")) == (before, before - len(ends))
    recorded = ani.page(f"/coverage/?on={THEN}&known=then")
    assert "dibaca dari jejak perubahan" in recorded.text
    assert browse("mira").page(f"/coverage/?on={THEN}&known=then").text.count("terisi") == 1


def test_what_holds_on_a_day_is_judged_by_the_day_that_is_read(ani, value, age):
    row = sa.select(Appointment).where(Appointment.region_id == 1, Appointment.ended_on.is_(None))
    row = row.join(Official).where(Official.full_name.like("Bagja Rekaan%"))
    official = value(row.with_only_columns(Official.id))
    form = ani.form(f"/officials/edit/?id={official}")
    last = (today() - timedelta(days=2)).isoformat()
    assert (
        ani.post(
            f"/officials/edit/?id={official}", {**form, "appointments-0-ended_on": last}
        ).status_code
        == 303
    )
    age()

    posts = [
        ani.page(f"/officials/?search=Bagja Rekaan&{day}").rows[0][1]
        for day in ("", f"as_at={THEN}")
    ]

    assert posts[0] == "tanpa jabatan"
    assert posts[1].startswith("Lurah")


def test_a_number_given_to_another_record_shows_nobody_the_one_that_had_it(
    ani, mira, made, age, value
):
    beta = made("Beta")
    deed = value(sa.select(sa.func.max(Deed.seq)))
    age()
    ani.post("/programmes/delete/", {"id": beta})
    mira.send("/programmes/new/", name="Metro", category="education")
    assert value(sa.select(Programme.id).where(Programme.name == "Metro")) == beta
    address = f"/programmes/details/?id={beta}&as_at={THEN}"

    assert "Beta" not in mira.page(f"/programmes/?as_at={THEN}").text + mira.page(address).text
    assert "Belum tercatat pada hari itu" in mira.page(address).text
    assert ani.page(address).heading == "Beta"
    assert "Beta" in ani.page(f"/programmes/?as_at={THEN}").names
    assert mira.get(f"/programmes/restore/?id={beta}&deed={deed}").status_code == 409


def test_a_page_of_the_past_asks_no_more_for_more_changes(ani, made, age, statements):
    keys = [made(name) for name in ("Alpha", "Beta", "Gamma")]
    age()

    def asked(address):
        with statements() as seen:
            ani.page(address)
        return len(seen)

    addresses = (f"/programmes/?as_at={THEN}", f"/programmes/details/?id={keys[0]}&as_at={THEN}")
    ani.send(f"/programmes/edit/?id={keys[0]}", name="Satu")
    one = [asked(address) for address in addresses]
    for key in keys[1:]:
        ani.send(f"/programmes/edit/?id={key}", name=f"Nama {key}")

    assert [asked(address) for address in addresses] == one


def test_every_table_of_the_installation_reads_as_the_log_played_to_that_moment(installation):
    with installation.app.app_context():
        panel = current_panel()
        session = db.session()
        deeds = session.scalars(sa.select(Deed.at).order_by(Deed.seq)).all()
        moment = deeds[len(deeds) // 2]
        played = {table.name: {} for table in panel.log.tables.logged()}
        rows = (
            sa.select(Change)
            .join(Deed, Deed.id == Change.deed_id)
            .where(Deed.at < moment)
            .order_by(Change.id)
        )
        for change in session.scalars(rows):
            rows_then, values = played[change.tbl], change.values
            if change.op == "U":
                values = rows_then[change.pk] | {name: new for name, (_, new) in values.items()}
            rows_then[change.pk] = values
            if change.op == "D":
                del rows_then[change.pk]
        db.session.remove()
        with Past(panel.log.tables, date(2025, 11, 18), moment, "").reading(session):
            found = {
                table.name: dict(living(session.connection(), table))
                for table in panel.log.tables.logged()
            }

    assert sum(map(len, played.values())) > 100
    assert found == played
