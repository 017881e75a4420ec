"""One step for several records: a preview of each, then each decided by itself.

Every record has its own deed and transaction and goes through the one verb with the hash of what
the preview showed; what is refused says why and stops nothing else. The result is read from the
log, by the request in which it happened.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask import abort, g, redirect, request, url_for
from flask_admin import expose
from sqlalchemy.exc import IntegrityError

from ..plugin import current_panel
from ..words import Refused, say
from ..workflow.rules import REASON_LENGTH
from .acting import doing, the_actor
from .answers import STATUS
from .bulk_items import Wanted, decide, item_of, result_of, wanted_step
from .guarding import SIGNED_IN, Guarded, takes_steps, verb
from .proving import is_signed, prove
from .waiting import Waits, acting_as

#: As many records as are decided at once.
MOST = 50


class BulkDeciding(Guarded):
    """The pages that decide on several records of the inbox at once."""

    def steps_for(self, shown: Iterable[Waits]) -> list[tuple[str, Any]]:
        """The steps that some of these could take together, and what they are called."""
        found: dict[str, Any] = {}
        for one in shown:
            for value, label in self.steps_of(one).items():
                found.setdefault(value, label)
        return list(found.items())

    def steps_of(self, one: Waits) -> dict[str, Any]:
        """The steps that could be taken for one of these together with others."""
        roles = frozenset().union(*(who.roles for who in acting_as()))
        return {
            f"{one.kind}.{step.name}": step.label
            for step in one.process.leaving(one.state)
            if roles & set(step.roles) and not step.sets and step.name not in one.screen.one_by_one
        }

    @expose("/bulk/", methods=("POST",))
    @verb(SIGNED_IN)
    @takes_steps
    def bulk_view(self) -> Any:
        """The preview: every picked record with what is decided on, and what is closed."""
        picked = list(dict.fromkeys(request.form.getlist("rowid")))
        if not picked:
            raise Refused("field", say("Pick at least one record."))
        return self.preview([(key, "") for key in picked])

    @expose("/bulk/decide/", methods=("POST",))
    @verb(SIGNED_IN)
    @takes_steps
    def decide_view(self) -> Any:
        """Decide on each; the same form sent again leads to the first result."""
        wanted, reason = self.wanted(), request.form.get("reason", "").strip()
        sent = [one.rpartition("|")[::2] for one in request.form.getlist("item")]
        token = self.token()
        before = self.sent_before(token)
        if before:
            return redirect(before, 303)
        try:
            self.refuse_early(wanted, reason, sent)
        except Refused as error:
            current_panel().db.session.rollback()
            return self.preview([(key, seen) for key, seen in sent], error), STATUS[error.code]
        result = url_for(".result_view", request_id=g.request_id, url=request.form.get("url"))
        if not self.remember(token, result):
            return redirect(self.sent_before(token) or self.list_url(), 303)
        for key, seen in sent:
            decide(wanted, key, seen, reason)
        return redirect(result, 303)

    @expose("/bulk/<request_id>/")
    @verb(SIGNED_IN)
    def result_view(self, request_id: str) -> Any:
        """What became of each, by the deeds of that request."""
        deed = current_panel().log.tables.deeds
        rows = sa.select(deed).where(
            deed.request_id == request_id[:64],
            deed.actor_id == the_actor().id,
            deed.actor_kind == the_actor().kind,
            deed.subject_table.is_not(None),
        )
        found = current_panel().db.session.scalars(rows.order_by(deed.seq)).all()
        if not found:
            abort(404)
        results = [result_of(one) for one in found]
        return self.render("panel/bulk_done.html", results=results, list_url=self.list_url())

    # What is asked for

    def wanted(self) -> Wanted:
        """The step that the form names; 404 for none of the actor's."""
        wanted = wanted_step(request.form.get("step", ""))
        if wanted is None:
            abort(404)
        return wanted

    def list_url(self) -> str:
        """The list that one came from, if it is the inbox."""
        given = request.values.get("url", "")
        own = url_for(".index_view")
        return given if given.partition("?")[0] == own else own

    def refuse_early(self, wanted: Wanted, reason: str, sent: list[Any]) -> None:
        """Refuse what would be refused for every record alike."""
        if not 0 < len(sent) <= MOST:
            raise Refused("field", say("Pick between 1 and %(most)s records.", most=MOST))
        if len(reason) > REASON_LENGTH:
            sentence = say(
                "The reason may have %(length)s characters at most.", length=REASON_LENGTH
            )
            raise Refused("reason", sentence, "reason")
        if wanted.transition.needs_reason and not reason:
            label = wanted.transition.label
            raise Refused("reason", say("Give the reason for “%(step)s”.", step=label), "reason")
        if is_signed(wanted.transition):
            prove(request.form.get("password", ""))

    # The preview

    def preview(self, picked: list[tuple[str, str]], refused: Refused | None = None) -> Any:
        """The page that shows each record; a hash that was shown before is kept."""
        wanted = self.wanted()
        items = [item_of(wanted, key, seen, self.list_url()) for key, seen in picked[:MOST]]
        once = request.form.get("once") or secrets.token_urlsafe(24)
        return self.render(
            "panel/bulk.html",
            wanted=wanted,
            items=[one for one in items if one.objection is None],
            closed=[one for one in items if one.objection is not None],
            left_out=max(len(picked) - MOST, 0),
            most=MOST,
            once=once,
            refused=refused,
            signed=is_signed(wanted.transition),
            list_url=self.list_url(),
        )

    # One-time token

    def token(self) -> str:
        """The hash of the form's token for this account; 422 without one."""
        once = request.form.get("once", "")
        if not 0 < len(once) <= 64:
            raise Refused("field", say("The form has expired. Load the page again."))
        return hashlib.sha256(f"{the_actor().id}:inbox:{once}".encode()).hexdigest()

    def sent_before(self, token: str) -> str | None:
        """Where the first sending of this form led, or None."""
        panel = current_panel()
        row = panel.db.session.get(panel.access.form_token, token)
        return row.location if row is not None else None

    def remember(self, token: str, location: str) -> bool:
        """Keep where this sending leads before anything is decided; False if it was sent before."""
        panel = current_panel()
        with doing("inbox.bulk"):
            try:
                panel.db.session.add(
                    panel.access.form_token(
                        hash=token, account_id=the_actor().id, location=location
                    )
                )
                panel.db.session.commit()
            except IntegrityError:
                panel.db.session.rollback()
                return False
        return True
