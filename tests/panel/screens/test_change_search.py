"""The questions to the change log: words, addresses, kinds of deeds, long deeds, long logs."""

from __future__ import annotations

import re
from html import unescape

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from panel.changelog import looking
from panel.changelog.erasing import erase
from panel.changelog.records import deed
from panel.screens.differences import Words, by_words
from tests.panel.screens import office
from tests.panel.screens.conftest import DADAP, FULAN, METRO, PEOPLE, SERANG
from tests.panel.screens.test_changes import text_of

NEW_NIP = "198001012005011009"


def told(browser, query):
    """The words of the log's page below its questions."""
    return text_of(
        browser.get(f"/changes/?{query}").text.rpartition("</form>")[2].join(["<main", ""])
    )


def deeds(browser, query):
    """The sentences of the deeds that are listed."""
    page = browser.get(f"/changes/?{query}").text
    found = re.findall(r"<summary><time[^>]*>[^<]*</time><span>(.*?)</span>", page, re.S)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", one)).split()) for one in found]


def older(browser, query):
    """The address of the page before."""
    page = browser.get(f"/changes/?{query}").text
    found = re.search(r'href="/changes/\?([^"]*before=\d+)"', page)
    return unescape(found[1]) if found else None


def write(app, name, *records, region=SERANG):
    """Add records in one deed of Ani's."""
    with app.app_context(), deed("person.create", actor=PEOPLE[name], address="10.0.3.14"):
        office.db.session.add_all(records)
        office.db.session.commit()


@pytest.fixture
def busy(app, built, ani, mira, bayu):
    """Deeds of two regions: edits, a refusal, an unmasking, an export; done once."""
    if built[1].has("busy"):
        built[1].put_back("busy")
        return
    ani.send("/persons/edit/?id=1", name="Fulan Teladan", _reason="SK terlambat")
    ani.send("/persons/edit/?id=1", nip=NEW_NIP)
    mira.send("/persons/edit/?id=3", name="Dadap Rahasia")
    bayu.post("/persons/delete/", {"id": "1"})
    bayu.post("/persons/unmask/", {"id": "1", "column": "nip", "reason": "Cocokkan"})
    ani.get("/persons/export/csv/")
    built[1].keep("busy")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=TERLAMBAT", ["Fulan Teladan"]),
        ("q=cocokkan", ["Cocokkan"]),
        ("q=Contoh", ["Fulan Teladan", "test.fill"]),
        ("q=terlambat+teladan", ["Fulan Teladan"]),
        ("q=terlambat+cocokkan", []),
        ("q=qqxyzzy", []),
        ("what=refused", ["Bayu"]),
        ("what=unmask", ["Cocokkan"]),
        ("what=export", ["csv"]),
        ("what=events&actor=2", ["Cocokkan", "Bayu"]),
        ("what=changed&actor=2", []),
        ("address=127.0.0.1&what=unmask", ["Cocokkan"]),
        ("address=127.0.&what=unmask", ["Cocokkan"]),
        ("address=127.0.0&what=unmask", []),
        ("address=%25&what=unmask", []),
        ("what=outside", []),
    ],
)
def test_deeds_are_found_by_words_kind_of_deed_and_address(citra, busy, query, found):
    said = deeds(citra, query)

    assert len(said) == len(found)
    for sentence, words in zip(said, found, strict=True):
        assert words in sentence


def test_words_find_the_deeds_on_records_of_that_name_and_labels_of_codes(ani, citra, busy):
    ani.send("/persons/edit/?id=2", born_on="1980-11-05")

    assert any("Badu" in one for one in deeds(citra, "q=badu"))
    assert any("Badu" in one for one in deeds(citra, "q=5+november"))


@pytest.mark.parametrize("query", [NEW_NIP, NEW_NIP[:9], FULAN, DADAP, "Rahasia", "81200001234"])
def test_what_is_masked_or_of_another_region_is_not_searched(citra, busy, query):
    nothing = told(citra, "q=qqxyzzy").replace("qqxyzzy", "")

    assert told(citra, f"q={query}").replace(query, "") == nothing


def test_erased_values_are_found_no_more(app, citra, busy):
    assert deeds(citra, "q=Contoh") != []
    erasing = deed("person.erase", actor=PEOPLE["bayu"])
    with app.app_context(), erasing, Session(office.db.engine) as session:
        erase(session, office.panel.log.tables, [("person", "1")])
        session.commit()

    assert deeds(citra, "q=Contoh") == []


def test_chips_take_back_one_question_each_and_pages_keep_all(app, ani, citra):
    for number in range(52):
        write(app, "ani", office.Person(region_id=SERANG, name=f"Nomor {number}", desk_id=1))
    query = "actor=1&table=person&address=10.0.3.14"

    first = deeds(citra, query)
    rest = older(citra, query)
    chips = re.findall(r'class="chip">.*?href="([^"]+)"', citra.get(f"/changes/?{query}").text)

    assert (len(first), len(deeds(citra, rest)), older(citra, rest)) == (50, 2, None)
    assert set(first).isdisjoint(deeds(citra, rest))
    assert [unescape(one) for one in chips] == [
        "/changes/?table=person&address=10.0.3.14",
        "/changes/?actor=1&address=10.0.3.14",
        "/changes/?actor=1&table=person",
    ]


def test_a_long_deed_is_listed_in_part_and_read_page_by_page(app, citra, mira, statements):
    people = [office.Person(region_id=SERANG, name=f"Orang {n}", desk_id=1) for n in range(230)]
    write(app, "ani", *people)

    page = citra.get("/changes/?action=person.create").text
    number = re.search(r"/changes/deed/\?number=(\d+)", page)[1]
    counted, path = [], f"/changes/deed/?number={number}"
    while path:
        answer = citra.get(path)
        counted.append(len(re.findall(r"Orang \d+</ins>", answer.text)))
        found = re.search(r'href="([^"]*after=\d+)"', answer.text)
        path = unescape(found[1]) if found else None

    assert len(re.findall(r"Orang \d+</ins>", page)) == 20
    assert counted == [100, 100, 30]


@pytest.mark.parametrize("query", ["number=0", "number=-1", "number=x", "number=" + "9" * 40, ""])
def test_no_deed_has_such_a_number(citra, query):
    assert citra.get(f"/changes/deed/?{query}").status_code == 404


def test_a_deed_of_another_region_is_not_there(app, citra, rows):
    write(app, "mira", office.Person(region_id=METRO, name="Orang Metro", desk_id=3))
    newest = rows(sa.select(sa.func.max(office.Deed.seq)))[0][0]

    assert citra.get(f"/changes/deed/?number={newest}").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "q=%25_%5C%22",
        "q=" + "a%20" * 200,
        "q=%F0%9F%98%80",
        "address=" + "9" * 500,
        "what=x&from=0000-00-00&to=99999-01-01",
        "table=person&record=-1&field=%22%20OR%201",
        "table=person&record=" + "9" * 40,
        "before=0",
    ],
)
def test_no_question_breaks_the_page(citra, busy, query):
    assert citra.get(f"/changes/?{query}").status_code == 200


def test_a_search_that_has_looked_long_enough_says_how_far_and_goes_on(
    app, ani, citra, monkeypatch
):
    ani.send("/persons/edit/?id=1", name="Fulan Teladan", _reason="Jarum di jerami")
    for number in range(7):
        ani.send("/persons/edit/?id=2", note=f"Jerami {number}")
    monkeypatch.setattr(looking, "STEPS", (2, 2, 2))

    assert deeds(citra, "q=jarum") == []
    rest = older(citra, "q=jarum")
    assert "q=jarum" in rest
    while rest and not deeds(citra, rest):
        rest = older(citra, rest)
    assert len(deeds(citra, rest)) == 1


def test_questions_cost_as_many_statements_for_three_deeds_as_for_one(ani, citra, statements):
    def count(query):
        citra.get(f"/changes/?{query}")
        with statements() as asked:
            citra.get(f"/changes/?{query}")
        return len(asked)

    queries = ("q=SK", "actor=1", "table=person&field=name", "what=changed&address=127.0.0.1")
    ani.send("/persons/edit/?id=1", name="Satu", _reason="SK")
    one = [count(query) for query in queries]
    for name in ("Dua", "Tiga"):
        ani.send("/persons/edit/?id=1", name=name, _reason="SK")

    assert [count(query) for query in queries] == one


def test_the_history_of_a_record_tells_of_what_hung_on_it_and_was_taken_away(app, ani, bayu):
    with app.app_context(), deed("visit.edit", actor=PEOPLE["ani"]):
        office.db.session.get(office.Visit, 1).purpose = "Asks for two stamps"
        office.db.session.commit()
    ani.send("/persons/edit/?id=1", name="Fulan Teladan", **{"visits-0-purpose": "Goes"})

    words = text_of(bayu.get("/persons/history/?id=1").text)

    assert "Asks for two stamps" in words
    assert "Goes" in words


def test_of_a_long_text_the_words_that_changed_are_marked():
    old = "The hall is cleaned before seven by the first who comes. " * 4 + "Ani has the key."
    new = "The hall is cleaned before seven by the first who comes. " * 4 + "Bayu has the key."

    before, after = by_words(old, new)

    assert isinstance(before, Words)
    assert [text for changed, text in before.pieces if changed] == ["Ani"]
    assert [text for changed, text in after.pieces if changed] == ["Bayu"]
    assert before.pieces[0][1].startswith(" … ")
