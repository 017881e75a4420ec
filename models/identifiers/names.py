"""Names with titles: taken apart as a proposal that a person confirms; nothing typed is lost.

The rules are those of the civil service's own roster (DUK): titles before the name end in a dot, a
comma stands before the first title behind it, and abbreviations that belong to the name
("Muh. Fulan HS.", "Siti Aminah Kas.") have a dot and no comma.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from panel.typed import Checked, Doubt, Wrong, tidy, too_long
from panel.words import say

from . import titles
from .digits import EMPTY
from .niks import looks_like_nik

NAME_LENGTH: Final = 150
TITLES_LENGTH: Final = 100

_LONG_NUMBER = re.compile(r"\d(?:[ .\-]?\d){7,}")
_FIRST_WORD = re.compile(r"(K\.\s?H\.|[A-Za-z]{1,4}\.|[A-Za-z]{1,4}(?=\s))\s*(?=\S)")
_WORD = re.compile(r"[^\W\d_]+")


class PersonName(NamedTuple):
    """A name in three parts; lists are sorted and searched by `name` alone."""

    prefix: str
    name: str
    suffix: str


def person_name(typed: object) -> Checked[PersonName]:
    """The parts of a name as a proposal, or `Wrong` when there is no name in it.

    Warnings ask to look again: "doctor" (DR. may be Dr. or dr.), "title_unknown".
    """
    text = _plain(typed, NAME_LENGTH + 2 * TITLES_LENGTH)
    shouted = text.isupper()
    found, rest = _take_before(text)
    head, comma, tail = rest.partition(",")
    head, loose = _take_behind(head.strip(), shouted=shouted)
    suffix, known = titles.all_behind(", ".join(filter(None, (loose, tail))))
    if not _WORD.search(head) or _is_lone_title(head):
        raise Wrong("no_name", say("Only titles stand here. Type the name as well."))
    if len(head) > NAME_LENGTH:
        raise too_long(NAME_LENGTH)
    doubts = []
    if "Dr." in found and re.search(r"\bDR\b", text):
        sentence = say("DR. may be a doctorate (Dr.) or a physician (dr.). Choose one.")
        doubts.append(Doubt("doctor", sentence))
    if comma and not known:
        sentence = say("A title behind the name is not known and was kept as typed.")
        doubts.append(Doubt("title_unknown", sentence))
    return Checked(PersonName(" ".join(found), _cased(head), suffix), (), tuple(doubts))


def titles_before(typed: object) -> Checked[str]:
    """Titles before a name in their written form ("DRS H" is "Drs. H."), or `Wrong`."""
    text = _plain(typed, TITLES_LENGTH)
    # the parser looks for a name behind the titles
    found, rest = _take_before(f"{text} -")
    rest = rest.removesuffix("-").strip()
    if not rest:
        return Checked(" ".join(found))
    return Checked(" ".join([*found, rest]), (), (_unknown_title(),))


def titles_after(typed: object) -> Checked[str]:
    """Titles behind a name, parted by commas ("SH MH" is "S.H., M.H."), or `Wrong`."""
    text, known = titles.all_behind(_plain(typed, TITLES_LENGTH))
    return Checked(text, (), () if known else (_unknown_title(),))


def show_name(prefix: str | None, name: str, suffix: str | None) -> str:
    """The name as it is printed: "Drs. H. Ahmad Fulan, M.Si."."""
    full = f"{prefix} {name}" if prefix else name
    return f"{full}, {suffix}" if suffix else full


def _plain(typed: object, most: int) -> str:
    if not isinstance(typed, str):
        raise Wrong("not_text", say("A name is text; this cell is a number."))
    text = tidy(typed, most=most)
    if not text:
        raise Wrong("empty", EMPTY)
    number = _LONG_NUMBER.search(text)
    if number and looks_like_nik(number[0]):
        raise Wrong("nik", say("This looks like a NIK, which is not kept here. Take it out."))
    if number:
        raise Wrong("number", say("A number stands in the name. Give it its own field."))
    return text


def _take_before(text: str) -> tuple[list[str], str]:
    """The titles at the beginning of `text`, and what is left; the last word is never a title."""
    found: list[str] = []
    while match := _FIRST_WORD.match(text):
        title = titles.before(match[1])
        if title is None or text[match.end()] == ",":
            break
        found.append(title)
        text = text[match.end() :]
    return found, text


def _take_behind(text: str, *, shouted: bool) -> tuple[str, str]:
    """`text` without the titles at its end (where the comma was forgotten), and those titles."""
    words = text.split()
    count = 0
    while count + 1 < len(words) and _is_title(words[-count - 1], shouted=shouted):
        count += 1
    kept = len(words) - count
    return " ".join(words[:kept]), ", ".join(words[kept:])


def _is_title(word: str, *, shouted: bool) -> bool:
    if titles.behind(word) is None:
        return False
    # "S.IP" has a dot inside; "SH" stands out only where the name is not all capitals
    return "." in word[:-1] or (word.isupper() and len(word) > 1 and not shouted)


def _is_lone_title(head: str) -> bool:
    return head.endswith(".") and bool(titles.before(head) or titles.behind(head))


def _cased(name: str) -> str:
    """A name typed in one case only, in the usual one; any other stays as it is."""
    if not (name.isupper() or name.islower()):
        return name
    last = len(name.split()) - 1
    return " ".join(_cased_word(word, at_end=at == last) for at, word in enumerate(name.split()))


def _cased_word(word: str, *, at_end: bool) -> str:
    # "HS." at the end of a name is an abbreviation of two names
    if at_end and word.isupper() and re.fullmatch(r"[B-DF-HJ-NP-TV-Z]{2,3}\.", word):
        return word
    return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))


def _unknown_title() -> Doubt:
    return Doubt("title_unknown", say("A title is not known and was kept as typed."))
