"""Golongan and pangkat: "IVb" and "Pembina Tk. I / IV.b" are "Pembina Tingkat I (IV/b)"."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from panel.typed import Checked, Doubt, Wrong, tidy
from panel.words import say

from .digits import EMPTY


class Grade(NamedTuple):
    """One golongan of the PNS with the name of its pangkat."""

    order: int
    code: str
    rank: str


_RANKS = (
    "I/a Juru Muda,I/b Juru Muda Tingkat I,I/c Juru,I/d Juru Tingkat I,"
    "II/a Pengatur Muda,II/b Pengatur Muda Tingkat I,II/c Pengatur,II/d Pengatur Tingkat I,"
    "III/a Penata Muda,III/b Penata Muda Tingkat I,III/c Penata,III/d Penata Tingkat I,"
    "IV/a Pembina,IV/b Pembina Tingkat I,IV/c Pembina Utama Muda,IV/d Pembina Utama Madya,"
    "IV/e Pembina Utama"
)
#: the seventeen grades of a PNS, lowest first
GRADES: Final = tuple(
    Grade(order, *entry.split(" ", 1)) for order, entry in enumerate(_RANKS.split(","), start=1)
)
_ROMAN = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII"
#: the seventeen golongan of a PPPK; they have no names
PPPK_GRADES: Final = tuple(_ROMAN.split())

_BY_CODE = {grade.code: grade for grade in GRADES}
_BY_RANK = {grade.rank.casefold(): grade for grade in GRADES}
_CODE = re.compile(r"\b(IV|III|II|I)(?: ?[./\-] ?| )?([A-E])\b", re.IGNORECASE)
_LABEL = re.compile(r"\b(?:golongan|gol|ruang|pangkat)\b[.: ]*", re.IGNORECASE)

UNKNOWN = say("This is not a grade. Write it as III/d or IV/b.")


def grade(typed: object, *, employment_type: str | None = None) -> Checked[str]:
    """The code, such as "IV/b", with the rank's name as detail, or `Wrong`.

    A PPPK has a Roman number alone ("IX") and no name of a rank.
    """
    if not isinstance(typed, str):
        raise Wrong("unknown", UNKNOWN)
    text = tidy(typed, most=120)
    if not text:
        raise Wrong("empty", EMPTY)
    bare = _LABEL.sub("", text).strip()
    if bare.upper() in PPPK_GRADES:
        return _without_letter(bare.upper(), employment_type)
    found = _CODE.search(bare)
    rank = _rank_of(bare.replace(found[0], " ") if found else bare)
    by_rank = _BY_RANK.get(rank)
    known = _BY_CODE.get(f"{found[1].upper()}/{found[2].lower()}") if found else by_rank
    if known is None:
        raise Wrong("unknown", UNKNOWN)
    if by_rank and known != by_rank:
        sentence = say(
            "%(rank)s is grade %(code)s, but another grade stands beside it. Choose one.",
            rank=by_rank.rank,
            code=by_rank.code,
        )
        raise Wrong("disagree", sentence)
    doubts = []
    if rank and by_rank is None:
        sentence = say(
            "The rank beside the grade is not known; %(rank)s is taken from the grade.",
            rank=known.rank,
        )
        doubts.append(Doubt("rank_unknown", sentence))
    return Checked(known.code, (known.rank,), tuple(doubts))


def _without_letter(code: str, employment_type: str | None) -> Checked[str]:
    if code in {"I", "II", "III", "IV"} and employment_type != "asn_pppk":
        sentence = say("The letter of the grade is missing. Write it as III/d or IV/b.")
        raise Wrong("no_letter", sentence)
    return Checked(code, ("PPPK",))


def _rank_of(text: str) -> str:
    words = re.sub(r"[()/,.\-]", " ", text.casefold()).split()
    return " ".join("tingkat" if word in {"tk", "tkt", "tingk"} else word for word in words)


def show_grade(code: str | None) -> str:
    """The grade as it is printed: "Pembina Tingkat I (IV/b)"; a PPPK's as "Golongan IX"."""
    if not code:
        return ""
    known = _BY_CODE.get(code)
    return f"{known.rank} ({known.code})" if known else f"Golongan {code}"
