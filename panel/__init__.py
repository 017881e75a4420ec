"""A workflow plugin for Flask-Admin: processes, a change log, roles with row scope.

It knows nothing of the host's records and imports itself relatively, so that it can be shipped
under another name. It makes no table of its own: it gives mixins that the host makes concrete, or
lets `Adopted` do so.

What stands in `__all__` is public, and so are the modules that the README's examples import from;
everything is typed (`py.typed`). A name is loaded when it is first asked for, so that models which
import a module of this package load no screens.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .access.rules import Actor, Place
    from .adopting import Adopted
    from .changelog.deeds import deed
    from .changelog.rules import Command
    from .changelog.tables import Logged, personal, plain, secret
    from .plugin import Panel, current_actor, current_panel
    from .words import Label, Refused, Sentence, say
    from .workflow.definition import Guard
    from .workflow.hooks import Decided
    from .workflow.mixins import WorkflowRecord
    from .workflow.records import Workflow

__all__ = [
    "Actor",
    "Adopted",
    "Command",
    "Decided",
    "Guard",
    "Label",
    "Logged",
    "Panel",
    "Place",
    "Refused",
    "Sentence",
    "Workflow",
    "WorkflowRecord",
    "current_actor",
    "current_panel",
    "deed",
    "personal",
    "plain",
    "say",
    "secret",
]

_HOMES = {
    ".access.rules": ("Actor", "Place"),
    ".adopting": ("Adopted",),
    ".changelog.deeds": ("deed",),
    ".changelog.rules": ("Command",),
    ".changelog.tables": ("Logged", "personal", "plain", "secret"),
    ".plugin": ("Panel", "current_actor", "current_panel"),
    ".words": ("Label", "Refused", "Sentence", "say"),
    ".workflow.definition": ("Guard",),
    ".workflow.hooks": ("Decided",),
    ".workflow.mixins": ("WorkflowRecord",),
    ".workflow.records": ("Workflow",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name], __name__), name)
