"""A list of who holds which post from one day on, beside what is recorded: who came, moved, left.

The list is complete for certain posts: who holds one of them and is not in the list, leaves it,
unless a row names who stands in for him (Plh.). Who leaves is named and may stay; while a row is
unclear, nobody leaves for not being in the list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from panel.words import say

from .officials import Directory, Officials
from .outcomes import Draft, Outcome
from .people import Held, Known
from .posts import Post, key_of
from .promises import Promises
from .said import Said

#: What stands in the place of a name where a post is empty; also nothing, or a dash.
VACANT: Final = frozenset({"", "kosong", "lowong", "vacant", "belumada", "belumterisi", "nihil"})
#: The question of who leaves, by appointment, and the answer that keeps the holder.
STAYS, YES = "stays", "yes"


@dataclass
class RotationDirectory(Directory):
    """What is recorded, the posts that the list is complete for, and promises of the offices."""

    whole: frozenset[int] = frozenset()
    promises: Promises = field(default_factory=Promises)

    def looking(self, kind: str, answers: Mapping[str, str]) -> Rotations:
        """Who looks at the rows of a list after a rotation."""
        self.adds_people = self.people.adds = True
        return Rotations(self, answers)


class Rotations(Officials):
    """Looks at the rows in their order; then at those who were not among them."""

    known: RotationDirectory

    def __init__(self, known: RotationDirectory, answers: Mapping[str, str]) -> None:
        super().__init__(known, answers)
        self.stays = {key for key, value in answers.items() if value == YES}
        self.whole = set(known.whole)
        self._seen: set[int] = set()
        self._taken: set[int] = set()
        self._unclear: list[int] = []
        #: Appointments that rows end, each with the name of who takes the post.
        self._ended: dict[int, str] = {}
        self._held = {one.id: one for all_of in known.holders.values() for one in all_of}

    def look(self, said: Said) -> Outcome:
        """What becomes of one row."""
        told = key_of(said.row.text("name") or said.row.text("name_nip"))
        if told in VACANT and said.nip is None and said.post:
            return self._vacant(said)
        if not said.post and not any(one.field == "post" for one in said.problems):
            said.wrong("post", say("The post is missing."))
        outcome = super().look(said)
        self._note(outcome)
        return outcome

    def rest(self) -> Iterator[Outcome]:
        """After the last row: who leaves, and which posts are empty then."""
        filled = set(self._taken)
        for official in self.known.people.by_id.values():
            for held in official.held:
                leaver = self._leaver(official, held)
                if leaver is not None:
                    yield leaver
                if held.id not in self._ended and (leaver is None or not leaver.drafts):
                    filled.add(held.position_id)
        for post in self.known.posts.all:
            if post.id in self.whole - filled and self._stands(post):
                yield Outcome(0, "vacant", post.choice_name)

    def _vacant(self, said: Said) -> Outcome:
        """A row that says that nobody holds this post."""
        said.problems = [one for one in said.problems if one.field not in ("name", "name_nip")]
        post = self.known.posts.of(said)
        if post is None or said.problems:
            self._unclear.append(said.row.number)
            name = said.display_name
            return Outcome(said.row.number, "problem", name, said.problems, hidden=said.row.hidden)
        self.whole.add(post.id)
        told = say("This row says that the post is vacant.")
        return Outcome(
            said.row.number, "matched", post.choice_name, follows=[told], hidden=said.row.hidden
        )

    def _note(self, outcome: Outcome) -> None:
        """Remember whom a row is about, whom it ends; hand the promises of the post over."""
        if outcome.official_id is not None:
            self._seen.add(outcome.official_id)
        elif outcome.kind == "problem":
            self._unclear.append(outcome.number)
        ended: list[Held] = []
        official = self.known.people.by_id.get(outcome.official_id or 0)
        if outcome.kind == "moved" and official is not None and not official.held:
            outcome.kind = "new"
        for draft in outcome.drafts:
            if draft.table == "appointment" and draft.op == "update" and "ended_on" in draft.values:
                ended.append(self._held[draft.key or 0])
                self._ended.setdefault(draft.key or 0, outcome.name)
        handed: list[Draft] = []
        for at, draft in enumerate(outcome.drafts):
            if draft.table == "appointment" and draft.op == "insert":
                post = self.known.posts.by_id[int(draft.values["position_id"][1] or 0)]
                self._taken.add(post.id)
                handed += self.known.promises.handed(draft, at, post, ended)
        if handed:
            outcome.drafts = [*outcome.drafts, *handed]
            sentence = say(
                "Commitments of the office that go on with the successor: %(count)s.",
                count=len(handed),
            )
            outcome.follows = [*outcome.follows, sentence]

    def _leaver(self, official: Known, held: Held) -> Outcome | None:
        """Somebody who is not in the list and leaves a post, or would; None for all others."""
        if official.id in self._seen:
            return None
        post = self._post_named(held)
        outcome = Outcome(
            0, "left", official.display_name, official_id=official.id, texts={"post": post}
        )
        if held.id in self._ended:
            taker = say("%(name)s takes the post.", name=self._ended[held.id])
            return replace(outcome, follows=[taker])
        stays = held.status == "definitive" and held.position_id in self.stood_in
        if stays or held.position_id not in self.whole or not self._lasts(held):
            return None
        recorded = self.known.posts.by_id.get(held.position_id)
        if recorded is None:
            return None
        if self._unclear:
            sentence = say(
                "Stays for now: row %(row)s is not clear and may be about this person.",
                row=self._unclear[0],
            )
            return replace(outcome, doubts=[("name", sentence)])
        objection = self._objection(recorded, [held], self.known.on_day)
        if objection is not None:
            return replace(outcome, doubts=[("name", objection)])
        outcome.leaves = held.id
        if f"{held.id}:{STAYS}" not in self.stays:
            outcome.drafts = [self._end(held, self.known.on_day, self.known.decree_no)]
        return outcome

    def _lasts(self, held: Held) -> bool:
        """Whether somebody still holds a post on the day of the rotation."""
        return self.known.on_day is None or held.lasts(self.known.on_day)

    def _stands(self, post: Post) -> bool:
        day = self.known.on_day or self.known.today
        return (post.valid_from or day) <= day <= (post.valid_to or day)
