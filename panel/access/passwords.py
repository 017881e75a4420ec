"""Which passwords are taken, and the ones made up for handing over. No network is asked."""

from __future__ import annotations

import secrets
import string
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path

from ..words import Sentence, say

SHORTEST = 12
LONGEST = 200

#: Without 0, 1, i, l and o, which look alike on paper.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


def made_up() -> str:
    """A password to hand over on paper, with 79 bits of chance: "kq7m-x2hp-9wfd-brtz"."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(4))


def normal(password: str) -> str:
    """The password in one form, whatever the device that typed it."""
    return unicodedata.normalize("NFKC", password)


def weakness(password: str, *names: str) -> Sentence | None:
    """Why the password is not taken, or None; `names` are those of its owner."""
    if len(password) < SHORTEST:
        return say("Take at least %(least)s characters.", least=SHORTEST)
    if len(password) > LONGEST:
        return say("Take at most %(most)s characters.", most=LONGEST)
    plain = normal(password).casefold()
    if len(set(plain)) < 5 or _is_run(plain):
        return say("This password is easy to guess: it repeats or counts up. Take another one.")
    if {plain, _stem(plain)} & _common():
        return say("This password stands in lists of common passwords. Take another one.")
    squeezed = "".join(plain.split())
    for part in " ".join(names).casefold().split():
        if len(part) >= 4 and part in squeezed and len(squeezed) - len(part) < 8:
            return say("This password is little more than your name. Take another one.")
    return None


def _stem(text: str) -> str:
    """The text without figures and signs around it: "Rahasia2025!!" is "rahasia"."""
    return text.strip(string.digits + string.punctuation + string.whitespace)


def _is_run(text: str) -> bool:
    """Whether each sign follows the one before, up or down: "abcdefghijkl", "987654321098"."""
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return steps <= {1, -9} or steps <= {-1, 9}


@cache
def _common() -> frozenset[str]:
    listed = Path(__file__).with_name("common_passwords.txt").read_text("utf-8")
    return frozenset(listed.split())
