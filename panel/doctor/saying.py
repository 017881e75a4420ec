"""What a check says: that something is well, that one should know it, or that it is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ..incidents import written_down
from ..plugin import Panel

#: Levels, as they are printed.
OK, NOTE, WRONG = "ok", "note", "WRONG"


@dataclass(frozen=True)
class Said:
    """One line of the doctor; no secret stands in it."""

    level: str
    text: str


Check = Callable[[Panel], Iterator[Said]]


def ok(text: str) -> Said:
    """Something is well."""
    return Said(OK, text)


def wrong(text: str) -> Said:
    """Something has to be mended, and the text says how."""
    return Said(WRONG, text)


def serious(production: bool, text: str) -> Said:
    """Wrong where real people's data are, else only good to know."""
    return Said(WRONG if production else NOTE, text)


def asked(panel: Panel, checks: Iterable[Check]) -> Iterator[Said]:
    """What all checks say; one that fails itself stops no other."""
    for check in checks:
        try:
            yield from check(panel)
        except Exception as error:
            number = written_down(error)
            name = check.__name__.replace("_", " ")
            yield wrong(f"The check of {name} failed itself; the program's log has it: {number}.")
