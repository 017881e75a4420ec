"""No route without a rule, and every screen closed to who has no verb for it."""

from __future__ import annotations

import pytest
from flask_admin import BaseView, expose

from panel.screens.guarding import Guarded, routes_without_rule
from panel.screens.signin import OWN_ENDPOINTS
from tests.panel.screens.conftest import PEOPLE, opened

#: What stands in addresses with a part to fill in; elsewhere any word.
VALUES = {"id": 1, "step": "submit", "export_type": "csv", "act": "publish"}
OPEN = (*OWN_ENDPOINTS, "preferences.save")


def test_every_route_has_a_rule(app):
    assert routes_without_rule(app, OPEN) == []


def test_a_route_that_nobody_thought_of_is_named(tmp_path):
    [app] = opened(f"sqlite:///{tmp_path / 'office.db'}")

    class Forgotten(Guarded):
        kind = "person"

        @expose("/")
        def page(self):
            return "open to all"

    class Stock(BaseView):
        @expose("/")
        def page(self):
            return "open to all"

    admin = app.extensions["admin"][0]
    admin.add_view(Forgotten(endpoint="forgotten", url="/forgotten"))
    admin.add_view(Stock(endpoint="stock", url="/stock-page"))
    app.add_url_rule("/bare", "bare", lambda: "open to all")

    assert routes_without_rule(app, OPEN) == ["bare", "forgotten.page", "stock.page"]
    asked = {"X-Person": "ani"}
    assert app.test_client().get("/forgotten/", headers=asked).status_code == 403


@pytest.mark.parametrize("name", [*PEOPLE, ""])
def test_no_route_of_any_screen_breaks_for_anybody(app, browse, name):
    someone = browse(name)
    broken = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(("security.", "panel.", "admin.static")):
            continue
        values = {name: VALUES.get(name, "x") for name in rule.arguments}
        _, path = rule.build(values, append_unknown=False)
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            send = someone.get if method == "GET" else someone.post
            answer = send(f"{path}?id=1")
            if answer.status_code >= 500:
                broken.append((method, path, answer.status_code))

    assert broken == []
