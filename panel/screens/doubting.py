"""What somebody should look at again: told beside a record and its form, never in its way.

A view's `doubts(record)` gives pairs of a field's name ("" for the record as a whole) and a
sentence. They stay while they are true; errors that do stop a save stand beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..words import Sentence
from .acting import may
from .forms import Forms
from .language import tell

Doubtful = tuple[str, Sentence]


class Doubting(Forms):
    """Pages and forms of a record with what is doubtful about it."""

    #: The relation that a foreign key column, or a table, belongs to; of the screen.
    relation_of: Callable[[str], str]

    def doubts(self, record: Any) -> Iterable[Doubtful]:
        """What is doubtful about a record: the name of a field, or "", and a sentence."""
        return ()

    def told_doubts(self, record: Any) -> list[Doubtful]:
        """The doubts that the actor may know: none that tells of a value hidden from him."""
        unmasks = may("unmask", self.model)
        return [
            (name, sentence)
            for name, sentence in self.doubts(record)
            if not name or (self.reaches(name) and (unmasks or not self.masks(name)))
        ]

    def details_page(self, record: Any, **more: Any) -> Any:
        return super().details_page(record, **{"doubts": self.told_doubts(record), **more})

    def form_page(
        self, template: str, form: Any, rules: Any, record: Any = None, **more: Any
    ) -> Any:
        found = self.told_doubts(record) if record is not None else []
        loose = self.put_at_fields(form, found)
        return super().form_page(template, form, rules, record, **{"loose_doubts": loose, **more})

    def put_at_fields(self, form: Any, found: list[Doubtful]) -> list[Sentence]:
        """Put each doubt at its field, as `field.wonders`; those that have no field come back."""
        loose = []
        for name, sentence in found:
            field = form._fields.get(name) or form._fields.get(self.relation_of(name))
            if field is None:
                loose.append(sentence)
            else:
                field.wonders = [*getattr(field, "wonders", ()), tell(sentence)]
        return loose
