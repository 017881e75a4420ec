"""The first page: what waits for each role, and nothing that is not the reader's."""

import pytest
import sqlalchemy as sa

from models.follow_up import ActionPlan
from models.records import Account


def headings(page):
    """The titles of the blocks."""
    return [heading.text for heading in page.main.all("h2")]


@pytest.fixture
def titles(rows):
    """Titles of plans in these states, of one city, made by somebody or not by him."""

    def find(*status, region=1, by=None):
        found = sa.select(ActionPlan.title).where(
            ActionPlan.status.in_(status), ActionPlan.region_id == region
        )
        if by:
            creator = sa.select(Account.id).where(Account.username == by).scalar_subquery()
            found = found.where(ActionPlan.created_by_id == creator)
        return [title for (title,) in rows(found.order_by(ActionPlan.decision_id))]

    return find


def test_a_supervisor_finds_what_waits_the_oldest_first(bayu, titles):
    waiting = titles("submitted", "evidence_submitted")

    page = bayu.page("/")
    text = page.text

    [count] = [one for one in page.root.all("span", class_="n") if "menunggu" in one.text]
    assert f"{count.text.split()[0]} catatan menunggu keputusan Anda" in text
    places = [text.find(title) for title in waiting[:5]]
    assert (places == sorted(places), -1 in places) == (True, False)
    assert waiting[5] not in text.partition("Terlambat")[0]


def test_a_clerk_finds_what_came_back_to_him(ani, browse, titles):
    mine, others = titles("returned", by="ani"), titles("returned", by="asep")

    text = ani.page("/").text
    block = text.partition("Kembali kepada Anda")[2].partition("Terlambat")[0]

    assert f"{len(mine)} rencana kembali kepada Anda" in text
    assert [title for title in mine if title not in block] == []
    assert [title for title in others if title in block] == []


def test_an_auditor_finds_the_latest_changes_and_whether_the_log_holds(citra, ani):
    ani.send("/officials/edit/?id=46", note="Catatan", _reason="Alasan terbaru")

    page = citra.page("/")

    assert "Perubahan terakhir" in headings(page)
    assert "Alasan terbaru" in page.text
    assert "Rantai" in page.text


def test_an_administrator_finds_accounts_and_nothing_of_people(eka, titles):
    page = eka.page("/")

    assert [title for title in titles("submitted", "returned") if title in page.text] == []
    assert not {"Cakupan", "Sesi berikutnya"} & set(headings(page))


def test_metro_finds_nothing_of_serang(browse, titles):
    serang = titles("submitted", "evidence_submitted", "returned", "in_progress")

    text = browse("made").page("/").text

    own = set(titles("submitted", "evidence_submitted", "returned", "in_progress", region=2))
    assert [title for title in serang if title in text and title not in own] == []


@pytest.mark.parametrize("username", ["ani", "bayu", "citra", "mira"])
def test_coverage_is_told_tier_by_tier(browse, username):
    text = browse(username).page("/").text

    for tier in ("Wali Kota", "Kepala OPD", "Camat", "Lurah"):
        assert tier in text


def test_the_waiting_number_in_the_menu_is_that_of_the_inbox(bayu, titles):
    menu = bayu.page("/").root.one("nav", class_="side")

    [badge] = [one.text for one in menu.all("span", class_="n") if "menunggu" in one.text]
    rows = bayu.page("/inbox/?kind=action_plan").rows
    assert len(rows) == len(titles("submitted", "evidence_submitted"))
    nav = bayu.page("/inbox/").main.one("nav", class_="views")
    assert nav.all("a")[0].text.split()[-1] == badge.split()[0]
