"""The page of waiting times, as those read it who read action plans."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from models.follow_up import ActionPlan
from panel.columns import now

BY_STATE = "Rencana terbuka menurut status dan umur"
BY_DISTRICT = "Rencana terbuka menurut kecamatan dan umur"
BY_TIER = "Rencana terbuka menurut jenjang dan umur"
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


def test_administrators_do_not(eka):
    assert eka.get("/ageing/").status_code == 403


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
    assert page.table("Open plans by status and age")


@pytest.mark.parametrize(("path", "selects"), [("/ageing/", 18), ("/ageing/?unit=33", 19)])
def test_the_page_asks_a_known_number_of_questions(bayu, statements, path, selects):
    bayu.page(path)
    with statements() as seen:
        bayu.page(path)

    assert len(seen) == selects, "\n".join(seen)
