"""NIK, the national identity number: checked and recognised, never stored.

Sixteen digits: province 2, regency or city 2, district 2 of first registration; day, month and
year of birth with 40 added to the day for women; serial 4.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from panel.typed import Checked, Doubt, Wrong
from panel.words import say

from .digits import Cell, bare, is_digits, real_date, wrong_length

_PROVINCES = """
    11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53
    61 62 63 64 65 71 72 73 74 75 76 81 82 91 92 93 94 95 96
"""
#: Kemendagri codes of the 38 provinces
PROVINCES: Final = frozenset(_PROVINCES.split())
#: districts of the two founding cities: six of Kota Serang, five of Kota Metro
DISTRICTS: Final = frozenset(
    f"{city}{district:02}"
    for city, count in (("3673", 6), ("1872", 5))
    for district in range(1, count + 1)
)


def nik(
    typed: object,
    *,
    cell: Cell = "text",
    today: date | None = None,
    districts: Collection[str] = DISTRICTS,
) -> Checked[str]:
    """The NIK as sixteen digits with detail ("L",) or ("P",), or `Wrong`.

    An unknown district is a warning: codes from before a district was split stay valid for life.
    """
    text = bare(typed, cell=cell, label="NIK")
    if not is_digits(text) or len(text) != 16:
        raise wrong_length("not_16_digits", "NIK", 16, text)
    if text[:2] not in PROVINCES:
        sentence = say("The first 2 digits of a NIK are a province; these are none.")
        raise Wrong("province", sentence)
    if "00" in (text[2:4], text[4:6]):
        sentence = say("Digits 3 to 6 of a NIK are a city and a district; neither can be 00.")
        raise Wrong("district", sentence)
    if _born(text, today or date.today()) is None:
        sentence = say(
            "Digits 7 to 12 of a NIK are the birth date, day first (plus 40 for a woman); "
            "these are not one."
        )
        raise Wrong("birth_date", sentence)
    if text.endswith("0000"):
        sentence = say("A NIK never ends in 0000. Compare it with the identity card.")
        raise Wrong("serial_0000", sentence)
    doubts = []
    if text[:6] not in districts:
        sentence = say("The district in this NIK is not in the list: perhaps an older code.")
        doubts.append(Doubt("district_unknown", sentence))
    return Checked(text, ("P" if int(text[6:8]) > 40 else "L",), tuple(doubts))


def _born(text: str, today: date) -> date | None:
    day, month, year = int(text[6:8]), int(text[8:10]), int(text[10:12])
    if day > 40:
        day -= 40
    # two digits of the year: the latest century that is not in the future
    candidates = (real_date(century + year, month, day) for century in (2000, 1900))
    return next((born for born in candidates if born and born <= today), None)


def looks_like_nik(typed: str, *, today: date | None = None) -> bool:
    """Whether `typed` would pass as a NIK: it must then not be stored, logged or repeated."""
    try:
        nik(typed, today=today)
    except Wrong:
        return False
    return True
