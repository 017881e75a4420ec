"""Running records and a changed process: what becomes of them, chosen, published and carried out.

The proposer chooses while the version is proposed. Once it is published an administrator lets the
records pass on, each by a deed of its own; what is refused says why and stops nothing else. The
result is read from the log, by the request in which it happened.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import abort, flash, g, redirect, request, url_for
from flask_admin import expose
from sqlalchemy.exc import IntegrityError

from ..incidents import written_down
from ..plugin import current_panel
from ..words import Refused, say
from ..workflow.choosing import Earlier, choose, field_of, may_choose, ways_to
from ..workflow.definition import MIGRATE, Process
from ..workflow.passing import pass_on, waiting
from ..workflow.proposals import reason_given
from ..workflow.records import Workflow
from .acting import doing, may, note_refusal, subject_of, the_actor
from .answers import refusal_of
from .guarding import Guarded, verb
from .language import tell
from .proving import prove, reauth
from .stored import kind_of

#: As many records as pass on in one request.
MOST = 200
#: The greatest number that a record can have.
LAST = 2**31 - 1


@dataclass(frozen=True)
class Result:
    """What became of one record."""

    number: str
    done: bool
    sentence: str


@dataclass(frozen=True)
class Passing:
    """What a page says of running records: by older version, and what the reader can do."""

    earlier: list[Earlier]
    #: Whether the reader chooses what becomes of them.
    chooses: bool
    #: Whether it was chosen before: until then a single choice is suggested.
    chosen: bool
    #: Whether the reader may let them pass on now.
    passes: bool

    @property
    def count(self) -> int:
        """The records that would pass on."""
        return sum(one.passing for one in self.earlier)


class PassingPages(Guarded):
    """The part of the pages of processes that is about running records."""

    workflow: Workflow
    session: Any
    version_of: Callable[[Any], Any]
    not_done: Callable[..., Any]

    def passing(self, version: Any, process: Process) -> Passing | None:
        """What becomes of the records on older versions; None where there is nothing to say."""
        session, workflow = self.session.session(), self.workflow
        earlier = ways_to(workflow, session, version, process)
        if not earlier or version.withdrawn_at is not None:
            return None
        administers = may("publish", self.kind)
        chooses = administers and may_choose(version, the_actor()) is None
        state = workflow.process_state
        laid = sa.select(state.code).where(state.version_id == version.id).limit(1)
        latest = workflow.latest(session, version.record_table)
        return Passing(
            earlier,
            chooses,
            chosen=not chooses or session.scalar(laid) is not None,
            passes=administers and version.published_at is not None and latest.id == version.id,
        )

    @expose("/<int:id>/map/", methods=("POST",))
    @verb("publish")
    def map_view(self, id: int) -> Any:
        """The proposer says what becomes of running records."""
        with doing("process_version.map") as deed:
            version = self.version_of(str(id))
            deed.subject = subject_of(version)
            session = self.session.session()
            try:
                process = self.workflow.read(version.text, strictly=True)
                picked = {
                    (older.version.id, way.state.code): request.form.get(
                        field_of(older.version.id, way.state.code), ""
                    )
                    for older in ways_to(self.workflow, session, version, process)
                    for way in older.to_choose
                }
                choose(self.workflow, session, version, process, picked, actor=the_actor())
                session.commit()
            except Refused as refused:
                return self.not_done(id, "map", refused)
        flash(tell(say("What becomes of running records is kept with the proposal.")), "success")
        return redirect(url_for(".details_view", id=id), 303)

    @expose("/<int:id>/migrate/", methods=("POST",))
    @verb("publish")
    def migrate_view(self, id: int) -> Any:
        """Let running records pass on to this version, so many at once."""
        session, workflow = self.session.session(), self.workflow
        version = self.version_of(str(id))
        after = request.form.get("after", "0")[:12]
        try:
            latest = workflow.latest(session, version.record_table)
            if latest is None or latest.id != version.id:
                raise Refused("state", say("Records pass on to the version in use alone."))
            reason = reason_given(request.form.get("reason", ""))
            if reauth():
                prove(request.form.get("password", ""))
                version = self.version_of(str(id))
            beyond = min(int(after), LAST) if after.isdecimal() else 0
            numbers = waiting(workflow, session, version, MOST, beyond)
            if not numbers:
                raise Refused("state", say("No record waits to pass on to this version."))
        except Refused as refused:
            return self.not_done(id, MIGRATE, refused)
        session.rollback()
        for number in numbers:
            self.pass_one(id, number, reason)
        address = {"id": id, "request_id": g.request_id, "after": numbers[-1]}
        return redirect(url_for(".passed_view", **address), 303)

    def pass_one(self, id: int, number: int, reason: str) -> None:
        """One record, in its own deed and transaction; a refusal is logged alone."""
        workflow, session = self.workflow, self.session.session()
        version = session.get_one(workflow.process_version, id)
        record = workflow.records()[version.record_table]
        action, subject = f"{version.kind}.{MIGRATE}", (record.name, str(number))
        with doing(action, subject=subject, reason=reason):
            try:
                version = session.get_one(workflow.process_version, id)
                found = session.get(record.entity, number)
                if found is None:
                    raise Refused("scope", say("This record is not there any more."))
                pass_on(workflow, session, found, version, reason)
                session.commit()
            except Refused as refused:
                why: Any = refused.sentence
            except IntegrityError as error:
                session.rollback()
                why = refusal_of(error, record.table, {}).sentence
            except Exception as error:
                session.rollback()
                broken = written_down(error, request=g.request_id, record=number)
                why = say("Something broke on our side: %(number)s.", number=broken)
            else:
                return
            note_refusal(action, why, subject=subject)

    @expose("/<int:id>/passed/<request_id>/")
    @verb("publish")
    def passed_view(self, id: int, request_id: str) -> Any:
        """What became of each record, by the deeds of that request; and whether more wait."""
        version, session = self.version_of(str(id)), self.session.session()
        deed = current_panel().log.tables.deeds
        rows = sa.select(deed).where(
            deed.request_id == request_id[:64],
            deed.actor_id == the_actor().id,
            deed.actor_kind == the_actor().kind,
            deed.subject_table == version.record_table,
        )
        results = [_result(one) for one in session.scalars(rows.order_by(deed.seq))]
        if not results:
            abort(404)
        after = min(request.args.get("after", 0, type=int), LAST)
        process = self.workflow.process_in(version)
        return self.render(
            "panel/process_passed.html",
            version=version,
            process=process,
            results=results,
            named=lambda numbers: say(
                "%(kind)s no. %(id)s", kind=kind_of(version.record_table), id=", ".join(numbers)
            ),
            after=after,
            more=bool(waiting(self.workflow, session, version, 1, after)),
            signed=reauth(),
        )


def _result(deed: Any) -> Result:
    done = not deed.action.endswith(".refused")
    return Result(deed.subject_pk, done, "" if done else deed.reason)
