"""The page of one session: its day, who was expected and who came, what was said, and where."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import current_app, url_for
from markupsafe import Markup
from sqlalchemy.orm import joinedload, selectinload

from models.attendance import Attendance, AttendanceSheet, Participation
from models.base import db
from models.expected import Expected, Place, expected, statuses
from models.government import Position
from models.make_ups import missed_by
from models.making_up import make_ups_of
from models.papers import SessionPaper
from models.recording import signed
from models.speaker_invitations import SpeakerInvitation
from models.speaking import KeyMessage, NewsSource, SessionSpeaker
from models.training import AgendaItem, TrainingSession
from panel.screens.acting import may, the_actor
from panel.screens.base import RecordView
from panel.screens.language import short_date, tell
from panel.screens.locks import open_fields
from panel.screens.marks import badge, blank
from panel.screens.querying import find, scoped
from panel.screens.values import screen_of
from panel.screens.workflow import state_badge
from panel.words import Sentence, say

from .attendance import TONES
from .labels import ATTENDANCE, KNOWN, MESSAGE_KINDS, PAPER_KINDS, SPEAKER_ROLES
from .rounds import date_of, day_mark, rounds_of, when
from .rows import by_language, mark_of, record_link, tier_names
from .speaker_invitations import invitations_of, stage_mark, steps_of, takes_invitations
from .uploads import file_link

#: Kinds of record that one adds from a session's page.
ADDED = (AgendaItem, SessionSpeaker, Participation, KeyMessage, SessionPaper, NewsSource)
#: Facts by where the page tells them.
TOLD = {
    "frame": (
        *("programme", "held", "date_source", "starts_at", "ends_at", "venue"),
        *("tiers", "includes_spouses", "organisers", "stated_headcount", "previous"),
    ),
    "content": ("theme", "objectives", "background", "note"),
}
#: The page for pasting an article, where the application has it.
PASTE = "news_source.paste_view"
WITH_SPOUSES = {
    "yes": say("with spouses"),
    "no": say("without spouses"),
    "unknown": say("whether with spouses is not known"),
}
#: Why there is no list of who was expected.
NO_LIST = {
    "day": say(
        "The date is not known, so nobody can say who held the posts then. "
        "Fill in at least the year, and the list appears."
    ),
    "tiers": say(
        "No tier is filled in that the session is meant for. Name one, and the list appears."
    ),
}
#: What is known of a partial date.
PARTS = {"month": say("month"), "year": say("year")}


class SessionPage(RecordView):
    """The details page of sessions, for their screen; it stands behind `WorkflowView` there.

    So the snapshot is taken first: it reads messages anew, and would drop what is loaded with them.
    """

    def details_page(self, record: TrainingSession, **more: Any) -> Any:
        """The facts with everything in scope that hangs on the session."""
        lists = may("read", Participation) and may("read", Position)
        listed = expected(db.session(), the_actor(), record) if lists else None
        context = {
            "listed": listed,
            "list_sentence": list_sentence(record, listed) if listed else None,
            "agenda": agenda_of(record),
            "speakers": of_session(SessionSpeaker, record, SessionSpeaker.speaker),
            "invitations": invitations_of(record),
            "invite_url": takes_invitations(record) and add_url(SpeakerInvitation, session=record),
            "messages": of_session(
                KeyMessage, record, KeyMessage.speaker, lists=(KeyMessage.values,)
            ),
            "papers": of_session(SessionPaper, record, SessionPaper.speaker, SessionPaper.file),
            "news": of_session(NewsSource, record),
            "rounds": rounds_of(record.programme) if record.programme else [],
            "adding": {
                kind.__tablename__: add_url(kind, session=record)
                for kind in ADDED
                if is_open(kind, record)
            },
            "paste_url": paste_url(record),
            "expected_url": url_for("expected.list_view", id=record.id) if lists else None,
            **around(record),
            "told": {
                part: [one for one in self._details_columns if one[0] in names]
                for part, names in TOLD.items()
            },
            **{one.__name__: one for one in CELLS},
            **WORDS,
        }
        return super().details_page(record, **{**context, **more})


def around(held: TrainingSession) -> dict[str, Any]:
    """The session in scope that this one makes up for, and those that make up for it."""
    missed = missed_by(db.session(), held)
    return {
        "makes_up_for": find(TrainingSession, missed) if missed is not None else None,
        "made_up_by": make_ups_of(db.session(), the_actor(), held),
    }


def of_session(
    entity: Any, held: TrainingSession, *joins: Any, lists: Iterable[Any] = ()
) -> list[Any] | None:
    """The records of a kind that belong to the session; None for who does not read them."""
    if not may("read", entity):
        return None
    statement = scoped(entity).where(entity.training_session_id == held.id).order_by(entity.id)
    options = [*map(joinedload, joins), *map(selectinload, lists)]
    return list(db.session.scalars(statement.options(*options)).unique())


def agenda_of(held: TrainingSession) -> list[tuple[AgendaItem, AttendanceSheet | None]]:
    """The parts of the day in their order, each with its attendance sheet."""
    rows = scoped(AgendaItem).where(AgendaItem.training_session_id == held.id)
    items = list(db.session.scalars(rows.order_by(AgendaItem.number)))
    keys = [item.id for item in items]
    sheets = scoped(AttendanceSheet).where(AttendanceSheet.agenda_item_id.in_(keys))
    found = {one.agenda_item_id: one for one in db.session.scalars(sheets)} if keys else {}
    return [(item, found.get(item.id)) for item in items]


def is_open(kind: Any, held: TrainingSession) -> bool:
    """Whether the session takes more records of this kind in its present state."""
    fields = open_fields(held)
    locked = getattr(kind, "__locked_with__", None) == "session"
    return not locked or fields is None or kind.__tablename__ in fields


def add_url(kind: Any, **chosen: Any) -> str | None:
    """The form of a new record of this kind with these chosen; None for who may not."""
    screen = screen_of(kind)
    if screen is None or not may("create", kind):
        return None
    keys = {name: sa.inspect(record).identity[0] for name, record in chosen.items()}
    return url_for(f"{screen.endpoint}.create_view", **keys)


def paste_url(held: TrainingSession) -> str | None:
    """Where an article about the session is pasted, if the application has that page."""
    if PASTE not in current_app.view_functions or not may("create", NewsSource):
        return None
    return url_for(PASTE, session=held.id)


def list_sentence(held: TrainingSession, listed: Expected) -> list[Sentence]:
    """What the list rests on, or why there is none."""
    if listed.missing:
        return [NO_LIST[listed.missing]]
    found = [say("From the posts of these tiers as they were held on %(day)s.", day=listed.day)]
    if held.date_precision != "day":
        found.append(
            say(
                "Only the %(part)s is known: its first day stands for it.",
                part=PARTS[held.date_precision],
            )
        )
    if listed.counts.invited is None:
        found.append(say("No invitation and no attendance is recorded yet."))
    elif listed.counts.couples is None and held.includes_spouses != "no":
        found.append(say("Nothing is recorded of whether spouses came."))
    if not held.tiers_complete:
        found.append(say("Other tiers were there as well; which ones is not known."))
    return found


def time_of(one: Any) -> Any:
    """From when until when, "07.30–09.00"; what is not known is said."""
    if one.starts_at and one.ends_at:
        return f"{tell(one.starts_at)}–{tell(one.ends_at)}"
    if one.starts_at:
        return say("from %(time)s", time=one.starts_at)
    return say("until %(time)s", time=one.ends_at) if one.ends_at else None


def sheet_state(item: AgendaItem, sheet: AttendanceSheet | None) -> Any:
    """How far the attendance sheet of a part is in its process, leading to its page and grid."""
    if not item.takes_attendance and sheet is None:
        return ""
    own = record_link(sheet, state_badge(sheet)) if sheet is not None else ""
    shut = sheet is not None and signed(sheet) is not None
    text = tell(say("Fill in attendance"))
    grid = Markup('<a class="small no-print" href="{}">{}</a>').format(
        url_for("grid.grid_view", part=item.id), text
    )
    return own if shut or not may("edit", Attendance) else Markup("{} {}").format(own, grid)


def came(one: Participation | None, party: str) -> Any:
    """How one of the couple came, over all parts of the session."""
    found = statuses(one, party) if one is not None else set()
    if one is None or (not found and party == "spouse" and one.spouse_id is None):
        return "–"
    if not found:
        return blank(say("not recorded"))
    return Markup(" ").join(badge(*TONES[code], ATTENDANCE[code]) for code in sorted(found))


def spouse_line(place: Place) -> Any:
    """Who the spouse was on the day: those recorded, known to be none, or not filled in."""
    one = place.participation
    if one is not None and one.spouse is not None:
        return one.spouse.full_name
    if place.spouses:
        return ", ".join(spouse.full_name for spouse in place.spouses)
    alone = place.holding is not None and place.holding.official.without_spouse
    return blank(say("without spouse") if alone else None)


def invitation(one: Participation | None) -> Any:
    """The day of the invitation, leading to the participation."""
    if one is None:
        return blank(say("not invited"))
    day = short_date(one.invited_on) if one.invited_on else tell(say("invited"))
    return Markup('<span class="nowrap">{}</span>').format(record_link(one, day))


def tags(values: Iterable[Any]) -> Markup:
    """Values or risks as small tags in the reader's language."""
    items = (Markup("<li>{}</li>").format(tell(by_language(one))) for one in values)
    lines = Markup("").join(items)
    return Markup('<ul role="list" class="tags">{}</ul>').format(lines) if lines else Markup("")


def audience(held: TrainingSession) -> Any:
    """The tiers, more or fewer, and whether spouses come along."""
    names, spouses = tier_names(held.tiers), WITH_SPOUSES[held.includes_spouses]
    if not names:
        return say("Audience not filled in, %(spouses)s", spouses=spouses)
    if held.tiers_complete:
        return say("%(tiers)s, %(spouses)s", tiers=names, spouses=spouses)
    return say("%(tiers)s, among others; %(spouses)s", tiers=names, spouses=spouses)


def speaker_of(one: KeyMessage | SessionPaper) -> Any:
    """Who said it, or whose materials they are."""
    return one.speaker


def day_words(day: date | None) -> str:
    """A day of publication, or that it is not filled in."""
    return short_date(day) if day else blank(say("date not filled in"))


#: What the template shows of a row, each by its name.
CELLS = (
    audience,
    by_language,
    came,
    date_of,
    day_mark,
    day_words,
    file_link,
    invitation,
    mark_of,
    record_link,
    sheet_state,
    speaker_of,
    spouse_line,
    stage_mark,
    steps_of,
    tags,
    time_of,
    when,
)
WORDS = {
    "kinds": MESSAGE_KINDS,
    "paper_kinds": PAPER_KINDS,
    "replies": KNOWN,
    "roles": SPEAKER_ROLES,
}
