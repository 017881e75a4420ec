"""The search that forgives: in a list, in a lookup, on the page for everything; and its bounds."""

import re
from urllib.parse import quote, urlencode

import pytest

from models.people import Official
from tests.views.browser import Page

#: A list, who searches it for what, and what must be found.
FOUND = [
    ("ani", "/officials/", "wahyu", "Wachyu B. Kristiawan"),
    ("ani", "/officials/", "wahju kristiawan", "Wachyu B. Kristiawan"),
    ("ani", "/officials/", "Drs. H. Wahyu, M.Si.", "Wachyu B. Kristiawan"),
    ("ani", "/speakers/", "Dr. wahyu", "Wachyu B. Kristiawan"),
    ("mira", "/speakers/", "fatihah", "Qilda Fatihah"),
    ("mira", "/speakers/", "kilda fathiya", "Qilda Fatihah"),
    ("mira", "/positions/", "tejoagung", "Lurah Tejo Agung"),
    ("mira", "/positions/", "kepala kelurahan iringmulyo", "Lurah Iring Mulyo"),
    ("ani", "/positions/", "urban village head sukawana", "Lurah Sukawana"),
    ("ani", "/positions/", "kepala kecamatan walantaka", "Camat Walantaka"),
    ("ani", "/tiers/", "kepala kelurahan", "Lurah"),
]


def listed(browser, path, search):
    return " | ".join(row[0] for row in browser.rows_at(f"{path}?{urlencode({'search': search})}"))


def looked_up(browser, path, name, query):
    answer = browser.get(f"{path}ajax/lookup/?{urlencode({'name': name, 'query': query})}")
    assert answer.status_code == 200
    return [text for _key, text in answer.json]


def groups(page):
    return {
        part.one("h2").text: [line.one("a").text for line in part.all("li")]
        for part in page.main.all("section")
    }


@pytest.mark.parametrize(("who", "path", "typed", "name"), FOUND)
def test_a_list_finds_it_however_it_is_typed(browse, who, path, typed, name):
    assert name in listed(browse(who), path, typed)


def test_the_search_at_the_top_finds_it_too(browse):
    kinds = {path: (who, typed, name) for who, path, typed, name in FOUND}
    for who, typed, name in kinds.values():
        page = browse(who).page(f"/search/?{urlencode({'q': typed})}")

        assert any(name in hit for hits in groups(page).values() for hit in hits), typed


def test_a_statement_that_is_kept_serves_the_next_word_and_no_other_reader(ani, mira):
    words = ("sukawana", "sukamana", "sukawana")  # looked for by the same statement

    first, other, again = (groups(ani.page(f"/search/?q={word}")) for word in words)

    assert first["Jabatan"] == ["Lurah Sukawana"] * 2
    assert other == {}
    assert again == first
    assert groups(mira.page("/search/?q=sukawana")) == {}


def test_an_official_is_found_by_post_and_district(ani):
    assert len(ani.rows_at("/officials/?search=lurah+sukawana")) == 2
    assert len(ani.rows_at("/officials/?search=kepala+kelurahan+sukawana+curug")) == 1


def test_a_lookup_forgives_and_says_where_a_post_lies(ani):
    posts = looked_up(ani, "/appointments/", "position", "kepala kelurahan sukawana")
    people = looked_up(ani, "/appointments/", "official", "Drs. wahyu")

    assert sorted(posts) == [
        "Lurah Sukawana, Kec. Curug",
        "Lurah Sukawana, Kec. Serang",
    ]
    assert [text.partition(",")[0].partition(" · ")[0] for text in people] == [
        "Wachyu B. Kristiawan"
    ]


def test_a_lookup_has_what_is_most_alike_first_and_is_capped(ani):
    assert looked_up(ani, "/appointments/", "position", "camat")[0].startswith("Camat ")
    assert len(looked_up(ani, "/appointments/", "position", "lurah")) == 20
    assert len(looked_up(ani, "/appointments/", "position", "")) == 20


def test_a_name_stands_beside_whoever_is_spelt_otherwise(ani, write):
    with write() as session:
        session.add(Official(region_id=1, full_name="Wahyu Contoh", employment_type="other"))

    assert listed(ani, "/officials/", "wahyu").count("ahyu") == 1
    assert len(ani.rows_at("/officials/?search=wahyu")) == 2


def test_nobody_of_the_other_city_is_found_or_suggested(ani, mira):
    for path in ("/officials/?search=", "/speakers/?search=", "/search/?q="):
        for browser, typed, secret in (
            (ani, "qilda fatiha", "Qilda"),
            (ani, "iringmuljo", "Iring Mulyo"),
            (mira, "wahju kristiawn", "Kristiawan"),
        ):
            told = browser.page(path + quote(typed)).main
            links = [link.text for link in told.all("a")]

            assert [text for text in links if secret in text] == []
    assert looked_up(ani, "/appointments/", "position", "iringmulyo") == []


def test_a_masked_number_is_not_guessed_by_its_parts(ani, citra):
    number = "197001091994012936"

    assert len(ani.rows_at(f"/officials/?search={number}")) == 1
    assert ani.rows_at(f"/officials/?search={number[:-1]}") == []
    assert ani.rows_at(f"/officials/?search={number[:8]}") == []
    assert citra.rows_at(f"/officials/?search={number}") == []
    assert "Pejabat" not in groups(citra.page(f"/search/?q={number}"))
    assert number not in ani.page(f"/search/?q={number[:-1]}").text.replace(number[:-1], "")
    assert looked_up(ani, "/appointments/", "official", number) == []


@pytest.mark.parametrize("typed", ["%", "_", "%%%", "'", '"', "\\", "()", "--", "w%hyu", "\u202e"])
def test_signs_are_letters_like_any_other(ani, typed):
    for path in ("/officials/?search=", "/search/?q="):
        page = ani.page(path + quote(typed))

        assert "Wachyu" not in page.text


def test_endless_and_broken_searches_are_answered(ani):
    for path in ("/officials/?search=", "/search/?q="):
        assert ani.get(path + "wahyu" * 1000).status_code == 200
        assert ani.get(path + quote("kepala kelurahan opd istri " * 200)).status_code == 200
        assert ani.get(path + "%00").status_code == 400
    assert ani.get("/officials/details/?id=2&url=/officials/%3Fsearch%3D%2500").status_code == 200


def test_a_search_that_finds_nothing_suggests_what_was_meant(ani, mira):
    page = mira.page("/speakers/?search=kwilda+fatiha")
    meant = [link for link in page.main.all("a") if link.text == "Qilda Fatihah"]

    assert "Maksud Anda:" in page.text
    assert "Qilda Fatihah" in mira.rows_at(meant[0].given["href"])[0][0]
    everywhere = mira.page("/search/?q=kwilda+fatiha")
    assert "Qilda Fatihah" in [link.text for link in everywhere.main.all("a")]
    assert "Maksud Anda" not in ani.page("/officials/?search=xxxxxxxxxxx").text


def test_the_page_groups_by_kind_counts_and_leads_on(ani):
    page = ani.page("/search/?q=lurah")
    found = groups(page)
    more = [link for link in page.main.all("a") if link.text.startswith("Semua di Pejabat")]

    assert len(found["Jabatan"]) == len(found["Pejabat"]) == 5
    count = int(re.search(r"\((\d+)\)", more[0].text)[1])
    assert f"dari {count}" in ani.page(more[0].given["href"]).text
    assert groups(ani.page("/search/")) == {}
    assert "Apa yang Anda cari?" in ani.page("/search/").text


def test_the_page_shows_kinds_that_the_reader_may_read_alone(eka):
    named = "Pemerintah daerah|Unit|Organisasi|Tempat|Akun|Jenjang|Komitmen baku"

    assert set(groups(eka.page("/search/?q=serang"))) <= set(named.split("|"))


def test_a_stranger_is_sent_to_sign_in(browse):
    assert browse("").get("/search/?q=wahyu").status_code == 303


def place(page):
    crumbs = page.root.one("nav", class_="crumbs")
    found = re.search(r"(\d+) dari (\d+)", crumbs.text)
    links = {link.given.get("aria-label"): link.given["href"] for link in crumbs.all("a")}
    return (int(found[1]), int(found[2])) if found else None, links


def test_one_walks_through_a_list_from_record_to_record(ani):
    shown = ani.page("/officials/?search=lurah&sort=0&desc=1")
    lines = shown.main.one("table", class_="list").one("tbody").all("tr")
    first = [line.one("th").one("a") for line in lines][:3]
    walked = []
    url = first[0].given["href"]
    for _ in range(3):
        page = ani.page(url)
        at, links = place(page)
        walked.append((page.heading.partition(",")[0], at[0]))
        url = links["Berikutnya dalam daftar"]

    assert [name in one.text for (name, _at), one in zip(walked, first, strict=True)] == [True] * 3
    assert [at for _name, at in walked] == [1, 2, 3]
    assert links[None] == "/officials/?search=lurah&sort=0&desc=1" or "search=lurah" in links[None]
    assert place(ani.page(links["Sebelumnya dalam daftar"]))[0][0] == 2


@pytest.mark.parametrize(
    "url",
    [
        "/speakers/?search=wahyu",
        "/officials/?search=tidakadayangbegini",
        "/officials/?flt0_nip-contains=1",
        "/accounts/",
        "/",
    ],
)
def test_a_list_that_is_not_this_one_gives_no_place(ani, url):
    at, links = place(ani.page(f"/officials/details/?id=2&url={quote(url)}"))

    assert at is None or url == "/officials/?flt0_nip-contains=1"
    assert all("/accounts/" not in link for link in links.values())


def test_the_place_tells_nothing_of_the_other_city(ani, mira):
    here, _ = place(ani.page("/officials/details/?id=2&url=/officials/"))
    count = int(re.search(r"dari ([\d.]+)", ani.page("/officials/").text)[1])

    assert here[1] == count
    assert mira.get("/officials/details/?id=2&url=/officials/").status_code == 404


def test_a_longer_list_counts_no_places(ani, monkeypatch):
    monkeypatch.setattr("panel.screens.placing.COUNTED", 3)

    assert place(ani.page("/officials/details/?id=2&url=/officials/"))[0] is None


def selects(statements, browser, path):
    browser.page(path)
    with statements() as seen:
        browser.page(path)
    return len(seen)


def test_the_place_costs_one_question(ani, statements):
    plain = selects(statements, ani, "/officials/details/?id=2")

    assert selects(statements, ani, "/officials/details/?id=2&url=/officials/") == plain + 1


def test_finding_costs_as_much_for_one_hit_as_for_many(ani, statements, monkeypatch):
    counted = set()
    for hits in (1, 3):
        monkeypatch.setattr("panel.screens.finding.HITS", hits)
        counted.add(selects(statements, ani, "/search/?q=lurah"))

    assert len(counted) == 1


def test_a_lookup_costs_as_much_for_one_as_for_many(ani, statements):
    def cost(query):
        path = f"/appointments/ajax/lookup/?name=position&query={query}"
        ani.get(path)
        with statements() as seen:
            found = ani.get(path).json
        return len(found), len(seen)

    one, many = cost("cipare"), cost("lurah")
    assert (one[0], many[0], one[1]) == (1, 20, many[1])


def test_the_search_box_of_every_page_leads_to_the_page_for_everything(ani):
    form = Page(ani.get("/").text).root.one("form", action="/search/")

    assert form.one("input", type="search").given["name"] == "q"
