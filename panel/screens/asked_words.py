"""What an address asks of a list, in words: for who reads the name of a saved view alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from ..words import say
from .arranging import COLUMNS, picked
from .language import tell
from .listing import choices_of, filter_words


class Asked:
    """The words of many queries; the choices of a filter are asked for once."""

    def __init__(self) -> None:
        self._choices: dict[tuple[str, int], Mapping[str, str]] = {}

    def words(self, screen: Any, query: str) -> list[str]:
        """Search, filters and columns that the reader has, one text each."""
        args = dict(parse_qsl(query))
        return [
            *search_words(args.get("search")),
            *self.filters(screen, args),
            *column_words(screen, args.get(COLUMNS)),
        ]

    def filters(self, screen: Any, args: Mapping[str, str]) -> list[str]:
        """The filters in force; what is unknown or makes no sense is left out, as in the list."""
        found = []
        for index, rule, value in screen.filters_in(args):
            if rule is not None and rule.validate(value):
                known = self._choices.setdefault((screen.endpoint, index), choices_of(screen, rule))
                found.append(filter_words(screen, rule, value, known))
        return found


def search_words(search: str | None) -> list[str]:
    """What is searched for."""
    return [tell(say("search “%(words)s”", words=search))] if search else []


def column_words(screen: Any, asked: str | None) -> list[str]:
    """The columns, where they are not the usual ones."""
    if asked is None:
        return []
    known = dict(screen.pruned(screen.__dict__["list_columns"]))
    names = picked(asked, list(known), screen.columns)
    return [tell(say("columns %(names)s", names=", ".join(str(known[one]) for one in names)))]
