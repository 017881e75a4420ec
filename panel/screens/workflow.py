"""Screens of records with a process: the page of the decision, its offers, and the one move.

`POST /<records>/<id>/move/<step>/` answers 303 when the step is taken; else 403, 404, 409 or 422
with the sentence, as a page that keeps the typed reason, or as JSON where JSON is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, g, jsonify, redirect, request, url_for
from flask_admin import expose
from markupsafe import Markup
from sqlalchemy.exc import IntegrityError

from ..plugin import current_panel
from ..words import Refused, say
from ..workflow.approval import Outdated, outdated
from ..workflow.definition import MIGRATE
from ..workflow.records import UnknownStep, Workflow
from ..workflow.rewinding import rewound
from ..workflow.rules import turn
from ..workflow.snapshot import differences
from .acting import doing, note_refusal, subject_of, the_actor
from .answers import STATUS, answer, refusal_of, wants_json
from .base import RecordView
from .clocks import clock_of
from .deciding import Changes, Rows, asked_by, changes_since, diff_rows, path_of, values_given
from .guarding import takes_steps, verb
from .inbox_list import from_inbox, in_the_inbox, place_after
from .language import tell
from .marks import badge, state
from .passages import trod_of
from .proving import is_signed, prove, signed
from .waiting import Dimension


def the_workflow() -> Workflow:
    """The workflow of this installation."""
    workflow = current_panel().workflow
    assert workflow is not None, "a screen of decisions needs a panel with a workflow"
    return workflow


def state_of(record: Any) -> Any:
    """The state that a record is in, by the process that it follows."""
    process = the_workflow().process_of(current_panel().db.session, record)
    return process.states[record.status]


def state_badge(record: Any) -> Any:
    """The state as a badge, and beside it that it is not any more what was approved."""
    own = state(state_of(record))
    if record.id not in noted_outdated(record.__tablename__):
        return own
    return Markup("{} {}").format(own, changed_badge())


def changed_badge() -> Any:
    """The mark of a record that changed after it was approved."""
    return badge("plum", "alert", say("Approved, changed since"))


def noted_outdated(table: str) -> dict[int, Outdated]:
    """What is known in this request of records that changed since they were approved."""
    found: dict[int, Outdated] = g.setdefault("outdated", {}).setdefault(table, {})
    return found


def note_outdated(records: Sequence[Any]) -> dict[int, Outdated]:
    """Find out which of these records of one kind changed since they were approved."""
    if not records:
        return {}
    noted = noted_outdated(records[0].__tablename__)
    noted |= outdated(the_workflow(), current_panel().db.session, records)
    return noted


class WorkflowView(RecordView):
    """The screen of records with a process; `status` is shown as a badge and set by steps alone."""

    details_template = "panel/decided.html"
    #: What the inbox is narrowed by, for records of this kind.
    waits_by: tuple[Dimension, ...] = ()
    #: The column with the record's own last day.
    due_column: str = ""
    #: Steps that are taken on the page of one record only, never for several at once.
    one_by_one: frozenset[str] = frozenset()

    def __init__(self, panel: Any, **options: Any) -> None:
        self.formats = {"status": state_badge, **self.formats}
        super().__init__(panel, **options)

    @staticmethod
    def category_of(record: Any) -> str:
        """The category of a record's state: draft, waiting, active, done or cancelled."""
        return str(state_of(record).category)

    def waits_where(self) -> tuple[Any, ...]:
        """What a record fulfils, beside its state, to wait for somebody: conditions in SQL."""
        return ()

    def filter_source(self, name: str) -> tuple[str, Any, Any]:
        if name == "status":
            return name, self.label(name), self.states_to_choose
        return super().filter_source(name)

    def states_to_choose(self) -> list[tuple[str, Any]]:
        """The states of this kind of record, in the order of its process."""
        table = self.model.__tablename__
        processes = [one for one in the_workflow().processes() if one.table == table]
        return [(code, one.label) for p in processes for code, one in p.states.items()]

    def details_page(self, record: Any, **more: Any) -> Any:
        """The details with what is decided on, how it came here and what can be done."""
        session, workflow = self.session.session, the_workflow()
        process, case = workflow.process_of(session, record), workflow.case(session, record)
        offers = workflow.offers(session, record, the_actor(), case)
        text, seen = workflow.snapshot(session, record)
        decisions = workflow.decisions(session, record)
        asked = [one.transition for one in offers if one.objection is None]
        context = {
            "process": process,
            "offers": offers,
            "closed": workflow.closed(session, record, case),
            "turn": turn(process, case),
            "clock": clock_of(record, reversed(decisions)),
            "seen": seen,
            "move_url": lambda step: url_for(".move_view", id=record.id, step=step, **from_inbox()),
            "changes": changes_since(decisions, text, seen, self.differing),
            "snapshot": self.frozen(record, decisions, seen),
            "path": path_of(process, decisions),
            "trod": trod_of(workflow, decisions),
            "step_form": asked_by(record, asked),
            "signed": [one.label for one in signed(offers)],
            **self.changed_since(record),
            **in_the_inbox(self.model.__tablename__, record.id),
        }
        return super().details_page(record, **{**context, **more})

    def get_list(self, *args: Any, **options: Any) -> tuple[int, list[Any]]:
        """The rows of one page; which of them changed since they were approved is asked at once."""
        count, rows = super().get_list(*args, **options)
        note_outdated(rows)
        return count, rows

    def look_at(self, records: list[Any]) -> None:
        """Which of the records changed since they were approved; as many statements for any."""
        note_outdated(records)

    def changed_since(self, record: Any) -> dict[str, Any]:
        """What was approved and is not so any more, for the page of the record."""
        found = note_outdated([record]).get(record.id)
        if found is None:
            return {}
        by = say("%(name)s on %(day)s", name=found.decision.actor_name, day=found.decision.at)
        steps = the_workflow().process_of(self.session.session, record).leaving(record.status)
        again = [step.label for step in steps if step.approves]
        return {"outdated": Changes(diff_rows(found.differences), by), "again": again}

    def frozen(self, record: Any, decisions: list[Any], seen: str) -> dict[str, Any] | None:
        """The facts that were frozen by the latest decision, if they still are the record's."""
        latest = next((one for one in decisions if one.step != MIGRATE), None)
        if latest is None or latest.seen_hash != seen:
            return None
        rows = [
            (label, self.values.shown(record, name, long=True))
            for name, label in self._details_columns
        ]
        return {"rows": rows, "at": latest.at, "hash": seen}

    @expose("/<int:id>/offers/")
    @verb("read")
    def offers_view(self, id: int) -> Any:
        """The steps that leave the present state, each with its objection for the actor."""
        record = self.get_one(id)
        offers = the_workflow().offers(self.session.session, record, the_actor())
        return jsonify(
            [
                {
                    "step": one.step,
                    "label": tell(one.label),
                    "objection": tell(one.objection.sentence) if one.objection else None,
                }
                for one in offers
            ]
        )

    @expose("/<int:id>/move/<step>/", methods=("POST",))
    @verb("read")
    @takes_steps
    def move_view(self, id: int, step: str) -> Any:
        """Take a step; the process says whether this actor may."""
        session, workflow = self.session.session, the_workflow()
        reason, seen = request.form.get("reason", ""), request.form.get("seen", "")
        after = place_after(self.model.__tablename__, id)
        with doing(f"{self.kind_name}.{step}", reason=reason.strip()) as deed:
            record = self.get_one(id)
            deed.subject = subject_of(record)
            transition = workflow.process_of(session, record).transitions.get(step)
            if transition is None:
                abort(404)
            try:
                if is_signed(transition):
                    self.refuse_closed(record, step)
                    prove(request.form.get("password", ""))
                    record = self.get_one(id)
                values = values_given(record, transition)
                workflow.move(session, record, step, reason=reason, seen=seen, values=values)
                session.commit()
            except UnknownStep:
                abort(404)
            except (Refused, IntegrityError) as error:
                return self.not_moved(id, step, error)
        done = transition.done or say("Done: %(step)s.", step=transition.label)
        flash(tell(done), "success")
        if not after:
            return self.back_to(record)
        return redirect(url_for(".details_view", id=id, **after), 303)

    def refuse_closed(self, record: Any, step: str) -> None:
        """Refuse what no password would open: the step of another person or of another state."""
        session, workflow = self.session.session, the_workflow()
        offers = workflow.offers(session, record, the_actor())
        for one in (*offers, *workflow.closed(session, record)):
            why = one.objection
            if one.step == step and why is not None and why.code in ("role", "duty", "state"):
                raise Refused(why.code, why.sentence, why.field)

    def not_moved(self, id: int, step: str, error: Exception) -> Any:
        """The refusal: logged alone, told on the record's page with the reason that was typed."""
        self.session.session.rollback()
        if isinstance(error, IntegrityError):
            error = refusal_of(error, self.model.__table__, self.constraint_sentences)
        assert isinstance(error, Refused)
        subject = (self.model.__tablename__, str(id))
        note_refusal(f"{self.kind_name}.{step}", error.sentence, subject=subject)
        if wants_json():
            return answer(error)
        record = self.get_one(id)
        more = {"changes": since} if (since := self.since_seen(record)) else {}
        return self.details_page(record, refused=error, **more), STATUS[error.code]

    def since_seen(self, record: Any) -> Changes | None:
        """How the record differs from what the sent page showed; None: not at all, or unknown."""
        session, workflow = self.session.session, the_workflow()
        text, present = workflow.snapshot(session, record)
        seen = request.form.get("seen", "")
        if seen == present:
            return None
        kind = workflow.records()[record.__tablename__]
        before = rewound(workflow.log.tables, session, kind, text, seen)
        if before is None:
            return None
        return Changes(self.differing(before, text), seen=True)

    def differing(self, before: str, after: str) -> Rows:
        """Label, before and after of what two snapshots of a record differ in."""
        return diff_rows(differences(before, after))
