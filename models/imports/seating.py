"""The post of a row beside who holds it on the day of the row: held already, or taken; pure.

Who holds a post that somebody else takes, leaves it the day before. A Plt. and a Pj. act in a
vacant post, so its holder leaves; a Plh. stands in for a holder who is away, so he stays.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from panel.words import say

from ..succession import DISPLACED
from .codes import ACTING_MARKS
from .drafting import filled_in, told_only
from .holders import Holders
from .outcomes import Difference, Draft, Outcome
from .people import Held, Known
from .posts import Post
from .said import Said

if TYPE_CHECKING:
    from .officials import Directory

#: Whether somebody who acts in a post has it definitively from the day of the row.
GIVEN, YES, NO = "given", "yes", "no"


class Seating(Holders):
    """Gives the posts of one file; remembers which rows have given them."""

    def __init__(self, known: Directory) -> None:
        super().__init__(known)
        #: Rows that give a post definitively, and rows of who acts in a vacant one.
        self._given: dict[int, int] = {}
        self._acting: dict[int, int] = {}
        #: Posts whose holder is away: a row names who stands in.
        self.stood_in: set[int] = set()

    def seat(
        self,
        said: Said,
        official: Known | None,
        post: Post,
        outcome: Outcome,
        drafts: list[Draft],
        again: bool,
    ) -> None:
        """The post of the row: held already, taken anew, taken over from whoever holds it then."""
        begins = said.started_on or self.known.on_day
        own = official.held if official else []
        day = begins or self.known.today
        same = self._same(said, own, post, day)
        if same is not None and self._asked(said, same):
            return
        same = self._same(said, own, post, day)
        status = said.status or (same.status if same is not None else "definitive")
        if status == "acting_absent":
            self.stood_in.add(post.id)
        if status == "definitive" and self._given_before(said, post):
            return
        self._remark_twice(said, post, status)
        if same is not None:
            self._fill_in(said, same, outcome, drafts)
            return
        on_post = self.known.holders.get(post.id, [])
        ending = [
            one for one in on_post if one.status in DISPLACED[status] and one.holds(begins, day)
        ]
        if status == "definitive" and not again:
            ending += [
                one
                for one in own
                if one.status == "definitive" and one.holds(begins, day) and one not in ending
            ]
        sentence = self._objection(post, ending, begins) or self._met(
            post, official, status, begins
        )
        if sentence is not None:
            said.wrong("started_on" if "started_on" in said.row.addresses else "post", sentence)
            return
        decree = said.decree_no or self.known.decree_no
        self._remark(said, post, status, begins, outcome)
        for one in ending:
            drafts.append(self._end(one, begins, decree))
            told = one.status == "definitive" != status  # by the remark
            if not told and (official is None or one.official_id != official.id):
                outcome.follows = [*outcome.follows, self._leaves(one)]
        values = {
            "official_id": (None, str(official.id) if official else "@0"),
            "position_id": (None, str(post.id)),
            "status": (None, status),
            "started_on": (None, begins.isoformat() if begins else None),
            "decree_no": (None, decree),
        }
        label = f"{outcome.name} ({post.choice_name})"
        drafts.append(Draft("appointment", None, "insert", label, told_only(values)))
        if official is not None:
            outcome.kind = "moved"
            was = ", ".join(self._post_named(one) for one in own if one in ending)
            becomes = (
                f"{ACTING_MARKS[status]} {post.choice_name}"
                if status in ACTING_MARKS
                else post.choice_name
            )
            outcome.differences = [*outcome.differences, Difference("post", was or None, becomes)]

    @staticmethod
    def _same(said: Said, own: list[Held], post: Post, day: date) -> Held | None:
        """The appointment that the row repeats, if it still lasts on the day of the row."""
        found = [one for one in own if one.position_id == post.id and one.lasts(day)]
        if said.status is None:
            return min(found, key=lambda one: one.status != "definitive", default=None)
        return next((one for one in found if one.status == said.status), None)

    @staticmethod
    def _asked(said: Said, same: Held) -> bool:
        """Ask whether who acts has the post now, where the row says a later day and no mark."""
        later = said.started_on and same.started_on and said.started_on > same.started_on
        if said.status is not None or same.status == "definitive" or not later:
            return False
        answer = said.row.answer(GIVEN)
        if answer == YES:
            said.status = "definitive"
            return False
        if answer == NO:
            return False
        sentence = say(
            "This person is recorded as %(mark)s in this post since %(day)s; the row has no such "
            "mark.",
            mark=ACTING_MARKS[same.status],
            day=same.started_on,
        )
        choices = (
            (YES, say("The post is given definitively from the day of this row")),
            (NO, say("Still %(mark)s: only the day is corrected", mark=ACTING_MARKS[same.status])),
        )
        said.ask(GIVEN, ("post",), sentence, choices, said.row.text("post"))
        return True

    def _given_before(self, said: Said, post: Post) -> bool:
        before = self._given.setdefault(post.id, said.row.number)
        if before == said.row.number:
            return False
        sentence = say(
            "Row %(row)s gives this post to somebody else. Correct one of them, or write "
            "Plt. before the post.",
            row=before,
        )
        said.wrong("post", sentence)
        return True

    def _remark_twice(self, said: Said, post: Post, status: str) -> None:
        """Say where one row gives a post definitively and another has somebody act in it."""
        if status == "acting_absent":
            return
        mine, others = self._given, self._acting
        if status != "definitive":
            mine, others = others, mine
        mine.setdefault(post.id, said.row.number)
        if post.id in others:
            sentence = say(
                "Row %(row)s names somebody else for this post: one definitively, one acting.",
                row=others[post.id],
            )
            said.doubts.append(("post", sentence))

    @staticmethod
    def _fill_in(said: Said, same: Held, outcome: Outcome, drafts: list[Draft]) -> None:
        told = list(filled_in(said, same))
        if told:
            outcome.differences = [*outcome.differences, *told]
            outcome.kind = "changed" if outcome.kind == "matched" else outcome.kind
            values = {one.field: (one.was, one.becomes) for one in told}
            drafts.append(Draft("appointment", same.id, "update", outcome.name, values))

    def _remark(
        self, said: Said, post: Post, status: str, begins: date | None, outcome: Outcome
    ) -> None:
        """Say what becomes of the definitive holder where somebody acts in his post."""
        if status == "definitive":
            return
        day = begins or self.known.today
        holder = next(
            (
                one
                for one in self.known.holders.get(post.id, [])
                if one.status == "definitive" and one.holds(begins, day)
            ),
            None,
        )
        name = self._name_of(holder) if holder is not None else ""
        if status == "acting_absent":
            if holder is not None:
                stays = say("%(name)s stays the holder of the post.", name=name)
                outcome.follows = [*outcome.follows, stays]
            elif post.id not in self._given:
                sentence = say(
                    "Nobody holds this post definitively then. Plh. stands in for a holder who is "
                    "away; write Plt. if the post is vacant."
                )
                said.doubts.append(("post", sentence))
        elif holder is not None:
            sentence = say(
                "%(mark)s acts in a vacant post: %(name)s, its definitive holder, leaves it. Write "
                "Plh. if the holder is only away.",
                mark=ACTING_MARKS[status],
                name=name,
            )
            said.doubts.append(("post", sentence))
