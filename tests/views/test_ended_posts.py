"""The decree that ended an appointment, and what is asked where a choice must be there already."""

import re

import pytest
import sqlalchemy as sa

from models.people import Appointment
from models.programme import Programme
from tests.views.browser import Page

LURAH = 46
DOUBT = "Ada SK yang mengakhirinya, tetapi tanpa hari terakhir jabatan ini dihitung masih dipegang."


@pytest.fixture
def held(rows):
    """The number of the lurah's appointment, and the decree that ended it."""
    table = Appointment.__table__
    [(key,)] = rows(sa.select(table.c.id).where(table.c.official_id == LURAH))
    return key, lambda: rows(
        sa.select(table.c.ended_on, table.c.end_decree_no).where(table.c.id == key)
    )


def test_the_decree_of_the_end_is_a_field_of_the_form(ani, held):
    key, ended = held

    page = ani.page(f"/appointments/edit/?id={key}")
    answer = ani.send(f"/appointments/edit/?id={key}", end_decree_no="800/77")

    assert "SK yang mengakhiri" in page.text
    assert answer.status_code == 303
    assert ended() == [(None, "800/77")]
    assert DOUBT in ani.page(answer.location).text


def test_it_is_a_field_of_the_post_inside_of_an_official_too(ani, held):
    _key, ended = held

    answer = ani.send(
        f"/officials/edit/?id={LURAH}",
        **{"appointments-0-ended_on": "2026-01-31", "appointments-0-end_decree_no": "800/78"},
    )

    assert answer.status_code == 303, Page(answer.text).problems
    assert [decree for _day, decree in ended()] == ["800/78"]


def test_nobody_who_leaves_is_made_beside_the_choice(ani):
    def made_beside(path):
        return re.findall(r'href="(/[a-z-]+/new/)', ani.get(path).text)

    assert "/appointments/new/" not in made_beside("/rotation/vacate/")
    assert "/appointments/new/" not in made_beside("/rotation/swap/")
    assert "/officials/new/" in made_beside("/rotation/replace/")


def test_a_session_after_its_programme_is_told_on_its_page(ani, write):
    with write() as session:
        session.execute(
            sa.update(Programme.__table__)
            .where(Programme.__table__.c.id == 1)
            .values(ended_on=sa.text("'2025-01-31'"))
        )

    page = ani.page("/training-sessions/details/?id=8")

    assert "Sesi ini sesudah berakhirnya program." in page.text
