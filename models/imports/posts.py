"""Which post a row means: by its name, and by the unit, kelurahan and kecamatan beside it. Pure.

Spaces, case and signs do not count. Two posts that fit, and a name that is only near, are asked.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz, process

from panel.spelling import folded
from panel.words import Sentence, say

from .said import Said

#: How near a name must be to be offered, 0 to 100, and how many are offered.
NEAR, OFFERED = 78, 8
_DISTRICT = re.compile(r"[,(\s]+\bkec(?:amatan|\.)?\s+(?P<name>[\w .'-]+?)\)?\s*$", re.IGNORECASE)
_KIND = re.compile(r"^(kelurahan|kel\.?|kecamatan|kec\.?|desa)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Post:
    """A post as an import needs it."""

    id: int
    name: str
    unit_id: int
    unit: str
    #: Name of the district that the unit lies in, or is.
    district: str
    short: str = ""
    employment: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    #: Whether the name says the place only with its district: a kelurahan's post.
    in_village: bool = False

    @property
    def choice_name(self) -> str:
        """What a choice calls it, and what a mended cell says: "Lurah X, Kec. Y"."""
        if self.in_village and self.district:
            return f"{self.name}, Kec. {self.district}"
        return self.name


def key_of(text: str) -> str:
    """A name without case, blanks and signs."""
    return re.sub(r"[\W_]+", "", text.casefold())


class Posts:
    """The posts that a list may name."""

    def __init__(self, posts: Iterable[Post]) -> None:
        self.all = list(posts)
        self.by_id = {one.id: one for one in self.all}
        self._by_key: dict[str, list[Post]] = defaultdict(list)
        self._by_sound: dict[str, list[Post]] = defaultdict(list)
        self._by_unit: dict[str, list[Post]] = defaultdict(list)
        for one in self.all:
            self._by_key[key_of(one.name)].append(one)
            self._by_sound[folded(key_of(one.name))].append(one)
            for unit in {key_of(one.unit), key_of(bare(one.unit)), key_of(one.short)} - {""}:
                self._by_unit[unit].append(one)
        self._names = [folded(key_of(one.choice_name)) for one in self.all]
        self._found: dict[tuple[str, ...], tuple[Sequence[Post], bool]] = {}

    def of(self, said: Said) -> Post | None:
        """The post of a row; None where it names none, or where a problem was noted."""
        if not said.post:
            return None
        hints = tuple(said.row.text(name) for name in ("unit", "village", "district"))
        asked = (said.post, *hints)
        if asked not in self._found:
            self._found[asked] = self._look(*asked)
        found, certain = self._found[asked]
        if certain and len(found) == 1:
            return found[0]
        names = [f"{said.acting}{one.choice_name}" for one in found[:OFFERED]]
        choices = tuple((name, name) for name in names)
        said.wrong("post", sentence_for(found, certain), choices=choices)
        return None

    def _look(
        self, text: str, unit: str, village: str, district: str
    ) -> tuple[Sequence[Post], bool]:
        """The posts that these words may mean, and whether they fit to the letter."""
        inside = _DISTRICT.search(text)
        core = text[: inside.start()].strip(" ,(") if inside and inside.start() else text
        told = inside["name"].strip() if inside and inside.start() else ""
        if inside and not told:
            core = text
        places = [bare(one) for one in (village, unit, district) if one]
        names = [text, core, *(f"{core} {one}" for one in places)]
        names += [f"{core} {one}" for one in (unit,) if one]
        if unit:
            names.append(f"Kepala {unit}")
        within = [one for one in (told, district) if one]
        for name in dict.fromkeys(names):
            if name.startswith("Kepala ") and name not in (text, core) and not _heads(core):
                continue
            fitting = self._narrowed(self._by_key.get(key_of(name), []), unit, village, within)
            if fitting:
                return fitting, True
        for name in dict.fromkeys(names):
            sounding = self._narrowed(
                self._by_sound.get(folded(key_of(name)), []), unit, village, within
            )
            if sounding:
                return sounding, False
        near = process.extract(
            folded(key_of(" ".join([core, *places[:1], *within[:1]]))),
            self._names,
            scorer=fuzz.ratio,
            score_cutoff=NEAR,
            limit=OFFERED,
        )
        return [self.all[at] for _, _, at in near], False

    def _narrowed(
        self, posts: Sequence[Post], unit: str, village: str, districts: Sequence[str]
    ) -> Sequence[Post]:
        """Those of these posts that lie where the other columns say, if any does."""
        wanted = {key_of(bare(one)) for one in districts}
        if wanted:
            posts = [one for one in posts if key_of(one.district) in wanted or not one.district]
        for told in (village, unit):
            if told and len(posts) > 1:
                keys = {key_of(told), key_of(bare(told))}
                here = {one.id for key in keys for one in self._by_unit.get(key, [])}
                posts = [one for one in posts if one.id in here] or posts
        return posts


def _heads(core: str) -> bool:
    """Whether a name says "the head" without saying of what."""
    return key_of(core) in {"kepala", "kepaladinas", "kepalabadan", "kepalabagian", "kepalaopd"}


def bare(unit: str) -> str:
    """The name of a unit without its kind: "Kelurahan Sukawana" is "Sukawana"."""
    return _KIND.sub("", unit.strip())


def sentence_for(found: Sequence[Post], certain: bool) -> Sentence:
    """Why a post has to be chosen."""
    if certain and len({one.name for one in found}) == 1:
        return say("There are %(count)s posts of this name. Choose the district.", count=len(found))
    if found:
        return say("No post has exactly this name. Choose the one that is meant.")
    return say("This post is not recorded. Correct its name, or add the post first.")
