"""A row of officials beside what is recorded: who is new, who changed, who moved, who comes twice.

Empty cells take nothing away. Who holds a post that somebody else takes, leaves it the day before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from panel.words import Sentence, say

from ..succession import DISPLACED
from .drafting import changed_official, differences, filled_in, new_official, told_only
from .outcomes import Difference, Draft, Outcome, Pair
from .people import Held, Known, People, folded_words, words_alike
from .posts import Post, Posts
from .reading import Said

DAY = timedelta(days=1)
#: The questions that a row may raise beside who it is about.
TWICE, SPOUSE = "twice", "spouse"
BOTH, ADD, LEAVE = "both", "add", "leave"


@dataclass
class Directory:
    """What is recorded, as far as the actor sees it, and what holds for all rows of the file."""

    people: People
    posts: Posts
    #: Numbers of grades by their code.
    grades: Mapping[str, int]
    today: date
    #: First day and decree of appointments whose row names none.
    on_day: date | None = None
    decree_no: str | None = None
    #: Whether unknown people may be added.
    adds_people: bool = True
    holders: dict[int, list[Held]] = field(default_factory=dict)

    def looking(self, kind: str, answers: Mapping[str, str]) -> Officials:
        """Who looks at the rows of one file of this kind."""
        self.adds_people = self.people.adds = kind == "officials"
        return Officials(self, answers)

    def __post_init__(self) -> None:
        """Find the holders of each post."""
        for one in self.people.by_id.values():
            for held in one.held:
                self.holders.setdefault(held.position_id, []).append(held)


class Officials:
    """Looks at the rows of one file in their order; remembers who and what came before."""

    def __init__(self, known: Directory, answers: Mapping[str, str]) -> None:
        self.known = known
        self.dropped = {
            int(value.removeprefix("drop:"))
            for value in answers.values()
            if value.startswith("drop:") and value[5:].isdigit()
        }
        #: Rows in which a person, or a definitive post, came before.
        self._people: dict[str, tuple[int, tuple[object, ...]]] = {}
        self._posts: dict[int, int] = {}

    def look(self, said: Said) -> Outcome:
        """What becomes of one row."""
        row = said.row
        outcome = Outcome(row.number, "problem", said.display_name, hidden=row.hidden)
        if row.number in self.dropped:
            outcome.kind = "duplicate"
            return outcome
        post = self.known.posts.of(said)
        official = self.known.people.of(said, post.id if post else None)
        if official is not None:
            outcome.official_id, outcome.name = official.id, said.name and outcome.name
            outcome.name = outcome.name or official.display_name
        outcome.doubts = said.doubts
        if not said.problems and self._came_before(said, official, post):
            outcome.kind = "duplicate"
            return outcome
        if not said.problems:
            self._write(said, official, post, outcome)
        if said.problems:
            outcome.kind, outcome.drafts = "problem", ()
            outcome.problems = said.problems
            outcome.differences = outcome.follows = ()
        return outcome

    def rest(self) -> Iterable[Outcome]:
        """Nobody: who stands in no row stays as recorded."""
        return ()

    def _came_before(self, said: Said, official: Known | None, post: Post | None) -> bool:
        """Whether the same person stood in an earlier row in the same words; else it is asked."""
        mark = f"#{official.id}" if official else said.nip or said.name.casefold()
        told = (
            said.name.casefold(), said.nip, said.grade, said.phone, post.id if post else None,
            said.status, said.started_on, said.decree_no, said.spouse,
        )  # fmt: skip
        number, before = self._people.setdefault(mark, (said.row.number, told))
        if number == said.row.number:
            return False
        if before == told:
            return True
        answer = said.row.answer(TWICE)
        if answer != BOTH or post is None:
            choices: list[tuple[str, object]] = []
            if post is not None and before[4] is not None and before[4] != post.id:
                choices.append((BOTH, say("Both: this person holds two posts")))
            choices.append((f"drop:{said.row.number}", say("Use row %(row)s", row=number)))
            choices.append((f"drop:{number}", say("Use row %(row)s", row=said.row.number)))
            sentence = say(
                "This person stands in rows %(one)s and %(other)s with different entries.",
                one=number,
                other=said.row.number,
            )
            said.ask(TWICE, ("name", "name_nip"), sentence, tuple(choices), said.display_name)
        return False

    def _write(
        self, said: Said, official: Known | None, post: Post | None, outcome: Outcome
    ) -> None:
        """Compare, and note what is to be written."""
        if official is None and not self.known.adds_people:
            said.wrong(
                "name", say("This person is not recorded. Bring in the list of officials first.")
            )
            return
        again = said.row.answer(TWICE) == BOTH
        drafts: list[Draft] = []
        if official is None:
            drafts.append(new_official(said, post, self.known.grades))
            outcome.kind = "new"
        else:
            outcome.differences = list(differences(said, official)) if not again else []
            if outcome.differences:
                drafts.append(changed_official(official, outcome.differences, self.known.grades))
            outcome.kind = "changed" if drafts else "matched"
        if post is not None:
            self._seat(said, official, post, outcome, drafts, again)
        self._spouse(said, official, outcome, drafts)
        outcome.drafts = drafts

    def _seat(
        self,
        said: Said,
        official: Known | None,
        post: Post,
        outcome: Outcome,
        drafts: list[Draft],
        again: bool,
    ) -> None:
        """The post of the row: held already, taken anew, taken over from whoever holds it."""
        status = said.status or "definitive"
        if status == "definitive":
            before = self._posts.setdefault(post.id, said.row.number)
            if before != said.row.number:
                sentence = say(
                    "Row %(row)s gives this post to somebody else. Correct one of them, or write "
                    "Plt. before the post.",
                    row=before,
                )
                said.wrong("post", sentence)
                return
        own = official.held if official else []
        same = next((one for one in own if one.position_id == post.id), None)
        if same is not None and (said.status is None or same.status == status):
            told = list(filled_in(said, same))
            if told:
                outcome.differences = [*outcome.differences, *told]
                outcome.kind = "changed" if outcome.kind == "matched" else outcome.kind
                values = {one.field: (one.was, one.becomes) for one in told}
                drafts.append(Draft("appointment", same.id, "update", outcome.name, values))
            return
        ending = [
            one
            for one in self.known.holders.get(post.id, [])
            if one.status in DISPLACED[status] and not (official and one.official_id == official.id)
        ]
        if status == "definitive" and not again:
            ending += [one for one in own if one.status == "definitive"]
        begins = said.started_on or self.known.on_day
        decree = said.decree_no or self.known.decree_no
        sentence = self._objection(post, ending, begins)
        if sentence is not None:
            said.wrong("started_on" if "started_on" in said.row.addresses else "post", sentence)
            return
        for one in ending:
            drafts.append(self._end(one, begins, decree))
            if official is None or one.official_id != official.id:
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
            moved = Difference("post", was or None, post.choice_name)
            outcome.differences = [*outcome.differences, moved]

    def _objection(self, post: Post, ending: list[Held], begins: date | None) -> Sentence | None:
        """Why the post cannot begin then, or None."""
        if begins is None:
            if not ending:
                return None
            return say(
                "Since when? Fill in the day of this row (TMT), or one day for all rows on the "
                "page of the columns."
            )
        if post.valid_from is not None and begins < post.valid_from:
            return say("This post exists since %(day)s, not before.", day=post.valid_from)
        if post.valid_to is not None:
            return say("This post exists until %(day)s, not after.", day=post.valid_to)
        late = next((one for one in ending if one.started_on and begins <= one.started_on), None)
        if late is not None:
            return say(
                "%(name)s began as %(post)s on %(day)s. Choose a later day.",
                name=self.known.people.by_id[late.official_id].display_name,
                post=self._post_named(late),
                day=late.started_on,
            )
        return None

    def _end(self, held: Held, begins: date | None, decree: str | None) -> Draft:
        last = (begins - DAY).isoformat() if begins else None
        was = held.ended_on.isoformat() if held.ended_on else None
        values: dict[str, Pair] = {"ended_on": (was, last)}
        if decree and decree != held.decree_no:
            values["end_decree_no"] = (None, decree)
        name = self.known.people.by_id[held.official_id].display_name
        return Draft("appointment", held.id, "update", f"{name} ({self._post_named(held)})", values)

    def _leaves(self, held: Held) -> Sentence:
        return say(
            "%(name)s leaves %(post)s.",
            name=self.known.people.by_id[held.official_id].display_name,
            post=self._post_named(held),
        )

    def _post_named(self, held: Held) -> str:
        post = self.known.posts.by_id.get(held.position_id)
        return post.choice_name if post else ""

    def _spouse(
        self, said: Said, official: Known | None, outcome: Outcome, drafts: list[Draft]
    ) -> None:
        """The spouse of the row: recorded, new, or another one than is recorded."""
        if not said.spouse:
            return
        words = folded_words(said.spouse.split(",")[0])
        for _key, name, _phone in official.spouses if official else ():
            if words_alike(words, folded_words(name.split(",")[0])):
                return
        answer = said.row.answer(SPOUSE)
        if official is not None and official.spouses and answer not in (ADD, LEAVE):
            recorded = ", ".join(name for _, name, _ in official.spouses)
            sentence = say("Another spouse is recorded: %(name)s.", name=recorded)
            choices = (
                (ADD, say("Add this one as well")),
                (LEAVE, say("Leave it as it is recorded")),
            )
            said.ask(SPOUSE, ("spouse",), sentence, choices, said.spouse)
            return
        if answer == LEAVE:
            return
        values = {
            "official_id": (None, str(official.id) if official else "@0"),
            "full_name": (None, said.spouse),
            "phone": (None, said.spouse_phone),
            "married_on": (None, said.married_on.isoformat() if said.married_on else None),
        }
        drafts.append(Draft("spouse", None, "insert", said.spouse, told_only(values)))
        if official is not None:
            outcome.differences = [*outcome.differences, Difference("spouse", None, said.spouse)]
            outcome.kind = "changed" if outcome.kind == "matched" else outcome.kind
