"""Where things stand in a TOML text: line and column of every table, key and item of a list.

The parser of the standard library keeps no positions. This reads only as much of TOML as it takes
to find them, in one pass, and relies on the parser for what is allowed; `too_deep` is asked before
the parser, whose depth is the interpreter's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

#: How to come to a value: ``("state", 2, "editable", 0)``.
Path = tuple[str | int, ...]

#: Nested lists and tables, and parts of a dotted key, beyond which nobody reads on.
DEEPEST = 8

# a string without its end is taken too: nothing is ever read twice, so time is linear
TOKEN = re.compile(
    r'''
      (?P<string>
          """(?:[^\\"]|\\.|"{1,2}(?!"))*+(?:"{3,5})?
        | \'\'\'(?:[^']|'{1,2}(?!'))*+(?:'{3,5})?
        | "(?:[^"\\\n]|\\[^\n])*+"?
        | '[^'\n]*+'?
      )
    | (?P<comment>\#[^\n]*+)
    | (?P<blank>[ \t\r]++)
    | (?P<word>[^\s\#"'\[\]{}=,.]++)
    | (?P<sign>.)
    ''',
    re.X | re.S,
)


class Place(NamedTuple):
    """Line and column, both from 1."""

    line: int
    column: int


class Token(NamedTuple):
    """A string, a word, a sign or the end of a line, and where it begins."""

    kind: str
    text: str
    place: Place


def tokens(text: str) -> Iterator[Token]:
    """The text in its parts, without blanks and comments; any text is taken, TOML or not."""
    line, begin = 1, 0
    for found in TOKEN.finditer(text):
        kind = str(found.lastgroup)
        if kind not in ("blank", "comment"):
            yield Token(kind, found[0], Place(line, found.start() - begin + 1))
        breaks = found[0].count("\n")
        if breaks:
            line += breaks
            begin = found.start() + found[0].rindex("\n") + 1


def too_deep(text: str) -> Place | None:
    """Where lists, tables or dotted keys go deeper than `DEEPEST`, or None."""
    depth = dots = 0
    for token in tokens(text):
        if token.kind != "sign":
            continue
        if token.text in "[{":
            depth, dots = depth + 1, 0
        elif token.text in "]}":
            depth, dots = max(depth - 1, 0), 0
        elif token.text in "\n=,":
            dots = 0
        elif token.text == ".":
            dots += 1
        if max(depth, dots) > DEEPEST:
            return token.place
    return None


def places_of(text: str) -> dict[Path, Place]:
    """Every table, key and item of a sound TOML text, by the way that leads to it."""
    return _Scan(text).places


class _Scan:
    def __init__(self, text: str) -> None:
        self.places: dict[Path, Place] = {}
        self._counts: dict[Path, int] = {}
        self._tokens = tokens(text)
        self._next()
        prefix: Path = ()
        while self.token is not None:
            if self._at("\n"):
                self._next()
            elif self._at("["):
                prefix = self._header()
            else:
                self._pair(prefix)

    def _next(self) -> None:
        self.token = next(self._tokens, None)

    def _at(self, signs: str) -> bool:
        return self.token is not None and self.token.kind == "sign" and self.token.text in signs

    def _header(self) -> Path:
        """``[a.b]`` or ``[[a.b]]``; what stands in a list of tables belongs to its last one."""
        begin = self.token
        assert begin is not None
        self._next()
        many = self._at("[")
        if many:
            self._next()
        path: Path = ()
        *before, last = self._key() or [""]
        for part in before:
            path = self._latest((*path, part))
        path = (*path, last)
        self.places.setdefault(path, begin.place)
        if many:
            self._counts[path] = self._counts.get(path, -1) + 1
            path = (*path, self._counts[path])
            self.places[path] = begin.place
        else:
            path = self._latest(path)
        while self._at("]"):
            self._next()
        return path

    def _latest(self, path: Path) -> Path:
        return (*path, self._counts[path]) if path in self._counts else path

    def _key(self) -> list[str]:
        parts = []
        while self.token is not None and not self._at("=]\n"):
            if self.token.kind == "string":
                parts.append(self.token.text[1:-1])
            elif self.token.kind == "word":
                parts.append(self.token.text)
            self._next()
        return parts

    def _pair(self, prefix: Path) -> None:
        begin, path = self.token, prefix
        assert begin is not None
        for part in self._key()[: DEEPEST + 1]:
            path = (*path, part)
            self.places.setdefault(path, begin.place)
        if self._at("="):
            self._next()
            self._value(path)
        elif self.token is begin:
            self._next()  # no key at all: not this reader's to refuse

    def _value(self, path: Path) -> None:
        if self._at("["):
            self._inside(path, "]")
        elif self._at("{"):
            self._inside(path, "}")
        else:
            while self.token is not None and not self._at("\n,]}"):
                self._next()

    def _inside(self, path: Path, end: str) -> None:
        """The items of a list, or the pairs of a table in one line."""
        count = 0
        self._next()
        while self.token is not None and not self._at(end):
            if self._at("\n,"):
                self._next()
                continue
            if self._at("]}"):
                return
            if end == "]":
                self.places[(*path, count)] = self.token.place
                self._value((*path, count))
                count += 1
            else:
                self._pair(path)
        self._next()
