"""Lists as somebody arranged them: saved, shared, their columns, and what they tell nobody."""

import io
import zipfile

import pytest
import sqlalchemy as sa

from models.records import Account
from models.saved_views import SavedView
from panel.screens.arranging import placed
from panel.screens.asked_query import canonical
from tests.views.browser import cells_of

LURAH = "search=lurah&cols=full_name%2Cphone"


def saved(rows):
    """Name, query and whether it is shared, of every saved view."""
    kind = SavedView
    return rows(sa.select(kind.name, kind.query, kind.shared).order_by(kind.id))


def save(browser, name="Para lurah", query=LURAH, **more):
    """Save a view of the officials' list."""
    return browser.post(
        "/saved-views/new/", {"list": "official", "query": query, "name": name, **more}
    )


def number(rows):
    """The key of the only saved view."""
    [found] = rows(sa.select(SavedView.id))
    return found if isinstance(found, int) else found[0]


def heads(page):
    """The headings of the list's columns."""
    return [cell.text for cell in page.root.all("th", scope="col") if cell.text]


def test_a_view_is_saved_opened_renamed_and_deleted(ani, rows, deeds):
    answer = save(ani, shared="1")
    listed = ani.page("/officials/?cols=full_name,phone&search=lurah")
    key = number(rows)
    renamed = ani.post(f"/saved-views/{key}/", {"name": "Lurah saja"})

    assert answer.location.endswith("/officials/?cols=full_name%2Cphone&search=lurah")
    assert "Tampilan: Para lurah" in [one.text for one in listed.root.all("summary")]
    assert heads(listed)[:2] == ["Nama", "Telepon"]
    assert renamed.status_code == 303
    assert [tuple(one) for one in saved(rows)] == [
        ("Lurah saja", "cols=full_name%2Cphone&search=lurah", False)
    ]
    assert ani.post(f"/saved-views/{key}/delete/").status_code == 303
    assert (list(saved(rows)), deeds()) == (
        [],
        ["saved_view.save", "saved_view.rename", "saved_view.delete"],
    )


def test_a_view_sent_twice_is_kept_once_and_a_taken_name_is_said(ani, rows):
    assert [save(ani).status_code for _ in range(2)] == [303, 303]

    assert save(ani, query="search=camat").status_code == 422
    assert len(saved(rows)) == 1


def test_own_views_are_ones_own_and_shared_ones_stop_at_the_region(ani, bayu, citra, mira, rows):
    save(ani, query=f"{LURAH}&flt0_phone_kind-is=mobile")
    key = number(rows)

    def seen_by(browser):
        page = browser.get("/officials/").text
        doors = [browser.get(f"/saved-views/{key}/"), browser.post(f"/saved-views/{key}/delete/")]
        return "Para lurah" in page, [one.status_code for one in doors]

    assert [seen_by(one) for one in (bayu, citra, mira)] == [(False, [404, 404])] * 3
    ani.post(f"/saved-views/{key}/", {"name": "Para lurah", "shared": "1"})
    assert [seen_by(one) for one in (bayu, citra, mira)] == [
        (True, [404, 404]),
        (True, [404, 404]),
        (False, [404, 404]),
    ]
    assert len(saved(rows)) == 1
    [line] = bayu.page("/saved-views/").main.one("tbody").all("tr")
    assert [cell.text for cell in cells_of(line)] == [
        "Para lurah",
        "Pejabat",
        "pencarian “lurah”; Telepon: nomor seluler; kolom Nama, Telepon",
        "Ani Contoh",
    ]
    assert "Para lurah dari Ani Contoh" in bayu.page("/officials/").text


def test_the_number_of_a_person_is_not_shared(ani, rows):
    query = "search=19800101+200501+1+001"

    assert save(ani, query=query, shared="1").status_code == 422
    assert save(ani, query=query).status_code == 303
    key = number(rows)
    assert ani.post(f"/saved-views/{key}/", {"name": "x", "shared": "1"}).status_code == 422
    assert [one[2] for one in saved(rows)] == [False]


@pytest.mark.parametrize(
    ("status", "sent"),
    [
        (422, {"name": ""}),
        (400, {"name": "a\0b"}),
        (422, {"name": "x" * 61}),
        (422, {"query": "search=" + "x" * 5_000}),
        (422, {"query": "search=a%00b"}),
        (422, {"query": "&".join(f"flt{n}_x=1" for n in range(99))}),
        (404, {"list": "account"}),
        (404, {"list": "x" * 9_000}),
        (400, {"csrf_token": "forged"}),
    ],
)
def test_what_is_no_view_is_refused(ani, rows, status, sent):
    form = {"list": "official", "query": LURAH, "name": "Para lurah", **sent}
    if "csrf_token" in sent:
        ani.token = sent["csrf_token"]

    assert ani.post("/saved-views/new/", form).status_code == status
    assert list(saved(rows)) == []


def test_an_administrator_saves_no_view_of_people(eka, rows):
    assert save(eka).status_code == 404
    assert list(saved(rows)) == []


def test_columns_of_the_address_tell_of_no_other_column(citra):
    page = citra.page("/officials/?cols=nip,password,note,full_name,region.name,nip")
    usual = citra.page("/officials/?cols=")

    assert heads(page)[:2] == ["Nama", "NIP"]
    assert heads(usual)[0] == "Nama"
    assert "•••• " in page.root.one("tbody").text


def test_the_form_of_columns_leads_to_their_address_and_keeps_the_order(ani):
    path = "/officials/?sort=0&search=lurah&col=full_name&place-full_name=1&col=posts"
    answer = ani.get(f"{path}&place-posts=2&place-spouses=3&col=phone&place-phone=2")

    assert answer.location == "/officials/?sort=0&search=lurah&cols=full_name,phone,posts"


def test_what_is_moved_up_goes_before_and_what_is_moved_down_behind():
    names = ["a", "b", "c", "d"]

    assert placed(names, {"d": 2}) == ["a", "d", "b", "c"]
    assert placed(names, {"b": 4}) == ["a", "c", "d", "b"]


def test_a_query_asks_the_same_in_the_same_words():
    pairs = [("flt7_b-is", "2"), ("page", "3"), ("flt9_a-is", "1"), ("url", "/x"), ("search", "s")]

    assert canonical(pairs) == "search=s&flt0_a-is=1&flt1_b-is=2"


def test_a_filter_that_is_no_more_is_left_out_with_a_sentence(ani):
    save(ani, query="flt0_gone-is=1&search=lurah")

    page = ani.get("/officials/?search=lurah&flt0_gone-is=1").text

    assert "tidak dikenal" in page


def test_a_file_has_the_chosen_columns_and_the_numbers_as_masks(ani):
    answer = ani.get("/officials/export/csv/?cols=full_name,phone&search=lurah")
    first, second = answer.get_data(as_text=True).lstrip("\ufeff").splitlines()[:2]

    assert first == "Nama,Telepon"
    assert second.count(",") <= 2
    assert "+62" not in answer.text


def test_a_workbook_says_what_was_asked_for(ani):
    answer = ani.get("/officials/export/xlsx/?search=lurah&flt0_phone_kind-is=mobile")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        texts = book.read("xl/sharedStrings.xml").decode()

    assert "pencarian “lurah”; Telepon: nomor seluler" in texts


def test_the_account_of_a_view_is_its_owner(ani, rows):
    save(ani)

    owner = rows(sa.select(Account.username).join(SavedView, SavedView.account_id == Account.id))
    assert [str(one if isinstance(one, str) else one[0]) for one in owner] == ["ani"]
