"""The report that a person may ask for: all data held, who changed it, and who looked at it.

UU 27/2022, articles 7 and 32. It shows masked numbers in full, so it asks for a reason and is an
unmasking in the change log; like every page it holds only what its reader has in scope.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask_admin import expose
from sqlalchemy.orm import joinedload

from models.base import db
from models.erasure import facts, holdings
from models.government import Position, Unit
from models.people import Official
from panel.changelog.bearers import subject_passed_on
from panel.changelog.entries import Entry, Record, among
from panel.changelog.history import history
from panel.columns import now
from panel.plugin import Panel, current_panel
from panel.screens.acting import doing, may, note_refusal, objection, the_actor
from panel.screens.answers import STATUS
from panel.screens.guarding import Guarded, verb
from panel.screens.language import tell
from panel.screens.marks import blank
from panel.screens.querying import scoped
from panel.screens.showing import UNMASKED_AN_HOUR
from panel.screens.sight import is_silent
from panel.screens.stored import entities, label_of, relation_name, values_of
from panel.screens.telling import Teller, Told
from panel.screens.values import screen_of
from panel.words import Refused, say

from .data_subjects import Subject, again, kinds_of, subject, typed, with_facts

#: As many deeds as the report tells of each kind, newest first.
MOST = 200


#: What the name of a record is made of, beside its own columns.
NAMED_BY: dict[type[Any], tuple[str, ...]] = {Unit: ("parent",), Position: ("unit",)}


@dataclass(frozen=True)
class Held:
    """The records of one kind that hold the person's data, and how many are out of scope."""

    kind: Any
    #: Per record: what it is called, and label and value of each field that is filled in.
    records: list[tuple[Any, list[tuple[Any, Any]]]]
    unseen: int = 0


@dataclass(frozen=True)
class Report:
    """Everything that the report tells."""

    held: list[Held] = field(default_factory=list)
    changed: list[Told] = field(default_factory=list)
    looked: list[Told] = field(default_factory=list)
    deleted: int = 0


class PersonReportView(Guarded):
    """The page of one report; clerks and supervisors open it from the person's page."""

    kind = Official

    def __init__(self, _panel: Panel, *, category: Any = None) -> None:
        super().__init__(
            say("Report of all data held"),
            category=category,
            endpoint="person_report",
            url="/person-report",
        )

    def is_visible(self) -> bool:
        """It is opened from the page of a person and stands in no menu."""
        return False

    @expose("/")
    @verb("unmask")
    def index_view(self) -> Any:
        """Asks for the reason; nothing is shown before it."""
        person = subject()
        open_to_actor(person)
        return self.render("person_report.html", person=person, report=None, refused=None)

    @expose("/show/", methods=("POST",))
    @verb("unmask")
    def show_view(self) -> Any:
        """The report, once the log has it that the actor saw everything."""
        person = subject()
        open_to_actor(person)
        try:
            self.note_look(person, typed("reason"))
        except Refused as refused:
            note_refusal(f"{person.kind}.unmask", refused.sentence, subject=pair_of(person))
            page = self.render(
                "person_report.html", person=again(person), report=None, refused=refused
            )
            return page, STATUS[refused.code]
        person = again(person)
        return self.render(
            "person_report.html",
            person=person,
            report=report_of(person),
            refused=None,
            at=now(),
            most=MOST,
            who=the_actor().name,
        )

    def note_look(self, person: Subject, reason: str) -> None:
        """Log that everything of the person was seen, and why; as often as any unmasking."""
        if not reason:
            raise Refused("reason", say("Say why you need to see this."), "reason")
        words = tell(say("Report of all data held: %(reason)s", reason=reason))
        with doing(f"{person.kind}.unmask", subject=pair_of(person), reason=words) as deed:
            if screen_of(person.kind).unmasked_lately() >= UNMASKED_AN_HOUR:
                sentence = say("At most %(count)s in an hour. Go on later.", count=UNMASKED_AN_HOUR)
                raise Refused("guard", sentence)
            deed.always = True
            db.session.commit()


def pair_of(person: Subject) -> Record:
    """The person as the log names him."""
    return person.kind, str(person.key)


def open_to_actor(person: Subject) -> None:
    """Raise `Refused` for whom the person's record is not to be shown in full."""
    sentence = objection("unmask", person.record)
    if sentence is not None:
        raise Refused("role", sentence)


def report_of(person: Subject) -> Report:
    """Everything known of a person that the actor has in scope."""
    session, tables = db.session(), current_panel().log.tables
    found = holdings(session, tables, person.kind, person.key)
    known = facts(session, person.kind, person.key)
    asked = with_facts(found, known)
    keys = {
        table: found.live.get(table, frozenset()) | known.get(table, frozenset())
        for table in {*found.live, *known}
    }
    held = [held_of(table, kind, keys[table]) for table, kind in kinds_of(keys) if keys[table]]
    changes = history(tables, session, asked, limit=MOST)
    return Report(
        held,
        Teller(entry for entry in changes if not is_look(entry)).all(),
        Teller(looks(person, asked)).all(),
        sum(map(len, found.gone.values())),
    )


def held_of(table: str, kind: Any, keys: frozenset[str]) -> Held:
    """The records of one kind, each with the fields that are filled in."""
    entity = entities()[table]
    if not may("read", entity):
        return Held(kind, [], len(keys))
    rows = scoped(entity).where(entity.id.in_(sorted(map(int, keys)))).order_by(entity.id)
    seen = db.session.scalars(rows.options(*loaders_of(table, entity))).unique().all()
    records = [(screen_title(table, one), list(fields_of(table, one))) for one in seen]
    return Held(kind, records, len(keys) - len(seen))


def loaders_of(table: str, entity: Any) -> list[Any]:
    """Loader options for all that titles and fields name: no query per record."""
    screen, found = screen_of(table), []
    for relation in sa.inspect(entity).relationships:
        if relation.uselist or relation.viewonly:
            continue
        option = joinedload(getattr(entity, relation.key))
        for name in NAMED_BY.get(relation.mapper.class_, ()):
            option = option.joinedload(getattr(relation.mapper.class_, name))
        found.append(option)
    return found + (screen.loaders() if screen is not None else [])


def screen_title(table: str, record: Any) -> Any:
    """What a record is called on the screen."""
    screen = screen_of(table)
    return screen.title_of(record) if screen is not None else str(record)


def fields_of(table: str, record: Any) -> Iterable[tuple[Any, Any]]:
    """Label and value of every column that says something; numbers in full."""
    values = values_of(table)
    for column in record.__table__.columns if values is not None else ():
        name = column.name
        if column.primary_key or is_silent(table, name) or not values.reaches(name):
            continue
        if values.masks(name):
            value = values.in_full(name, getattr(record, name))
        else:
            value = values.shown(record, relation_name(values.model, name), long=True, link=False)
        if value not in (None, "") and value != blank():
            yield label_of(table, name), value


def is_look(entry: Entry) -> bool:
    """Whether somebody only looked: it is told in a part of its own."""
    return entry.deed is not None and entry.deed.action.endswith((".unmask", ".unmask.refused"))


def looks(person: Subject, asked: list[Record]) -> list[Entry]:
    """Unmaskings of the person's records, and exports of their kinds in his region."""
    tables = current_panel().log.tables
    deed = tables.deed.c
    exports = sorted({f"{table}.export" for table, _ in asked})
    rows = (
        sa.select(tables.deeds)
        .where(
            sa.or_(
                sa.and_(
                    deed.action.like("%.unmask"),
                    among(deed.subject_table, deed.subject_pk, asked),
                    ~subject_passed_on(tables),
                ),
                sa.and_(deed.action.in_(exports), deed.scope == str(person.record.region_id)),
            )
        )
        .order_by(deed.seq.desc())
        .limit(MOST)
    )
    return [Entry(found) for found in db.session.scalars(rows)]
