"""The change log for who watches: by person, kind, record, field, action and day. It only reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app, request, url_for
from flask_admin import expose

from ..changelog.history import Entry, Search, recent
from ..plugin import Panel, current_panel
from ..words import Sentence, say
from .acting import may, the_actor
from .chain import Chain, state_of_chain
from .guarding import Guarded, verb
from .language import zone
from .sight import whole_regions
from .stored import entities, kind_of, label_of
from .telling import Teller, Told, act_named

#: Deeds that one page asks for.
PAGE = 50
#: Questions that make sense once a kind of record is chosen.
OF_A_KIND = ("record", "field")
#: Acts that change nothing but who is here.
PRESENCE = ("sign-in", "sign-out")


@dataclass(frozen=True)
class Ask:
    """One question to the log as the page's form asks it."""

    name: str
    label: Sentence
    value: str
    options: list[tuple[str, Any]] | None = None
    input: str = "text"


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
        session, before = self.session.session, request.args.get("before", type=int)
        tables = current_panel().log.tables
        entries = recent(tables, session, self.search(), limit=PAGE, before=before)
        asked = {k: v for k, v in request.args.items() if k != "before" and v}
        older = entries[-1].deed.seq if len(entries) == PAGE and entries[-1].deed else None
        return self.render(
            "panel/changelog/list.html",
            deeds=Teller(entries).all(),
            chain=self.chain(),
            export_url=exports(asked),
            asks=self.asks(),
            older=url_for(".index_view", **asked, before=older) if older else None,
            newer=url_for(".index_view", **asked) if before else None,
        )

    def search(self) -> Search:
        """What the address asks for; what makes no sense there asks for nothing."""
        args, readable = request.args, readable_tables()
        table = args.get("table") or None
        return Search(
            actor=args.get("actor", type=int),
            action=args.get("action") or None,
            table=table if table in readable else None,
            pk=(args.get("record") or None) if table in readable else None,
            field=args.get("field") or None,
            since=self.moment(args.get("from"), 0),
            until=self.moment(args.get("to"), 1),
            **for_reader(readable),
        )

    def moment(self, text: str | None, later: int) -> datetime | None:
        """The beginning of a day by the reader's clock, or of the one after it."""
        try:
            day = date.fromisoformat(text or "") + timedelta(days=later)
            return datetime.combine(day, time(), zone()[0]).astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    def asks(self) -> list[Ask]:
        """The questions of the form, with what is asked now."""
        given = request.args
        chosen = given.get("table", "") in readable_tables()
        kinds = [(table, kind_of(table)) for table in readable_tables()]
        asks = [
            Ask("actor", say("Person"), given.get("actor", ""), self.people()),
            Ask("table", say("Kind of record"), given.get("table", ""), kinds),
            Ask("record", say("Number of the record"), given.get("record", "")),
            Ask("field", say("Field"), given.get("field", ""), self.fields()),
            Ask("action", say("Action"), given.get("action", ""), self.actions()),
            Ask("from", say("From day"), given.get("from", ""), input="date"),
            Ask("to", say("To day"), given.get("to", ""), input="date"),
        ]
        return [one for one in asks if chosen or one.name not in OF_A_KIND]

    def people(self) -> list[tuple[str, Any]]:
        """The accounts in scope."""
        account = current_panel().access.account
        if not may("read", account):
            return []
        rows = current_panel().access.scoped(sa.select(account), account, the_actor())
        found = self.session.session.scalars(rows.order_by(account.id)).unique()
        return sorted(((str(one.id), str(one)) for one in found), key=lambda one: one[1])

    def fields(self) -> list[tuple[str, Any]] | None:
        """The fields of the chosen kind."""
        table = request.args.get("table", "")
        entity = entities().get(table)
        if entity is None or table not in readable_tables():
            return None
        columns = [column.name for column in entity.__table__.columns]
        return [(name, label_of(table, name)) for name in columns]

    def actions(self) -> list[tuple[str, Any]]:
        """The actions that the log knows."""
        deed = current_panel().log.tables.deed
        rows = sa.select(deed.c.action).distinct().order_by(deed.c.action)
        known = self.session.session.scalars(rows)
        readable = {*readable_tables(), *PRESENCE}
        return [(one, act_named(one)) for one in known if one.split(".")[0] in readable]

    def chain(self) -> Chain:
        """How the log stands; who may verify it gets a glance at its newest part as well."""
        return state_of_chain(glanced=may("verify", "change"))


def exports(asked: dict[str, Any]) -> str | None:
    """Where what is asked for can be downloaded, for who may."""
    endpoint = "log_export.index_view"
    if endpoint not in current_app.view_functions or not may("export", "change"):
        return None
    return url_for(endpoint, **asked)


def readable_tables() -> list[str]:
    """The tables whose rows the actor may see at all."""
    return sorted(table for table in entities() if may("read", table))


def for_reader(readable: list[str]) -> dict[str, Any]:
    """What the log need not even look at for this reader; the teller looks at each row again."""
    tables = current_panel().log.tables
    change, deed = tables.change, tables.deed
    links = [table.name for table in tables.logged() if table.name not in entities()]
    near = sa.or_(deed.c.actor_id == the_actor().id, deed.c.scope.in_(whole_regions()))
    regions = [str(place.region_id) for place in the_actor().places]
    return {
        "changes_seen": sa.and_(
            change.c.tbl.in_([*readable, *links]),
            sa.or_(change.c.scope.is_(None), change.c.scope.in_(regions)),
        ),
        "deeds_seen": sa.or_(deed.c.subject_table.in_(readable), near),
    }


def latest_deeds(limit: int) -> list[Told]:
    """The latest deeds that the actor may know of, without comings and goings."""
    panel = current_panel()
    search = Search(**for_reader(readable_tables()))
    entries = recent(panel.log.tables, panel.db.session, search, limit=8 * limit)
    return Teller(entry for entry in entries if not came_or_went(entry)).all()[:limit]


def came_or_went(entry: Entry) -> bool:
    """Whether a deed is a sign-in or a sign-out, let in or not."""
    return entry.deed is not None and entry.deed.action.partition(".")[0] in PRESENCE
