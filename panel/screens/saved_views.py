"""Lists as somebody arranged them: the menu of a list, and the page on which one keeps one's own.

A saved view is an address and nothing more: who opens it asks the list anew, in his own scope and
with the columns and filters of his own role.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, current_app, flash, redirect, request, url_for
from flask_admin import expose
from jinja2 import pass_context
from jinja2.runtime import Context
from sqlalchemy.exc import IntegrityError

from ..plugin import Panel, current_panel
from ..typed import Wrong, tidy
from ..words import Refused, say
from .acting import doing, may, note_refusal, subject_of, the_actor
from .answers import STATUS
from .asked_query import canonical, sent
from .asked_words import Asked
from .days_past import in_the_present
from .guarding import Guarded, verb
from .language import tell
from .querying import find, scoped
from .values import screen_of

#: Longest name, and views of one list that a menu shows and one account keeps.
LONGEST, MOST = 60, 50
TAKEN = say("You have a view of this list with this name already.")


@dataclass(frozen=True)
class Line:
    """A saved view, ready for a page."""

    view: Any
    url: str
    own: bool
    #: Whether the page shows just this.
    current: bool = False
    #: What its list is called, and what it asks of it.
    of: Any = ""
    asks: Sequence[str] = ()
    #: The name of who shares it.
    by: str = ""


@dataclass(frozen=True)
class Menu:
    """The views of one list as its reader has them, and what the page asks now."""

    lines: list[Line]
    query: str
    standard_url: str
    may_save: bool

    @property
    def current(self) -> Line | None:
        """The view that the page shows."""
        return next((one for one in self.lines if one.current), None)

    @property
    def parts(self) -> list[tuple[Any, list[Line]]]:
        """Own and shared ones under their headings."""
        parts = [(say("My views"), True), (say("Shared in the region"), False)]
        sorted_out = [(title, [o for o in self.lines if o.own is own]) for title, own in parts]
        return [(title, lines) for title, lines in sorted_out if lines]


@pass_context
def saved_views(context: Context) -> Menu | None:
    """The menu of the list that is shown; None where there are no saved views. One statement."""
    if "panel" not in current_app.extensions:  # the theme alone, on a host without records of ours
        return None
    view, kind = context["admin_view"], current_panel().saved_view
    if kind is None or not may("read", kind):
        return None
    query = canonical(list(request.args.items()))
    with in_the_present():
        who = the_actor().id
        rows = with_names(kind).where(kind.list == view.model.__tablename__)
        rows = rows.order_by(kind.account_id != who, kind.name, kind.id).limit(2 * MOST)
        lines = [
            Line(
                one, address_in(view, one.query), one.account_id == who, one.query == query, by=name
            )
            for one, name in current_panel().db.session.execute(rows)
        ]
    return Menu(lines, query, address_in(view, ""), may("save", kind))


def with_names(kind: Any) -> Any:
    """The views that the actor sees, each with the name of whom it belongs to."""
    account = current_panel().access.account
    return scoped(kind, kind, account.name).join(account, account.id == kind.account_id)


def address_in(view: Any, query: str) -> str:
    """The address of a list with a query."""
    url = str(url_for(f"{view.endpoint}.index_view"))
    return f"{url}?{query}" if query else url


class SavedViewsView(Guarded):
    """Saving, renaming, sharing and deleting."""

    kind = "saved_view"
    icon = "eye"

    def __init__(self, _panel: Panel, *, category: Any = None) -> None:
        super().__init__(
            say("Saved views"),
            category=category,
            endpoint="saved_views",
            url="/saved-views",
            menu_icon_value=self.icon,
        )

    @expose("/")
    @verb("read")
    def index_view(self) -> Any:
        """The views of all lists that the reader may open, own ones first."""
        kind, who = self.table, the_actor().id
        rows = with_names(kind).order_by(kind.account_id != who, kind.list, kind.name, kind.id)
        lines, asked = [], Asked()
        for one, by in current_panel().db.session.execute(rows.limit(1_000)).all():
            screen = list_of(one.list)
            if screen is not None:
                address, asks = address_in(screen, one.query), asked.words(screen, one.query)
                own = one.account_id == who
                lines.append(Line(one, address, own, of=screen.name, asks=asks, by=by))
        return self.render("panel/saved_views.html", menu=Menu(lines, "", "", True))

    @expose("/new/", methods=("POST",))
    @verb("save")
    def new_view(self) -> Any:
        """Keep what a list shows under a name; sent twice it is kept once."""
        screen = list_of(request.form.get("list", "")) or abort(404)
        return self.keep(None, screen, "save")

    @expose("/<int:id>/", methods=("GET", "POST"))
    @verb("save")
    def edit_view(self, id: int) -> Any:
        """Another name, shared or not; of one's own views alone."""
        mine = self.own(id)
        screen = list_of(mine.list) or abort(404)
        if request.method == "GET":
            return self.form(mine, screen)
        return self.keep(mine, screen, "rename")

    @expose("/<int:id>/delete/", methods=("POST",))
    @verb("save")
    def delete_view(self, id: int) -> Any:
        """Away with one of one's own views."""
        pair = subject_of(self.own(id))
        with doing("saved_view.delete", subject=pair):
            session = current_panel().db.session
            session.delete(self.own(id))
            session.commit()
        flash(tell(say("The view is deleted.")), "success")
        return redirect(url_for(".index_view"), 303)

    @property
    def table(self) -> Any:
        """The model of saved views; 404 where there is none."""
        return current_panel().saved_view or abort(404)

    def own(self, id: int) -> Any:
        """The actor's own view with this number; else 404."""
        found = find(self.table, id)
        return found if found is not None and found.account_id == the_actor().id else abort(404)

    def keep(self, mine: Any, screen: Any, act: str) -> Any:
        """Write the view, or show the form again with why not."""
        pair = subject_of(mine) if mine is not None else None
        action = f"saved_view.{act}"
        try:
            with doing(action, subject=pair) as deed:
                kept = self.filled(self.own(int(pair[1])) if pair else None, screen)
                deed.scope, deed.subject = str(kept.region_id), subject_of(kept)
                address = address_in(screen, kept.query)
                current_panel().db.session.commit()
        except (Refused, IntegrityError) as error:
            taken = Refused("field", TAKEN, "name")
            refused = error if isinstance(error, Refused) else taken
            note_refusal(action, refused.sentence, subject=pair)
            return self.form(self.own(int(pair[1])) if pair else None, screen, refused)
        flash(tell(say("The view is saved.")), "success")
        return redirect(address, 303)

    def filled(self, mine: Any, screen: Any) -> Any:
        """The view with what was typed; a new one for None."""
        session, kind, who = current_panel().db.session, self.table, the_actor()
        query = mine.query if mine is not None else sent(request.form.get("query", ""))
        name, shared = typed_name(), "shared" in request.form
        sentence = current_panel().unshareable(query) if shared else None
        if sentence is not None:
            raise Refused("field", sentence, "shared")
        if mine is None:
            table = screen.model.__tablename__
            own = scoped(kind).where(kind.account_id == who.id, kind.list == table)
            kept = {one.name: one for one in session.scalars(own)}
            if len(kept) >= MOST and name not in kept:
                raise Refused("field", say("At most %(most)s views of a list.", most=MOST), "name")
            mine = kept.get(name)
            if mine is not None and mine.query != query:
                raise Refused("field", TAKEN, "name")
            if mine is None:
                mine = kind(account_id=who.id, list=table, query=query, region_id=own_region())
        mine.name, mine.shared = name, shared
        session.add(mine)
        session.flush()
        return mine

    def form(self, mine: Any, screen: Any, refused: Refused | None = None) -> Any:
        """The form of one view, with what was typed."""
        typed = request.form if request.method == "POST" else None
        page = self.render(
            "panel/saved_view.html",
            mine=mine,
            screen=screen,
            refused=refused,
            name=typed.get("name", "")[: 2 * LONGEST] if typed is not None else mine.name,
            shared="shared" in typed if typed is not None else mine.shared,
            query=mine.query if mine is not None else request.form.get("query", "")[:2_000],
            back_url=address_in(screen, mine.query if mine is not None else ""),
        )
        return page, STATUS[refused.code] if refused is not None else 200


def list_of(table: str) -> Any:
    """The screen of a list that the actor may read, by its table; else None."""
    screen = screen_of(table)
    readable = screen is not None and hasattr(screen, "columns") and may("read", screen.model)
    return screen if readable else None


def own_region() -> int:
    """The region of a new view: the first of the actor's."""
    regions = sorted({place.region_id for place in the_actor().places})
    if not regions:
        raise Refused("field", say("Your account belongs to no region."), "name")
    return regions[0]


def typed_name() -> str:
    """The name that was typed."""
    try:
        name = tidy(request.form.get("name", ""), most=LONGEST)
    except Wrong as wrong:
        raise Refused("field", wrong.sentence, "name") from wrong
    if not name:
        raise Refused("field", say("Give the view a name."), "name")
    return name
