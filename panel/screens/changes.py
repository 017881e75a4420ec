"""The change log for who watches: what was done, by whom, when and why. It only reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, current_app, request, url_for
from flask_admin import expose

from ..changelog.entries import Entry
from ..changelog.looking import recent
from ..changelog.searching import Search
from ..plugin import Panel, current_panel
from ..words import say
from .acting import may
from .chain import Chain, state_of_chain
from .change_asking import AT_HAND, PRESENCE, Asking, for_reader, readable_tables
from .change_pages import page_of, whole_deed
from .guarding import Guarded, verb
from .requests import number
from .telling import Teller, Told


class ChangesView(Guarded):
    """All deeds that the reader may know of, newest first."""

    kind = "change"
    icon = "log"

    def __init__(self, panel: Panel, *, category: Any = None, **options: Any) -> None:
        options.setdefault("name", say("Change log"))
        options.setdefault("menu_icon_value", self.icon)
        self.session = panel.db
        super().__init__(category=category, endpoint="changes", url="/changes", **options)

    @expose("/")
    @verb("read")
    def index_view(self) -> Any:
        """The deeds that the questions of the address find."""
        asking, before = Asking(), number(request.args.get("before"))
        page = page_of(
            asking.search(),
            before,
            text=asking.text,
            with_strays=asking.wants_strays,
            more=deed_url,
        )
        asks = asking.asks()
        older = url_for(".index_view", **asking.given, before=page.before) if page.before else None
        return self.render(
            "panel/changelog/list.html",
            deeds=page.deeds,
            chain=self.chain(),
            export_url=exports(asking.given),
            asks=asks[:AT_HAND],
            further=asks[AT_HAND:],
            asked=asking.chips(),
            older=older,
            newest=url_for(".index_view", **asking.given) if before else None,
            looked_to=page.looked_to,
        )

    @expose("/deed/")
    @verb("read")
    def deed_view(self) -> Any:
        """One deed with all its changes, so many on a page."""
        seq, after = number(request.args.get("number")), number(request.args.get("after"))
        search = Search(**for_reader(readable_tables()))

        def more(change: int) -> str:
            return url_for(".deed_view", number=seq, after=change)

        told = whole_deed(search, seq or 0, max(after or 0, 0), more)
        if told is None:
            abort(404)
        return self.render(
            "panel/changelog/deed.html",
            deed=told,
            first_url=url_for(".deed_view", number=seq) if after else None,
        )

    def chain(self) -> Chain:
        """How the log stands; who may verify it gets a glance at its newest part as well."""
        return state_of_chain(glanced=may("verify", "change"))


def exports(asked: Mapping[str, str]) -> str | None:
    """Where what is asked for can be downloaded, for who may."""
    endpoint = "log_export.index_view"
    if endpoint not in current_app.view_functions or not may("export", "change"):
        return None
    return url_for(endpoint, **asked)


def deed_url(seq: int) -> str:
    """Where a long deed is read to its end."""
    return url_for("changes.deed_view", number=seq)


def latest_deeds(limit: int) -> list[Told]:
    """The latest deeds that the actor may know of, without comings and goings."""
    panel = current_panel()
    search = Search(**for_reader(readable_tables()))
    entries = recent(panel.log.tables, panel.db.session, search, limit=8 * limit)
    return Teller(entry for entry in entries if not came_or_went(entry)).all()[:limit]


def came_or_went(entry: Entry) -> bool:
    """Whether a deed is a sign-in or a sign-out, let in or not."""
    return entry.deed is not None and entry.deed.action.partition(".")[0] in PRESENCE
