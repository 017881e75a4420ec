"""Which rows an account sees: by region, by subtree of units, through posts held today."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from models.attendance import Participation
from models.base import Base
from models.clock import today
from models.follow_up import ActionPlan, ActionStep, Commitment
from models.government import Position, Region, Tier, Unit
from models.people import Appointment, Official, Spouse
from models.policy import POLICY
from models.programme import Organisation, Programme
from models.queries import RULES, in_scope
from models.records import Account, AccountGrant
from models.training import TrainingSession
from panel.access.rules import Actor, Place
from tests.models.town import clerk_of

TODAY = today()
DAY = timedelta(days=1)


def names(session, model, actor, column="full_name"):
    rows = in_scope(sa.select(getattr(model, column)), model, actor)
    return sorted(session.scalars(rows))


@pytest.fixture
def whole(town):
    return clerk_of(Place(town.serang.id))


@pytest.fixture
def part(town):
    """The district of Serang and what is below it."""
    return clerk_of(Place(town.serang.id, town.district.path))


def test_every_kind_of_record_has_a_rule():
    # asked by their own pages, never listed as such
    unlogged = {"change", "deed", "process_field", "process_mapping"}
    kinds = {mapper.class_.__tablename__ for mapper in Base.registry.mappers}

    assert (set(POLICY) & kinds) - {model.__tablename__ for model in RULES} == unlogged


def test_a_kind_without_a_rule_is_seen_by_nobody(session, whole, monkeypatch):
    monkeypatch.delitem(RULES, Tier)

    assert names(session, Tier, whole, "code") == []


@pytest.mark.parametrize("model", [Unit, Position, Official, Appointment, Programme, Region])
def test_nobody_without_a_place_sees_a_scoped_record(town, session, model):
    town.holder("Fulan", town.cipare)

    assert session.scalars(in_scope(sa.select(model.id), model, clerk_of())).all() == []


def test_tiers_are_seen_by_everybody(town, session):
    assert names(session, Tier, clerk_of(), "code") == ["deputy", "head", "mayor", "secretary"]


def test_the_whole_region_is_seen_and_no_other(town, session, whole):
    town.holder("Fulan", town.cipare)
    town.holder("Badu", town.elsewhere)
    town.official("Tanpa Jabatan")

    assert names(session, Official, whole) == ["Fulan", "Tanpa Jabatan"]
    assert names(session, Region, whole, "name") == ["Kota Serang"]
    assert "Iringmulyo" not in names(session, Unit, whole, "name")


def test_a_subtree_holds_its_unit_and_everything_below(town, session, part):
    town.unit("Lingkungan", town.cipare, kind="division")

    assert names(session, Unit, part, "name") == ["Cipare", "Lingkungan", "Lopang", "Serang"]


def test_a_path_is_no_prefix_of_a_longer_number(town, session):
    for _ in range(30):
        town.unit(f"Unit {_}", kind="agency")
    short = min(session.scalars(sa.select(Unit)), key=lambda unit: len(unit.path))
    longer = [u for u in session.scalars(sa.select(Unit)) if u.path.startswith(short.path[:-1])]

    seen = names(session, Unit, clerk_of(Place(town.serang.id, short.path)), "id")

    assert len(longer) > len(seen)
    assert seen == sorted(u.id for u in longer if u.path.startswith(short.path))


def test_the_same_path_in_another_region_is_not_seen(town, session):
    same = sa.update(Unit).where(Unit.id == town.elsewhere.id).values(path=town.district.path)
    session.execute(same)

    seen = names(session, Unit, clerk_of(Place(town.metro.id, town.district.path)), "name")

    assert seen == ["Iringmulyo"]


@pytest.mark.parametrize(
    ("started_on", "ended_on", "seen"),
    [
        (None, None, True),
        (TODAY, None, True),
        (TODAY + DAY, None, False),
        (None, TODAY, True),
        (None, TODAY - DAY, False),
    ],
)
def test_an_official_is_seen_through_a_post_held_today(
    town, session, part, whole, started_on, ended_on, seen
):
    who = town.official("Fulan")
    town.appoint(who, town.post(town.cipare), started_on, ended_on)

    assert names(session, Official, part) == (["Fulan"] if seen else [])
    assert names(session, Official, whole) == ["Fulan"]


def test_an_official_without_a_post_is_seen_by_accounts_of_the_whole_region(
    town, session, part, whole
):
    town.official("Tanpa Jabatan")

    assert names(session, Official, part) == []
    assert names(session, Official, whole) == ["Tanpa Jabatan"]


def test_an_official_with_two_posts_is_seen_once(town, session, part):
    who = town.holder("Fulan", town.cipare)
    town.appoint(who, town.post(town.lopang), status="acting_vacant")

    assert names(session, Official, part) == ["Fulan"]


def test_a_spouse_is_seen_with_the_official(town, session, part):
    near, far = town.holder("Fulan", town.cipare), town.holder("Badu", town.secretariat)
    for who, name in ((near, "Mawar"), (far, "Melati")):
        town.add(Spouse(region_id=who.region_id, official=who, full_name=name))

    assert names(session, Spouse, part) == ["Mawar"]


def test_what_belongs_to_a_unit_stays_with_it_when_people_move(town, session, part):
    who = town.holder("Fulan", town.secretariat)
    fields = {"region_id": town.serang.id, "official": who, "unit": town.cipare}
    town.add(Commitment(**fields, party="official", category="other", text="Janji"))
    far = {**fields, "unit": town.secretariat}
    town.add(Commitment(**far, party="official", category="other", text="Jauh"))
    town.add(Commitment(**{**fields, "unit": None}, party="official", category="other", text="0"))

    assert names(session, Commitment, part, "text") == ["Janji"]


def test_children_are_seen_with_their_plan(town, session, part):
    who = town.holder("Fulan", town.cipare)
    for code, unit in (("A", town.cipare), ("B", town.secretariat)):
        plan = ActionPlan(
            region_id=town.serang.id,
            code=code,
            title=code,
            official=who,
            unit=unit,
            status="draft",
            process_version_id=1,
            created_by_id=1,
        )
        plan.steps = [ActionStep(region_id=town.serang.id, number=1, text=f"Langkah {code}")]
        town.add(plan)

    assert names(session, ActionPlan, part, "code") == ["A"]
    assert names(session, ActionStep, part, "text") == ["Langkah A"]


def test_sessions_are_those_of_the_region_for_all_its_accounts(town, session, part):
    for region, name in ((town.serang, "Bimtek A"), (town.metro, "Bimtek B")):
        programme = town.add(Programme(region_id=region.id, name=name, category="prevention"))
        town.add(
            TrainingSession(
                region_id=region.id, programme=programme, name=name, date_precision="unknown"
            )
        )

    assert names(session, TrainingSession, part, "name") == ["Bimtek A"]
    assert names(session, Programme, part, "name") == ["Bimtek A"]


def test_who_took_part_is_seen_by_the_unit_of_that_day(town, session, part):
    programme = town.add(Programme(region_id=town.serang.id, name="P", category="prevention"))
    held = TrainingSession(region_id=town.serang.id, programme_id=programme.id, name="S")
    held.date_precision = "unknown"
    town.add(held)
    for name, unit in (("Fulan", town.cipare), ("Badu", town.secretariat)):
        who = town.holder(name, unit)
        town.add(
            Participation(
                region_id=town.serang.id, session=held, official=who, unit=unit, delegate=name
            )
        )

    assert names(session, Participation, part, "delegate") == ["Fulan"]


def test_what_has_no_region_is_read_by_all(town, session, part):
    for region_id, name in ((None, "KPK"), (town.serang.id, "Pemkot"), (town.metro.id, "Metro")):
        town.add(Organisation(region_id=region_id, name=name, kind="other"))

    assert names(session, Organisation, part, "name") == ["KPK", "Pemkot"]
    assert names(session, Organisation, clerk_of(), "name") == ["KPK"]


def test_several_places_are_seen_together(town, session):
    actor = clerk_of(Place(town.serang.id, town.lopang.path), Place(town.metro.id))

    assert names(session, Unit, actor, "name") == ["Iringmulyo", "Lopang"]


def test_accounts_are_seen_by_their_grants_and_the_new_ones_by_administrators(town, session):
    for name, region in (("ani", town.serang), ("mira", town.metro), ("baru", None)):
        account = town.account(None, name)
        if region is not None:
            account.grants = [AccountGrant(region_id=region.id)]
    session.flush()
    place = (Place(town.serang.id),)
    auditor = Actor(99, "Citra", frozenset({"auditor"}), place)
    administrator = Actor(98, "Eka", frozenset({"administrator"}), place)
    itself = Actor(session.scalar(sa.select(Account.id).where(Account.username == "mira")), "Mira")

    assert names(session, Account, auditor, "username") == ["ani"]
    assert names(session, Account, administrator, "username") == ["ani", "baru"]
    assert names(session, Account, itself, "username") == ["mira"]
