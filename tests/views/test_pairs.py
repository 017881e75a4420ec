"""The report of pairs: who opens it, what it counts, and what it says where there is nothing."""

import pytest
import sqlalchemy as sa

from models.attendance import AttendanceSheet
from models.follow_up import ActionPlan
from models.records import Account, Decision
from models.training import TrainingSession

OPEN = "/pairs/?least=1&percent=1&sides=one"


def test_auditors_read_it_and_nobody_else(browse, deeds):
    for name in ("ani", "bayu", "eka"):
        assert browse(name).get("/pairs/").status_code == 403
    assert browse("").get("/pairs/").status_code in (302, 303, 401)
    assert browse("citra").page("/pairs/").heading == "Pasangan yang saling memutuskan"


def test_it_counts_decisions_by_decider_and_author(citra, rows):
    decided = ("approve", "return", "send_back", "verify", "sign", "report")
    made = sa.union_all(
        *(
            sa.select(
                sa.literal(kind.__tablename__).label("kind"), kind.id, kind.created_by_id
            ).where(kind.region_id == 1)
            for kind in (ActionPlan, AttendanceSheet, TrainingSession)
        )
    ).subquery()
    author = sa.orm.aliased(Account)
    expected = rows(
        sa.select(Decision.actor_name, author.name, sa.func.count())
        .join(made, (made.c.id == Decision.record_id) & (made.c.kind == Decision.record_table))
        .join(author, author.id == made.c.created_by_id)
        .where(Decision.step.in_(decided))
        .group_by(Decision.actor_name, author.name)
    )

    lines = citra.page(f"{OPEN}&first=2000-01-01").main.one("table").one("tbody").all("tr")

    shown = []
    for line in lines:
        name, other, there = [cell.text for cell in [*line.all("th"), *line.all("td")]][:3]
        shown.append((name, other, int(there.split()[0])))
    assert expected
    assert sorted(shown) == sorted(expected)


def test_the_other_city_sees_its_own(browse, citra):
    text = browse("maya").page(f"{OPEN}&first=2000-01-01").text

    assert "Ani Contoh" not in text
    assert "Bayu Teladan" not in text


def test_an_empty_period_says_so_and_asks_twice_at_most(citra, statements):
    assert "Tidak ada keputusan dalam masa ini" in citra.page("/pairs/?last=1990-01-31").text
    with statements() as few:
        citra.page("/pairs/?last=1990-01-31")
    with statements() as many:
        citra.page(f"{OPEN}&first=2000-01-01")
    assert len(many) == len(few) + 1


@pytest.mark.parametrize(
    "query",
    [
        "first=x",
        "last=2026-13-01",
        "first=2026-02-01&last=2026-01-01",
        "percent=0",
        "percent=101",
        "percent=-5",
        "least=x",
        "least=99999",
        "first=0001-01-01",
        "last=0001-01-01",
        "last=9999-12-31",
    ],
)
def test_nonsense_is_said_and_the_usual_period_shown(citra, query):
    page = citra.page(f"/pairs/?{query}", 422)

    assert any("Yang ditampilkan ialah masa yang lazim." in note for note in page.said)
