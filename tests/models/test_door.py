"""Codes of the door, the window that they open in, and the bursts to ask about; pure."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations

import pytest

from models.bursts import Entry, suspicions
from models.door_codes import (
    LETTERS,
    LONG,
    Bearer,
    Given,
    check_of,
    code_of,
    grouped,
    qr_text,
    read,
    window,
)

KEY = b"a key of the tests"
ANI = Bearer(12, 39, "official", 7)
NINE = datetime(2025, 11, 18, 9, tzinfo=UTC)


def test_a_code_is_of_one_person_one_part_and_one_key():
    others = [
        Bearer(13, 39, "official", 7),
        Bearer(12, 40, "official", 7),
        Bearer(12, 39, "spouse", 7),
        Bearer(12, 39, "official", 8),
    ]
    code = code_of(KEY, ANI)

    assert code == code_of(KEY, Bearer(12, 39, "official", 7))
    assert len({code, code_of(b"other", ANI), *(code_of(KEY, one) for one in others)}) == 6
    assert (len(code), set(code) <= set(LETTERS)) == (LONG, True)


def test_every_single_slip_and_every_swap_is_found():
    code = code_of(KEY, ANI)

    slips = [
        code[:place] + letter + code[place + 1 :]
        for place in range(LONG)
        for letter in LETTERS
        if letter != code[place]
    ]
    swaps = []
    for one, other in combinations(range(LONG), 2):
        letters = list(code)
        letters[one], letters[other] = letters[other], letters[one]
        swaps.append("".join(letters))

    assert {text for text in (*slips, *swaps) if text != code and read(text)} == set()


def test_what_is_read_as_a_code():
    code = "10" + "0" * 7
    code += check_of(code)
    scanned = qr_text(ANI, code)
    table = {
        code: Given(code),
        grouped(code).lower(): Given(code),
        f" {code[:3]} {code[3:]}\n": Given(code),
        code.replace("1", "I").replace("0", "O"): Given(code),
        scanned: Given(code, 12, 39, "official"),
        scanned.replace(".P.", ".X."): None,
        scanned.replace("39", "٣٩"): None,
        scanned.replace("KB", "XX"): None,
        code[:-1]: None,
        "": None,
        "U" * LONG: None,
        "\x00": None,
        "9" * 100_000: None,
    }

    assert {text: read(text) for text in table} == table


@pytest.mark.parametrize(
    ("day", "starts", "ends", "opens"),
    [
        (date(2025, 11, 18), time(9), time(12), ((18, 6), (18, 18))),
        (date(2025, 11, 18), time(9), None, ((18, 6), (18, 15))),
        (date(2025, 11, 18), None, None, ((17, 21), (19, 5))),
        (None, time(9), time(12), None),
    ],
)
def test_a_code_opens_from_three_hours_before_to_six_hours_after(day, starts, ends, opens):
    found = window(day, starts, ends, UTC)

    assert (found and tuple((one.day, one.hour) for one in found)) == opens


def entry(second, couple, way="scanned", party="official", page=None, station="Pintu 1"):
    at = NINE + timedelta(seconds=second)
    return Entry(at, way, station, couple, party, f"Orang {couple}", page)


CASES = {
    "nobody": ([], []),
    "couples at their pace": ([entry(8 * n, n) for n in range(9)], []),
    "a couple together": ([entry(0, 1), entry(2, 1, party="spouse"), entry(9, 2)], []),
    "four in ten seconds": ([entry(n * 3, n) for n in range(4)], [("fast", 4)]),
    "four in eleven": ([entry(n * 11 / 3, n) for n in range(4)], []),
    "one burst, not many": ([entry(n, n) for n in range(8)], [("fast", 8)]),
    "two tables": ([entry(n, n, station=f"Pintu {n % 2}") for n in range(6)], []),
    "two bursts": (
        [entry(n, n) for n in range(4)] + [entry(100 + n, 10 + n) for n in range(4)],
        [("fast", 4), ("fast", 4)],
    ),
    "typed in a row": ([entry(n * 50, n, "typed") for n in range(3)], [("typed", 3)]),
    "typed with a pause": ([entry(n * 61, n, "typed") for n in range(4)], []),
    "one couple typed": (
        [entry(n, 1, "typed", p) for n, p in enumerate(("official", "spouse", "official"))],
        [],
    ),
    "another one's spouse": (
        [entry(0, 1, page="p"), entry(4, 2, party="spouse", page="p")],
        [("mixed", 2)],
    ),
    "his own spouse": ([entry(0, 1, page="p"), entry(4, 1, party="spouse", page="p")], []),
    "with network": ([entry(0, 1), entry(4, 2, party="spouse")], []),
    "too early, too late": ([entry(-5401, 1), entry(-5400, 2), entry(5401, 3)], [("hours", 2)]),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_looked_into(case):
    entries, found = CASES[case]
    hours = (NINE, NINE + timedelta(hours=1))

    told = suspicions(reversed(entries), hours)

    assert [(one.rule, len(one.entries)) for one in told] == found
