"""Tiers take their place in the order; the others make room, and no two ever share a rank."""

import pytest
import sqlalchemy as sa

from models.base import db
from models.codes import free_code
from models.government import Tier
from models.records import Change
from models.tiers import put_after
from panel.access.rules import Actor
from panel.changelog.records import deed
from panel.words import Refused


def order(session):
    rows = session.execute(sa.select(Tier.rank, Tier.code).order_by(Tier.rank))
    return [(rank, code) for rank, code in rows]


def new(session, above, code="council"):
    tier = Tier(code=code, label_id=code, label_en=code)
    put_after(session, tier, above)
    session.add(tier)
    session.flush()
    return tier


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        (None, ["council", "mayor", "secretary", "head", "deputy"]),
        ("mayor", ["mayor", "council", "secretary", "head", "deputy"]),
        ("deputy", ["mayor", "secretary", "head", "deputy", "council"]),
    ],
)
def test_a_new_tier_stands_where_it_is_put(town, session, above, expected):
    new(session, town.tiers.get(above))

    assert order(session) == list(enumerate(expected, start=1))


@pytest.mark.parametrize("moved", ["mayor", "secretary", "head", "deputy"])
@pytest.mark.parametrize("above", [None, "mayor", "secretary", "head", "deputy"])
def test_a_moved_tier_stands_where_it_is_put(town, session, moved, above):
    if moved == above:
        with pytest.raises(Refused):
            put_after(session, town.tiers[moved], town.tiers[above])
        return
    expected = [code for code in town.tiers if code != moved]
    expected.insert(expected.index(above) + 1 if above else 0, moved)

    put_after(session, town.tiers[moved], town.tiers.get(above))
    session.flush()

    assert order(session) == list(enumerate(expected, start=1))


def test_gaps_in_the_order_are_closed(town, session):
    town.tiers["deputy"].rank = 40
    session.flush()

    new(session, town.tiers["mayor"])

    expected = ["mayor", "council", "secretary", "head", "deputy"]
    assert order(session) == list(enumerate(expected, start=1))


def test_a_tier_that_stays_is_not_written(town, session):
    put_after(session, town.tiers["head"], town.tiers["secretary"])

    assert session.is_modified(town.tiers["head"]) is False


def test_what_was_typed_for_a_moved_tier_is_kept(town, session):
    town.tiers["deputy"].label_en = "Vice head"

    put_after(session, town.tiers["deputy"], town.tiers["mayor"])
    session.flush()

    session.expire_all()
    assert (town.tiers["deputy"].label_en, town.tiers["deputy"].rank) == ("Vice head", 2)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Member of the council", "member_of_the_council"),
        ("  MAYOR! ", "mayor_2"),
        ("Head / village", "head_village"),
    ],
)
def test_a_code_is_made_from_the_english_name(town, session, name, code):
    assert free_code(session, Tier, name) == code


def test_a_name_without_letters_makes_no_code(town, session):
    with pytest.raises(Refused) as refused:
        free_code(session, Tier, "…")

    assert refused.value.field == "label_en"


def test_both_databases_take_the_new_order_in_one_deed(site):
    with site.app_context():
        with deed("tier.create", actor=Actor(1, "Eka")):
            session = db.session()
            codes = [code for _, code in order(session)]
            first, last = (
                session.scalars(sa.select(Tier).where(Tier.code == code)).one()
                for code in (codes[0], codes[-1])
            )
            newest = session.scalar(sa.select(sa.func.max(Change.deed_id)))
            new(session, first)
            put_after(session, last, None)
            session.commit()
        acts = sa.select(sa.func.count(Change.deed_id.distinct())).where(Change.deed_id > newest)

        expected = [codes[-1], codes[0], "council", *codes[1:-1]]
        assert order(db.session()) == list(enumerate(expected, start=1))
        assert db.session.scalar(acts) == 1
