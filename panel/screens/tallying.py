"""How many records each choice of a list's filters would leave, beside everything else asked.

Asked for by itself, when somebody opens the filters, so that the list never waits for it. What is
in force for one question is left aside while its own choices are counted: another choice would
take its place. Beyond `MOST` records nothing is counted.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import nullcontext
from typing import Any

import sqlalchemy as sa
from flask import jsonify, request
from flask_admin import expose
from flask_admin.model.base import ViewArgs

from ..words import Refused, Sentence, say
from .as_at import AsAt
from .days_past import ARGUMENT, day_asked, reading
from .filters import PathFilter
from .guarding import verb
from .language import number, tell
from .listing import COUNTED
from .querying import key_of

#: As many records as are counted by choice.
MOST = 20_000

#: The number of records by the choices of a filter, by the name of the filter in an address.
Counts = dict[str, dict[str, int]]


def too_many() -> Sentence:
    """Why nothing is counted."""
    return say("More than %(most)s records: search or filter, and choices are counted.", most=MOST)


class Tallying(AsAt):
    """The counts beside the choices of a list's filters."""

    def _get_list_extra_args(self) -> ViewArgs:
        args = super()._get_list_extra_args()
        args.extra_args.pop(COUNTED, None)  # no link carries it on
        return args

    @expose("/counts/")
    @verb("read")
    def counts_view(self) -> Any:
        """The counts for the list at the same address, as JSON: by filter its texts by choice."""
        try:
            day = day_asked(request.args[ARGUMENT].strip()) if ARGUMENT in request.args else None
        except Refused:
            return jsonify(counts=[], said="")
        with reading(day) if day is not None else nullcontext():
            args = self._get_list_extra_args()
            counts = self.counts(args.search, args.filters or ())
        texts = [[name, {v: number(n) for v, n in by.items()}] for name, by in counts.items()]
        return jsonify(counts=texts, said="" if counts else tell(too_many()))

    def counts(self, search: str | None, asked: Any) -> Counts:
        """The records in scope by choice; a choice that is not named has none.

        One statement for all filters that nothing is asked by, and one for each of the others.
        """
        bases: defaultdict[tuple[Any, ...], list[tuple[int, PathFilter]]] = defaultdict(list)
        for index, rule in enumerate(self._filters or ()):
            aside = index if rule.replaces else None
            bases[tuple(one for one in asked if one[0] != aside)].append((index, rule))
        found: Counts = {}
        for base, rules in bases.items():
            found |= self.counts_beside(search, base, rules)
        return found

    def counts_beside(
        self, search: str | None, asked: Any, rules: list[tuple[int, PathFilter]]
    ) -> Counts:
        """The counts for some filters, of the records that search and other filters leave."""
        pairs = {index: rows for index, rule in rules if (rows := rule.pairs()) is not None}
        if not pairs:
            return {}
        keys = self.matching(search, asked).with_only_columns(key_of(self.model).label("id"))
        left = keys.limit(MOST + 1).cte("left_over")
        counted = [sa.select(sa.literal(-1), sa.literal(""), sa.func.count()).select_from(left)]
        for index, rows in pairs.items():
            of = rows.subquery()
            value = sa.cast(of.c.value, sa.Text)
            inside = of.c.id.in_(sa.select(left.c.id))
            lines = sa.select(sa.literal(index), value, sa.func.count(of.c.id.distinct()))
            counted.append(lines.where(inside).group_by(of.c.value))
        numbers: defaultdict[int, dict[str, int]] = defaultdict(dict)
        for index, choice, count in self.session.session.execute(sa.union_all(*counted)):
            if choice is not None:
                numbers[index][choice] = count
        total = numbers[-1][""]
        if total > MOST:
            return {}
        for index, rule in rules:
            if rule.leaves_out:
                names = [str(choice) for choice, _ in rule.get_options(self) or ()]
                numbers[index] = {name: total - numbers[index].get(name, 0) for name in names}
        return {self.get_filter_arg(i, rule): numbers[i] for i, rule in rules if i in pairs}
