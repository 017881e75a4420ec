"""Notices: what the reader was told, newest first, each a sentence about a record in his scope.

About a record that he does not see (any more) a notice says nothing but that. Nothing leaves the
machine: there is no e-mail.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import abort, request, url_for
from flask_admin import expose
from sqlalchemy.orm import joinedload
from werkzeug.utils import redirect

from ..columns import now
from ..looking import NOTICED
from ..plugin import Panel, current_panel
from ..words import Sentence, say
from .acting import doing, may, the_actor
from .chain import page_url as alarm_url
from .deciding import step_told
from .guarding import SIGNED_IN, Guarded, verb
from .language import tell
from .listing import about_of
from .querying import parsed_key, scoped
from .standing import decider, names_stood_in_for
from .waiting import counts, screens, versions_of

#: Lines on a page.
PAGE = 25


@dataclass(frozen=True)
class Line:
    """One notice, ready for the page."""

    id: int
    at: datetime
    unread: bool
    kind: str
    sentence: Sentence
    #: Why the step was taken, in the words of who took it.
    reason: str
    about: list[str]
    #: Where the record stands; none where it is not the reader's to see.
    url: str | None
    #: Whether the record still is where this notice left it.
    present: bool


class NoticesView(Guarded):
    """What the reader was told, and that he has read it."""

    icon = "bell"

    def __init__(self, panel: Panel, *, category: Any = None, **options: Any) -> None:
        options.setdefault("name", say("Notices"))
        options.setdefault("menu_icon_value", self.icon)
        options.setdefault("menu_class_name", "notices")
        super().__init__(category=category, endpoint="notices", url="/notices", **options)

    def is_visible(self) -> bool:
        """Whether this installation has notices at all."""
        return current_panel().notices is not None

    @property
    def notice(self) -> Any:
        """The table of notices; 404 where there is none."""
        notices = current_panel().notices
        if notices is None:
            abort(404)
        return notices.notice

    @expose("/")
    @verb(SIGNED_IN)
    def index_view(self) -> Any:
        """The reader's notices, newest first; `before` is the key that the page goes on from."""
        notice, before = self.notice, parsed_key(self.notice, request.args.get("before", ""))
        unread = request.args.get("unread") == "1"
        asked = [notice.account_id == the_actor().id]
        if unread:
            asked.append(notice.read_at.is_(None))
        if before is not None:
            asked.append(notice.id < before)
        found = told_to(asked, PAGE + 1)
        more = {"unread": "1"} if unread else {}
        shown = found[:PAGE]
        return self.render(
            "panel/notices.html",
            lines=lines_of(shown),
            only_unread=unread,
            unread=counts().unread,
            newest=shown[0][0].id if shown else 0,
            newest_url=self.get_url(".index_view", **more) if before is not None else None,
            older_url=self.get_url(".index_view", before=shown[-1][0].id, **more)
            if len(found) > PAGE
            else None,
            here=request.full_path.rstrip("?"),
        )

    @expose("/<int:id>/read/", methods=("POST",))
    @verb(SIGNED_IN)
    def read_view(self, id: int) -> Any:
        """Mark one as read; with `open` on to its record. Another's notice is 404."""
        rows = told_to([self.notice.id == id, self.notice.account_id == the_actor().id], 1)
        if not rows:
            abort(404)
        [line] = lines_of(rows)
        self.mark(self.notice.id == id)
        if request.form.get("open") and line.url:
            return redirect(line.url, 303)
        return redirect(self.back(), 303)

    @expose("/read/", methods=("POST",))
    @verb(SIGNED_IN)
    def read_all_view(self) -> Any:
        """Mark as read everything up to the newest one that the page showed."""
        newest = parsed_key(self.notice, request.form.get("newest", ""))
        self.mark(self.notice.id <= (newest or 0))
        return redirect(self.back(), 303)

    def mark(self, which: Any) -> None:
        """Mark these of the reader's notices as read, now."""
        session, notice = current_panel().db.session, self.notice
        mine = (notice.account_id == the_actor().id, notice.read_at.is_(None))
        with doing("notice.read"):
            session.execute(
                sa.update(notice)
                .where(which, *mine)
                .values(read_at=now())
                .execution_options(synchronize_session=False)
            )
            session.commit()

    def back(self) -> str:
        """The page of notices that the form stood on."""
        given, own = request.form.get("here", ""), self.get_url(".index_view")
        return given if given.partition("?")[0] == own and given.isprintable() else str(own)


def told_to(asked: Iterable[Any], limit: int) -> list[Any]:
    """Notices with the decisions that they are about, if any; newest first."""
    panel = current_panel()
    assert panel.notices is not None
    assert panel.workflow is not None
    notice, decision = panel.notices.notice, panel.workflow.decision
    rows = (
        sa.select(notice, decision)
        .outerjoin(decision, decision.id == notice.decision_id)
        .where(*asked)
        .order_by(notice.id.desc())
        .limit(limit)
    )
    return list(panel.db.session.execute(rows).all())


def lines_of(found: list[Any]) -> list[Line]:
    """Notices as sentences; as many statements for any number, one for each kind of record."""
    session = current_panel().db.session
    names = names_stood_in_for(one for _, one in found if one is not None)
    known: dict[tuple[str, int], tuple[Any, Any]] = {}
    for screen in screens():
        model = screen.model
        ids = {one.record_id for one, _ in found if one.record_table == model.__tablename__}
        if ids:
            rows = scoped(model).where(model.id.in_(ids)).options(*screen.naming_loaders())
            for record in session.scalars(rows).unique():
                known[model.__tablename__, record.id] = screen, record
    letters = letters_of(found)
    return [
        line_of_letter(notice, letters[notice.record_table, notice.record_id])
        if (notice.record_table, notice.record_id) in letters
        else line_of_alarm(notice)
        if notice.record_table == NOTICED and may("read", "change")
        else line_of(notice, decision, names, known.get((notice.record_table, notice.record_id)))
        for notice, decision in found
    ]


def line_of_alarm(notice: Any) -> Line:
    """That a verification of the log found something; what it is stands on the page of the log."""
    sentence = say(
        "The change log does not verify. Look at what was found, and tell the Inspector."
    )
    unread, url = notice.read_at is None, alarm_url()
    return Line(notice.id, notice.at, unread, "", sentence, "", [], url, present=False)


def letters_of(found: list[Any]) -> dict[tuple[str, int], Any]:
    """The letters that these notices speak of and the reader is a party of, by table and number."""
    letter, who = current_panel().access.substitution, the_actor().id
    table = getattr(letter, "__tablename__", None)
    ids = {one.record_id for one, _ in found if one.record_table == table}
    if not ids:
        return {}
    party = sa.or_(letter.account_id == who, letter.for_account_id == who)
    names = (joinedload(letter.account), joinedload(letter.for_account))
    rows = sa.select(letter).where(letter.id.in_(ids), party).options(*names)
    return {(table, one.id): one for one in current_panel().db.session.scalars(rows).unique()}


def line_of_letter(notice: Any, letter: Any) -> Line:
    """A letter as either of its two people is told of it."""
    days = {"first": letter.valid_from, "last": letter.valid_to, "letter": letter.letter_no}
    if letter.for_account_id == the_actor().id:
        sentence = say(
            "%(name)s stands in for you from %(first)s to %(last)s, by letter %(letter)s. If you "
            "know nothing of it, tell another administrator than the one who entered it.",
            name=letter.account.name,
            **days,
        )
    else:
        sentence = say(
            "You stand in for %(name)s from %(first)s to %(last)s, by letter %(letter)s.",
            name=letter.for_account.name,
            **days,
        )
    unread = notice.read_at is None
    return Line(notice.id, notice.at, unread, "", sentence, "", [], None, present=False)


def line_of(notice: Any, decision: Any, names: dict[int, str], known: Any) -> Line:
    """One notice; without its record it says nothing of what happened."""
    facts = {"id": notice.id, "at": notice.at, "unread": notice.read_at is None}
    if known is None:
        hidden = say("This notice is about a record that is not yours to see now.")
        return Line(**facts, kind="", sentence=hidden, reason="", about=[], url=None, present=False)
    screen, record = known
    title = say("“%(title)s”", title=screen.title_of(record))
    reason = ""
    if notice.kind == "reminder":
        sentence = say("%(record)s: the deadline is %(day)s.", record=title, day=notice.due_on)
    elif notice.kind == "escalated":
        sentence = say(
            "%(record)s comes to you: its deadline was %(day)s.", record=title, day=notice.due_on
        )
    elif decision is None:
        kind = tell(screen.one_title).lower()
        sentence = say("A new %(kind)s waits for you: %(record)s.", kind=kind, record=title)
    else:
        process = versions_of(decision.record_table).get(decision.process_version_id)
        step = process.transitions.get(decision.step) if process is not None else None
        sentence = step_told(decider(decision, names), step or decision.step, title)
        reason = decision.reason
    return Line(
        **facts,
        kind=notice.kind,
        sentence=sentence,
        reason=reason,
        about=about_of(screen, record),
        url=url_for(f"{screen.endpoint}.details_view", id=record.id),
        present=record.decision_id == notice.decision_id,
    )
