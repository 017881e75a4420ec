"""A process as a drawing in one column: where a record stands, where it was, which ways lead on.

The longest way through the process runs down on the left. A state beside it (sent back) stands on
the right of the state it comes from; one that is reached from everywhere (cancelled) stands below.
Only geometry and words: the template makes the SVG, and says the same as text beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from ..workflow.definition import Process, Transition
from .language import tell

#: Height of a box, of the gap below it with one line of words, and of each further line.
HIGH, GAP, LINE = 32, 26, 13
#: What lies above the first box, and above one with a state beside it.
TOP, NAMED_TOP = 4, 13
MAIN, BESIDE = (1, 118), (200, 99)
#: Letters that a box of this width holds.
HOLDS = {MAIN[1]: 18, BESIDE[1]: 13}
DOWN, UP, LANE = 18, 106, 192
#: Letters beside an arrow: alone, left of another arrow, right of it, below, on the way beside.
ALONE, LEFT, RIGHT, FOOT, ACROSS = 28, 13, 28, 26, 14
#: How wide it is, unless many ways run beside it, and what a lane of its own takes.
WIDE, STEP, NAMED = 300, 14, 90
#: Ways that are tried for the longest one.
TRIED = 5000

Edge = tuple[str, str]


@dataclass(frozen=True)
class Box:
    """A state; `kind` is "at" for the present one, "past" for one that was left behind."""

    x: int
    y: int
    width: int
    text: str
    kind: str


@dataclass(frozen=True)
class Arrow:
    """A way from one state to another; `trod` when this record went it."""

    path: str
    tip: str
    trod: bool


@dataclass(frozen=True)
class Word:
    """The name of a step beside its arrow."""

    x: int
    y: int
    text: str
    anchor: str = "start"


@dataclass
class Drawing:
    """What the template draws, and `lines` that say it."""

    height: int = 0
    width: int = WIDE
    boxes: list[Box] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    lines: list[tuple[str, list[str], str]] = field(default_factory=list)


def drawing_of(process: Process, present: str, trod: Collection[Edge] = ()) -> Drawing:
    """The drawing of `process` for a record that stands at `present` and went the ways `trod`."""
    return _Pen(process, present, trod).draw()


def main_line(process: Process) -> list[str]:
    """The longest way from the beginning that visits no state twice, and none that calls it off.

    In a process where much leads to much there are too many ways to try them all: then it is the
    longest of the first `TRIED`.
    """
    best: list[str] = []
    left = TRIED
    ways = [[process.initial.code]]
    while ways and left and len(best) < len(process.states):
        way, left = ways.pop(), left - 1
        best = way if len(way) > len(best) else best
        targets = dict.fromkeys(step.target for step in process.leaving(way[-1]))
        ahead = [c for c in targets if process.states[c].category != "cancelled"]
        ways.extend([*way, code] for code in reversed(ahead) if code not in way)
    return best


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def wrapped(text: str, most: int) -> list[str]:
    """The text in one line or two, of so many letters."""
    if len(text) <= most or " " not in text[: most + 1]:
        return [_short(text, most)]
    first = text[: most + 1].rpartition(" ")[0]
    return [first, _short(text[len(first) + 1 :], most)]


class _Pen:
    def __init__(self, process: Process, present: str, trod: Collection[Edge]) -> None:
        self.process, self.present, self.trod = process, present, set(trod)
        self.line = main_line(process)
        self.edges = {(c, s.target) for s in process.transitions.values() for c in s.sources}
        self.beside: dict[int, str] = {}
        self.below: list[str] = []
        self.lanes = [lane for step in process.transitions.values() if (lane := self.far(step))]
        for code in process.states:
            if code not in self.line:
                self.place(code)
        self.left = sum(self.is_left(*lane) for lane in self.lanes) * STEP
        self.tops = self.rows()
        last = len(self.line) - 1
        foot = LINE if last in self.beside and not self.below else 2
        self.drawing = Drawing(height=self.tops[-1] + HIGH + foot)

    def far(self, step: Transition) -> tuple[Transition, list[int], int] | None:
        """The rows that a step comes from past other states, and the row that it goes to."""
        if step.target not in self.line:
            return None
        end = self.line.index(step.target)
        starts = [self.line.index(code) for code in step.sources if code in self.line]
        found = [start for start in starts if abs(start - end) > 1]
        return (step, found, end) if found else None

    def place(self, code: str) -> None:
        """Beside the one state that it comes from, where no lane needs the room; else below."""
        rows = [self.line.index(c) for c, to in self.edges if to == code and c in self.line]
        free = len(rows) == 1 and rows[0] not in self.beside
        if free and all(self.is_named(step) for step, *way in self.lanes if crosses(*way, rows[0])):
            self.beside[rows[0]] = code
        else:
            self.below.append(code)

    def is_named(self, step: Transition) -> bool:
        """Whether the word of a step stands at an arrow from one state to the next as well."""
        end = self.line.index(step.target)
        return any(abs(self.line.index(c) - end) == 1 for c in step.sources if c in self.line)

    def is_left(self, step: Transition, starts: list[int], end: int) -> bool:
        """Whether a lane runs left of the states, because a state stands beside its way."""
        return any(crosses(starts, end, row) for row in self.beside)

    def rows(self) -> list[int]:
        """Where each state of the line and each one below begins."""
        found = [NAMED_TOP if 0 in self.beside else TOP]
        for row in range(len(self.line) + len(self.below) - 1):
            found.append(found[-1] + HIGH + self.gap(row))
        return found

    def gap(self, row: int) -> int:
        """The room below a row: a line for the way back from beside it, and lines of words."""
        words = max(len(self.downward(row)), len(self.upward(row)), 1)
        return GAP + LINE * (words - 1 + self.has_word_across(row))

    def has_word_across(self, row: int) -> bool:
        """Whether the word of the way back from beside needs a line above the other words."""
        back = row in self.beside and (self.beside[row], self.line[row]) in self.edges
        down = self.downward(row)
        return back and bool(self.upward(row) or (down and max(map(len, down)) > LEFT))

    def verbs(self, start: str, end: str) -> str:
        """What the steps from one state to another are called."""
        steps = self.process.leaving(start)
        return " / ".join(self.verb(step) for step in steps if step.target == end)

    def downward(self, row: int) -> list[str]:
        """The words at the arrow to the state below."""
        if row + 1 >= len(self.line):
            return []
        here, there = self.line[row], self.line[row + 1]
        return wrapped(self.verbs(here, there), LEFT if (there, here) in self.edges else ALONE)

    def upward(self, row: int) -> list[str]:
        """The words at the arrow from the state below."""
        if row + 1 >= len(self.line) or (self.line[row + 1], self.line[row]) not in self.edges:
            return []
        return wrapped(self.verbs(self.line[row + 1], self.line[row]), RIGHT)

    def draw(self) -> Drawing:
        for row, code in enumerate(self.line):
            self.box(code, *MAIN, row)
            self.neighbours(row)
        for row, code in self.beside.items():
            self.box(code, *BESIDE, row)
            self.sideways(row, code)
        for row, code in enumerate(self.below, len(self.line)):
            self.box(code, *MAIN, row)
            steps = [s for s in self.process.transitions.values() if s.target == code]
            words = wrapped(" / ".join(dict.fromkeys(map(self.verb, steps))), FOOT)
            self.words(128, self.tops[row] + 20 - LINE * (len(words) - 1) // 2, words)
        right = left = 0
        for step, starts, end in self.lanes:
            if self.is_left(step, starts, end):
                left += 1
                self.lane_left(starts, end, step, -STEP * left)
            else:
                self.lane(step, starts, end, LANE + STEP * right)
                right += 1
        self.drawing.width = self.left + max(WIDE, LANE + STEP * (right - 1) + NAMED)
        self.drawing.lines = [self.told(code) for code in self.process.states]
        return self.drawing

    def box(self, code: str, x: int, width: int, row: int) -> None:
        past = any(code in edge for edge in self.trod)
        kind = "at" if code == self.present else "past" if past else ""
        text = _short(tell(self.process.states[code].label), HOLDS[width])
        self.drawing.boxes.append(Box(self.left + x, self.tops[row], width, text, kind))

    def arrow(self, path: str, tip: str, edges: Collection[Edge]) -> None:
        self.drawing.arrows.append(Arrow(path, tip, any(edge in self.trod for edge in edges)))

    def words(self, x: int, y: int, lines: Iterable[str], anchor: str = "start") -> None:
        for at, text in enumerate(lines):
            self.drawing.words.append(Word(self.left + x, y + LINE * at, text, anchor))

    def verb(self, step: Transition) -> str:
        text = tell(step.label)
        return text[:1].lower() + text[1:]

    def neighbours(self, row: int) -> None:
        """To the next state below, and back to the one above."""
        if row + 1 >= len(self.line):
            return
        here, there, x = self.line[row], self.line[row + 1], self.left
        top, gap = self.tops[row] + HIGH, self.gap(row)
        y = top + 14 + LINE * self.has_word_across(row)
        if (here, there) in self.edges:
            tip = f"M{x + DOWN - 4.5} {top + gap - 8}h9L{x + DOWN} {top + gap}z"
            self.arrow(f"M{x + DOWN} {top}v{gap - 4}", tip, {(here, there)})
            self.words(DOWN + 8, y, self.downward(row))
        if (there, here) in self.edges:
            tip = f"M{x + UP - 4.5} {top + 8}h9L{x + UP} {top}z"
            self.arrow(f"M{x + UP} {top + gap}v{4 - gap}", tip, {(there, here)})
            self.words(UP + 9, y, self.upward(row))

    def lane(self, step: Transition, starts: list[int], end: int, x: int) -> None:
        """Past other states, up or down, in a lane of its own on the right."""
        to, side = self.tops[end] + 16, self.left + MAIN[1]
        x += self.left
        for start in starts:
            at, turn = self.tops[start] + 16, -6 if start > end else 6
            bend = f"q6 0 6 {turn}V{to - turn}q0 {turn} -6 {turn}H{side + 7}"
            tip = f"M{side + 10} {to - 4.5}v9l-8-4.5z"
            self.arrow(f"M{side + 1} {at}H{x - 6}{bend}", tip, {(self.line[start], step.target)})
        middle = (self.tops[max(*starts, end)] + self.tops[min(*starts, end)]) // 2 + 20
        self.words(x - self.left + 7, middle, wrapped(self.verb(step), 18))

    def lane_left(self, starts: list[int], end: int, step: Transition, x: int) -> None:
        """Past other states on the left; its word stands at the arrow from the nearest state."""
        to, side, x = self.tops[end] + 16, self.left, self.left + x + 6
        for start in starts:
            at, turn = self.tops[start] + 16, -6 if start > end else 6
            bend = f"q-6 0 -6 {turn}V{to - turn}q0 {turn} 6 {turn}H{side - 6}"
            tip = f"M{side - 8} {to - 4.5}v9l8-4.5z"
            self.arrow(f"M{side} {at}H{x + 6}{bend}", tip, {(self.line[start], step.target)})

    def sideways(self, row: int, code: str) -> None:
        """To the state beside, and back."""
        x, y, here = self.left, self.tops[row], self.line[row]
        there, back = self.verbs(here, code), self.verbs(code, here)
        self.arrow(f"M{x + 119} {y + 9}h74", f"M{x + 191} {y + 4.5}v9l8-4.5z", {(here, code)})
        self.words(157, y + 4, [_short(there, ACROSS)], "middle")
        if back:
            tip = f"M{x + 128} {y + 18.5}v9L{x + 120} {y + 23}z"
            self.arrow(f"M{x + 199} {y + 23}h-74", tip, {(code, here)})
            self.words(160, y + 42, [_short(back, ACROSS)], "middle")

    def told(self, code: str) -> tuple[str, list[str], str]:
        ways = [
            f"{self.verb(step)} → {tell(self.process.states[step.target].label)}"
            for step in self.process.leaving(code)
        ]
        return tell(self.process.states[code].label), ways, "at" if code == self.present else ""


def crosses(starts: list[int], end: int, row: int) -> bool:
    """Whether a lane between these rows passes a row, or begins or ends there."""
    return min(*starts, end) <= row <= max(*starts, end)
