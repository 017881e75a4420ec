"""Conditions of a search that forgives: in folded spelling too, the same on both databases.

Nothing but lower, replace and LIKE: a file of SQLite may be opened by other programs, which have
no functions of ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask import g
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from ..phrases import Synonyms, Term, grouped, terms
from ..plugin import current_panel
from ..spelling import REPLACED, look_for, sieve

#: Before a sign of LIKE that is meant as a letter.
ESCAPE = "/"
#: Words whose texts are kept.
KEPT = 256
#: Words of one search; what follows is left out.
SEARCH_WORDS = 8
#: Digits from which on a search is one number and not several.
LONG_NUMBER = 12
#: Replacements inside of each other: the parser of SQLite before 3.46 has a stack of 100.
STAGE = 6
#: Words of another phrase that are as short as this are looked for at the beginning of a word.
SHORT = 3


class folding(FunctionElement[str]):  # noqa: N801 - reads as a function of SQL
    """A text column in folded spelling, as `panel.spelling.folded` has it."""

    type = sa.Text()
    inherit_cache = True


@compiles(folding)
def _folding(element: Any, compiler: Any, **options: Any) -> str:
    return _replaced(f"lower({compiler.process(element.clauses, **options)})")


@compiles(folding, "postgresql")
def _folding_there(element: Any, compiler: Any, **options: Any) -> str:
    # whatever the language of the database, only the 26 capitals become small
    return _replaced(f'lower(({compiler.process(element.clauses, **options)}) COLLATE "C")')


class like_any_case(FunctionElement[bool]):  # noqa: N801 - reads as a function of SQL
    """A column and a pattern: what `ilike` says, at half its price on SQLite."""

    type = sa.Boolean()
    inherit_cache = True


@compiles(like_any_case)
def _like(element: Any, compiler: Any, **options: Any) -> str:
    column, pattern = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({column} LIKE {pattern})"


@compiles(like_any_case, "postgresql")
def _like_there(element: Any, compiler: Any, **options: Any) -> str:
    column, pattern = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({column} ILIKE {pattern})"


def _replaced(expression: str) -> str:
    """The replacements in stages, one after the other: SQLite reads no deeper nesting."""
    stages = []
    for number, start in enumerate(range(0, len(REPLACED), STAGE)):
        text = f"fold{number - 1}.t" if number else expression
        for old, new in REPLACED[start : start + STAGE]:
            text = f"replace({text}, {_quoted(old)}, {_quoted(new)})"
        source = f" FROM fold{number - 1}" if number else ""
        stages.append(f"fold{number}(t) AS (SELECT {text}{source})")
    return f"(WITH {', '.join(stages)} SELECT t FROM fold{len(stages) - 1})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def folded_column(column: Any) -> Any:
    """The SQL that folds a column as `panel.spelling.folded` folds a text."""
    return folding(column)


def contains(column: Any, word: str) -> Any:
    """Case does not matter, and % and _ are letters like any other."""
    return as_text(column).icontains(word, autoescape=True)


def as_text(column: Any) -> Any:
    """A column of which a part may be looked for."""
    return column if isinstance(column.type, sa.String) else sa.cast(column, sa.Text)


def holds(column: Any, word: str) -> Any:
    """Whether a column holds a word, as it was typed or in another spelling of it."""
    given = texts_of(word)
    plain = as_text(column).icontains(bound(word, "plain", given), escape=ESCAPE)
    if "short" not in given or not is_text(column.type):
        return plain
    same = folded_column(column).contains(bound(word, "short", given), escape=ESCAPE)
    met = [
        sa.or_(*(like_any_case(column, bound(word, f"{line}_{at}", given)) for at in range(count)))
        for line, count in enumerate(map(len, sieve(word)))
    ]
    return sa.or_(plain, sa.and_(*met, same))


class Named(str):
    """A word whose texts have names: one statement then serves every search of the same shape."""

    name: str

    def __new__(cls, word: str, name: str) -> Named:
        named = super().__new__(cls, word)
        named.name = name
        return named


@lru_cache(maxsize=KEPT)
def texts_of(word: str) -> Mapping[str, str]:
    """What a word is looked for by; which of these there are says how its SQL is built."""
    found = {"plain": escaped(word), "exact": exact(word)}
    if (short := look_for(word)) is not None:
        found["short"] = escaped(short)
        for line, patterns in enumerate(sieve(word)):
            found |= {f"{line}_{at}": pattern for at, pattern in enumerate(patterns)}
    return found


def texts_of_other(word: str) -> Mapping[str, str]:
    """As `texts_of`, for a word of a synonym."""
    found = {"plain": escaped(word), "exact": exact(word)}
    return found | {"begins": f" {escaped(word)}"} if len(word) <= SHORT else found


def bound(word: str, role: str, given: Mapping[str, str]) -> Any:
    """One of the texts of a word as a value of a statement, under its name if it has one."""
    if isinstance(word, Named):
        return sa.bindparam(f"{word.name}_{role}", type_=sa.Text())
    return sa.literal(given[role], sa.Text())


def escaped(text: str) -> str:
    """A text in which the signs of LIKE are letters like any other."""
    return re.sub(f"[{ESCAPE}%_]", rf"{ESCAPE}\g<0>", text)


def is_text(kind: Any) -> bool:
    """Whether a column of this type holds words, and not codes, numbers or days."""
    return isinstance(kind, sa.String) and not isinstance(kind, sa.Enum)


def holds_other(column: Any, word: str) -> Any:
    """Whether a column holds a word of a synonym: short ones only where a word begins."""
    given = texts_of_other(word)
    if "begins" in given and isinstance(column.type, sa.String):
        begins = sa.literal(" ").concat(column)
        return begins.icontains(bound(word, "begins", given), escape=ESCAPE)
    return as_text(column).icontains(bound(word, "plain", given), escape=ESCAPE)


def is_exactly(column: Any, word: str) -> Any:
    """Whether a column is a number, however that is grouped."""
    return column == bound(word, "exact", texts_of_other(word))


def exact(word: str) -> str:
    """A number as it is stored: without the blanks, dots and dashes of writing."""
    return re.sub(r"[\s.\-]", "", word)


def words_of(text: str, ignored: frozenset[str] = frozenset()) -> list[str]:
    """The words to look for, all of them: without titles and the signs around them.

    A long number is one word, however it is grouped.
    """
    if exact(text).isdecimal() and len(exact(text)) >= LONG_NUMBER:
        return [exact(text)]
    words = [word for part in text.split() if (word := part.strip(",;()\"'"))]
    left_out = ignored | current_panel().ignored_words
    kept = [word for word in words if word.lower().replace(".", "") not in left_out]
    return (kept or words or text.split())[:SEARCH_WORDS]


def conditions_of(words: list[str], found_by: Callable[..., Any]) -> list[Any]:
    """What a record must meet to be found: each term in its own words, or in a synonym's.

    `found_by(word)` is the condition that a record has one word; `found_by(word, holds_other)`
    that it has a word of a synonym.
    """
    return met_by(terms(words, the_synonyms()) if words else [], found_by)


def read(search: str, ignored: frozenset[str] = frozenset()) -> list[Term]:
    """The terms of a search."""
    words = words_of(search, ignored)
    return terms(words, the_synonyms()) if words else []


def met_by(sought: Iterable[Term], found_by: Callable[..., Any]) -> list[Any]:
    """As `conditions_of`, for a search that was read."""
    conditions = []
    for term in sought:
        ways = [sa.and_(*(found_by(word) for word in term.words))]
        for other in term.others:
            ways.append(sa.and_(*(found_by(word, holds_other) for word in other)))
        conditions.append(sa.or_(*ways))
    return conditions


def named(sought: Iterable[Term]) -> tuple[list[Term], dict[str, str]]:
    """A search with a name for each word in it, and the texts that these names stand for."""
    found: list[Term] = []
    given: dict[str, str] = {}

    def name(
        words: Iterable[str], of: str, texts: Callable[[str], Mapping[str, str]]
    ) -> Iterator[Named]:
        for at, word in enumerate(words):
            one = Named(word, f"{of}_{at}")
            given.update({f"{one.name}_{role}": text for role, text in texts(word).items()})
            yield one

    for number, term in enumerate(sought):
        words = tuple(name(term.words, f"term{number}", texts_of))
        others = (
            tuple(name(other, f"term{number}_other{place}", texts_of_other))
            for place, other in enumerate(term.others)
        )
        found.append(Term(words, tuple(others)))
    return found, given


def the_synonyms() -> Synonyms:
    """Phrases that mean the same in this installation, asked for once in a request."""
    if "synonyms" not in g:
        g.synonyms = grouped(current_panel().synonyms())
    found: Synonyms = g.synonyms
    return found
