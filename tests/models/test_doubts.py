"""What is doubtful about a record: truth tables over records that no database holds."""

from datetime import date

import pytest

from models.doubts import months_later, of_appointment, of_official, of_session, of_spouse, of_unit
from models.government import Position, Tier, Unit
from models.people import Appointment, Grade, Official, Spouse
from models.programme import Programme
from models.training import TrainingSession

DAY = date(2026, 8, 3)


def official(**facts):
    return Official(full_name="Fulan Contoh", employment_type="asn_pns", **facts)


def post(echelon="IV.a", status="definitive", name="Lurah Contoh", decree_no="SK/1", **facts):
    """An appointment to a post of an echelon."""
    position = Position(name=name, tier=Tier(echelon=echelon))
    return Appointment(position=position, status=status, decree_no=decree_no, **facts)


def told(found):
    """Fields and sentences as one reads them."""
    return [(field, str(sentence)) for field, sentence in found]


@pytest.mark.parametrize(
    ("echelon", "born", "doubtful"),
    [
        ("IV.a", "19680701", True),  # 58 on 1 July 2026, retired since 1 August
        ("IV.a", "19680731", True),
        ("IV.a", "19680801", False),  # retires on 1 September
        ("III.a", "19680701", True),
        ("II.b", "19680701", False),  # 60 counts for echelon II
        ("II.b", "19660701", True),
        ("II.a", "19660801", False),
        ("III.b", "19671231", True),
        (None, "19500101", False),  # elected: no age of retirement
        ("", "19500101", False),
    ],
)
def test_the_retirement_age_follows_the_echelon_of_the_posts_of_the_day(echelon, born, doubtful):
    person = official(nip=f"{born}199003100{1}", appointments=[post(echelon)])

    fields = [field for field, _ in of_official(person, person.appointments, DAY)]

    assert fields == ["nip"] * doubtful


def test_who_holds_no_post_any_more_has_no_doubtful_age():
    person = official(nip="195001011980031001")
    person.appointments = [post(ended_on=date(2026, 8, 2))]

    assert told(of_official(person, person.appointments, DAY)) == []


def test_the_highest_age_counts_when_somebody_stands_in_for_a_higher_post():
    person = official(nip="196807011990031001")
    person.appointments = [post("IV.a"), post("II.b", "acting_vacant", started_on=DAY)]

    assert told(of_official(person, person.appointments, DAY)) == []


def test_a_sentence_about_a_number_does_not_repeat_it():
    person = official(nip="196001011985031001", appointments=[post()])

    [(_, sentence)] = told(of_official(person, person.appointments, DAY))

    assert sentence == (
        "By the NIP the retirement age of 58 years has passed. Compare it with the decree."
    )


def test_a_number_from_before_it_was_checked_is_no_doubt_of_its_own():
    assert told(of_official(official(nip="9" * 18), [post()], DAY)) == []


@pytest.mark.parametrize(
    ("echelon", "grade", "doubtful"),
    [
        ("II.a", "IV/b", True),
        ("II.a", "IV/c", False),
        ("II.a", "IV/d", False),
        ("II.a", "IV/e", True),
        ("II.b", "IV/a", True),
        ("II.b", "IV/b", False),
        ("II.b", "IV/c", False),
        ("II.b", "IV/d", True),
        ("III.a", "III/d", True),
        ("III.a", "IV/a", False),
        ("III.a", "IV/b", False),
        ("III.a", "IV/c", True),
        ("III.b", "III/c", True),
        ("III.b", "III/d", False),
        ("III.b", "IV/a", False),
        ("III.b", "IV/b", True),
        ("IV.a", "III/b", True),
        ("IV.a", "III/c", False),
        ("IV.a", "III/d", False),
        ("IV.a", "IV/a", True),
        ("IV.b", "I/a", False),  # no band is known
        (None, "I/a", False),
        ("IV.a", "IX", False),  # of a PPPK
    ],
)
def test_a_grade_outside_of_the_band_of_the_echelon(echelon, grade, doubtful):
    person = official(grade=Grade(code=grade), appointments=[post(echelon)])

    assert [field for field, _ in of_official(person, person.appointments, DAY)] == [
        "grade"
    ] * doubtful


def test_who_only_stands_in_may_have_another_grade():
    person = official(grade=Grade(code="III/c"))
    person.appointments = [post("II.b", "acting_vacant", started_on=DAY)]

    assert told(of_official(person, person.appointments, DAY)) == []


@pytest.mark.parametrize(
    ("employment", "nip", "fields"),
    [
        ("other", "197304041997042903", ["employment_type"]),
        ("other", None, []),
        ("asn_pns", "197304041997042903", []),
    ],
)
def test_a_nip_beside_another_employment(employment, nip, fields):
    person = Official(full_name="Fulan", employment_type=employment, nip=nip)

    assert [field for field, _ in of_official(person, person.appointments, DAY)] == fields


def test_two_definitive_posts_at_once():
    person = official(appointments=[post(name="Lurah A"), post(name="Lurah B")])

    assert told(of_official(person, person.appointments, DAY)) == [
        ("appointments", "Holds several posts definitively at once: ['Lurah A', 'Lurah B'].")
    ]


def test_one_post_after_the_other_is_no_doubt():
    before = post(name="Lurah A", ended_on=date(2026, 8, 2))

    assert told(of_official(official(), [before, post()], DAY)) == []


@pytest.mark.parametrize(
    ("status", "decree", "since", "until", "fields"),
    [
        ("definitive", None, None, None, ["decree_no"]),
        ("definitive", "", None, None, ["decree_no"]),
        ("definitive", "SK/1", None, None, []),
        ("definitive", None, None, date(2026, 8, 2), []),
        ("definitive", None, date(2026, 8, 4), None, []),
        ("acting_vacant", None, date(2026, 2, 2), None, ["started_on"]),
        ("acting_vacant", None, date(2026, 2, 3), None, []),
        ("acting_vacant", None, None, None, []),
        ("acting_vacant", None, date(2020, 1, 1), date(2020, 9, 1), []),
        ("acting_absent", None, date(2020, 1, 1), None, []),
        ("interim", None, date(2020, 1, 1), None, []),
    ],
)
def test_a_missing_decree_and_a_long_acting_holder(status, decree, since, until, fields):
    one = post(status=status, decree_no=decree, started_on=since, ended_on=until)

    assert [field for field, _ in of_appointment(one, DAY)] == fields


def test_a_doubt_of_a_post_is_told_with_the_official_by_the_name_of_the_post():
    person = official(appointments=[post(decree_no=None)])

    assert told(of_official(person, person.appointments, DAY)) == [
        ("appointments", "Lurah Contoh: The number of the decree is not filled in yet.")
    ]


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 2, 3), 6, date(2026, 8, 3)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2025, 6, 30), 6, date(2025, 12, 30)),
        (date(2025, 12, 31), 6, date(2026, 6, 30)),
    ],
)
def test_months_end_where_there_is_no_such_day(day, months, later):
    assert months_later(day, months) == later


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("Fulan Contoh", ["full_name"]),
        ("  fulan   CONTOH ", ["full_name"]),
        ("Drs. Fulan Contoh, M.Si.", ["full_name"]),
        ("Fulanah Contoh", []),
    ],
)
def test_a_spouse_with_the_name_of_the_official(name, fields):
    person = official(title_prefix="Drs.", title_suffix="M.Si.", spouses=[Spouse(full_name=name)])

    assert [field for field, _ in of_spouse(person.spouses[0])] == fields
    assert [field for field, _ in of_official(person, person.appointments, DAY)] == [
        "spouses"
    ] * len(fields)


@pytest.mark.parametrize(
    ("kind", "code", "parent", "fields"),
    [
        ("urban_village", "36.73.01.1001", ("district", "36.73.01"), []),
        ("urban_village", "36.73.02.1001", ("district", "36.73.01"), ["kemendagri_code"]),
        ("urban_village", "36.73.011001", ("district", "36.73.01"), ["kemendagri_code"]),
        ("urban_village", None, ("district", "36.73.01"), ["kemendagri_code"]),
        ("urban_village", "36.73.01.1001", ("agency", None), ["parent"]),
        ("urban_village", "36.73.01.1001", None, ["parent"]),
        ("village", None, None, ["kemendagri_code", "parent"]),
        ("district", None, None, ["kemendagri_code"]),
        ("district", "36.73.01", None, []),
        ("agency", None, None, []),
        ("division", None, ("agency", None), []),
    ],
)
def test_codes_and_places_of_units(kind, code, parent, fields):
    above = Unit(kind=parent[0], name="Atas", kemendagri_code=parent[1]) if parent else None
    unit = Unit(kind=kind, name="Contoh", kemendagri_code=code, parent=above)

    assert [field for field, _ in of_unit(unit)] == fields


@pytest.mark.parametrize(
    ("held", "ended", "fields"),
    [
        (date(2026, 1, 1), date(2025, 12, 31), ["held"]),
        (date(2025, 12, 31), date(2025, 12, 31), []),
        (None, date(2025, 12, 31), []),
        (date(2026, 1, 1), None, []),
    ],
)
def test_a_session_after_its_programme(held, ended, fields):
    session = TrainingSession(held_on=held, programme=Programme(ended_on=ended))

    assert [field for field, _ in of_session(session)] == fields
    assert told(of_session(TrainingSession(held_on=held))) == []
