"""A row of officials beside what is recorded: who is new, who changed, who moved, who comes twice.

Empty cells take nothing away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from panel.words import say

from .drafting import changed_official, differences, new_official, told_only
from .outcomes import Difference, Draft, Outcome
from .people import Held, Known, People, folded_words, words_alike
from .posts import Post, Posts
from .said import Said
from .seating import Seating

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
    #: Who holds each post or will, and who held it.
    holders: dict[int, list[Held]] = field(default_factory=dict)
    former: dict[int, list[Held]] = field(default_factory=dict)

    def looking(self, kind: str, answers: Mapping[str, str]) -> Officials:
        """Who looks at the rows of one file of this kind."""
        self.adds_people = self.people.adds = kind == "officials"
        return Officials(self, answers)

    def __post_init__(self) -> None:
        """Find the holders of each post."""
        for one in self.people.by_id.values():
            for held in one.held:
                self.holders.setdefault(held.position_id, []).append(held)
            for held in one.past:
                self.former.setdefault(held.position_id, []).append(held)


class Officials(Seating):
    """Looks at the rows of one file in their order; remembers who and what came before."""

    def __init__(self, known: Directory, answers: Mapping[str, str]) -> None:
        super().__init__(known)
        self.dropped = {
            int(value.removeprefix("drop:"))
            for value in answers.values()
            if value.startswith("drop:") and value[5:].isdigit()
        }
        #: Rows in which a person came before.
        self._people: dict[str, tuple[int, tuple[object, ...]]] = {}

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
            self.seat(said, official, post, outcome, drafts, again)
        self._spouse(said, official, outcome, drafts)
        outcome.drafts = drafts

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
