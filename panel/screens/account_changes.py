"""Changes of accounts that wait for a second administrator: what stands beside what is asked."""

from __future__ import annotations

from typing import Any

from flask_admin import expose

from ..access.changes import HANDED
from ..plugin import Panel
from ..words import Refused, say
from .account_asking import NOBODY, can_confirm
from .account_words import (
    in_short,
    lines_of,
    places_told,
    regions_told,
    roles_told,
    since_asked,
    stood_told,
)
from .acting import the_actor
from .guarding import takes_steps, verb
from .workflow import WorkflowView, state_of


class AccountChangeView(WorkflowView):
    """Requests for accounts; they begin on the page of the account and move by their process."""

    title = say("Account changes")
    one = say("Account change")
    icon = "pair"
    details_template = "panel/account_change.html"
    columns = ("account", "asks", "status", "asker")
    details = ("account", "asker", "reason")
    fields = ("reason",)
    filtered = ("status",)
    searchable = ("account.name", "account.username")
    sort_by = {"account": "account.name"}
    default_order = ("-id",)
    #: A password that a confirmation makes up is shown on one page, to one person.
    one_by_one = frozenset({"confirm"})
    formats = {"asks": in_short}
    readings = {
        "roles": roles_told,
        "places": places_told,
        "stood": stood_told,
        "regions": regions_told,
    }
    labels = {
        "account": "Account",
        "account.name": "Account",
        "asks": "Asked for",
        "asker": "Asked by",
        "active": "May sign in",
        "places": "Scope",
        "new_password": "New password",
        "new_authenticator": "Authenticator forgotten",
        "stood": "What stood then",
        "regions": "Regions concerned",
        "reason": "Reason",
        "roles": "Roles",
        "status": "Status",
    }

    def __init__(self, panel: Panel, **options: Any) -> None:
        self.model = panel.access.change
        super().__init__(panel, **options)

    def title_of(self, record: Any) -> Any:
        """Whose account it is."""
        return record.account.name

    def about(self, record: Any) -> tuple[Any, ...]:
        """What is asked, and by whom."""
        if record.asker is None:
            return (in_short(record),)
        return in_short(record), say("asked for by %(name)s", name=record.asker.name)

    def waits_where(self) -> tuple[Any, ...]:
        """What somebody asked himself waits for others."""
        return (self.model.created_by_id != the_actor().id,)

    def details_page(self, record: Any, **more: Any) -> Any:
        """What stands and what is asked, before anything else."""
        waits = state_of(record).category == "waiting"
        context = {
            "lines": lines_of(record),
            "since_asked": since_asked(record) if waits else [],
            "nobody": NOBODY if waits and not can_confirm(record) else None,
            "decided": not waits,
        }
        return super().details_page(record, **{**context, **more})

    @expose("/<int:id>/move/<step>/", methods=("POST",))
    @verb("read")
    @takes_steps
    def move_view(self, id: int, step: str) -> Any:
        """Take a step; a password that it made up is shown once, to who took it."""
        answer = super().move_view(id, step)
        password = self.session.session.info.pop(HANDED, None)
        if password is None or getattr(answer, "status_code", None) != 303:
            return answer
        return self.render(
            "panel/account_password.html",
            model=self.get_one(id).account,
            password=password,
            return_url=answer.location,
        )

    def not_moved(self, id: int, step: str, error: Exception) -> Any:
        """An account that changed since is told as what it is: the request is out of date."""
        if isinstance(error, Refused) and error.code == "guard":
            error = Refused("stale", error.sentence)
        return super().not_moved(id, step, error)
