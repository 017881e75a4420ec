"""Codes that open a session part to one person: signed, short enough to be typed, checked.

Pure. A code is nine letters of a keyed hash and one that shows a slip of the finger; it names
nobody, and only who holds the key can make one. A QR code says beside it for whom it was made.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

#: Crockford's base 32: without I, L, O and U.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: What people take for another letter.
READ_AS = str.maketrans("ILO", "110")
#: Letters of a code: so many of the hash, and the one that checks them.
LONG = 10
#: Beginning of the text of a QR code.
MARK = "KB"
PARTY = {"official": "P", "spouse": "S"}
#: A code opens so long before the part begins, and so long after it ends.
BEFORE, AFTER = timedelta(hours=3), timedelta(hours=6)
#: Longest text that is looked at.
LONGEST = 100

Window = tuple[datetime, datetime]


@dataclass(frozen=True)
class Bearer:
    """For whom a code is: one of a couple on the list, at one session part."""

    part: int
    participation: int
    party: str
    #: Number of the official or of the spouse: who takes his place needs a code of his own.
    person: int


@dataclass(frozen=True)
class Given:
    """What was scanned or typed: the code, and for whom its QR text says that it is."""

    code: str
    part: int | None = None
    participation: int | None = None
    party: str | None = None


def code_of(key: bytes, bearer: Bearer) -> str:
    """The code of a bearer, `LONG` letters."""
    said = f"{bearer.part}:{bearer.participation}:{bearer.party}:{bearer.person}"
    number = int.from_bytes(hmac.digest(key, said.encode(), "sha256")[:8], "big")
    letters = "".join(LETTERS[number >> 5 * place & 31] for place in range(LONG - 1))
    return letters + check_of(letters)


def check_of(letters: str) -> str:
    """The letter that finds any one wrong letter and any two that changed places.

    A checksum over the field of 32 elements, x^5 = x^2 + 1.
    """
    total = 0
    for letter in letters:
        total = (total ^ LETTERS.index(letter)) << 1
        total ^= 0b100101 if total & 32 else 0
    return LETTERS[total]


def grouped(code: str) -> str:
    """A code as it is printed, in two halves."""
    return f"{code[: LONG // 2]}-{code[LONG // 2 :]}"


def qr_text(bearer: Bearer, code: str) -> str:
    """What the QR code holds: capitals, digits and points, the densest that QR knows."""
    party = PARTY[bearer.party]
    return f"{MARK}.{bearer.part}.{bearer.participation}.{party}.{code}"


def read(text: str) -> Given | None:
    """What a text says, or None where it is no code at all, or one with a slip in it."""
    text = re.sub(r"[\s\-]+", "", text[:LONGEST]).upper()
    found = re.fullmatch(rf"{MARK}\.(\d{{1,9}})\.(\d{{1,9}})\.([PS])\.(\w+)", text, re.ASCII)
    code = (found[4] if found else text).translate(READ_AS)
    if len(code) != LONG or not set(code) <= set(LETTERS) or check_of(code[:-1]) != code[-1]:
        return None
    if found is None:
        return Given(code)
    party = next(name for name, letter in PARTY.items() if letter == found[3])
    return Given(code, int(found[1]), int(found[2]), party)


def is_same(one: str, other: str) -> bool:
    """Whether two codes are the same, told in the same time for any two."""
    return hmac.compare_digest(one, other)


def window(day: date | None, starts: time | None, ends: time | None, zone: tzinfo) -> Window | None:
    """From when until when codes of a part are taken; None where its day is not known.

    Without a time the whole day counts, and a part without end ends as it begins.
    """
    if day is None:
        return None
    first = datetime.combine(day, starts or time.min, zone)
    last = datetime.combine(day, ends or starts or time(23, 59), zone)
    return first - BEFORE, last + AFTER
