"""Which entries look like one person, by what, and in which order; with a bound on the work."""

from models import duplicates
from models.duplicates import Person, find_pairs, near_nips, spellings_of

NIP = "198803142010011007"


def person(key, name, **known):
    """Somebody of one region; other spellings stand after a slash."""
    name, _, aliases = name.partition("/")
    return Person(key, 1, spellings_of(name, aliases), **known)


def pairs(*people, apart=()):
    """Who is paired with whom, and why."""
    return [(one.one, one.other, one.signs) for one in find_pairs(people, apart).pairs]


def test_the_likeliest_pair_comes_first_with_every_sign():
    people = (
        person(1, "Wahyu Tiruan", nip=NIP, phone="+62811"),
        person(2, "Wachyu Tiruan", nip=NIP[:-1] + "8", phone="+62811"),
        person(3, "Siti Contoh", spouses=frozenset({("budi",)})),
        person(4, "Siti Contok", spouses=frozenset({("budi",)})),
        person(5, "Joko Umpama/Djoko Teladan"),
        person(6, "Joko Teladan"),
    )

    assert pairs(*people) == [
        (1, 2, ("name", "nip", "phone")),
        (3, 4, ("spouse", "spelling")),
        (5, 6, ("name",)),
    ]


def test_two_nips_one_common_name_a_shared_telephone_or_another_region_make_no_pair():
    elsewhere = Person(3, 2, spellings_of("Wahyu Tiruan", None))
    people = (
        person(1, "Wahyu Tiruan", nip=NIP),
        person(2, "Wahyu Tiruan", nip="197001011995032001"),
        elsewhere,
        person(4, "Endang Misal", phone="+62812"),
        person(5, "Rudi Andaian", phone="+62812"),
    )

    assert pairs(*people) == []
    assert pairs(people[0], person(9, "Wahyu Tiruan"), apart={(1, 9)}) == []


def test_one_wrong_digit_and_two_exchanged_are_near():
    assert near_nips(NIP, "198803142010011009")
    assert near_nips(NIP, "198803142010010107")
    assert not near_nips(NIP, NIP)
    assert not near_nips(NIP, "198803142010012008")


def test_work_has_a_bound_and_says_so(monkeypatch):
    monkeypatch.setattr(duplicates, "COMPARED", 2)
    people = [person(key, "Wahyu Tiruan") for key in range(1, 5)]

    found = find_pairs(people)

    assert (len(found.pairs), found.part) == (2, True)
    monkeypatch.setattr(duplicates, "BLOCK", 3)
    assert (find_pairs(people).pairs, find_pairs(people).part) == ([], True)
