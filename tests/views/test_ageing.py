"""The page of waiting times, as those read it who read action plans."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from models.follow_up import ActionPlan
from panel.columns import now

BY_STATE = "Catatan terbuka menurut status dan umur"
BY_DISTRICT = "Catatan terbuka menurut kecamatan dan umur"
BY_TIER = "Catatan terbuka menurut jenjang dan umur"
TOOK = "Berapa lama sebuah status berlangsung"
SLOWEST = "Yang paling lama"


def totals(page, title):
    """The last cell of each row of a table, by its first one."""
    return {row[0]: row[-1] for row in page.table(title)}


@pytest.mark.parametrize("username", ["ani", "bayu", "citra"])
def test_who_reads_plans_reads_how_long_they_stand(browse, username, value):
    page = browse(username).page("/ageing/")

    open_ones = sa.select(sa.func.count(ActionPlan.id)).where(
        ActionPlan.region_id == 1,
        ActionPlan.decision_id.is_not(None),
        ActionPlan.status.not_in(("verified", "closed", "cancelled")),
    )
    for title in (BY_STATE, BY_DISTRICT, BY_TIER):
        counts = totals(page, title)
        assert counts, title
        assert sum(map(int, counts.values())) == value(open_ones)
    assert page.heading == "Waktu tunggu"
    assert len(page.table(SLOWEST)) == min(value(open_ones), 10)
    assert page.table(TOOK)


def test_administrators_read_of_changes_of_accounts_alone(eka):
    page = eka.page("/ageing/")

    assert "Rencana" not in page.main.one("form").text
    assert eka.get("/ageing/?kind=action_plan").status_code == 404


def kinds_of(page):
    """The processes to choose from, with their names."""
    choices = page.main.one("select", id="kind").all("option")
    return {one.given["value"]: one.text for one in choices}


def test_every_process_has_its_ages(bayu):
    kinds = kinds_of(bayu.page("/ageing/"))

    assert list(kinds)[:2] == ["action_plan", "extension"]
    assert {"training_session", "attendance_sheet", "proposal"} <= set(kinds)
    for kind, name in kinds.items():
        page = bayu.page(f"/ageing/?kind={kind}&period=all")
        assert name in page.text
        parted = page.main.all("select", id="unit"), page.main.all("select", id="tier")
        lacking = "tidak dihitung per" in page.text
        assert lacking == (bool(page.table(BY_STATE)) and not all(parted)), kind


def test_requests_for_more_time_age_from_their_making(ani, bayu, rows, statements, monkeypatch):
    plans = rows(
        sa.select(ActionPlan.id, ActionPlan.due_on).where(
            ActionPlan.region_id == 1, ActionPlan.status.in_(("approved", "in_progress"))
        )
    )
    address = "/ageing/?kind=extension"
    nothing = bayu.page(address)
    counts, asked = {}, set()
    for wanted in (1, 3):
        for plan, due in plans[len(counts) and 1 : wanted]:
            until = (due + timedelta(30)).isoformat()
            ani.send("/extensions/new/", plan=plan, asked_due_on=until, reason="Menunggu.")
        with statements() as seen:
            counts[wanted] = bayu.page(address).table(BY_STATE)
        asked.add(len(seen))

    assert nothing.table(BY_STATE) == []
    assert [row[0] for row in counts[3]] == ["Diminta"]
    assert [int(row[0][-1]) for row in counts.values()] == [1, 3]
    assert len(asked) == 1
    later = now() + timedelta(days=20)
    for module in ("views.ageing", "panel.screens.clocks"):
        monkeypatch.setattr(f"{module}.now", lambda: later)
    page = bayu.page(address)
    (row,) = page.table(BY_STATE)
    assert (row[-2], row[-1]) == ("3", "3")
    assert {sum(int(cells[-2]) for cells in page.table(title)) for title in (BY_DISTRICT, BY_TIER)}
    assert all("terlambat" in cells[-1] for cells in page.table(SLOWEST))
    assert totals(bayu.page(f"{address}&state=requested"), BY_STATE) == {"Diminta": "3"}


def test_each_city_reads_its_own(ani, mira):
    here, there = (who.page("/ageing/") for who in (ani, mira))

    assert "Kota Metro" not in here.text
    assert {row[0] for row in here.table(SLOWEST)}.isdisjoint(
        {row[0] for row in there.table(SLOWEST)}
    )


def test_it_is_narrowed_by_the_links_of_its_rows(bayu):
    page = bayu.page("/ageing/")
    tables = list(page.main.all("table", class_="heat"))

    for table in tables:
        for row in table.one("tbody").all("tr"):
            links = row.all("a")
            if not links:
                continue
            narrowed = bayu.page(links[0].given["href"])
            total = row.all("td")[-1].text
            assert sum(map(int, totals(narrowed, BY_STATE).values())) == int(total)


@pytest.mark.parametrize(
    "query",
    [
        "state=nowhere",
        "state=closed",
        "unit=99999",
        "unit=x",
        "tier=-1",
        "period=7",
        "unit=99999999999999999999",
        "kind=account",
        "kind=account_change",
        "kind=extension&state=submitted",
    ],
)
def test_what_is_not_there_is_not_found(bayu, query):
    assert bayu.get(f"/ageing/?{query}").status_code == 404


def test_a_unit_of_another_city_is_not_found(mira, value):
    district = value(sa.text("select id from unit where region_id = 1 and kind = 'district'"))

    assert mira.get(f"/ageing/?unit={district}").status_code == 404


def test_where_nothing_stands_it_says_so(bayu, value):
    far = value(
        sa.text(
            "select id from unit where region_id = 1 and id not in"
            " (select unit_id from action_plan where unit_id is not null)"
            " and kind = 'urban_village'"
        )
    )

    page = bayu.page(f"/ageing/?unit={far}")

    assert "Tidak ada yang menunggu" in page.text
    assert page.main.all("table") == []


def test_a_late_plan_says_by_how_many_days(bayu, monkeypatch):
    later = now() + timedelta(days=60)
    monkeypatch.setattr("panel.screens.clocks.now", lambda: later)

    page = bayu.page("/ageing/?state=submitted")

    assert page.table(SLOWEST)
    assert all(re.fullmatch(r"terlambat [0-9]+ hari kerja", row[-1]) for row in page.table(SLOWEST))


def test_the_page_speaks_english(citra):
    citra.client.set_cookie("language", "en")

    page = citra.page("/ageing/?period=all")

    assert page.heading == "Waiting times"
    assert page.table("Open records by status and age")


@pytest.mark.parametrize(("path", "selects"), [("/ageing/", 19), ("/ageing/?unit=33", 20)])
def test_the_page_asks_a_known_number_of_questions(bayu, statements, path, selects):
    bayu.page(path)
    with statements() as seen:
        bayu.page(path)

    assert len(seen) == selects, "\n".join(seen)
