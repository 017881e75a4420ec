"""Erasing a person's data on request: what would go, what stays and why, then the deed itself.

A clerk brings the request in, by its letter; a supervisor carries it out under his password. It
needs no record of its own: the deed in the change log keeps letter, reason and every emptied row.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from flask import redirect, request, url_for
from flask_admin import expose

from models.base import db
from models.erasure import Holdings, counted, erase_person, facts, filled, holdings
from models.erasure_limits import (
    DECISIONS_STAY,
    DEEDS_STAY,
    FACTS_STAY,
    LOCKED_STAY,
    PROPOSALS_STAY,
    TEXTS_STAY,
    decisions,
    deeds_by,
    mentions,
    proposals,
    refuse_unless_whole,
    refuse_while_open,
)
from models.holds import refuse_while_held
from models.imports.retention import forget, naming
from models.roster_imports import RosterImport
from panel.backups.erased import list_erasures
from panel.changelog.chain import ERASE
from panel.checkpointing import folder
from panel.incidents import written_down
from panel.plugin import Panel, current_panel
from panel.screens.acting import doing, note_refusal, the_actor
from panel.screens.answers import STATUS
from panel.screens.files import stored_files
from panel.screens.guarding import Guarded, verb
from panel.screens.language import tell
from panel.screens.proving import prove, reauth
from panel.words import Refused, Sentence, say

from .data_subjects import Subject, again, kinds_of, subject, typed
from .import_kept import shelf
from .import_retention import delete

#: One line of what stays: what, by kind and number, and the sentence that says why.
Line = tuple[Any, int, Sentence]


class ErasureView(Guarded):
    """The page of one erasure; supervisors open it from the person's page."""

    kind = "erasure"

    def __init__(self, _panel: Panel, *, category: Any = None) -> None:
        super().__init__(
            say("Erasure of a person's data"),
            category=category,
            endpoint="erasure",
            url="/erasure",
        )

    def is_visible(self) -> bool:
        """It is opened from the page of a person and stands in no menu."""
        return False

    @expose("/")
    @verb("read")
    def index_view(self) -> Any:
        """What an erasure would empty, record by record, and what stays."""
        return self.page(subject())

    @expose("/erase/", methods=("POST",))
    @verb("delete")
    def erase_view(self) -> Any:
        """Erase, in one deed, with reason and letter; a refusal leaves everything as it is."""
        person = subject()
        pair = (person.kind, str(person.key))
        with doing(ERASE, subject=pair) as deed:
            try:
                if reauth():
                    prove(request.form.get("password", ""))
                person = again(person)
                deed.reason = reason_of(person)
                self.carry_out(person)
            except Refused as refused:
                note_refusal(ERASE, refused.sentence, subject=pair)
                return self.page(again(person), refused)
        keep_in_list()
        return redirect(url_for(".done_view", **person.address), 303)

    def carry_out(self, person: Subject) -> None:
        """Look at everything anew, empty it and commit."""
        session, tables = db.session(), current_panel().log.tables
        session.refresh(person.record, with_for_update=True)
        found = holdings(session, tables, person.kind, person.key)
        refuse_unless_whole(the_actor(), person.kind, person.record)
        refuse_while_open(session, found)
        refuse_while_held(session, person.record.region_id, found.records())
        if nothing_left(found):
            raise Refused("state", say("Nothing is left to be erased here."))
        lists = lists_naming(person)
        keys = [record.file.key for record in lists]
        forget(lists)
        session.flush()
        mended = frozenset(str(record.id) for record in lists)
        erase_person(session, tables, replace(found, gone={**found.gone, "roster_import": mended}))
        session.commit()
        delete(keys)

    @expose("/done/")
    @verb("read")
    def done_view(self) -> Any:
        """What was erased, as its deed says."""
        person, deed = subject(), current_panel().log.tables.deed
        rows = (
            sa.select(deed.c.seq, deed.c.details)
            .where(deed.c.action == ERASE)
            .where(deed.c.subject_table == person.kind, deed.c.subject_pk == str(person.key))
            .order_by(deed.c.seq.desc())
        )
        row = db.session.execute(rows.limit(1)).first()
        if row is None:
            return redirect(url_for(".index_view", **person.address))
        told = json.loads(row.details)
        counts = {name: len(told.get(name, ())) for name in ("changes", "deeds")}
        return self.render("erasure_done.html", person=person, number=row.seq, **counts)

    def page(self, person: Subject, refused: Refused | None = None) -> Any:
        """The preview, with what was typed when it was refused."""
        session, tables = db.session(), current_panel().log.tables
        found = holdings(session, tables, person.kind, person.key)
        changes, deeds = counted(session, tables, found)
        living = filled(session, found)
        lines = [
            (kind, living.get(table, 0), changes.get(table, 0))
            for table, kind in kinds_of({*living, *changes})
            if living.get(table) or changes.get(table)
        ]
        lists = lists_naming(person)
        if lists:
            lines.append((say("Uploaded lists that name the person: their content"), len(lists), 0))
        page = self.render(
            "erasure.html",
            person=person,
            lines=lines,
            deeds=deeds,
            stays=stays(person, found),
            closed=obstacle(person, found),
            refused=refused,
            signs=reauth(),
        )
        return page, STATUS[refused.code] if refused else 200


def lists_naming(person: Subject) -> list[RosterImport]:
    """Imports whose stored file names the person: its content goes with the person's data."""
    session, region = db.session(), person.record.region_id
    return naming(session, stored_files(), shelf(), region, person.words())


def keep_in_list() -> None:
    """Put what was erased into the list outside of the database; the night makes up for a fault."""
    try:
        list_erasures(current_panel(), folder())
    except (OSError, Refused) as error:
        written_down(error)


def reason_of(person: Subject) -> str:
    """Letter and reason as the log keeps them; raises `Refused` for what is missing or tells."""
    letter, reason = typed("letter"), typed("reason")
    if not letter:
        raise Refused("field", say("Fill in the number of the letter that asks for it."), "letter")
    if not reason:
        raise Refused("reason", say("Say why it is erased."), "reason")
    for name, text in (("letter", letter), ("reason", reason)):
        if any(word.casefold() in text.casefold() for word in person.words()):
            sentence = say("This stays in the change log: leave the name and the numbers out.")
            raise Refused("field", sentence, name)
    if typed("name").casefold() != person.record.full_name.casefold():
        raise Refused("field", say("Type the name exactly as it stands above."), "name")
    return tell(say("Letter %(letter)s. %(reason)s", letter=letter, reason=reason))


def obstacle(person: Subject, found: Holdings) -> Sentence | None:
    """Why nothing can be erased now, or None."""
    try:
        refuse_unless_whole(the_actor(), person.kind, person.record)
        refuse_while_open(db.session(), found)
        refuse_while_held(db.session(), person.record.region_id, found.records())
    except Refused as refused:
        return refused.sentence
    return say("Nothing is left to be erased here.") if nothing_left(found) else None


def nothing_left(found: Holdings) -> bool:
    """Whether neither a record nor the log holds anything that could be emptied."""
    session, tables = db.session(), current_panel().log.tables
    changes, _ = counted(session, tables, found)
    return not any(filled(session, found).values()) and not any(changes.values())


def stays(person: Subject, found: Holdings) -> list[Line]:
    """What the erasure leaves, with its number and the reason."""
    session, tables = db.session(), current_panel().log.tables
    known = facts(session, person.kind, person.key)
    items = proposals(session, found.records(), ("done", "cancelled"))
    lines: list[Line] = [
        (kind, len(known[table]), FACTS_STAY) for table, kind in kinds_of(known) if known[table]
    ]
    lines += [
        (kind, len(found.locked[table]), LOCKED_STAY)
        for table, kind in kinds_of(found.locked)
        if found.locked[table]
    ]
    acts = deeds_by(session, tables, found.live.get("account", ()))
    for kind, number, sentence in (
        (say("Decisions"), decisions(session, known), DECISIONS_STAY),
        (say("Rows of proposals"), items, PROPOSALS_STAY),
        (say("Deeds done from the person's account"), acts, DEEDS_STAY),
    ):
        if number:
            lines.append((kind, number, sentence))
    held = mentions(session, person.record.region_id, person.words())
    return lines + [(kind, held[table], TEXTS_STAY) for table, kind in kinds_of(held)]
