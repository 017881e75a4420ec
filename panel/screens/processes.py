"""The processes as they run: a drawing, the table of steps, the versions, and what is proposed.

A process changes by its file. Here administrators see what a proposed file changes, publish it or
turn it down; who proposed it publishes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from flask import abort, flash, request, url_for
from flask_admin import expose
from sqlalchemy.exc import IntegrityError
from werkzeug.utils import redirect

from ..access.rules import ROLE_NAMES
from ..plugin import Panel, current_panel
from ..words import Refused, Sentence, say
from ..workflow.choosing import field_of, mapping_of
from ..workflow.definition import Process, State
from ..workflow.proposals import Act, decide, difference, objection
from ..workflow.reading import WrongProcess
from ..workflow.records import Workflow
from .acting import doing, may, note_refusal, subject_of, the_actor
from .answers import STATUS, answer, wants_json
from .guarding import verb
from .language import tell
from .passing import PassingPages
from .proving import prove, reauth
from .querying import parsed_key
from .stored import kind_of, label_of

#: The buttons under a proposal, and what is said when one was pressed.
ACTS: dict[Act, tuple[Sentence, Sentence]] = {
    "take_up": (say("Take up"), say("The change is proposed in your name.")),
    "publish": (say("Publish"), say("The process is published; new records begin on it.")),
    "withdraw": (say("Turn down"), say("The proposal is turned down.")),
}


@dataclass(frozen=True)
class Version:
    """One text of a process; `state` is in use, earlier, proposed or turned down."""

    id: int
    number: int
    label: Any
    since: Any
    sha256: str
    state: str
    url: str


class ProcessesView(PassingPages):
    """Every version of every process, and the proposals that wait."""

    kind = "process_version"
    icon = "flow"

    def __init__(self, panel: Panel, *, category: Any = None, **options: Any) -> None:
        options.setdefault("name", say("Processes"))
        options.setdefault("menu_icon_value", self.icon)
        self.session = panel.db
        super().__init__(category=category, endpoint="processes", url="/processes", **options)

    @property
    def workflow(self) -> Workflow:
        """The processes of this installation."""
        found = current_panel().workflow
        assert found is not None, "a screen of processes needs a panel with a workflow"
        return found

    @expose("/")
    @verb("read")
    def index_view(self) -> Any:
        """The versions, newest of each kind first."""
        return self.render("panel/processes.html", versions=self.versions())

    @expose("/details/")
    @verb("read")
    def details_view(self) -> Any:
        """One version: drawing and tables, and what it changes while it is proposed."""
        return self.page(self.version_of(request.args.get("id")))

    @expose("/<int:id>/<any(take_up, publish, withdraw):act>/", methods=("POST",))
    @verb("publish")
    def decide_view(self, id: int, act: Act) -> Any:
        """Take up, publish or turn down what is proposed; asks everything anew."""
        reason = request.form.get("reason", "")
        with doing(f"process_version.{act}", reason=reason.strip()) as deed:
            version = self.version_of(str(id))
            deed.subject = subject_of(version)
            try:
                if reauth():
                    prove(request.form.get("password", ""))
                    version = self.version_of(str(id))
                if request.form.get("seen", "") != self.seen(version):
                    raise Refused("stale", say("Something changed meanwhile. Look at it again."))
                decide(
                    self.workflow,
                    self.session.session(),
                    version,
                    act,
                    actor=the_actor(),
                    reason=reason,
                )
                self.session.session.commit()
            except IntegrityError:
                self.session.session.rollback()
                refused = Refused("state", say("Somebody decided on this meanwhile."))
                return self.not_done(id, act, refused)
            except Refused as refused:
                return self.not_done(id, act, refused)
        flash(tell(ACTS[act][1]), "success")
        return redirect(url_for(".details_view", id=id), 303)

    def not_done(self, id: int, act: str, refused: Refused) -> Any:
        """The refusal: logged alone, told on the page with the reason that was typed."""
        subject = (self.workflow.process_version.__tablename__, str(id))
        note_refusal(f"process_version.{act}", refused.sentence, subject=subject)
        if wants_json():
            return answer(refused)
        return self.page(self.version_of(str(id)), refused=refused), STATUS[refused.code]

    def page(self, version: Any, **more: Any) -> Any:
        """The page of a version; one that the program does not read is told with its reasons."""
        session, workflow = self.session.session(), self.workflow
        waits = version.published_at is None and version.withdrawn_at is None
        try:
            process = workflow.read(version.text, strictly=True) if waits else None
            process = process or workflow.process_in(version)
        except WrongProcess as wrong:
            return self.render(
                "panel/process_unread.html",
                version=version,
                name=version.kind,
                wrong=wrong.sentences,
                acts=self.acts(version) if waits else [],
                seen=self.seen(version),
                signed=reauth(),
                **more,
            )
        return self.render(
            "panel/process.html",
            version=version,
            process=process,
            steps=list(process.transitions.values()),
            role_names=process.role_names,
            editable={s.code: opened(process, s) for s in process.states.values()},
            changes=difference(workflow, session, process) if waits else None,
            passing=self.passing(version, process),
            field_of=field_of,
            acts=self.acts(version) if waits else [],
            seen=self.seen(version),
            signed=reauth(),
            **more,
        )

    def acts(self, version: Any) -> list[tuple[Act, Sentence, Any]]:
        """The buttons of a proposal, each with its objection, for those who publish."""
        if not may("publish", self.kind):
            return []
        session, actor = self.session.session(), the_actor()
        first: Act = "take_up" if version.proposed_by_id is None else "publish"
        offered: list[Act] = [first, "withdraw"]
        found = [
            (act, ACTS[act][0], objection(self.workflow, session, version, act, actor))
            for act in offered
        ]
        if first == "take_up" and found[0][2] is None:
            why = objection(self.workflow, session, version, "publish", actor)
            found.insert(1, ("publish", ACTS["publish"][0], why))
        return found

    def seen(self, version: Any) -> str:
        """What stands on the page that was decided on: the proposal, and what it would replace.

        And what becomes of running records.
        """
        session = self.session.session()
        latest = self.workflow.latest(session, version.record_table)
        mapping = sorted(mapping_of(self.workflow, session, version))
        facts = (version.id, version.proposed_by_id, latest.id if latest else None, mapping)
        return sha256(repr(facts).encode()).hexdigest()

    def version_of(self, given: Any) -> Any:
        """The version with this number, or 404."""
        key = parsed_key(self.workflow.process_version, given)
        found = self.session.session.get(self.workflow.process_version, key) if key else None
        if found is None:
            abort(404)
        return found

    def versions(self) -> list[Version]:
        """All versions, by kind, newest first."""
        workflow = current_panel().workflow
        if workflow is None:
            return []
        model = workflow.process_version
        rows = sa.select(model).order_by(model.kind, model.number.desc())
        found, kinds = [], set()
        for one in self.session.session.scalars(rows):
            state = "earlier" if one.kind in kinds else "used"
            if one.published_at is None:
                state = "proposed" if one.withdrawn_at is None else "withdrawn"
            else:
                kinds.add(one.kind)
            url = url_for(".details_view", id=one.id)
            label = self.label_of(one)
            found.append(
                Version(one.id, one.number, label, one.published_at, one.sha256, state, url)
            )
        return found

    def label_of(self, version: Any) -> Any:
        """What a version is called; its kind, where the program does not read it any more."""
        try:
            return self.workflow.process_in(version).label
        except WrongProcess:
            return version.kind


def opened(process: Process, state: State) -> list[tuple[Any, list[Any]]]:
    """What may be changed in a state, by the labels of the screens; by role where roles differ."""
    if not state.editable_by:
        return [(None, _labels(process, state.editable))] if state.editable else []
    return [
        (process.role_names.get(role, ROLE_NAMES.get(role, role)), _labels(process, names))
        for role, names in state.editable_by.items()
    ]


def _labels(process: Process, names: tuple[str, ...]) -> list[Any]:
    workflow = current_panel().workflow
    assert workflow is not None
    children = {child.name for child in workflow.records()[process.table].children}
    found: list[Any] = []
    for name in names:
        table, _, column = name.rpartition(".")
        if name == "all":
            found.append(say("everything"))
        elif name in children:
            found.append(kind_of(name))
        elif table:
            label = label_of(table, column)
            found.append(say("%(kind)s: %(field)s", kind=kind_of(table), field=label))
        else:
            found.append(label_of(process.table, column))
    return found
