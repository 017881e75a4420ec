"""Lists: what they show, how they are ordered, and how many statements they cost."""

from __future__ import annotations

import re

import sqlalchemy as sa

from panel.changelog.records import deed
from tests.panel.screens import office
from tests.panel.screens.conftest import SERANG, SYSTEM
from tests.panel.screens.office import Person


def add_people(app, *names):
    with app.app_context(), deed("test.fill", actor=SYSTEM):
        tags = office.db.session.scalars(sa.select(office.Tag)).all()
        for name in names:
            office.db.session.add(Person(region_id=SERANG, name=name, desk_id=2, tags=tags))
        office.db.session.commit()


def names_in(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', page)


def test_a_list_costs_as_many_statements_for_three_rows_as_for_one(app, ani, statements):
    ani.get("/persons/")
    with statements() as one:
        ani.get("/persons/?search=fulan")
    add_people(app, "Fulan Dua", "Fulan Tiga")

    with statements() as three:
        page = ani.get("/persons/?search=fulan").text

    assert len(names_in(page)) == 3
    # count, rows, their tags, desks of the filter; for the menu what waits, of which process
    assert len(one) == len(three) == 6


def test_details_cost_as_many_statements_for_three_related_rows_as_for_one(app, ani, statements):
    ani.get("/persons/")
    with statements() as one:
        ani.get("/persons/details/?id=1")
    with app.app_context(), deed("test.fill", actor=SYSTEM):
        for number in (2, 3):
            visit = office.Visit(region_id=SERANG, person_id=1, purpose=f"Visit {number}")
            office.db.session.add(visit)
        office.db.session.commit()

    with statements() as three:
        page = ani.get("/persons/details/?id=1").text

    assert "Visit 3" in page
    assert len(one) == len(three)


def test_a_list_is_sorted_by_the_name_of_what_is_related(app, ani):
    columns = ["name", "nip", "kind", "desk"]
    index = columns.index("desk")

    assert names_in(ani.get(f"/persons/?sort={index}").text) == ["Badu 100% Misal", "Fulan Contoh"]
    assert names_in(ani.get(f"/persons/?sort={index}&desc=1").text) == [
        "Fulan Contoh",
        "Badu 100% Misal",
    ]


def test_a_filter_narrows_the_list(ani):
    assert names_in(ani.get("/persons/?flt0_desk_id-is=2").text) == ["Badu 100% Misal"]
    assert names_in(ani.get("/persons/?flt0_nip-blank=0").text) == ["Badu 100% Misal"]
    assert names_in(ani.get("/persons/?flt0_name-contains=FULAN").text) == ["Fulan Contoh"]


def test_pages_hold_each_row_once(app, ani):
    add_people(app, *[f"Orang {number:02}" for number in range(40)])

    found = names_in(ani.get("/persons/").text) + names_in(ani.get("/persons/?page=1").text)

    assert len(found) == len(set(found)) == 42


def test_unknown_is_said_and_related_names_lead_on(ani):
    page = ani.get("/persons/").text

    assert 'class="blank"' in page
    assert '<a href="/desks/details/?id=1">Front desk</a>' in page


def test_the_menu_shows_what_the_actor_reads(ani, browse):
    assert 'href="/visits/">' in ani.get("/persons/").text
    assert 'href="/ledgers/">' not in ani.get("/persons/").text
    assert 'href="/persons/">' not in browse("eka").get("/regions/").text
