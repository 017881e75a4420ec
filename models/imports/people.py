"""Who a row is about: by NIP, else by name without titles, forgiving and never silent. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from panel.words import Sentence, say

from ..alike import folded_words, words_alike
from ..identifiers import mask_nip, show_name
from .said import Said

#: The question of a likely match, and the answer that says: somebody who is not recorded yet.
WHO, NEW = "person", "new"
#: As many people as one question offers.
OFFERED = 6


@dataclass
class Held:
    """An appointment that is recorded."""

    id: int
    official_id: int
    position_id: int
    status: str
    started_on: date | None
    ended_on: date | None
    decree_no: str | None

    def lasts(self, day: date) -> bool:
        """Whether it has not ended before that day."""
        return self.ended_on is None or self.ended_on >= day

    def holds(self, begins: date | None, day: date) -> bool:
        """Whether the post is held when another begins, a day not known counting as `day`."""
        begun = begins is None or self.started_on is None or self.started_on <= begins
        return begun and self.lasts(day)


@dataclass
class Known:
    """An official who is recorded."""

    id: int
    prefix: str
    name: str
    suffix: str
    nip: str | None
    employment: str
    grade: str | None
    phone: str | None
    aliases: str | None = None
    #: Appointments that are held on the day of the import or later, and those that ended before.
    held: list[Held] = field(default_factory=list)
    past: list[Held] = field(default_factory=list)
    #: Present spouses: number, name, telephone.
    spouses: list[tuple[int, str, str | None]] = field(default_factory=list)

    @classmethod
    def of(cls, row: Any, *, grade: str | None = None, phone: str | None = None) -> Known:
        """The official in a row of the columns of that table; grade and telephone where asked."""
        return cls(
            id=row.id,
            prefix=row.title_prefix or "",
            name=row.full_name,
            suffix=row.title_suffix or "",
            nip=row.nip,
            employment=row.employment_type,
            grade=grade,
            phone=phone,
            aliases=row.aliases,
        )

    @property
    def display_name(self) -> str:
        """The name with its titles."""
        return show_name(self.prefix, self.name, self.suffix)


class People:
    """The recorded officials, found by NIP and by the words of their names."""

    def __init__(
        self, known: Iterable[Known], taken: Iterable[str] = (), *, adds: bool = True
    ) -> None:
        #: Whether a row may be about somebody who is not recorded.
        self.adds = adds
        self.by_id = {one.id: one for one in known}
        self.by_nip = {one.nip: one for one in self.by_id.values() if one.nip}
        #: NIPs of officials of the region who are out of the actor's sight.
        self.taken = frozenset(taken) - set(self.by_nip)
        self._words: dict[int, list[list[str]]] = {}
        self._with: dict[str, set[int]] = defaultdict(set)
        self._single: set[int] = set()
        for one in self.by_id.values():
            spellings = [one.name, *(one.aliases or "").split(",")]
            spelled = [words for name in spellings if (words := folded_words(name))]
            self._words[one.id] = spelled
            for words in spelled:
                for word in words:
                    self._with[word].add(one.id)
                if len(words) == 1:
                    self._single.add(one.id)

    def named(self, name: str) -> list[Known]:
        """The officials whose name may be a spelling of this one, the most alike first."""
        words = folded_words(name)
        asked: set[int] = set().union(*(self._with.get(word, set()) for word in words))
        if len(words) == 1:
            asked |= self._single
        found = [
            self.by_id[key]
            for key in sorted(asked)
            if any(words_alike(words, spelled) for spelled in self._words[key])
        ]
        return sorted(found, key=lambda one: one.name.casefold() != name.casefold())

    def of(self, said: Said, post_id: int | None) -> Known | None:
        """The official a row is about; None for a new one, or where a question was noted."""
        answer = said.row.answer(WHO)
        if answer is not None and answer.isdigit() and int(answer) in self.by_id:
            return self._chosen(said, self.by_id[int(answer)])
        if said.nip and said.nip in self.by_nip:
            return self._by_number(said, self.by_nip[said.nip], answer)
        if said.nip and said.nip in self.taken:
            said.wrong("nip", say("This NIP belongs to somebody outside of your part."))
            return None
        broken = any(one.field in ("nip", "name_nip") for one in said.problems)
        if answer == NEW or not said.name or broken:
            return None
        likely = [one for one in self.named(said.name) if not (said.nip and one.nip)]
        if not likely:
            return None
        exact = [one for one in likely if one.name.casefold() == said.name.casefold()]
        # a list that adds nobody speaks of known people: there the whole name alone is enough
        posts = {held.position_id for held in exact[0].held} if exact else set()
        if len(exact) == 1 and (post_id in posts or not self.adds):
            return exact[0]
        choices = [(str(one.id), called(one)) for one in likely[:OFFERED]]
        sentence = say("Somebody of this name is recorded. Is it the same person?")
        ask(said, "name", sentence, choices, new=self.adds)
        return None

    def _chosen(self, said: Said, known: Known) -> Known | None:
        if said.nip and known.nip and said.nip != known.nip:
            said.wrong("nip", say("The person who was chosen has another NIP."))
            return None
        return known

    def _by_number(self, said: Said, known: Known, answer: str | None) -> Known | None:
        """The NIP decides, unless the name says clearly somebody else."""
        words = folded_words(said.name)
        spelled = self._words[known.id]
        if not said.name or answer is not None or not spelled:
            return known
        if any(words_alike(words, one) for one in spelled):
            return known
        sentence = say(
            "This NIP belongs to %(name)s. Is it the same person under another name? If not, "
            "correct the NIP.",
            name=known.display_name,
        )
        ask(said, "nip", sentence, [(str(known.id), called(known))], new=False)
        return None


def ask(
    said: Said,
    field: str,
    sentence: Sentence,
    choices: list[tuple[str, object]],
    *,
    new: bool = True,
) -> None:
    """Ask who is meant."""
    if new:
        choices = [*choices, (NEW, say("Nobody of these: somebody new"))]
    names = (field, "name_nip") if field == "nip" else ("name", "name_nip")
    said.ask(WHO, names, sentence, tuple(choices), said.display_name)


def called(known: Known) -> str:
    """A person in a choice: the name and the last digits of the NIP."""
    return f"{known.display_name} ({mask_nip(known.nip)})" if known.nip else known.display_name
