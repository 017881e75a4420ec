"""Names that are likely one person's are seen, others left in peace, other cities unseen."""

import pytest

from models.alike import alike, likely_same
from models.speaking import Speaker, SpeakerAlias
from panel.access.rules import Place
from tests.models.town import clerk_of

ONE_PERSON = ("Qilda Fatihah", "Qolda Fatihah", "Qilda Fathiya")


@pytest.fixture
def speaker(town):
    """A new speaker with other spellings."""

    def make(name, *spellings, region=None):
        one = Speaker(region_id=(region or town.serang).id, full_name=name)
        one.aliases = [SpeakerAlias(name=text, source="koran") for text in spellings]
        return town.add(one)

    return make


@pytest.fixture
def warned(town, session):
    """Whom a speaker is likely the same as, with the two spellings."""

    def read(one):
        found = likely_same(session, clerk_of(Place(town.serang.id)), one)
        return [(like.other.full_name, like.own, like.theirs) for like in found]

    return read


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Qilda Fatihah", "Qolda Fatihah", True),
        ("Qilda Fatihah", "Qilda Fathiya", True),
        ("Qolda Fatihah", "Qilda Fathiya", True),
        ("Wachyu B. Kristiawan", "Wahyu Kristiawan", True),
        ("Dr. H. Ani Contoh, M.Si.", "ANI CONTOH", True),
        ("Contoh Ani", "Ani Contoh", True),
        ("Ani Contoh Misalnya", "Ani Contoh", True),
        ("Wahdi", "Wachdi", True),
        ("Qilda Fatihah", "Ani Contoh", False),
        ("Ani Contoh", "Adi Contoh", False),
        ("Budi Contoh", "Rudi Contoh", False),
        ("Ani Contoh", "Ani Misalnya", False),
        ("Wahdi", "Wahdi Contoh", False),
        ("Qolda Fatihan", "Qilda Fatimah", False),
        ("", "Ani Contoh", False),
        ("M. H.", "M. H.", False),
        ("🙂", "🙂", False),
    ],
)
def test_two_names_are_alike_or_not(one, other, same):
    assert (alike(one, other), alike(other, one)) == (same, same)


def test_three_spellings_warn_of_each_other_and_nobody_else_is_warned(speaker, warned):
    three = [speaker(name) for name in ONE_PERSON]
    other = speaker("Ani Contoh")

    for own in three:
        others = sorted(set(ONE_PERSON) - {own.full_name})
        assert warned(own) == [(name, own.full_name, name) for name in others]
    assert warned(other) == []


def test_a_recorded_spelling_counts_as_a_name(speaker, warned):
    known = speaker("Kilda F.", "Qilda Fatihah")
    new = speaker("Qolda Fatihah")

    assert warned(new) == [("Kilda F.", "Qolda Fatihah", "Qilda Fatihah")]
    assert warned(known) == [("Qolda Fatihah", "Qilda Fatihah", "Qolda Fatihah")]


def test_speakers_of_another_city_are_not_named(town, speaker, warned):
    own = speaker("Qilda Fatihah")
    elsewhere = speaker("Qolda Fatihah", region=town.metro)
    speaker("Qilda Fathiya", region=town.metro)

    assert (warned(own), warned(elsewhere)) == ([], [])
