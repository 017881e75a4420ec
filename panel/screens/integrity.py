"""The integrity of the change log: how it stands, checkpoints to keep outside, and their proof.

Who verifies the log can have it checked here, take a checkpoint, print it, and type one that was
printed before. Every page of it says what it does not prove.
"""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from flask import Flask, Response, abort, redirect, request, url_for
from flask_admin import expose

from ..changelog.anchoring import code_at
from ..changelog.checkpoints import typed
from ..changelog.deeds import apart
from ..changelog.verify import snapshot
from ..checkpointing import Taken, folder, mailed, put, signing_key, take, taken
from ..jobs import Progress, current_jobs
from ..looking import NOT_KEPT, look
from ..plugin import Panel, current_panel
from ..words import Refused, Sentence, say
from .acting import may, note_event, origin, the_actor
from .chain import state_of_chain
from .checkpoint_marks import qr
from .guarding import Guarded, verb

#: Checkpoints that the page lists.
LISTED = 30
#: A log of more deeds is verified by the worker, where there is one.
LARGE = 10_000
#: Seconds until a page that waits for the worker looks again.
NAP = 3
LOOK = "log.look"


class IntegrityView(Guarded):
    """State of the log and its checkpoints, for whoever reads the log."""

    kind = "change"
    icon = "shield"

    def __init__(self, panel: Panel, *, category: Any = None, **options: Any) -> None:
        options.setdefault("name", say("Integrity of the log"))
        options.setdefault("menu_icon_value", self.icon)
        super().__init__(category=category, endpoint="integrity", url="/integrity", **options)

    @expose("/")
    @verb("read")
    def index_view(self) -> Any:
        """How the log stands, and the checkpoints that were taken; with `job`, how far one is."""
        job = request.args.get("job", "")
        state = current_jobs().state(job) if re.fullmatch(r"[0-9a-f]{32}", job) else None
        page = self.page(state=state)
        waits = state is not None and state.stage in ("waiting", "running")
        return page, 200, {"Refresh": str(NAP)} if waits else {}

    @expose("/check/", methods=("POST",))
    @verb("verify")
    def check_view(self) -> Any:
        """Verify the whole log now, and keep how it ended."""
        deed, session = current_panel().log.tables.deed, current_panel().db.session
        count = session.scalar(sa.select(sa.func.max(deed.c.seq))) or 0
        session.rollback()
        if count > LARGE and current_jobs().served():
            job = current_jobs().start(LOOK, account=the_actor().id)
            return redirect(url_for(".index_view", job=job), 303)
        with apart():
            found = look(current_panel(), whole=True, actor=the_actor(), **origin())
        if NOT_KEPT in [one.sentence for one in found.report.findings]:
            first = found.report.findings[0].sentence
            both = say("%(first)s %(kept)s", first=first, kept=NOT_KEPT)
            return self.page(refused=Refused("state", both)), 409
        return redirect(url_for(".index_view"), 303)

    @expose("/take/", methods=("POST",))
    @verb("verify")
    def take_view(self) -> Any:
        """Take a checkpoint, put it into the folder and send it; then show its paper."""
        panel = current_panel()
        panel.db.session.rollback()
        with apart():
            found, text = take(panel, the_actor(), **origin())
        try:
            put(found, text, folder())
            mailed(found, text)
        except Refused as refused:
            note = say("The checkpoint was taken, print it. %(why)s", why=refused.sentence)
            return self.page(refused=Refused("state", note)), 409
        return redirect(url_for(".paper_view", size=found.size), 303)

    @expose("/match/", methods=("POST",))
    @verb("read")
    def match_view(self) -> Any:
        """Whether the first deeds of the log still give the code on a paper."""
        size, code = request.form.get("size", "").strip(), request.form.get("code", "")
        size = re.sub(r"[.\s]", "", size)
        if not re.fullmatch(r"[0-9]{1,12}", size):
            wrong = say("Type the number of deeds as it stands on the paper.")
            return self.page(refused=Refused("field", wrong, "size")), 422
        if not typed(code):
            wrong = say("The code has 20 letters and digits. Compare it with the paper once more.")
            return self.page(refused=Refused("field", wrong, "code")), 422
        fits, sentence = matched(int(size), typed(code))
        note_event("log.match", details={"size": int(size), "fits": fits})
        return self.page(match=(fits, sentence))

    @expose("/checkpoint/<int:size>/")
    @verb("read")
    def paper_view(self, size: int) -> Any:
        """One checkpoint as a paper to print, sign and keep."""
        one = known(size)
        text = one.checkpoint.signed(signing_key())
        return self.render("panel/integrity/paper.html", one=one, text=text, qr=qr(text))

    @expose("/checkpoint/<int:size>/text/")
    @verb("read")
    def text_view(self, size: int) -> Any:
        """The same as the signed file that other programs read."""
        text = known(size).checkpoint.signed(signing_key())
        name = f'attachment; filename="checkpoint-{size:012d}.txt"'
        return Response(text, mimetype="text/plain", headers={"Content-Disposition": name})

    def page(self, **more: Any) -> Any:
        """The page, with an answer or a refusal."""
        panel = current_panel()
        rows = taken(panel.db.session.connection(), panel, LISTED)
        given = {name: request.form.get(name, "") for name in ("size", "code")}
        return self.render(
            "panel/integrity/index.html",
            chain=state_of_chain(glanced=may("verify", "change")),
            rows=rows,
            given=given,
            may_take=may("verify", "change"),
            may_export=may("export", "change"),
            **{"refused": None, "match": None, "state": None, **more},
        )


def init_app(app: Flask) -> None:
    """Let the worker of `app` verify long logs."""
    jobs = app.extensions.get("panel_jobs")
    if jobs is None:
        return

    @jobs.task(LOOK)
    def look_at_it(progress: Progress, *, account: int) -> None:
        panel = current_panel()
        who = panel.access.find(panel.db.session(), id=account)
        assert who is not None, "accounts are never deleted"
        actor = panel.access.himself(who)
        panel.db.session.remove()
        look(panel, whole=True, actor=actor)


def matched(size: int, code: str) -> tuple[bool, Sentence]:
    """Whether the first `size` deeds give the code, and the sentence that says so."""
    panel = current_panel()
    facts = {"size": size}
    panel.db.session.rollback()
    with apart(), snapshot(panel.db.engine) as connection:
        present = code_at(connection, panel.log.tables, size)
    if present is None:
        return False, say(
            "No: the log has fewer than %(size)s deeds. If the number is typed as on the paper, "
            "the newest deeds were taken away.",
            **facts,
        )
    if present != code:
        return False, say(
            "No: the first %(size)s deeds do not give this code. Compare number and code with the "
            "paper sign by sign; if they are the same, something in these deeds was altered.",
            **facts,
        )
    return True, say(
        "Yes: the first %(size)s deeds are those of the paper, none altered, moved or missing.",
        **facts,
    )


def known(size: int) -> Taken:
    """The checkpoint of so many deeds; 404 where none was taken, refused where it was altered."""
    panel = current_panel()
    found = taken(panel.db.session.connection(), panel, 3, size)
    if not found:
        abort(404)
    if not found[0].sealed:
        wrong = say("The deed of this checkpoint is not as it was sealed, so nothing is signed.")
        raise Refused("state", wrong)
    return found[0]
