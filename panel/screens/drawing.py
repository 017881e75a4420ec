"""A process as a drawing in one column: where a record stands, where it was, which ways lead on.

The longest way through the process runs down on the left. A state beside it (sent back) stands on
the right of the state it comes from; one that is reached from everywhere (cancelled) stands below.
Only geometry and words: the template makes the SVG, and says the same as text beside it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from ..workflow.definition import Process, Transition
from .language import tell

ROW, TOP, HIGH = 58, 4, 32
MAIN, BESIDE = (1, 118), (200, 99)
#: Letters that a box of this width holds.
HOLDS = {MAIN[1]: 18, BESIDE[1]: 13}
DOWN, UP, LANE = 18, 106, 192
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
    """The longest way from the beginning that visits no state twice.

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
        ways.extend([*way, code] for code in reversed(targets) if code not in way)
    return best


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


class _Pen:
    def __init__(self, process: Process, present: str, trod: Collection[Edge]) -> None:
        self.process, self.present, self.trod = process, present, set(trod)
        self.line = main_line(process)
        self.edges = {(c, s.target) for s in process.transitions.values() for c in s.sources}
        self.beside: dict[int, str] = {}
        self.below: list[str] = []
        for code in process.states:
            if code not in self.line:
                self.place(code)
        self.drawing = Drawing(height=TOP + ROW * (len(self.line) + len(self.below)) - 22)

    def place(self, code: str) -> None:
        rows = [self.line.index(c) for c, to in self.edges if to == code and c in self.line]
        if len(rows) == 1 and rows[0] not in self.beside:
            self.beside[rows[0]] = code
        else:
            self.below.append(code)

    def sources(self, target: str) -> list[str]:
        return [
            c for s in self.process.transitions.values() if s.target == target for c in s.sources
        ]

    def draw(self) -> Drawing:
        lanes = 0
        for row, code in enumerate(self.line):
            self.box(code, *MAIN, row)
        for row, code in self.beside.items():
            self.box(code, *BESIDE, row)
            self.sideways(row, code)
        for row, code in enumerate(self.below, len(self.line)):
            self.box(code, *MAIN, row)
            steps = [s for s in self.process.transitions.values() if s.target == code]
            self.word(128, TOP + ROW * row + 20, " / ".join(self.verb(step) for step in steps), 26)
        for step in self.process.transitions.values():
            if step.target not in self.line:
                continue
            end = self.line.index(step.target)
            starts = [self.line.index(code) for code in step.sources if code in self.line]
            for start in starts:
                if abs(start - end) == 1:
                    self.straight(step, start, end)
            far = [start for start in starts if abs(start - end) > 1]
            if far:
                self.lane(step, far, end, LANE + STEP * lanes)
                lanes += 1
        self.drawing.width = max(WIDE, LANE + STEP * (lanes - 1) + NAMED)
        self.drawing.lines = [self.told(code) for code in self.process.states]
        return self.drawing

    def box(self, code: str, x: int, width: int, row: int) -> None:
        past = any(code in edge for edge in self.trod)
        kind = "at" if code == self.present else "past" if past else ""
        text = _short(tell(self.process.states[code].label), HOLDS[width])
        self.drawing.boxes.append(Box(x, TOP + ROW * row, width, text, kind))

    def arrow(self, path: str, tip: str, edges: Collection[Edge]) -> None:
        self.drawing.arrows.append(Arrow(path, tip, any(edge in self.trod for edge in edges)))

    def word(self, x: int, y: int, text: str, most: int, anchor: str = "start") -> None:
        self.drawing.words.append(Word(x, y, _short(text, most), anchor))

    def verb(self, step: Transition) -> str:
        text = tell(step.label)
        return text[:1].lower() + text[1:]

    def straight(self, step: Transition, start: int, end: int) -> None:
        """To the next state below, or back to the one above."""
        edge = {(self.line[start], step.target)}
        gap = TOP + ROW * min(start, end) + HIGH
        if start < end:
            tip = f"M{DOWN - 4.5} {gap + 18}h9L{DOWN} {gap + 26}z"
            self.arrow(f"M{DOWN} {gap}v22", tip, edge)
            alone = (self.line[end], self.line[start]) not in self.edges
            self.word(DOWN + 8, gap + 14, self.verb(step), 28 if alone else 12)
        else:
            tip = f"M{UP - 4.5} {gap + 8}h9L{UP} {gap}z"
            self.arrow(f"M{UP} {gap + 26}v-22", tip, edge)
            self.word(UP + 9, gap + 14, self.verb(step), 14)

    def lane(self, step: Transition, starts: list[int], end: int, x: int) -> None:
        """Past other states, up or down, in a lane of its own."""
        to = TOP + ROW * end + 16
        for start in starts:
            at, turn = TOP + ROW * start + 16, -6 if start > end else 6
            bend = f"q6 0 6 {turn}V{to - turn}q0 {turn} -6 {turn}H125"
            tip = f"M128 {to - 4.5}v9l-8-4.5z"
            self.arrow(f"M119 {at}H{x - 6}{bend}", tip, {(self.line[start], step.target)})
        middle = TOP + ROW * (max(*starts, end) + min(*starts, end)) // 2 + 20
        self.word(x + 7, middle, self.verb(step), 18)

    def sideways(self, row: int, code: str) -> None:
        """To the state beside, and back."""
        y, here = TOP + ROW * row, self.line[row]
        for step in self.process.transitions.values():
            if step.target == code and here in step.sources:
                self.arrow(f"M119 {y + 9}h74", f"M191 {y + 4.5}v9l8-4.5z", {(here, code)})
                self.word(157, y + 4, self.verb(step), 15, "middle")
            elif step.target == here and code in step.sources:
                self.arrow(f"M199 {y + 23}h-74", f"M128 {y + 18.5}v9L120 {y + 23}z", {(code, here)})
                below = (self.line[row + 1], here) if row + 1 < len(self.line) else None
                x = 244 if below in self.edges else 160  # a word of the way up stands there
                self.word(x, y + 43 if x == 244 else y + 39, self.verb(step), 15, "middle")

    def told(self, code: str) -> tuple[str, list[str], str]:
        ways = [
            f"{self.verb(step)} → {tell(self.process.states[step.target].label)}"
            for step in self.process.leaving(code)
        ]
        return tell(self.process.states[code].label), ways, "at" if code == self.present else ""
