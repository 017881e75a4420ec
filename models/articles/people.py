"""People in a news text: those who are known, with the post that the text gives them, and others.

Pure. Names are found without titles, with or without the initial in the middle, and by every known
spelling. Somebody unknown is found where the text lets a person speak.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ..identifiers import titles
from .known import Person
from .matching import Span, overlap

_POST_WORDS = """
    kepala ketua wakil sekretaris sekda wali walikota bupati gubernur camat lurah asisten
    staf analis direktur plt pj plh kabag kadis kabid kasi inspektur penyuluh narasumber
    anggota pimpinan jaksa deputi menteri koordinator juru humas auditor kasatgas kapolres
    dandim rektor dosen pemateri moderator kades sekretariat pelaksana penjabat spesialis
    fungsional
"""
_OFFICE_WORDS = """
    ahli bagian bidang seksi dinas badan kantor inspektorat daerah kota kabupaten provinsi
    kecamatan kelurahan desa pemerintah pemerintahan pemkot pemkab pemprov pemberantasan
    pencegahan tindak pidana korupsi komisi pemberdayaan masyarakat umum hukum organisasi
    pendidikan kesehatan keuangan republik indonesia ri utama muda madya pratama tim satuan
    tugas ia dia mereka beliau pihaknya kami kita kegiatan bimtek acara program hal itu ini
    sementara selain menurut untuk dalam bapak ibu saudara haji dan dari di pada yang asn
    opd kpk dprd
"""
#: Words with which a post begins.
POSTS: Final = frozenset(_POST_WORDS.split())
#: Words of posts and bodies that no name is made of.
_NAMELESS: Final = POSTS | frozenset(_OFFICE_WORDS.split())
_JOINING: Final = frozenset({"dan", "dari", "pada", "bidang", "di", "untuk", "serta"})
_SAYS = (
    "mengatakan|menuturkan|menegaskan|menjelaskan|menyampaikan|menyebut|menyebutkan|"
    "mengungkapkan|menambahkan|menyatakan|menilai|menekankan|mengingatkan|berharap|memaparkan|"
    "mengapresiasi|menerangkan|berpesan|mengaku|mengimbau|menghimbau|membuka|memberikan"
)
_SAID = (
    "kata|ujar|ucap|jelas|tegas|tandas|ungkap|tutur|papar|tambah|imbuh|pungkas|sebut|terang|lanjut"
)
_SPEAKER_BEFORE = re.compile(rf"(?=\s(?:juga\s|turut\s|pun\s)?(?:{_SAYS})\b)")
_SPEAKER_AFTER = re.compile(rf"\b(?:{_SAID})\s+(?=[A-Z])")
_WORD = re.compile(r"[A-Z][\w.'’-]*")
_POST_BEHIND = re.compile(r"(?:(?:[A-Z]\S*|\([^()]{1,40}\)|dan|dari|pada)\s?)+")
_CAPITALISED = re.compile(r"(?:[A-Z][\w.'’-]*(?:\s|$|(?=[,”\"]))|\([^()]{1,40}\)\s?){1,10}")
_SELECTED_AS = re.compile(r"\s*,?\s+(?:selaku|sebagai)\s+")


@dataclass(frozen=True)
class Seen:
    """A person in the text: where the name stands, in how many sentences, with which post."""

    person: Person
    sentence: int
    start: int
    end: int
    #: From the beginning of the post to the end of the name, over every mention.
    spans: tuple[tuple[int, Span], ...]
    mentions: int
    position: str = ""


def people_in(
    sentences: Sequence[str], known: Iterable[Person], bodies: Iterable[str] = ()
) -> tuple[list[Seen], list[Seen]]:
    """Known people and unknown ones, in the order in which the text names them first.

    `bodies` are names of offices and places, whose words are in no person's name.
    """
    found = [seen for person in known if (seen := _seen(sentences, person)) is not None]
    nameless = _NAMELESS | {w.casefold() for body in bodies for w in re.findall(r"\w+", body)}
    others = _unknown(sentences, nameless, found)
    return sorted(found, key=_order), sorted(others, key=_order)


def _order(seen: Seen) -> tuple[int, int]:
    return seen.sentence, seen.start


def _seen(sentences: Sequence[str], person: Person) -> Seen | None:
    """The person with all places in the text, or None: not in full anywhere."""
    folded = " ".join(sentences).casefold()
    full: list[tuple[int, Span]] = []
    for name in person.names:
        words = [word for word in name.split() if len(word.strip(".")) > 1]
        if not words or not all(word.casefold().strip(".,") in folded for word in words):
            continue
        pattern = _spelled(words)
        for number, sentence in enumerate(sentences):
            full += [(number, m.span()) for m in pattern.finditer(sentence) if m[0][0].isupper()]
    if not full:
        return None
    return _placed(sentences, person, sorted(full))


def _placed(sentences: Sequence[str], person: Person, full: list[tuple[int, Span]]) -> Seen:
    """A person whose full name stands at these places: the post there, and how often named."""
    first = full[0]
    spans, position = [], ""
    for number, (start, end) in full:
        begin, post = position_at(sentences[number], start, end)
        spans.append((number, (begin, end)))
        position = position or post
    number, (start, end) = first
    words = [w for name in person.names for w in name.split() if len(w.strip(".")) > 2]
    short = re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b") if words else None
    later = {n for n in range(number, len(sentences)) if short and short.search(sentences[n])}
    return Seen(person, number, start, end, tuple(spans), len(later), position)


def _spelled(words: list[str]) -> re.Pattern[str]:
    """A name whose words may have an initial between them; case does not matter."""
    gap = r"\s+(?:[A-Z]\.\s*)?"
    body = gap.join(re.escape(word) for word in words)
    return re.compile(rf"(?<![\w-]){body}(?![\w-])", re.IGNORECASE)


def position_at(sentence: str, start: int, end: int) -> tuple[int, str]:
    """Where the post before a name begins, and the post; of "X selaku Y" the Y behind it."""
    words = list(re.finditer(r"\([^()]{1,40}\)|\S+", sentence[:start]))
    run: list[re.Match[str]] = []
    for word in reversed(words):
        text = word[0]
        closes = bool(re.search(r"[,.;:”\"]$", text)) and bool(run)
        if closes and titles.before(text) is None:
            break
        if not (text[0].isupper() or text[0] == "(" or text in _JOINING):
            break
        run.insert(0, word)
    while run and titles.before(run[-1][0]) is not None:
        run.pop()
    at = next((n for n, w in enumerate(run) if w[0].strip("().,").casefold() in POSTS), None)
    if at is not None:
        begin = run[at].start()
        return begin, sentence[begin : run[-1].end()].strip(" ,")
    behind = _SELECTED_AS.match(sentence, end)
    if behind:
        post = re.match(
            r"(?:(?:[A-Z]\S*|\([^()]{1,40}\)|dan|dari|pada)\s?)+", sentence[behind.end() :]
        )
        text = re.split(r"[,.;]", post[0])[0].strip() if post else ""
        return start, text
    return start, ""


def _unknown(sentences: Sequence[str], nameless: frozenset[str], found: list[Seen]) -> list[Seen]:
    """People who speak in the text and are not among those `found`."""
    taken = [(number, span) for seen in found for number, span in seen.spans]
    said = {w.casefold() for seen in found for name in seen.person.names for w in name.split()}
    places: dict[str, list[tuple[int, Span]]] = {}
    for number, sentence in enumerate(sentences):
        for start, end in _speaking(sentence, nameless):
            name = sentence[start:end]
            single = len(name.split()) == 1
            if any(n == number and overlap(span, (start, end)) for n, span in taken):
                continue
            if single and name.casefold() in said:
                continue
            places.setdefault(name, []).append((number, (start, end)))
    longer = {w for name in places for w in name.split() if len(name.split()) > 1}
    return [
        _placed(sentences, Person(name), at)
        for name, at in places.items()
        if len(name.split()) > 1 or name not in longer
    ]


def _speaking(sentence: str, nameless: frozenset[str]) -> list[Span]:
    """Where the names of those who speak in a sentence stand."""
    found = []
    for verb in _SPEAKER_BEFORE.finditer(sentence):
        head = sentence[: verb.start()].rstrip(" ,")
        span = _name_ending(head, nameless)
        if span is not None:
            found.append(span)
    for verb in _SPEAKER_AFTER.finditer(sentence):
        run = _CAPITALISED.match(sentence, verb.end())
        if run is not None:
            text = run[0].rstrip(' .,”"')
            span = _name_ending(sentence[: verb.end() + len(text)], nameless)
            if span is not None and span[0] >= verb.end():
                found.append(span)
    return found


def _name_ending(head: str, nameless: frozenset[str]) -> Span | None:
    """The name at the very end of `head`: at most four capitalised words of no post or body."""
    words = list(re.finditer(r"\S+", head))
    run: list[re.Match[str]] = []
    for word in reversed(words):
        text = word[0]
        bare = text.strip(".,").casefold()
        if run and text.endswith((",", ":", ";", "”", '"')):
            break
        if _WORD.fullmatch(text) is None or bare in nameless or len(run) == 4:
            break
        if len(bare) > 1 and text.isupper():
            break
        run.insert(0, word)
    while run and titles.before(run[0][0]) is not None:
        run.pop(0)
    if not run or len(run[0][0].strip(".")) < 2:
        return None
    # a lone word at the beginning of a sentence is any word
    if len(run) == 1 and run[0].start() == 0:
        return None
    return run[0].start(), run[-1].end()
