"""Paths follow the tree: new units, moved ones with everything below, and never a circle."""

import subprocess
import sys

import pytest
import sqlalchemy as sa

from models.government import Unit
from panel.words import Refused

CIRCLE = "A unit cannot stand below itself. Choose another parent."


def paths(session):
    return dict(session.execute(sa.select(Unit.name, Unit.path)).all())


def test_a_new_unit_stands_below_its_parent(town, session):
    hall, district = town.hall.id, town.district.id

    assert paths(session) == {
        "Balai Kota": f"/{hall}/",
        "Serang": f"/{hall}/{district}/",
        "Cipare": f"/{hall}/{district}/{town.cipare.id}/",
        "Lopang": f"/{hall}/{district}/{town.lopang.id}/",
        "Sekretariat": f"/{hall}/{town.secretariat.id}/",
        "Iringmulyo": f"/{town.elsewhere.id}/",
    }
    assert town.cipare.path == paths(session)["Cipare"]


def test_a_moved_unit_takes_along_what_is_below(town, session):
    before = paths(session)

    town.district.parent = town.secretariat
    session.flush()

    root = f"{before['Sekretariat']}{town.district.id}/"
    assert paths(session) == {
        **before,
        "Serang": root,
        "Cipare": f"{root}{town.cipare.id}/",
        "Lopang": f"{root}{town.lopang.id}/",
    }


def test_a_unit_may_become_the_top(town, session):
    town.district.parent = None
    session.flush()

    assert paths(session)["Lopang"] == f"/{town.district.id}/{town.lopang.id}/"


@pytest.mark.parametrize("below", ["district", "cipare", "lopang"])
def test_a_unit_does_not_stand_below_itself_or_its_own_child(town, session, below):
    before = paths(session)

    with pytest.raises(Refused) as refused:
        town.district.parent = getattr(town, below)

    assert (str(refused.value.sentence), refused.value.field) == (CIRCLE, "parent")
    assert paths(session) == before


def test_a_circle_by_number_is_refused_at_the_flush(town, session):
    before = paths(session)
    savepoint = session.begin_nested()
    town.district.parent_id = town.cipare.id

    with pytest.raises(Refused) as refused:
        session.flush()

    savepoint.rollback()
    assert (str(refused.value.sentence), refused.value.field) == (CIRCLE, "parent")
    assert paths(session) == before


def test_an_edit_of_another_field_leaves_the_paths(town, session):
    before = paths(session)

    town.district.short_name = "SRG"
    session.flush()

    assert paths(session) == before


def test_the_server_keeps_paths_although_it_migrates_nothing():
    asked = "import sys, wsgi; sys.exit('models.tree' not in sys.modules)"

    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
