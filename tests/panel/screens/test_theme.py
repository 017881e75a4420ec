"""The theme alone over stock views: what every page has, and that it works without script."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient
from jinja2 import TemplateNotFound

from panel.screens.sheets import MANY
from tests.panel.screens.theme_site import Official, create_site

PAGES = [
    "/",
    "/official/",
    "/official/?flt0_kind_equals=pns&search=Contoh&sort=0&desc=1",
    "/official/?search=nobody",
    "/official/new/",
    "/official/edit/?id=2",
    "/official/details/?id=1",
    "/official/delete/?id=1",
    "/official/history/?id=1",
    "/log/",
    "/plan/details/?id=1",
    "/refused",
    *(f"/error/{code}" for code in (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503)),
]


class Elements(HTMLParser):
    """All start tags of a page with their attributes, and its ids."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.in_template = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_template = self.in_template or tag == "template"
        if not self.in_template:
            self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag == "template":
            self.in_template = False

    def every(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]

    def having(self, attribute: str) -> list[str]:
        return [attrs[attribute] or "" for _, attrs in self.tags if attribute in attrs]


@pytest.fixture(scope="module")
def site() -> Flask:
    return create_site()


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    client = site.test_client()
    client.set_cookie("language", "en")
    return client


def token(client: FlaskClient) -> str:
    page = client.get("/official/new/").text
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole_and_carries_no_code(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    elements = Elements(page)

    assert elements.every("html")[0]["lang"] == "en"
    assert [len(elements.every(tag)) for tag in ("h1", "main")] == [1, 1]
    assert elements.every("a")[0]["href"] == "#main"
    assert elements.having("style") == []
    assert [name for _, attrs in elements.tags for name in attrs if name.startswith("on")] == []
    assert elements.every("style") == []
    assert [script["src"][:27] for script in elements.every("script")] == [
        "/static/panel/panel.js?v=" + version_of(page)
    ]


def version_of(page: str) -> str:
    found = re.search(r"panel\.js\?v=(\w\w)", page)
    assert found
    return found[1]


@pytest.mark.parametrize("path", PAGES)
def test_every_reference_inside_a_page_leads_somewhere(client: FlaskClient, path: str) -> None:
    elements = Elements(client.get(path).text)
    ids = elements.having("id")
    wanted = [
        name
        for attribute in ("for", "aria-labelledby", "aria-describedby", "data-words")
        for value in elements.having(attribute)
        for name in value.split()
    ]

    assert len(set(ids)) == len(ids)
    assert set(wanted) <= set(ids)


@pytest.mark.parametrize("path", PAGES)
def test_every_form_that_changes_something_carries_a_token(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    forms = re.findall(r'<form[^>]*method="post".*?</form>', page, re.S)

    assert all('name="csrf_token"' in form for form in forms)


def test_assets_are_kept_for_a_year_under_an_address_of_their_content(client: FlaskClient) -> None:
    page = client.get("/official/").text
    found = re.search(r'href="(/static/panel/panel\.css\?v=[0-9a-f]{12})"', page)
    assert found

    with client.get(found[1]) as by_version, client.get("/static/panel/panel.css") as bare:
        kept = [answer.headers["Cache-Control"] for answer in (by_version, bare)]

    assert kept == ["public, max-age=31536000, immutable", "no-cache"]
    assert client.get("/static/panel/../theme.py").status_code == 404


def test_no_stock_template_can_be_reached(site: Flask) -> None:
    with site.test_request_context("/"), pytest.raises(TemplateNotFound):
        render_template("admin/file/list.html")


def test_the_menu_shows_where_one_is(client: FlaskClient) -> None:
    page = client.get("/official/").text
    side = page[page.index('<nav class="side"') : page.index("</nav>")]

    assert re.findall(r'href="([^"]+)" aria-current="page"', side) == ["/official/"]
    assert "People and posts" in side
    assert "Kota Serang" in side


def test_a_stranger_gets_an_error_page_without_the_menu() -> None:
    client = create_site(rows=0, signed_in=False).test_client()

    page = client.get("/error/404").text

    assert '<body class="alone">' in page
    assert '<nav class="side"' not in page


# Lists


def test_the_first_cell_names_the_row_and_leads_to_the_record(client: FlaskClient) -> None:
    table = main_of(client.get("/official/?sort=0").text)

    heads = re.findall(r'<th scope="row"><a href="([^"]+)">([^<]+)</a><span class="sub">', table)

    assert heads[0][0].startswith("/official/details/?id=1&")
    assert heads[0][1] == "Badu Contoh 1, S.Sos."
    assert len(heads) == 10
    assert len(re.findall('<td data-l="Unit">', table)) == 10


def test_unknown_reads_as_words(client: FlaskClient) -> None:
    table = main_of(client.get("/official/?search=Contoh+1%2C").text)

    assert '<td data-l="Mobile phone"><span class="blank">not filled in</span></td>' in table


def test_sorting_is_said_and_turned_round(client: FlaskClient) -> None:
    table = main_of(client.get("/official/?sort=0").text)

    assert re.findall(r'aria-sort="(\w+)"><a href="([^"]+)"', table) == [
        ("ascending", "/official/?sort=0&amp;desc=1&amp;page_size=10")
    ]


def test_the_pager_says_from_where_to_where(client: FlaskClient) -> None:
    first, last = client.get("/official/").text, client.get("/official/?page=2").text

    assert "1 to 10 of 23" in first
    assert "This is the first page." in first
    assert "21 to 23 of 23" in last
    assert "This is the last page." in last


def test_a_filter_is_a_form_under_the_name_of_what_it_asks(client: FlaskClient) -> None:
    page = client.get("/official/?search=Contoh").text

    form = page[page.index('name="flt0_kind_equals"') - 600 : page.index('name="flt0_kind_equals"')]

    assert '<input type="hidden" name="search" value="Contoh">' in form
    assert '<option value="pppk">PPPK</option>' in page
    assert 'name="flt0_date_of_birth_greater_than" type="date"' in page


def test_each_filter_in_force_has_its_own_way_out(client: FlaskClient) -> None:
    filters = {"flt0_kind_equals": "pppk", "flt1_date_of_birth_greater_than": "1980-01-05"}
    answer = client.get("/official/", query_string={"search": "Contoh", **filters})
    page = main_of(answer.text)

    chips = re.findall(r'<span class="chip">([^<]+)<a href="([^"]+)"', page)

    assert [text for text, _ in chips] == [
        "Search: Contoh",
        "Kind: PPPK",
        "Date of birth greater than: 5 Jan 1980",
    ]
    assert "kind" not in chips[1][1]
    assert "search=Contoh" in chips[1][1]
    assert "date_of_birth" in chips[1][1]


def test_an_empty_list_says_why_and_what_next(client: FlaskClient) -> None:
    nothing = create_site(rows=0).test_client()
    nothing.set_cookie("language", "en")

    searched, empty = client.get("/official/?search=nobody").text, nothing.get("/post/").text

    assert "Remove all filters" in searched
    assert "<table" not in searched
    assert "Posts appear here once they are written down." in empty


def test_several_records_are_acted_on_by_one_plain_form(client: FlaskClient) -> None:
    page = client.get("/official/").text
    form = page[page.index('action="/official/action/"') :]
    form = form[: form.index("</form>")]

    answer = client.post(
        "/official/action/",
        data={"csrf_token": token(client), "action": "invite", "rowid": ["1", "3"], "url": "/log/"},
        follow_redirects=True,
    )

    assert len(re.findall('name="rowid"', form)) == 10
    assert "<form" not in form
    assert "Invited: 1,3" in answer.text


def test_without_script_deletion_is_a_question_on_a_page_of_its_own(client: FlaskClient) -> None:
    page = client.get("/official/").text
    link = re.search(r'href="([^"]*/delete/\?id=1&[^"]*)" data-dialog="delete"', page)
    assert link

    question = client.get(link[1].replace("&amp;", "&"))

    assert "Delete Badu Contoh 1, S.Sos.?" in question.text
    assert client.get("/official/details/?id=1").status_code == 200


# Forms


def edit(client: FlaskClient, **data: str) -> str:
    values = {
        "csrf_token": token(client),
        "full_name": "Dadap",
        "kind": "pns",
        "phone": "",
        "unit": "__None",
    }
    return client.post("/official/edit/?id=2", data=values | data).text


def test_problems_stand_first_and_lead_to_their_fields(client: FlaskClient) -> None:
    page = edit(client, full_name="", phone="abc", **{"posts-0-id": "", "posts-0-title": ""})

    links = re.findall(r'<li><a href="#([^"]+)">([^<]+)</a></li>', page)

    assert [target for target, _ in links] == ["full_name", "phone", "posts-0-title"]
    assert "<title>Error: Edit" in page
    assert "3 fields need mending. Nothing is saved yet." in page
    assert re.search(r'<input aria-describedby="phone-h phone-e" aria-invalid="true"[^>]*', page)


def test_what_was_typed_is_kept(client: FlaskClient) -> None:
    page = edit(client, full_name="", phone="<b>12</b>")

    assert 'value="&lt;b&gt;12&lt;/b&gt;"' in page


@pytest.mark.parametrize(("button", "parts"), [("_add", 2), ("_remove", 0)])
def test_parts_are_added_and_removed_without_script_and_without_saving(
    site: Flask, client: FlaskClient, button: str, parts: int
) -> None:
    value = {"_add": "posts", "_remove": "posts-0"}[button]
    page = edit(
        client, full_name="Other", **{button: value, "posts-0-id": "", "posts-0-title": "A"}
    )

    kept = main_of(page).replace(main_of(page).partition("<template>")[2].partition("</t")[0], "")

    assert len(re.findall('<fieldset class="entry"', kept)) == parts
    assert 'value="Other"' in page
    assert "Failed" not in page
    with site.app_context():
        db = site.extensions["sqlalchemy"]
        assert db.session.get(Official, 2).full_name == "Dadap Contoh 2, S.Sos."


def test_enter_saves_and_never_removes(client: FlaskClient) -> None:
    page = main_of(client.get("/official/edit/?id=2").text)
    form = page[page.index("data-guard") :]

    first = re.search(r"<button[^>]*>", form)

    assert first
    assert 'type="submit"' in first[0]
    assert "name=" not in first[0]


def test_sections_stand_as_sheets_with_their_help(client: FlaskClient) -> None:
    page = main_of(client.get("/official/new/").text)

    heads = re.findall(r'<div><h2 id="[^"]+">([^<]+)</h2>(?:<p>([^<]+)</p>)?</div>', page)

    assert heads == [
        ("Name", "Titles stand apart."),
        ("Reach", ""),
        ("Posts held", "One person may hold several."),
    ]


def test_a_form_without_sections_is_one_sheet(client: FlaskClient) -> None:
    page = main_of(client.get("/log/new/").text)

    assert page.count('<div class="sheet plain">') == 1
    assert 'name="name"' in page


def test_only_long_selects_search(site: Flask, client: FlaskClient) -> None:
    page = client.get("/official/new/").text
    select = re.search(r'<select[^>]*id="unit"[^>]*>(.*?)</select>', page, re.S)
    assert select

    assert select[1].count("<option") > MANY
    assert "data-combo" in select[0]
    assert "data-combo" not in client.get("/plan/details/?id=1").text


def test_a_select_with_a_lookup_says_where_to_ask(client: FlaskClient) -> None:
    page = client.get("/seat/new/").text
    select = re.search(r'<select[^>]*id="official"[^>]*>', page)
    assert select

    assert 'data-lookup="/seat/lookup/?relation=official"' in select[0]
    assert client.get("/seat/lookup/?query=contoh+7").json == [[7, "Dadap Contoh 7, S.Sos."]]


def test_a_reference_of_flask_admin_is_a_select_that_works_without_script(
    client: FlaskClient,
) -> None:
    page = client.get("/post/new/").text
    select = re.search(r'<select class="in mono" id="official"[^>]*>(.*?)</select>', page, re.S)
    assert select

    assert 'data-lookup="/post/ajax/lookup/?name=official"' in select[0]
    assert '<option value="7">Dadap Contoh 7, S.Sos.</option>' in select[1]


# Decisions and the log


def test_every_closed_step_says_why(client: FlaskClient) -> None:
    page = main_of(client.get("/plan/details/?id=1").text)

    closed = re.findall(r'aria-disabled="true" aria-describedby="(why-\w+)"', page)

    assert closed == ["why-cancel", "why-close"]
    assert '<p id="why-cancel">You worked on this; it is the turn of Dewi.</p>' in page


def test_open_steps_post_what_was_seen_to_their_own_address(client: FlaskClient) -> None:
    page = main_of(client.get("/plan/details/?id=1").text)

    assert f'name="seen" value="{"a41f90c27be311d8" * 4}"' in page
    assert re.findall(r'formaction="([^"]+)"', page) == [
        "/plan/1/move/approve/",
        "/plan/1/move/return/",
        "/plan/1/move/withdraw/",
    ]
    assert page.count('class="btn wide go"') == 1


def test_the_log_reads_by_days(client: FlaskClient) -> None:
    page = main_of(client.get("/log/").text)

    assert re.findall(r'<h2 id="day-[^"]+">([^<]+)</h2>', page) == [
        "Thursday, 20 November 2025",
        "Tuesday, 18 November 2025",
    ]
    assert '<td data-l="Before"><span class="blank">not filled in</span></td>' in page
    assert "<del>0812-0000-••••</del>" in page
