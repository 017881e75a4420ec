"""What a rotation ends and begins: who leaves a post, what is offered, what is refused."""

from datetime import date, timedelta

import pytest

from models.clock import today
from models.commitments import Commitment
from models.people import Appointment
from models.rotation import Rotation, carry_out, replacing, swapping, vacating
from models.succession import Choices, going_on
from panel.access.rules import Place
from panel.words import Refused
from tests.models.town import LONG_AGO, clerk_of

OCTOBER, LAST = date(2025, 10, 31), date(2025, 10, 30)
DEFINITIVE, PLT, PLH, PJ = "definitive", "acting_vacant", "acting_absent", "interim"
ALL = (DEFINITIVE, PLT, PLH, PJ)


@pytest.fixture
def clerk(town):
    """A clerk of the whole region."""
    return clerk_of(Place(town.serang.id))


@pytest.fixture
def post(town):
    """The head of Cipare."""
    return town.post(town.cipare)


@pytest.fixture
def replaced(session, clerk):
    """What a replacement would do."""

    def work_out(post, successor, on=OCTOBER, **more):
        return replacing(session, clerk, post, successor, on, **more)

    return work_out


def told(rotation: Rotation) -> list[tuple[str, str, bool, bool]]:
    """Who leaves which kind of appointment, whether one may choose, and whether it ends."""
    return [
        (one.appointment.official.full_name, one.appointment.status, one.optional, one.chosen)
        for one in rotation.endings
    ]


def held_on(session, post, day) -> list[tuple[str, str]]:
    """Who holds a post on a day, as the tables say."""
    session.expire_all()
    return [(one.official.full_name, one.status) for one in post.appointments if one.holds_on(day)]


# The kind that begins, the kind that somebody else holds, whether that one leaves, and may stay
TRUTH = [
    (begins, present, begins != PLH or present == PLH, present != DEFINITIVE)
    for begins in ALL
    for present in ALL
]


@pytest.mark.parametrize(("begins", "present", "leaves", "optional"), TRUTH)
def test_who_leaves_when_another_begins(
    town, post, session, replaced, begins, present, leaves, optional
):
    town.appoint(town.official("Fulan"), post, status=present)
    badu = town.official("Badu")

    rotation = replaced(post, badu, status=begins)
    carry_out(session, rotation)

    assert told(rotation) == ([("Fulan", present, optional, True)] if leaves else [])
    after = [] if leaves else [("Fulan", present)]
    assert sorted(held_on(session, post, OCTOBER)) == sorted([("Badu", begins), *after])
    assert held_on(session, post, LAST) == [("Fulan", present)]


@pytest.mark.parametrize("begins", ALL)
@pytest.mark.parametrize("present", ALL)
def test_an_acting_holder_may_become_another_kind_but_not_the_same(
    town, post, session, replaced, begins, present
):
    fulan = town.official("Fulan")
    town.appoint(fulan, post, status=present)

    if begins in (present, PLH):
        with pytest.raises(Refused) as refused:
            replaced(post, fulan, status=begins)
        assert (refused.value.code, refused.value.field) == ("field", "successor")
        assert str(refused.value) == "Fulan holds head Cipare already."
        return
    carry_out(session, replaced(post, fulan, status=begins))

    assert held_on(session, post, LAST) == [("Fulan", present)]
    assert held_on(session, post, OCTOBER) == [("Fulan", begins)]


@pytest.mark.parametrize("begins", ALL)
def test_a_vacant_post_just_begins(town, post, session, replaced, begins):
    rotation = replaced(post, town.official("Badu"), status=begins, decree_no="821/1")
    (new,) = carry_out(session, rotation)

    assert told(rotation) == []
    assert (new.started_on, new.ended_on, new.decree_no) == (OCTOBER, None, "821/1")
    assert (new.unit_id, new.region_id) == (town.cipare.id, town.serang.id)


@pytest.mark.parametrize("begins", ALL)
@pytest.mark.parametrize("own", ALL)
def test_a_second_definitive_post_of_the_successor_ends_unless_it_is_kept(
    town, post, session, replaced, begins, own
):
    badu, other = town.official("Badu"), town.post(town.lopang)
    town.appoint(badu, other, status=own)

    rotation = replaced(post, badu, status=begins)
    ends = replaced(post, badu, status=begins, choices=Choices({other.appointments[0].id}))
    keeps = replaced(post, badu, status=begins, choices=Choices(set()))

    assert told(rotation) == [("Badu", own, True, begins == own == DEFINITIVE)]
    assert (len(ends.ended), keeps.ended) == (1, [])


def test_the_end_has_its_own_decree_or_that_of_the_beginning(town, post, session, replaced):
    fulan = town.appoint(town.official("Fulan"), post)
    acting = town.appoint(town.official("Candra"), post, status=PLH)

    carry_out(session, replaced(post, town.official("Badu"), decree_no="821/1"))
    ends = [(one.ended_on, one.end_decree_no) for one in (fulan, acting)]
    later = replaced(post, town.official("Dewi"), date(2025, 11, 30), end_decree_no="821/2")
    carry_out(session, later)

    assert ends == [(LAST, "821/1")] * 2
    badu = next(one for one in post.appointments if one.official.full_name == "Badu")
    assert (badu.ended_on, badu.end_decree_no) == (date(2025, 11, 29), "821/2")


def test_a_kept_acting_holder_goes_on(town, post, session, replaced):
    town.appoint(town.official("Fulan"), post)
    town.appoint(town.official("Candra"), post, status=PLH)
    rotation = replaced(post, town.official("Badu"), choices=Choices(set()))
    carry_out(session, rotation)

    names = [(one.official.full_name) for one in going_on(session, rotation.endings, OCTOBER)[1]]

    assert sorted(names) == ["Badu", "Candra"]


def test_a_holder_leaves_and_the_post_is_vacant(town, post, session):
    fulan = town.appoint(town.official("Fulan"), post)
    rotation = vacating(fulan, OCTOBER, decree_no="800/1")

    assert carry_out(session, rotation) == []
    assert (fulan.ended_on, fulan.end_decree_no) == (LAST, "800/1")
    assert going_on(session, rotation.endings, OCTOBER) == {post.id: []}


@pytest.mark.parametrize("one", ALL)
@pytest.mark.parametrize("other", ALL)
def test_two_holders_change_posts_and_kinds(town, post, session, clerk, one, other):
    lopang = town.post(town.lopang)
    fulan = town.appoint(town.official("Fulan"), post, status=one)
    badu = town.appoint(town.official("Badu"), lopang, status=other)

    rotation = swapping(session, clerk, fulan, badu, OCTOBER, decree_no="821/1")
    carry_out(session, rotation)

    assert held_on(session, post, LAST) == [("Fulan", one)]
    assert held_on(session, post, OCTOBER) == [("Badu", one)]
    assert held_on(session, lopang, OCTOBER) == [("Fulan", other)]


def test_who_acts_in_one_of_the_posts_may_go_on_after_a_swap(town, post, session, clerk):
    fulan = town.appoint(town.official("Fulan"), post)
    town.appoint(town.official("Candra"), post, status=PLH)
    badu = town.appoint(town.official("Badu"), town.post(town.lopang))

    rotation = swapping(session, clerk, fulan, badu, OCTOBER)

    assert told(rotation) == [
        ("Fulan", DEFINITIVE, False, True),
        ("Badu", DEFINITIVE, False, True),
        ("Candra", PLH, True, True),
    ]


def test_one_cannot_swap_with_oneself_or_within_one_post(town, post, session, clerk):
    fulan = town.official("Fulan")
    here, there = town.appoint(fulan, post), town.appoint(fulan, town.post(town.lopang))
    beside = town.appoint(town.official("Candra"), post, status=PLH)

    for second in (there, beside, here):
        with pytest.raises(Refused, match="Choose two officials in two posts") as refused:
            swapping(session, clerk, here, second, OCTOBER)
        assert refused.value.field == "second"


# Days that are refused, and what is said


def sentence_of(act, *given) -> tuple[str | None, str]:
    """The field and the sentence of a refusal."""
    with pytest.raises(Refused) as refused:
        act(*given)
    return refused.value.field, str(refused.value)


@pytest.mark.parametrize("on", [OCTOBER, OCTOBER - timedelta(days=30)])
def test_nobody_leaves_before_he_has_begun(town, post, session, clerk, replaced, on):
    fulan = town.appoint(town.official("Fulan"), post, started_on=OCTOBER)
    badu = town.official("Badu")

    early = ("on", "Fulan began as head Cipare on 2025-10-31. Choose a later day.")
    later = ("on", "Fulan begins as head Cipare on 2025-10-31 already. Change that appointment "
             "first.")  # fmt: skip

    assert sentence_of(replaced, post, badu, on) == (early if on == OCTOBER else later)
    if on == OCTOBER:
        assert sentence_of(vacating, fulan, on) == early
    else:
        assert sentence_of(vacating, fulan, on) == ("on", "Fulan begins as head Cipare only later.")


def test_one_day_in_the_post_is_enough(town, post, session, replaced):
    fulan = town.appoint(town.official("Fulan"), post, started_on=LAST)

    carry_out(session, replaced(post, town.official("Badu")))

    assert (fulan.started_on, fulan.ended_on) == (LAST, LAST)


def test_an_own_post_that_began_today_can_only_be_kept(town, post, session, replaced):
    badu = town.official("Badu")
    town.appoint(badu, town.post(town.lopang), started_on=OCTOBER)

    assert sentence_of(replaced, post, badu)[0] == "on"
    assert replaced(post, badu, choices=Choices(set())).ended == []


def test_a_day_more_than_a_year_away_is_refused(town, post, replaced):
    badu, limit = town.official("Badu"), today() + timedelta(days=366)

    assert replaced(post, badu, limit).on == limit
    assert sentence_of(replaced, post, badu, limit + timedelta(days=1)) == (
        "on",
        "This day is more than a year away. Record it later.",
    )


def test_a_post_is_not_filled_while_it_or_its_unit_does_not_exist(town, post, session, replaced):
    badu = town.official("Badu")
    post.valid_from = OCTOBER
    assert replaced(post, badu).on == OCTOBER
    assert sentence_of(replaced, post, badu, LAST) == (
        "on",
        "This post exists since 2025-10-31, not before.",
    )

    post.valid_from, town.cipare.valid_to = None, LAST
    assert sentence_of(replaced, post, badu) == (
        "on",
        "Kelurahan Cipare, Kec. Serang existed only until 2025-10-30.",
    )


def test_who_has_left_already_leaves_no_second_time(town, post, session, clerk):
    fulan = town.appoint(town.official("Fulan"), post, ended_on=LAST)
    badu = town.appoint(town.official("Badu"), town.post(town.lopang))
    said = "Fulan left head Cipare on 2025-10-30 already."

    assert sentence_of(vacating, fulan, OCTOBER) == ("appointment", said)
    assert sentence_of(swapping, session, clerk, badu, fulan, OCTOBER) == ("second", said)


def test_a_foreign_official_is_refused_as_at_the_form(town, post, replaced):
    stranger = town.official("Asing", town.metro)

    assert sentence_of(replaced, post, stranger) == (
        "successor",
        "This official belongs to another region.",
    )


# Scope, ticks, and what a page rests on


def test_a_clerk_of_one_village_ends_no_post_in_another(town, post, session):
    badu, other = town.official("Badu"), town.post(town.lopang)
    own = town.appoint(badu, other)
    clerk = clerk_of(Place(town.serang.id, town.cipare.path))

    assert replacing(session, clerk, post, badu, OCTOBER).endings == ()
    with pytest.raises(Refused, match="This was not offered") as refused:
        replacing(session, clerk, post, badu, OCTOBER, choices=Choices({own.id}))
    assert refused.value.code == "scope"


def test_ticks_that_were_not_offered_are_refused(town, post, replaced):
    fulan = town.appoint(town.official("Fulan"), post)
    badu = town.official("Badu")

    for choices in (Choices({fulan.id}), Choices(None, {999}), Choices({-1}, {0})):
        with pytest.raises(Refused, match="This was not offered"):
            replaced(post, badu, choices=choices)


def test_a_page_rests_on_the_records_in_their_versions_whatever_is_ticked(
    town, post, session, replaced
):
    fulan = town.appoint(town.official("Fulan"), post)
    acting = town.appoint(town.official("Candra"), post, status=PLH)
    badu = town.official("Badu")
    seen = replaced(post, badu).rests_on()
    assert replaced(post, badu, choices=Choices(set(), set())).rests_on() == seen

    found = {seen}
    for change in (
        lambda: setattr(fulan, "decree_no", "1"),
        lambda: setattr(badu, "full_name", "Badu Misalnya"),
        lambda: setattr(post, "name", "Lurah Cipare"),
        lambda: setattr(acting, "ended_on", LAST),
        lambda: town.appoint(town.official("Dewi"), post, status=PLT),
        lambda: promise(town, fulan),
    ):
        change()
        session.flush()
        found.add(replaced(post, badu).rests_on())

    assert len(found) == 7


def promise(town, appointment: Appointment, **more) -> Commitment:
    """A commitment of the office, given under this appointment."""
    facts = {"area": "workplace", "party": "official", "text": "Apel pagi tepat waktu", **more}
    return town.add(
        Commitment(
            region_id=appointment.region_id,
            official=appointment.official,
            appointment=appointment,
            unit_id=appointment.unit_id,
            category="time_discipline",
            **facts,
        )
    )


def test_the_wish_to_begin_long_ago_is_no_error(town, post, session, replaced):
    town.appoint(town.official("Fulan"), post, started_on=None)

    carry_out(session, replaced(post, town.official("Badu"), LONG_AGO))

    assert held_on(session, post, OCTOBER) == [("Badu", DEFINITIVE)]
