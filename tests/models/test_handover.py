"""What goes on with the successor, and what stays as it was: promises, plans, lists, coverage."""

from datetime import date

import pytest
import sqlalchemy as sa

from models.attendance import Participation
from models.base import db
from models.clock import today
from models.commitments import Commitment
from models.coverage import coverage
from models.expected import expected
from models.follow_up import ActionPlan
from models.government import Position
from models.handover import continued_under, open_plans
from models.people import Appointment, Official
from models.records import Change, Deed, log, panel
from models.rotation import carry_out, replacing, swapping
from models.seats import seats
from models.succession import Choices
from models.training import TrainingSession
from panel.access.rules import Actor, Place
from panel.changelog.records import deed
from panel.changelog.verify import verify
from panel.words import Refused
from tests.models.test_rotation import DEFINITIVE, OCTOBER, PLT, promise
from tests.models.town import clerk_of

#: After the main session of 18 November 2025, before today.
DECEMBER = date(2025, 12, 1)


@pytest.fixture
def clerk(town):
    """A clerk of the whole region."""
    return clerk_of(Place(town.serang.id))


@pytest.fixture
def post(town):
    """The head of Cipare."""
    return town.post(town.cipare)


@pytest.fixture
def offered(session, clerk):
    """The texts that a replacement offers to go on."""

    def texts(post, successor, on=OCTOBER, **more):
        (begun,) = replacing(session, clerk, post, successor, on, **more).beginnings
        return [(one.commitment.text, one.chosen) for one in begun.handings]

    return texts


def test_promises_of_the_office_are_offered_and_those_of_the_family_are_not(town, post, offered):
    fulan = town.appoint(town.official("Fulan"), post)
    spouse = town.marry(fulan.official, town.official("Fulanah"))
    other = town.appoint(fulan.official, town.post(town.lopang))
    promise(town, fulan, text="loket", area="public_service")
    promise(town, fulan, text="bersama", party="both", spouse=spouse)
    promise(town, fulan, text="rumah", area="household")
    promise(town, fulan, text="warga", area="community")
    promise(town, fulan, text="entah", area=None)
    promise(town, fulan, text="pasangan", party="spouse", spouse=spouse)
    promise(town, other, text="jabatan lain")

    assert offered(post, town.official("Badu")) == [("loket", True), ("bersama", True)]


def test_the_successors_commitment_is_his_own_and_not_signed(town, post, session, clerk):
    fulan = town.appoint(town.official("Fulan"), post)
    spouse = town.marry(fulan.official, town.official("Fulanah"))
    old = promise(
        town,
        fulan,
        party="both",
        spouse=spouse,
        indicator="hadir 7.30",
        official_signed_on=OCTOBER,
        spouse_signed_on=OCTOBER,
    )
    columns = [column.name for column in Commitment.__table__.columns]
    before = {name: getattr(old, name) for name in columns}

    (new,) = carry_out(session, replacing(session, clerk, post, town.official("Badu"), OCTOBER))
    (taken,) = continued_under(session, clerk, [new])

    assert {name: getattr(old, name) for name in columns} == before
    assert taken.continued_from is old
    assert (taken.official_id, taken.appointment_id) == (new.official_id, new.id)
    assert (taken.unit_id, taken.region_id, taken.party) == (
        post.unit_id,
        post.region_id,
        "official",
    )
    assert (taken.text, taken.indicator, taken.area) == (old.text, "hadir 7.30", "workplace")
    assert (taken.spouse_id, taken.official_signed_on, taken.spouse_signed_on) == (None,) * 3


def test_what_was_continued_is_not_offered_again(town, post, session, clerk, offered):
    fulan = town.appoint(town.official("Fulan"), post)
    promise(town, fulan, text="loket")
    carry_out(session, replacing(session, clerk, post, town.official("Badu"), OCTOBER))

    rotation = replacing(session, clerk, post, town.official("Candra"), DECEMBER)
    (handing,) = rotation.beginnings[0].handings

    assert handing.commitment.official.full_name == "Badu"


def test_who_comes_back_leaves_only_what_nobody_took_over(town, post, session, clerk, offered):
    fulan, badu = town.official("Fulan"), town.official("Badu")
    promise(town, town.appoint(fulan, post))
    carry_out(session, replacing(session, clerk, post, badu, OCTOBER))
    carry_out(session, replacing(session, clerk, post, fulan, DECEMBER, choices=Choices(None, ())))

    assert offered(post, town.official("Candra"), date(2026, 1, 1)) == []


def test_what_is_not_ticked_is_not_continued_and_waits(town, post, session, clerk, offered):
    fulan = town.appoint(town.official("Fulan"), post)
    first, second = promise(town, fulan, text="satu"), promise(town, fulan, text="dua")
    badu = town.official("Badu")

    choices = Choices(None, {second.id})
    carry_out(session, replacing(session, clerk, post, badu, OCTOBER, choices=choices))
    badu.appointments[0].ended_on = OCTOBER

    assert [len(one.continued_by) for one in (first, second)] == [0, 1]
    assert offered(post, town.official("Candra"), DECEMBER) == [("dua", True)]


def test_a_vacant_post_still_has_the_promises_of_who_left_last(town, post, offered):
    for name, end in (("Lama", date(2024, 1, 1)), ("Fulan", date(2025, 1, 1))):
        left = town.appoint(town.official(name), post, ended_on=end)
        promise(town, left, text=name)
    assert offered(post, town.official("Badu")) == [("Fulan", True)]
    assert offered(post, left.official) == []

    acting = town.appoint(town.official("Candra"), post, status=PLT, started_on=end)
    promise(town, acting, text="Candra")

    assert offered(post, town.official("Badu")) == [("Fulan", True), ("Candra", True)]
    assert offered(post, town.official("Dewi"), choices=Choices(set())) == [
        ("Fulan", True),
        ("Candra", False),
    ]


def test_a_plt_who_became_definitive_leaves_what_he_promised_before(town, post, session, clerk):
    badu = town.official("Badu")
    acting = town.appoint(badu, post, status=PLT)
    promise(town, acting, text="sebagai Plt.")
    first = replacing(session, clerk, post, badu, OCTOBER)
    assert first.beginnings[0].handings == ()
    carry_out(session, first)

    later = replacing(session, clerk, post, town.official("Candra"), DECEMBER)

    assert [one.commitment.text for one in later.beginnings[0].handings] == ["sebagai Plt."]


def test_in_a_swap_each_takes_over_what_the_other_leaves(town, post, session, clerk):
    fulan = town.appoint(town.official("Fulan"), post)
    badu = town.appoint(town.official("Badu"), town.post(town.lopang))
    promise(town, fulan, text="Cipare")
    promise(town, badu, text="Lopang")

    made = carry_out(session, swapping(session, clerk, fulan, badu, OCTOBER))
    taken = continued_under(session, clerk, made)

    assert {(one.official.full_name, one.unit.name, one.text) for one in taken} == {
        ("Badu", "Cipare", "Cipare"),
        ("Fulan", "Lopang", "Lopang"),
    }


# In the whole application, on both databases


@pytest.fixture
def inside(site):
    """A clerk of Serang inside of the application."""
    with site.app_context():
        yield Actor(1, "Ani", frozenset({"clerk"}), (Place(1),))
        db.session.remove()


def the_one(statement):
    return db.session.scalars(statement).unique().one()


def kota_baru() -> Position:
    return the_one(sa.select(Position).where(Position.name == "Lurah Kota Baru"))


def rotate(actor: Actor) -> None:
    """Lurah Kota Baru gets a holder who is new to the roster on the first of December."""
    successor = Official(region_id=1, full_name="Baru Misalnya", employment_type="asn_pns")
    db.session.add(successor)
    db.session.flush()
    work = replacing(db.session(), actor, kota_baru(), successor, DECEMBER, decree_no="821/1")
    carry_out(db.session(), work)


def test_one_deed_holds_all_changes_and_the_log_replays(inside):
    with deed("appointment.rotate", actor=inside, reason="SK 821/1"):
        rotate(inside)
        db.session.commit()

    newest = the_one(sa.select(Deed).order_by(Deed.seq.desc()).limit(1))
    rows = [
        (one.tbl, one.op)
        for one in db.session.scalars(sa.select(Change).where(Change.deed_id == newest.id))
    ]
    found = verify(db.engine, log, panel.triggers(db.engine.dialect.name))

    assert (newest.action, newest.reason) == ("appointment.rotate", "SK 821/1")
    assert sorted(set(rows) - {("commitment_risk", "I")}) == [
        ("appointment", "I"),
        ("appointment", "U"),
        ("commitment", "I"),
        ("official", "I"),
    ]
    assert found.findings == ()


def test_a_rotation_that_is_refused_half_way_leaves_nothing(inside, monkeypatch):
    def counts():
        tables = (Deed, Change, Appointment, Commitment)
        ended = sa.func.count(Appointment.ended_on)
        return [
            *(db.session.scalar(sa.select(sa.func.count()).select_from(one)) for one in tables),
            db.session.scalar(sa.select(ended)),
        ]

    before = counts()
    db.session.rollback()

    def refuse(*_):
        raise Refused("field", "no")

    monkeypatch.setattr("models.rotation.continued", refuse)
    with deed("appointment.rotate", actor=inside):
        with pytest.raises(Refused):
            rotate(inside)
        db.session.rollback()

    assert counts() == before


def test_the_past_keeps_its_post_and_today_shows_the_new_holder(inside):
    session = db.session()
    main = the_one(
        sa.select(TrainingSession).where(
            TrainingSession.held_on == date(2025, 11, 18), TrainingSession.region_id == 1
        )
    )
    post = kota_baru()
    old = next(one for one in post.appointments if one.status == DEFINITIVE)
    models = (Participation, Commitment, ActionPlan)

    def past():
        return [
            (type(one).__tablename__, one.id, one.official_id, one.appointment_id, one.unit_id)
            for model in models
            for one in session.scalars(sa.select(model).where(model.appointment_id == old.id))
        ]

    def on_list():
        session.expire_all()
        places = expected(session, inside, main).places
        return [
            one.holding.official.full_name
            for one in places
            if one.position.id == post.id and one.holding
        ]

    def line():
        return next(
            one
            for one in coverage(session, inside, today())
            if one.tier and one.tier.id == post.tier_id
        )

    before, listed, counted = past(), on_list(), line()
    plans = open_plans(session, inside, [old])
    session.rollback()
    with deed("appointment.rotate", actor=inside):
        rotate(inside)
        session.commit()
    seat = next(one for one in seats(session, inside, today()) if one.position.id == post.id)

    assert {row[0] for row in before} == {"participation", "commitment", "action_plan"}
    assert len(plans) == 1
    assert past() == before
    assert on_list() == listed == [old.official.full_name]
    assert [one.official_id for one in seat.holders] != [old.official_id]
    assert (line().attended, line().posts) == (counted.attended, counted.posts)
    assert line().holders_new == counted.holders_new + 1
