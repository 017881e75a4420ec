"""Conditions of a search that forgives: in folded spelling too, the same on both databases.

Nothing but lower, replace and LIKE: a file of SQLite may be opened by other programs, which have
no functions of ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa
from flask import g
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from ..phrases import Synonyms, grouped, terms
from ..plugin import current_panel
from ..spelling import REPLACED, look_for, sieve

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
    if not isinstance(column.type, sa.String):
        column = sa.cast(column, sa.Text)
    return column.icontains(word, autoescape=True)


def holds(column: Any, word: str) -> Any:
    """Whether a column holds a word, as it was typed or in another spelling of it."""
    plain = contains(column, word)
    short = look_for(word)
    if short is None or not is_text(column.type):
        return plain
    same = folded_column(column).contains(short, autoescape=True)
    return sa.or_(plain, sa.and_(*(has_one(column, patterns) for patterns in sieve(word)), same))


def has_one(column: Any, patterns: Iterable[str]) -> Any:
    """Whether a column is like one of these patterns of small ASCII letters."""
    return sa.or_(*(like_any_case(column, sa.literal(pattern)) for pattern in patterns))


def is_text(kind: Any) -> bool:
    """Whether a column of this type holds words, and not codes, numbers or days."""
    return isinstance(kind, sa.String) and not isinstance(kind, sa.Enum)


def holds_other(column: Any, word: str) -> Any:
    """Whether a column holds a word of a synonym: short ones only where a word begins."""
    if len(word) > SHORT or not isinstance(column.type, sa.String):
        return contains(column, word)
    return contains(sa.literal(" ").concat(column), f" {word}")


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
    conditions = []
    for term in terms(words, the_synonyms()) if words else ():
        ways = [sa.and_(*(found_by(word) for word in term.words))]
        for other in term.others:
            ways.append(sa.and_(*(found_by(word, holds_other) for word in other)))
        conditions.append(sa.or_(*ways))
    return conditions


def the_synonyms() -> Synonyms:
    """Phrases that mean the same in this installation, asked for once in a request."""
    if "synonyms" not in g:
        g.synonyms = grouped(current_panel().synonyms())
    found: Synonyms = g.synonyms
    return found
