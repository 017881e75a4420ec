"""Titles (gelar) and how they are spelt: before a name, and behind it."""

from __future__ import annotations

import re
from typing import Final

_BEFORE_WORDS = """
    Prof. Dr. dr. drg. drh. Ir. Drs. Dra. H. Hj. Hi. KH. R. Rr. Rd. Tb. Apt. Ns. Bd. Ust.
"""
_BEHIND_WORDS = """
    A.P. A.Ma. A.Md. A.Md.Keb. A.Md.Kep. A.Md.Kom. A.Md.Ak. Ak. Apt. Ners
    S.A.P. S.Ag. S.Ak. S.E. S.E.I. S.E.Sy. S.Farm. S.Gz. S.H. S.H.I. S.Hum. S.Hut.
    S.I.Kom. S.IP. S.I.K. S.K.M. S.KG. S.Ked. S.Keb. S.Kel. S.Kep. S.Kom. S.M. S.P. S.Pd.
    S.Pd.I. S.Pd.SD. S.Pi. S.Psi. S.Pt. S.S. S.ST. S.STP. S.Si. S.Sos. S.Sos.I.
    S.Sn. S.Sy. S.T. S.Th.I. S.Tr. S.Tr.Keb. S.Tr.Kep. S.Tr.IP.
    M.A. M.A.P. M.Ag. M.Ak. M.B.A. M.Ec.Dev. M.Eng. M.E. M.Farm. M.H. M.H.I. M.Hum.
    M.IP. M.I.Kom. M.K.M. M.Kes. M.Keb. M.Kep. M.Kn. M.Kom. M.Litt. M.M. M.P. M.P.A.
    M.P.H. M.P.W.K. M.Par. M.Pd. M.Pd.I. M.Psi. M.Sc. M.Si. M.Sos. M.T. M.Tr.A.P. M.Tr.IP.
    Ph.D. Sp.A. Sp.An. Sp.B. Sp.JP. Sp.KK. Sp.M. Sp.N. Sp.OG. Sp.OT. Sp.P. Sp.PD.
    Sp.PK. Sp.Rad. Sp.S. Sp.THT. Lc. CA CFE CFrA CGAE CGCAE CPA CRMO CRMP QIA
"""
#: titles before a name, as they are written; "dr." (physician) and "Dr." (doctorate) differ
BEFORE: Final = tuple(_BEFORE_WORDS.split())
#: titles behind a name, as they are written
BEHIND: Final = tuple(_BEHIND_WORDS.split())

_LETTERS = re.compile(r"[^A-Za-z]+")


def _key(text: str) -> str:
    return _LETTERS.sub("", text).upper()


_BEFORE = {_key(title): title for title in BEFORE if title != "dr."}
_BEHIND = {_key(title): title for title in BEHIND}


def before(word: str) -> str | None:
    """The title that `word` spells, in its written form, or None: "DRS" is "Drs."."""
    if word in {"dr", "dr."}:
        return "dr."
    return _BEFORE.get(_key(word)) if word.strip(".").isascii() else None


def behind(text: str) -> str | None:
    """The degree that `text` spells, in its written form, or None: "S.SOS" is "S.Sos."."""
    return _BEHIND.get(_key(text)) if text.isascii() else None


def all_behind(text: str) -> tuple[str, bool]:
    """The degrees in `text`, parted by commas, and whether all are known.

    What is not known stays as it was typed.
    """
    found: list[str] = []
    known = True
    for piece in filter(None, (piece.strip() for piece in text.split(","))):
        whole = behind(piece)
        words = [whole] if whole else [behind(word) or word for word in piece.split()]
        if whole is None and not all(behind(word) for word in piece.split()):
            known, words = False, [piece]
        found += words
    return ", ".join(found), known
