"""The plugin as one object: database, change log, workflow and access of one installation.

A host makes one `Panel` beside its models and calls `init_app` from its application factory. The
screens ask `current_panel()`; nothing in here knows what the records are about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app, g, has_app_context

from .jobs import Jobs

if TYPE_CHECKING:
    from flask_sqlalchemy import SQLAlchemy
    from sqlalchemy.orm import Session

    from .access.records import Access
    from .access.rules import Actor
    from .changelog.archives import Hold
    from .changelog.layout import LogTables
    from .changelog.records import ChangeLog
    from .changelog.triggers import Trigger
    from .proposals.records import Proposals
    from .words import Sentence
    from .workflow.calendar import Calendar
    from .workflow.notices import Notices
    from .workflow.records import Workflow


class Panel:
    """What the screens and commands of one installation share.

    `region_text` gives the two lines that stand under the brand for an actor; `acts` tells the
    host's own acts in sentences, `act_names` in a word, to choose from; `synonyms` gives
    groups of phrases that a search takes for the same, `ignored_words` what no search looks for:
    in lower case, without full stops. `calendars` gives the working time of each place, by what
    the scope column of the log holds; without it offices work from Monday to Friday in the reader's
    time zone. `holds` gives the legal holds that stand, by which no archive takes anything;
    `persons` are the tables of people, whose erasure `erase_again` (session, log, table, key) does
    once more after a restore, and says whether anything was left of it. `saved_view` is the table
    of arranged lists, if the installation keeps any; `unshareable` says why a query is not for
    others. `nightly` are the host's own parts of the night's work, by name.
    """

    def __init__(
        self,
        db: SQLAlchemy,
        *,
        log: ChangeLog,
        access: Access,
        workflow: Workflow | None = None,
        proposals: Proposals | None = None,
        notices: Notices | None = None,
        region_text: Callable[[Actor], tuple[str, str]] | None = None,
        acts: Mapping[str, Sentence] | None = None,
        act_names: Mapping[str, Sentence] | None = None,
        synonyms: Callable[[], Iterable[Iterable[str]]] = tuple,
        ignored_words: frozenset[str] = frozenset(),
        calendars: Callable[[Session], Callable[[Any], Calendar]] | None = None,
        holds: Callable[[Session, LogTables], Iterable[Hold]] | None = None,
        erase_again: Callable[[Session, LogTables, str, str], bool] | None = None,
        persons: tuple[str, ...] = (),
        saved_view: Any = None,
        unshareable: Callable[[str], Sentence | None] = lambda _query: None,
    ) -> None:
        self.db = db
        self.log = log
        self.access = access
        self.workflow = workflow
        self.proposals = proposals
        self.notices = notices
        self.region_text = region_text
        self.acts = acts or {}
        self.act_names = act_names or {}
        self.synonyms = synonyms
        self.ignored_words = ignored_words
        self.calendars = calendars
        self.holds = holds
        self.erase_again = erase_again
        self.persons = persons
        self.saved_view = saved_view
        self.unshareable = unshareable
        self._triggers: dict[str, list[Trigger]] = {}
        self.nightly: dict[str, Callable[[Panel], str]] = {}

    def init_app(self, app: Flask) -> None:
        """Bind to `app`: listen to its engines and flushes, be found by `current_panel()`."""
        app.extensions["panel"] = self
        Jobs(app)
        if self.workflow:
            self.workflow.attach(self.db.session)
        if self.notices:
            self.notices.attach(self.db.session)
        if self.access.by_two:
            self.access.by_two.attach(self.db.session)
        with app.app_context():
            for engine in self.db.engines.values():
                self.log.attach(engine)

    def triggers(self, dialect_name: str) -> list[Trigger]:
        """Every trigger of the installation: the log's, and the gate of its processes."""
        if dialect_name not in self._triggers:
            gate = self.workflow.triggers(dialect_name) if self.workflow else []
            self._triggers[dialect_name] = [*self.log.triggers(dialect_name), *gate]
        return list(self._triggers[dialect_name])

    def asked_back(self) -> frozenset[str]:
        """Tables of whose old changes the program itself asks the values: no archive takes them.

        Who had a part in what, and how it stood when it was decided on, is told by nothing else.
        """
        names = {str(self.access.grant.__tablename__)}
        for record in self.workflow.records().values() if self.workflow else ():
            names.update((record.name, *(child.name for child in record.children)))
        return frozenset(names)

    @property
    def engine(self) -> Any:
        """The engine on which refusals and other events are noted."""
        return self.db.engine


def current_panel() -> Panel:
    """The panel of the running application."""
    panel: Panel = current_app.extensions["panel"]
    return panel


def current_actor() -> Actor | None:
    """Who acts in this request, as the sign-in left it; none for a stranger."""
    if not has_app_context():
        return None
    actor: Actor | None = g.get("actor")
    return actor
