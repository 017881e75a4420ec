"""The hall without network: a page to take along, and its file brought in as a proposal."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_admin import expose
from sqlalchemy.exc import IntegrityError

from models.base import db
from models.bringing_in import Brought, bring_in
from models.door import bearer
from models.door_codes import code_of
from models.offline_door import LARGEST, ROUNDS, Page, hidden, issue, read_export
from models.proposals import Proposal
from models.recording import signed
from models.training import AgendaItem
from panel.plugin import current_panel
from panel.screens.acting import doing, note_event, note_refusal, subject_of, the_actor
from panel.screens.answers import STATUS
from panel.screens.guarding import verb
from panel.screens.language import language, tell
from panel.words import Refused, say

from .grid_rows import name_of, rows_of
from .rounds import date_of
from .rows import record_link
from .session_parts import door_key, session_part, sheet_of_part, station
from .suspicions_page import suspicious

ACTION = "check_in.bring_in"
#: So many people are named in the note of a proposal.
NAMED = 20


class OfflineDoor:
    """Hands the page out and takes its file in."""

    render: Any

    @expose("/<int:part>/offline/")
    @verb("create")
    def offline_view(self, part: int) -> Any:
        """What the page is for, and where its file goes."""
        return self.offline_page(session_part(part))

    def offline_page(self, part: AgendaItem, status: int = 200, **more: Any) -> Any:
        """That page, with what was refused or brought in."""
        context = {"part": part, "held": part.session, "station": station(), "date_of": date_of}
        page = self.render("door_offline.html", record_link=record_link, **{**context, **more})
        return page, status

    @expose("/<int:part>/offline/page/", methods=("POST",))
    @verb("create")
    def page_view(self, part: int) -> Any:
        """The page itself, as a file; that it was handed out stands in the log."""
        item, here = session_part(part), station()
        page = issue(door_key(), item.id, the_actor().id, here)
        text = carried(item, page, door_key())
        subject = subject_of(item)
        db.session.rollback()
        note_event("check_in.page", reason=here, subject=subject)
        name = f'attachment; filename="pintu-{item.id}-{page.name[:6]}.html"'
        return Response(text, mimetype="text/html", headers={"Content-Disposition": name})

    @expose("/<int:part>/offline/", methods=("POST",))
    @verb("create")
    def bring_in_view(self, part: int) -> Any:
        """The file of a page: its check-ins, and a proposal of the marks that are missing."""
        with doing(ACTION) as deed:
            item = session_part(part)
            try:
                brought, proposal = self.brought_in(item)
                deed.subject = subject_of(proposal or item)
                db.session.commit()
            except IntegrityError:
                db.session.rollback()
                refused = say("Somebody else brought this file in at the same moment.")
                return self.offline_page(session_part(part), 409, refused=refused)
            except Refused as error:
                note_refusal(ACTION, error.sentence)
                again = {"refused": error.sentence}
                return self.offline_page(session_part(part), STATUS[error.code], **again)
        if proposal is None:
            return self.offline_page(item, brought=brought)
        flash(tell(told(brought)), "success")
        return redirect(url_for("proposal.details_view", id=proposal.id), 303)

    def brought_in(self, part: AgendaItem) -> tuple[Brought, Proposal | None]:
        """Read the file and take it in; the proposal is submitted at once."""
        sheet = sheet_of_part(part)
        shut = signed(sheet) if sheet is not None else None
        if shut is not None:
            raise shut
        file = request.files.get("file")
        data = file.stream.read(LARGEST + 1) if file is not None else b""
        page, rows = read_export(door_key(), data)
        if page.part != part.id:
            sentence = say("This file is of another session part. Bring it in on the door of that.")
            raise Refused("field", sentence, "file")
        who, panel = the_actor(), current_panel()
        brought = bring_in(db.session(), who, part, page, rows)
        db.session.flush()
        if not brought.items:
            return brought, None
        made = Proposal(
            title=tell(say("Without network: %(part)s, %(door)s", part=part, door=page.station)),
            origin="import",
            record_table="attendance",
            note=told_in_full(brought, len(suspicious(part)[0])),
            unchanged_count=len(brought.duplicates),
            refused_count=brought.left_out,
        )
        assert panel.proposals is not None
        panel.proposals.propose(db.session(), made, brought.items, who)
        _text, seen = panel.workflow.snapshot(db.session(), made)
        panel.workflow.move(db.session(), made, "submit", seen=seen)
        return brought, made


def carried(part: AgendaItem, page: Page, key: bytes) -> str:
    """The page as a file that needs nothing else: the list at its least, and its script."""
    people = [
        [
            row.one.id,
            row.number,
            party,
            name_of(row.one, party),
            hidden(page, code_of(key, bearer(part, row.one, party))),
        ]
        for row in rows_of(part, ())
        for party in row.parties
    ]
    carried = {"page": page.token, "secret": page.secret, "rounds": ROUNDS, "people": people}
    return render_template(
        "door_carried.html",
        part=part,
        held=part.session,
        page=page,
        carried={**carried, "name": page.name, "part": part.id},
        date_of=date_of,
        language=language(),
    )


def told(brought: Brought) -> Any:
    """How many marks a file asks for, and how many stand there already."""
    return say(
        "Proposed: %(count)s. Present already: %(present)s. Left out: %(left_out)s.",
        count=len(brought.items),
        present=len(brought.duplicates),
        left_out=brought.left_out,
    )


def told_in_full(brought: Brought, findings: int) -> str:
    """The note of the proposal: also who is present already, and what stands out at the door."""
    sentences = [told(brought)]
    names = ", ".join(who.name for who in brought.duplicates[:NAMED])
    if names:
        sentences.append(say("Present already: %(names)s.", names=names))
    if findings:
        sentences.append(say("To look into at this door: %(count)s.", count=findings))
    return " ".join(tell(one) for one in sentences)
