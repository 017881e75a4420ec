"""What a news text says about a session: each proposal with the words it rests on.

Pure. Nothing is applied here and nothing invented: a proposal says what would be set, what is
recorded now, and whether the two agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Final

from panel.dates import PartialDate
from panel.words import Sentence, say

from .clues import danger, halls_in, is_audience, is_earlier, spouses_in
from .days import dates_in
from .known import Known, Named, Present
from .matching import Hit, inflected, mentions, overlap, within
from .people import Seen, people_in
from .proposals import FIELDS, Proposal, state_of_day
from .reading import Article
from .sentences import all_sentences

EARLIER_SESSION: Final = say("The sentence speaks of an earlier session.")


def propose(article: Article, known: Known) -> list[Proposal]:
    """Everything that the article tells about a session, in the order of the session's page."""
    reading = _Reading(article, known)
    found = [
        *reading.days(),
        *reading.venues(),
        *reading.tiers(),
        *reading.spouses(),
        *reading.organisations(),
        *reading.speakers(),
        *reading.values(),
        *reading.risks(),
        *reading.places(),
    ]
    return sorted(found, key=lambda one: FIELDS.index(one.field))


class _Reading:
    """One reading of one article: its sentences, and who is named where."""

    def __init__(self, article: Article, known: Known) -> None:
        self.article, self.known = article, known
        self.now = known.session or Present()
        self.sentences = all_sentences((article.title, *article.paragraphs))
        bodies = (*known.regions, *known.units, *known.organisations, *known.tiers)
        names = [name for body in bodies for name in body.names]
        self.people, self.strangers = people_in(self.sentences, known.people, names)
        self.audience = mentions(self.sentences, known.tiers, taken=self.is_somebodys)

    def is_somebodys(self, sentence: int, span: tuple[int, int]) -> bool:
        """Whether a place in the text is the post of a person who is named there."""
        seen = (*self.people, *self.strangers)
        return any(n == sentence and overlap(s, span) for one in seen for n, s in one.spans)

    def made(self, field: str, value: Any, shown: Any, hit: Hit, **more: Any) -> Proposal:
        """A proposal that rests on one mention."""
        text = self.sentences[hit.sentence]
        before, words, after = text[: hit.start], text[hit.start : hit.end], text[hit.end :]
        return Proposal(field, value, shown, more.pop("state"), before, words, after, **more)

    def doubts(self, hit: Hit) -> tuple[Sentence, ...]:
        """What is doubtful about a mention: its sentence may speak of an earlier session."""
        return (EARLIER_SESSION,) if is_earlier(self.sentences[hit.sentence]) else ()

    def best(self, hits: Iterable[Hit]) -> Hit:
        """The mention that speaks of this session's audience, else the first."""

        def rank(hit: Hit) -> tuple[bool, bool, int]:
            sentence = self.sentences[hit.sentence]
            return is_earlier(sentence), not is_audience(sentence), hit.sentence

        return min(hits, key=rank)

    def days(self) -> list[Proposal]:
        found: dict[PartialDate, Proposal] = {}
        for number, sentence in enumerate(self.sentences):
            for one in dates_in(sentence, self.article.published_on):
                hit = Hit(None, number, one.start, one.end)
                doubts = (*one.doubts, *self.doubts(hit))
                proposal = self.made(
                    "held",
                    one.value,
                    one.value,
                    hit,
                    state=state_of_day(one.value, self.now.held),
                    present=self.now.held,
                    doubts=doubts,
                )
                found.setdefault(one.value, proposal)
        return list(found.values())

    def venues(self) -> list[Proposal]:
        hits = mentions(self.sentences, self.known.venues)
        seen = {hit.named.id for hit in hits}
        for venue in self.known.venues:
            for number, sentence in enumerate(self.sentences):
                span = within(sentence, venue.name) if venue.id not in seen else None
                if span is not None:
                    seen.add(venue.id)
                    hits.append(Hit(venue, number, *span))
        now = self.now.venue
        found = []
        for venue in unique(hit.named for hit in hits):
            hit = next(hit for hit in hits if hit.named is venue)
            same = now is not None and now.id == venue.id
            state = "same" if same else "contradicts" if now else "new"
            present = now.shown if now else None
            found.append(
                self.made("venue", venue.id, venue.shown, hit, state=state, present=present)
            )
        return found or self.unknown_venues()

    def unknown_venues(self) -> list[Proposal]:
        """Halls and hotels that the text names and nobody has recorded."""
        found: dict[str, Proposal] = {}
        present = self.now.venue.shown if self.now.venue else None
        for number, sentence in enumerate(self.sentences):
            for name, span in halls_in(sentence):
                hit = Hit(None, number, *span)
                made = self.made("venue", name, name, hit, state="unknown", present=present)
                found.setdefault(name.casefold(), made)
        return list(found.values())

    def tiers(self) -> list[Proposal]:
        now, found = self.now, []
        for tier in unique(hit.named for hit in self.audience):
            hit = self.best(hit for hit in self.audience if hit.named is tier)
            state = "same" if tier.id in now.tiers else "new"
            if state == "new" and now.tiers and now.tiers_complete:
                state = "contradicts"
            doubts = self.doubts(hit)
            present = [one.shown for one in self.known.tiers if one.id in now.tiers] or None
            found.append(
                self.made(
                    "tiers", tier.id, tier.shown, hit, state=state, present=present, doubts=doubts
                )
            )
        return found

    def spouses(self) -> list[Proposal]:
        for number, sentence in enumerate(self.sentences):
            names_tier = any(hit.sentence == number for hit in self.audience)
            found = spouses_in(sentence, names_tier=names_tier)
            if found is not None:
                value, span = found
                now, hit = self.now.includes_spouses, Hit(None, number, *span)
                state = "same" if now == value else "new" if now == "unknown" else "contradicts"
                more: dict[str, Any] = {
                    "state": state,
                    "present": None if now == "unknown" else now,
                    "doubts": self.doubts(hit),
                }
                return [self.made("includes_spouses", value, value, hit, **more)]
        return []

    def organisations(self) -> list[Proposal]:
        hits = mentions(self.sentences, self.known.organisations, taken=self.is_somebodys)
        return self.each("organisers", hits, self.now.organisations)

    def speakers(self) -> list[Proposal]:
        known = [self.spoken(one, one.person.key in self.now.speakers) for one in self.people]
        return known + [self.spoken(one, None) for one in self.strangers]

    def spoken(self, seen: Seen, recorded: bool | None) -> Proposal:
        """A person as a proposal; `recorded` is None for somebody unknown."""
        state = {None: "unknown", True: "same", False: "new"}[recorded]
        bodies = [
            (len(name), one.name)
            for one in self.known.organisations
            for name in one.names
            if name.casefold() in seen.position.casefold()
        ]
        hit = Hit(seen.person, seen.sentence, seen.start, seen.end)
        return self.made(
            "speakers",
            seen.person.name if recorded is None else seen.person.key,
            seen.person.name,
            hit,
            state=state,
            present=seen.person.name if recorded else None,
            position=seen.position,
            institution=max(bodies)[1] if bodies else "",
            mentions=seen.mentions,
        )

    def values(self) -> list[Proposal]:
        hits = mentions(self.sentences, self.known.values, spell=inflected)
        return self.each("values", hits, self.now.values)

    def risks(self) -> list[Proposal]:
        hits = mentions(self.sentences, self.known.risks)
        named = {hit.named.id for hit in hits}
        for risk in self.known.risks:
            if risk.id not in named:
                hits += first(self.sentences, risk, partial(danger, risk.name))
        return self.each("risks", hits, self.now.risks)

    def places(self) -> list[Proposal]:
        """Regions and units that are named: to be read, nothing in a session holds them."""
        found = []
        for place in (*self.known.regions, *self.known.units):
            hits = mentions(self.sentences, [place])
            if hits:
                made = self.made("places", place.id, place.shown, hits[0], state="told")
                found.append(made)
        return found

    def each(self, field: str, hits: Sequence[Hit], now: frozenset[int]) -> list[Proposal]:
        """One proposal for each record that is named, where it is named first."""
        found = []
        for one in unique(hit.named for hit in hits):
            hit = next(hit for hit in hits if hit.named is one)
            state = "same" if one.id in now else "new"
            count = len({hit.sentence for hit in hits if hit.named is one})
            found.append(self.made(field, one.id, one.shown, hit, state=state, mentions=count))
        return found


def first(
    sentences: Sequence[str], named: Named, find: Callable[[str], tuple[int, int] | None]
) -> list[Hit]:
    """The first place at which `find` finds something, as a mention of `named`."""
    for number, sentence in enumerate(sentences):
        span = find(sentence)
        if span is not None:
            return [Hit(named, number, *span)]
    return []


def unique(records: Iterable[Any]) -> list[Any]:
    """Each record once, in the order of appearance."""
    return list({id(record): record for record in records}.values())
