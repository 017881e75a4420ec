"""Sentences of an Indonesian news text: initials, titles and hours end none.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..identifiers import titles

_END = re.compile(r"[.!?…]+[\"”’)]*(?:\s+(?=[\"“‘(]?[A-Z0-9])|(?=[A-Z“]))")
_LAST = re.compile(r"(\S+)[.]$")
_GLUED = re.compile(r"(?<=[a-z]{3}[.!?])(?=[“\"A-Z])|(?<=[.!?,][”\"])(?=[A-Z“])")
_SEAMS = re.compile(
    r"(?<=[a-z])(?=[A-Z]{3,}(?: [A-Z]{3,}){0,3} ?[–—-] )|"
    r"(?<![A-Z]) (?=[A-Z]{3,}(?: [A-Z]{3,}){0,3} ?[–—] )|"
    r"(?<=\S)(?=(?i:baca juga ?:|related posts?\b|leave a reply|tinggalkan balasan|"
    r"alamat email anda tidak|your email address will not))|"
    r"(?<=\*\*\*)(?=[^*])"
)
_LINK = re.compile(r"((?i:baca juga ?:)[^.!?\n]*?[a-z])(?=[A-Z])")
_SHORT = frozenset({"no", "jl", "kec", "kel", "kab", "prov", "dll", "dsb", "tgl", "pkl", "kh"})


def sentences_of(paragraph: str) -> list[str]:
    """The sentences of one paragraph, in order; nothing of it is lost but blanks."""
    found, start = [], 0
    for end in _END.finditer(paragraph):
        piece = paragraph[start : end.end()].strip()
        if _is_short(piece) or not (end[0][-1].isspace() or _glues(paragraph, end.end())):
            continue
        found.append(piece)
        start = end.end()
    rest = paragraph[start:].strip()
    return [*found, rest] if rest else found


def unglued(line: str) -> list[str]:
    """The lines of a page that lost its breaks: where a sentence touches the next, or furniture."""
    pieces = "\n".join(_SEAMS.sub("\n", piece) for piece in _GLUED.split(line))
    lines = _LINK.sub(r"\1\n", pieces).split("\n")
    return [piece.strip() for piece in lines if piece.strip()]


def all_sentences(paragraphs: Iterable[str]) -> list[str]:
    """The sentences of all paragraphs, in order."""
    return [sentence for paragraph in paragraphs for sentence in sentences_of(paragraph)]


def _glues(text: str, at: int) -> bool:
    return any(match.start() == at for match in _GLUED.finditer(text, max(at - 8, 0), at + 2))


def _is_short(piece: str) -> bool:
    """Whether `piece` ends with an initial or an abbreviation, and so goes on."""
    last = _LAST.search(piece)
    if last is None:
        return False
    word = last[1].lstrip('(“"‘')
    is_initial = len(word) == 1 and word.isupper()
    return is_initial or word.casefold() in _SHORT or titles.before(f"{word}.") is not None
