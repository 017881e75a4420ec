"""The processes as they run: a drawing, the table of steps, and the versions before. Read only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import abort, request, url_for
from flask_admin import expose

from ..plugin import Panel, current_panel
from ..words import say
from ..workflow.definition import Process, State
from .guarding import Guarded, verb
from .querying import parsed_key
from .stored import kind_of, label_of


@dataclass(frozen=True)
class Version:
    """One published text of a process."""

    id: int
    number: int
    label: Any
    since: Any
    sha256: str
    latest: bool
    url: str


class ProcessesView(Guarded):
    """Every version of every process; a process changes by its file, never here."""

    kind = "process_version"
    icon = "flow"

    def __init__(self, panel: Panel, *, category: Any = None, **options: Any) -> None:
        options.setdefault("name", say("Processes"))
        options.setdefault("menu_icon_value", self.icon)
        self.session = panel.db
        super().__init__(category=category, endpoint="processes", url="/processes", **options)

    @expose("/")
    @verb("read")
    def index_view(self) -> Any:
        """The versions, newest of each kind first."""
        return self.render("panel/processes.html", versions=self.versions())

    @expose("/details/")
    @verb("read")
    def details_view(self) -> Any:
        """One version: drawing and table."""
        assert current_panel().workflow is not None
        workflow = current_panel().workflow
        key = parsed_key(workflow.process_version, request.args.get("id"))
        version = self.session.session.get(workflow.process_version, key) if key else None
        if version is None:
            abort(404)
        process: Process = workflow.process_in(version)
        return self.render(
            "panel/process.html",
            version=version,
            process=process,
            steps=sorted(process.transitions.values(), key=lambda step: step.order),
            role_names=process.role_names,
            editable={state.code: editable(process, state) for state in process.states.values()},
        )

    def versions(self) -> list[Version]:
        """All versions, by kind, newest first."""
        workflow = current_panel().workflow
        if workflow is None:
            return []
        model = workflow.process_version
        rows = sa.select(model).order_by(model.kind, model.number.desc())
        found, kinds = [], set()
        for one in self.session.session.scalars(rows):
            found.append(
                Version(
                    one.id,
                    one.number,
                    workflow.process_in(one).label,
                    one.published_at,
                    one.sha256,
                    one.kind not in kinds,
                    url_for(".details_view", id=one.id),
                )
            )
            kinds.add(one.kind)
        return found


def editable(process: Process, state: State) -> list[Any]:
    """What may be changed in a state, by the labels of the screens."""
    workflow = current_panel().workflow
    assert workflow is not None
    children = {child.name for child in workflow.records()[process.table].children}
    found = []
    for name in state.editable:
        table, _, column = name.rpartition(".")
        if name in children:
            found.append(kind_of(name))
        elif table:
            label = label_of(table, column)
            found.append(say("%(kind)s: %(field)s", kind=kind_of(table), field=label))
        else:
            found.append(label_of(process.table, column))
    return found
