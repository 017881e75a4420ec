"""What stands around an article on its page: links, buttons, comment forms, bylines, end marks.

Pure. Each pattern is one that Indonesian news sites print; `furniture` says why a line goes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from panel.words import Sentence, say

LINK: Final = say("Link to another article")
OTHERS: Final = say("Other articles")
COMMENTS: Final = say("Comment form")
SHARING: Final = say("Buttons for sharing")
BYLINE: Final = say("Who wrote or edited it")
ADVERT: Final = say("Advertisement")
SITE: Final = say("Part of the site")
CATEGORY: Final = say("Categories of the page")
DATELINE: Final = say("Place line before the text")
PUBLISHED: Final = say("Day of publication")
END_MARK: Final = say("End mark")
REPEATED: Final = say("The headline once more")

#: Longest line that can be a link, a credit or a heading of the site.
SHORT: Final = 160
#: Longest line that is looked at.
LONGEST: Final = 400
#: From this length on a line with the end of a sentence in it is text.
LONG: Final = 80


@dataclass(frozen=True)
class Why:
    """Why a line goes, and what it opens: "links" or "comments" follow it, or nothing."""

    reason: Sentence
    opens: str = ""


_SHARE_WORD = (
    r"share|shares|bagikan|facebook|twitter|x|whatsapp|telegram|line|linkedin|pinterest|email|"
    r"surel|tweet|pin|print|cetak|instagram|threads|messenger|copy link|salin tautan|"
    r"salin link|share on|bagikan ke|bagikan di|berbagi"
)
_CREDIT = (
    r"editor|penulis|reporter|pewarta|wartawan|jurnalis|kontributor|laporan|foto|sumber|"
    r"oleh|by|redaktur|penyunting"
)

_LINES: Final[tuple[tuple[re.Pattern[str], Why], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), why)
    for pattern, why in (
        (r"(?:baca|simak|lihat|tonton)(?: juga| pula)?\s?:.*|baca juga\b.*", Why(LINK)),
        (
            r"(?:related (?:posts?|articles?|news)|(?:berita|artikel|konten) (?:terkait|lainnya|"
            r"populer|terbaru|pilihan)|baca lainnya|terpopuler|terkini|trending|"
            r"rekomendasi(?: untuk anda)?|you (?:might|may) also like|more from author)\s?:?",
            Why(OTHERS, "links"),
        ),
        (
            r"(?:leave a (?:reply|comment)|tinggalkan (?:balasan|komentar)|tulis komentar|"
            r"beri komentar|komentar|comments?)\b\s?:?",
            Why(COMMENTS, "comments"),
        ),
        (
            r"(?:\d+|no|tidak ada) (?:comments?|komentar)|"
            r"alamat (?:email|surel) anda tidak akan dipublikasikan.*|"
            r"your email address will not be published.*|"
            r"(?:ruas|required fields).{0,20}(?:wajib ditandai|are marked).*|"
            r"(?:simpan nama|save my name).*|(?:nama|name|email|surel|komentar|comment)\s?\*|"
            r"(?:kirim komentar|post comment|situs web|website)",
            Why(COMMENTS),
        ),
        (
            rf"(?:\d+\s*)?(?:(?:{_SHARE_WORD})[\s:|,•·]*)+(?:\d+)?",
            Why(SHARING),
        ),
        (rf"\(?(?:{_CREDIT})\s?:\s?\S.{{0,80}}|by [\w .]{{2,40}}(?:[-–|•].*)?", Why(BYLINE)),
        (r"advertisements?|iklan|scroll (?:to continue|untuk).*|sponsored|promosi", Why(ADVERT)),
        (
            r"(?:ikuti|follow) (?:kami|us|berita|saluran).*|"
            r"(?:previous|next|prev) (?:post|article)|selanjutnya|sebelumnya|"
            r"(?:artikel|berita) (?:sebelumnya|selanjutnya|berikutnya)|"
            r"halaman\s?:?[\s\d]*|dapatkan (?:berita|update|informasi).*|"
            r"(?:dibaca|dilihat|views?)\s?:?\s?[\d.,]+(?: kali)?|[\d.,]+ (?:views?|kali dibaca)|"
            r"©.*|copyright\b.*|hak cipta\b.*|beranda|home|menu|cari|search|login|masuk",
            Why(SITE),
        ),
        (r"\(?(?:\*\s?){3,}\)?|#{2,}|[-_=~]{3,}|\(?(?:red|adv|rls)\)?", Why(END_MARK)),
    )
)

#: At the end of the last paragraph: stars, short signs of the newsroom, a byline.
ENDINGS: Final[tuple[tuple[re.Pattern[str], Sentence], ...]] = (
    (re.compile(r"\s*(?:\(?\*(?:\s?\*){2,}\)?|#{2,})$"), END_MARK),
    (re.compile(r"(?<=[.!?”\"’*])\s*[(\[][A-Za-z]{2,6}(?:[/-][A-Za-z]{2,6}){0,3}[)\]]$"), BYLINE),
    (
        re.compile(
            r"(?<=[.!?”\"’*)])\s*\(?(?:editor|penulis|reporter|pewarta)\s?:\s?[^.!?]{2,60}$",
            re.IGNORECASE,
        ),
        BYLINE,
    ),
)

#: A link at the end of a paragraph, when nothing but its own words follow.
LINK_BEHIND: Final = re.compile(r"(?<=[.!?”\"’])\s*baca juga\s?:\s?[^.!?]{2,160}$", re.IGNORECASE)

_SENTENCE_END = re.compile(r"[.!?][\"”’)]*(?:\s|$|(?=[A-Z*(]))")
_ENDED = re.compile(r"[.!?…][\"”’)\s*]*$")


def furniture(line: str) -> Why | None:
    """Why `line` belongs to the page and not to the article, or None."""
    if len(line) > LONGEST or (len(line) > SHORT and sentences_in(line) > 1):
        return None  # a link into which text has run: better a link too much than a word too few
    for pattern, why in _LINES:
        if pattern.fullmatch(line):
            return why
    return None


def is_bare_link(line: str) -> bool:
    """Whether the line announces a link that stands on the next line."""
    return re.fullmatch(r"baca (?:juga|pula)\s?:?", line, re.IGNORECASE) is not None


def sentences_in(line: str) -> int:
    """How many sentences end in `line`."""
    return len(_SENTENCE_END.findall(line))


def is_ended(line: str) -> bool:
    """Whether `line` ends as a sentence does."""
    return _ENDED.search(line) is not None


def is_text(line: str) -> bool:
    """Whether `line` reads as a paragraph and not as a headline, a link or a button."""
    return (len(line) >= LONG and sentences_in(line) > 0) or (len(line) >= 40 and is_ended(line))
