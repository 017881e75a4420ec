"""Made-up people: enough of them, all different, with numbers that keep every rule."""

from models.identifiers.nips import nip
from models.identifiers.phones import phone
from seed.names import LISTS, name, person


def test_people_of_one_sex_have_names_of_their_own() -> None:
    everybody = len(LISTS["men"]) * len(LISTS["surnames"])

    for male in (True, False):
        assert len({name(number, male=male) for number in range(everybody)}) == everybody


def test_every_nip_and_phone_is_valid_and_used_once() -> None:
    people = [person(number, male=male) for number in range(380) for male in (True, False)]

    assert all(nip(one.nip).value == one.nip and not nip(one.nip).warnings for one in people)
    assert all(phone(one.phone).value == one.phone for one in people)
    assert len({one.nip for one in people}) == len({one.phone for one in people}) == len(people)


def test_every_name_says_that_it_is_made_up() -> None:
    surnames = set(LISTS["surnames"])

    assert {name(n, male=True).split()[-1] for n in range(380)} <= surnames
    assert all(person(n, male=False).nip[-3] == "9" for n in range(380))
