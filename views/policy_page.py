"""The policy table as a page: what the code enforces, shown to everybody who is signed in."""

from __future__ import annotations

from typing import Any

from flask_admin import expose

from models.policy import GROUPS
from panel.access.rules import ROLE_NAMES, VERBS
from panel.plugin import Panel
from panel.screens.guarding import SIGNED_IN, Guarded, verb
from panel.words import say

#: The order in which rights are named, with their words.
RIGHTS = {
    "read": say("read"),
    "create": say("add"),
    "edit": say("change"),
    "delete": say("delete"),
    "export": say("export"),
    "unmask": say("unmask"),
    "sign": say("sign"),
    "verify": say("verify"),
    "publish": say("publish"),
    "clear": say("take back"),
    "save": say("keep"),
}
assert set(RIGHTS) == VERBS


class PolicyView(Guarded):
    """Who may do what, role by record kind."""

    icon = "shield"

    def __init__(self, _panel: Panel, *, category: Any = None) -> None:
        super().__init__(
            say("Roles and rights"),
            category=category,
            endpoint="policy",
            url="/policy",
            menu_icon_value=self.icon,
        )

    @expose("/")
    @verb(SIGNED_IN)
    def index_view(self) -> Any:
        """The table, row by row as `models/policy.py` has it."""
        return self.render("policy.html", groups=GROUPS, roles=ROLE_NAMES, rights=RIGHTS)
