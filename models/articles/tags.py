"""Categories that a site prints beside an article, often glued together: "Kota SerangPemerintahan".

Pure. Only what is known to be a category, or has one beside it, is taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_WORDS = """
    pemerintahan politik hukum hukrim kriminal daerah nasional internasional regional lokal
    ekonomi bisnis pendidikan kesehatan olahraga peristiwa headline berita advertorial
    parlemen sosial budaya religi opini hiburan teknologi wisata pariwisata megapolitan
    metropolitan utama umum birokrasi kabar terkini nusantara lampung banten
"""
#: Categories of news sites.
WORDS: Final = frozenset(_WORDS.split())
_PLACE = re.compile(r"(?:Kota|Kabupaten|Kab\.|Provinsi)(?: [A-Z][a-z]+){1,3}")
_GLUE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PARTED = re.compile(r"\s*(?:[,|/»›>•·]|(?<=\s)-(?=\s))\s*")
_NAMED = re.compile(r"(?:tags?|topik|kategori|category|label)\s?:\s?(.{2,200})", re.IGNORECASE)
_HASHES = re.compile(r"#[\w-]+(?:\s+#[\w-]+)*")
_BEHIND = re.compile(r"(?<=[.!?”\"’*)])\s?([A-Z][^.!?,;:]{2,60})$")


def tags_of(line: str, places: Iterable[str] = ()) -> tuple[str, ...]:
    """The categories that `line` is made of, or none when it is anything else."""
    named = _NAMED.fullmatch(line)
    if named:
        return _tidied(_PARTED.split(named[1].replace("#", " ")))
    if _HASHES.fullmatch(line):
        return _tidied(line.replace("#", " ").split())
    if len(line) > 80 or line.endswith((".", "!", "?", ":")):
        return ()
    pieces = _tidied(piece for part in _PARTED.split(line) for piece in _GLUE.split(part))
    known = set(places)
    plain = all(_is_capped(piece) for piece in pieces)
    if plain and pieces and any(is_category(piece, known) for piece in pieces):
        alone = len(pieces) > 1 or pieces[0].casefold() in WORDS or pieces[0] in known
        return pieces if alone else ()
    return ()


def glued_before(line: str, places: Iterable[str] = ()) -> tuple[tuple[str, ...], str, str]:
    """Categories glued to the front of `line`: them, their text, and what is left of the line."""
    known, taken, at = set(places), [], 0
    pieces = _GLUE.split(line)
    for piece in pieces[:-1]:
        if not is_category(piece.strip(), known):
            break
        taken.append(piece.strip())
        at += len(piece)
    return tuple(taken), line[:at].strip(), line[at:].strip()


def glued_behind(line: str, places: Iterable[str] = ()) -> tuple[tuple[str, ...], str, str]:
    """Categories glued to the end of `line`, as `glued_before` gives them."""
    found = _BEHIND.search(line)
    tags = tags_of(found[1], places) if found else ()
    if found is None or not tags:
        return (), "", line
    return tags, found[1], line[: found.start()].rstrip()


def is_category(piece: str, places: Iterable[str] = ()) -> bool:
    """Whether one piece is a category: a known word, or a place."""
    return piece.casefold() in WORDS or piece in places or _PLACE.fullmatch(piece) is not None


def _is_capped(piece: str) -> bool:
    words = piece.split()
    return 0 < len(words) <= 3 and all(word[:1].isupper() for word in words)


def _tidied(pieces: Iterable[str]) -> tuple[str, ...]:
    """Without blanks and doubles, in their order."""
    return tuple(dict.fromkeys(piece.strip() for piece in pieces if piece.strip()))
