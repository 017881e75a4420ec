"""The inbox: what waits, narrowed and counted; one after the other, or several at once."""

import re
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from models.follow_up import ActionPlan
from models.records import Decision, Deed
from panel.screens.bulk import MOST
from tests.views.browser import Page

WAITING = ("submitted", "evidence_submitted")


@pytest.fixture
def keys(rows):
    """`keys("submitted")`: the plans of Serang in this state, by number."""

    def find(*states):
        found = sa.select(ActionPlan.id).where(
            ActionPlan.region_id == 1, ActionPlan.status.in_(states)
        )
        return [key for (key,) in rows(found.order_by(ActionPlan.id))]

    return find


@pytest.fixture
def status(rows):
    """The states of plans, by number."""

    def find(*ids):
        found = sa.select(ActionPlan.id, ActionPlan.status).where(ActionPlan.id.in_(ids))
        return dict(rows(found))

    return find


def choices(page, label):
    """The values of a filter with their counts, as the page shows them."""
    menus = page.main.all("details", class_="menu")
    menu = next(one for one in menus if one.one("summary").text.startswith(label))
    found = [re.fullmatch(r"(.*) (\d+)", one.text) for one in menu.one("ul").all("a")]
    return {match[1]: int(match[2]) for match in found}


def links(page):
    """The addresses of the records in the list."""
    lines = page.main.one("table", class_="list").one("tbody").all("tr")
    return [line.one("th").one("a").given["href"] for line in lines]


def in_preview(page):
    """What the form of a preview sends."""
    form = page.main.one("form", action="/inbox/bulk/decide/")
    inputs = [one for one in form.all("input") if one.given.get("name")]
    sent = {one.given["name"]: one.given.get("value", "") for one in inputs}
    sent["item"] = [one.given["value"] for one in inputs if one.given["name"] == "item"]
    return sent


# The list


def test_what_waits_is_counted_by_filter_and_the_counts_are_true(bayu, keys):
    page = bayu.page("/inbox/?kind=action_plan")
    districts = choices(page, "Kecamatan")

    assert sum(districts.values()) == len(keys(*WAITING)) == len(page.rows)
    for name, count in districts.items():
        menu = next(
            one
            for one in page.main.all("details", class_="menu")
            if one.one("summary").text == "Kecamatan"
        )
        address = next(a.given["href"] for a in menu.all("a") if a.text.startswith(name))
        narrowed = bayu.page(address)
        assert len(narrowed.rows) == count
        assert f"Kecamatan: {name}" in narrowed.text
        assert all(name.removeprefix("Kecamatan ") in row[0] for row in narrowed.rows)


def test_a_search_narrows_the_list_and_its_counts(bayu):
    page = bayu.page("/inbox/?kind=action_plan&search=serang")

    assert 0 < len(page.rows) < len(bayu.page("/inbox/?kind=action_plan").rows)
    assert sum(choices(page, "Kecamatan").values()) == len(page.rows)
    assert bayu.page("/inbox/?search=tidakadaini").rows == []


@pytest.mark.parametrize(
    "address",
    [
        "?page=999999",
        "?late=2&tier=999999&kind=account",
        "?by=%27%3B--&view=zzz&district=%FF",
        "?search=" + "a" * 3000,
    ],
)
def test_an_address_that_makes_no_sense_is_answered(bayu, address):
    assert bayu.get(f"/inbox/{address}").status_code == 200


def test_the_most_overdue_come_first_when_asked(bayu, rows):
    late = sa.select(ActionPlan.title).where(
        ActionPlan.region_id == 1, ActionPlan.status.in_(WAITING)
    )
    by_day = [title for (title,) in rows(late.order_by(ActionPlan.due_on, ActionPlan.id))]

    first = bayu.page("/inbox/?by=overdue").rows[0][0]

    assert first.startswith(by_day[0])


def test_a_clerk_sees_what_came_back_and_his_next_steps_apart(ani, keys):
    mending, going_on = ani.page("/inbox/"), ani.page("/inbox/?view=next")

    assert len(mending.rows) == len(keys("returned"))
    assert len(going_on.rows) == len(keys("approved", "in_progress"))


def test_nobody_finds_what_waits_elsewhere(browse, keys):
    own = {f"/action-plans/details/?id={key}" for key in keys(*WAITING)}

    found = {link.partition("&")[0] for link in links(browse("made").page("/inbox/"))}

    assert found & own == set()
    assert browse("eka").page("/inbox/").rows == []


def test_pages_hold_every_record_once(bayu, keys, monkeypatch):
    monkeypatch.setattr("panel.screens.inbox_list.PAGE", 4)

    pages = [
        bayu.page(f"/inbox/?kind=action_plan&page={n}") for n in range(len(keys(*WAITING)) // 4 + 1)
    ]

    seen = [link for page in pages for link in links(page)]
    assert len(seen) == len(set(seen)) == len(keys(*WAITING))


# One after the other


def test_deciding_leads_to_what_stood_next_in_the_same_list(bayu, keys, status):
    list_of = bayu.page("/inbox/?by=overdue&kind=action_plan")
    first, second, *_ = links(list_of)
    page = bayu.page(first)
    seen = page.main.one("input", name="seen").given["value"]
    [button] = [b for b in page.main.all("button") if b.text == "Batalkan"]

    answer = bayu.post(button.given["formaction"], {"seen": seen, "reason": "Rencana ganda."})
    after = bayu.page(answer.location)

    count = len(keys(*WAITING)) + 1
    assert f"1 dari {count}" in page.text
    assert answer.status_code == 303
    [following] = [a for a in after.main.all("a") if a.text == "Berikutnya dalam daftar"]
    assert following.given["href"] == second
    assert f"Masih ada {count - 1} catatan" in after.text
    assert f"1 dari {count - 1}" in bayu.page(second).text


def test_another_address_behind_a_page_is_no_list(bayu, keys):
    key = keys("submitted")[0]

    for address in ("/inbox", "/inbox/x", "/other/?by=overdue"):
        page = bayu.page(f"/action-plans/details/?id={key}&url={quote(address)}")
        assert "Menunggu saya" not in page.main.one("nav", class_="crumbs").text


# Several at once


def preview(browser, ids, step="approve", kind="action_plan"):
    """The preview of a step for these plans."""
    data = {"rowid": [f"action_plan:{key}" for key in ids], "step": f"{kind}.{step}"}
    answer = browser.post("/inbox/bulk/", {**data, "url": "/inbox/?by=overdue"})
    assert answer.status_code == 200
    return Page(answer.text)


def test_one_that_fails_stops_none_of_the_others(ani, bayu, browse, keys, status, rows, deeds):
    first, stale, other, last = keys("submitted")[:4]
    sent = in_preview(preview(bayu, [first, stale, other, last]))
    seen = {item.partition("|")[0]: item.partition("|")[2] for item in sent["item"]}
    browse("dewi").post(
        f"/action-plans/{other}/move/return/",
        {"seen": seen[f"action_plan:{other}"], "reason": "Belum terukur"},
    )
    sent["item"] = [one if f":{stale}|" not in one else f"{one}0" for one in sent["item"]]

    answer = bayu.post("/inbox/bulk/decide/", sent)
    page = bayu.page(answer.location)

    assert answer.status_code == 303
    assert status(first, stale, other, last) == {
        first: "approved",
        stale: "submitted",
        other: "returned",
        last: "approved",
    }
    assert page.heading == "2 selesai, 2 ditolak"
    assert "Isinya berubah sesudah Anda membuka halaman." in page.text
    assert "“Dikembalikan”; “Setujui rencana” berawal dari" in page.text
    assert deeds()[1:] == [
        "action_plan.approve",
        "action_plan.approve.refused",
        "action_plan.approve.refused",
        "action_plan.approve",
    ]
    made = sa.select(Decision.record_id, Decision.deed_id).where(
        Decision.record_id.in_([first, last]), Decision.step == "approve"
    )
    assert len({deed for _record, deed in rows(made)}) == 2, "each has its own deed"


def test_the_same_form_sent_again_decides_nothing_more(bayu, keys, deeds):
    sent = in_preview(preview(bayu, keys("submitted")[:2]))

    answers = [bayu.post("/inbox/bulk/decide/", sent) for _ in range(3)]

    assert len({answer.location for answer in answers}) == 1
    assert deeds() == ["action_plan.approve"] * 2


def test_a_preview_shows_what_is_approved_and_what_is_closed(ani, bayu, keys, rows):
    submitted, other = keys("submitted")[0], keys("in_progress")[0]
    title, due = rows(
        sa.select(ActionPlan.title, ActionPlan.due_on).where(ActionPlan.id == submitted)
    )[0]

    page = preview(bayu, [submitted, other, 10**9])

    assert [item.partition("|")[0] for item in in_preview(page)["item"]] == [
        f"action_plan:{submitted}"
    ]
    assert title in page.text
    assert str(due.year) in page.text
    assert "“Berjalan”; “Setujui rencana” berawal dari" in page.text
    assert "Catatan ini sudah tidak ada." in page.text


def test_a_clerk_approves_nothing_by_a_forged_form(ani, bayu, keys, status, deeds):
    ids = keys("submitted")[:2]
    sent = in_preview(preview(bayu, ids))

    answer = ani.post("/inbox/bulk/decide/", {**sent, "csrf_token": ani.token, "once": "a" * 32})

    assert ani.page(answer.location).heading == "0 selesai, 2 ditolak"
    assert set(status(*ids).values()) == {"submitted"}
    assert deeds() == ["action_plan.approve.refused"] * 2


def test_another_city_learns_nothing_from_a_preview(browse, keys, rows):
    made, key = browse("made"), keys("submitted")[0]
    title = rows(sa.select(ActionPlan.title).where(ActionPlan.id == key))[0][0]

    page = preview(made, [key])

    assert title not in page.text
    assert "Catatan ini sudah tidak ada." in page.text


@pytest.mark.parametrize(
    ("typed", "code", "sentence"),
    [
        ({"step": "action_plan.return"}, 422, "Tulis alasan untuk “Kembalikan”."),
        ({"reason": "a" * 4001}, 422, "4.000"),
        ({"once": ""}, 422, "Formulir"),
        ({"once": "x" * 65}, 422, "Formulir"),
        ({"item": []}, 422, "Pilih 1 sampai 50 catatan."),
        ({"item": ["action_plan:1|x"] * (MOST + 1)}, 422, "Pilih 1 sampai 50 catatan."),
        ({"step": "account.delete"}, 404, ""),
        ({"step": "action_plan.verify"}, 404, ""),
        ({"csrf_token": ""}, 400, ""),
    ],
)
def test_what_cannot_be_sent_decides_nothing(bayu, keys, status, typed, code, sentence):
    ids = keys("submitted")[:2]
    sent = in_preview(preview(bayu, ids))

    answer = bayu.post("/inbox/bulk/decide/", {**sent, **typed})

    assert answer.status_code == code
    assert sentence in Page(answer.text).text
    assert set(status(*ids).values()) == {"submitted"}


@pytest.mark.parametrize("item", ["", "|", "x", "action_plan:1;--|x", "official:1|x", ":|", "é|é"])
def test_an_item_that_is_none_is_refused_alone(bayu, keys, status, item):
    key = keys("submitted")[0]
    sent = in_preview(preview(bayu, [key]))

    answer = bayu.post("/inbox/bulk/decide/", {**sent, "item": [item, *sent["item"]]})

    assert bayu.page(answer.location).heading == "1 selesai, 1 ditolak"
    assert status(key) == {key: "approved"}


def test_a_result_is_the_readers_own(bayu, browse, keys, rows):
    answer = bayu.post("/inbox/bulk/decide/", in_preview(preview(bayu, keys("submitted")[:1])))

    assert browse("dewi").get(answer.location).status_code == 404
    newest = sa.select(Deed.action).order_by(Deed.seq.desc()).limit(1)
    assert rows(newest) == [("action_plan.approve",)]


def test_a_preview_asks_as_much_for_each_further_record(bayu, keys, statements):
    ids, counted = keys("submitted"), {}
    preview(bayu, ids[:1])
    for number in (1, 2, 3):
        with statements() as seen:
            preview(bayu, ids[:number])
        counted[number] = len(seen)

    assert counted[3] - counted[2] == counted[2] - counted[1]
