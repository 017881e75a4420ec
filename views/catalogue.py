"""The host's catalogue: what its sources say, and the names that screens make of models.

A column without a label of its own is called by its name ("full_name" is "Full name"), a code too;
the change log shows every column. So each of them is a message id, although it stands nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from panel.commands.messages import Source
from panel.screens.base import RecordView, laid_out
from panel.screens.values import as_label

ROOT = Path(__file__).parents[1]


def declared_ids() -> set[str]:
    """Message ids that models and screens declare without saying them."""
    return {text for text in (*_names(), *_labels()) if isinstance(text, str) and text}


def _names() -> Iterator[str]:
    """Kinds, columns, relations and codes of every model, by their own names."""
    from models.tables import records  # late: a catalogue is named before the models are complete

    for table in records.Base.metadata.tables.values():  # those that only link records as well
        yield from (as_label(table.name), *(as_label(column.name) for column in table.columns))
    for mapper in records.Base.registry.mappers:
        yield as_label(mapper.class_.__tablename__)
        yield from (as_label(attribute.key) for attribute in mapper.attrs)
        for column in mapper.columns:
            yield from map(as_label, getattr(column.type, "enums", None) or ())


def _labels() -> Iterator[Any]:
    """What the screens of the menu declare: labels, help, codes, and columns made by formats."""
    from .menu import MENU  # late: the screens import the models

    screens = [screen for _group, screens in MENU for screen in screens]
    for screen in screens:
        if not issubclass(screen, RecordView):
            continue
        yield from (screen.title, screen.one, *screen.helps.values(), *_words(screen))
        yield from map(as_label, (*screen.columns, *screen.details, *laid_out(screen.fields)[0]))
        for inline in screen.inlines:
            yield from _words(inline.values)
        for related in screen.related:
            yield from (related.title, *map(as_label, related.columns), *_words(related))


def _words(declaring: Any) -> Iterator[Any]:
    yield from declaring.labels.values()
    for codes in declaring.choices.values():
        yield from codes.values()


CATALOGUE = Source(
    ROOT / "views" / "translations",
    (ROOT / "models", ROOT / "views", ROOT / "seed"),
    declared_ids,
)
