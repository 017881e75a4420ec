"""Every kind of page in real Chromium: readable for all, no sideways scrolling, no complaint.

Each page is loaded once and looked at in both themes at both widths.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, WIDE

#: WCAG 2.0 to 2.2, levels A and AA, and what axe calls best practice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}

LISTS = [
    *("officials", "positions", "appointments", "spouses", "units"),
    *("training-sessions", "programmes", "speakers", "session-speakers", "key-messages"),
    *("news-sources", "session-papers", "participations"),
    *("commitments", "action-plans", "evidence"),
    *("agenda-items", "attendance", "attendance-sheets", "scores"),
    *("commitment-templates", "extensions", "speaker-invitations", "sheet-scans"),
    *("regions", "tiers", "grades", "integrity-values", "risk-tags", "organisations", "venues"),
]
MAIN = [
    *("officials", "positions", "units", "training-sessions", "speakers", "participations"),
    *("commitments", "action-plans", "evidence"),
]
#: Name, account, path; a path that ends in "*" opens the first record of the list before it.
PAGES = [
    ("sign-in", "", "/login"),
    *((f"home of {name}", name, "/") for name in ("ani", "bayu", "citra", "eka")),
    *((f"list of {path}", "ani", f"/{path}/") for path in LISTS),
    ("list of accounts", "eka", "/accounts/"),
    *((f"details of {path}", "citra", f"/{path}/*") for path in MAIN),
    ("details of accounts", "eka", "/accounts/*"),
    *((f"new {path}", "ani", f"/{path}/new/") for path in MAIN),
    ("new accounts", "eka", "/accounts/new/"),
    ("new tiers", "eka", "/tiers/new/"),
    ("edit an official", "ani", "/officials/edit/?id=1"),
    ("a news page", "ani", "/news-sources/*"),
    ("rotation", "ani", "/rotation/"),
    ("a new holder", "ani", "/rotation/replace/"),
    ("found everywhere", "ani", "/search/?q=sukawana"),
    ("found nowhere", "ani", "/search/?q=zzzzzz"),
    ("a session held", "ani", "/training-sessions/details/?id=8"),
    ("who must come", "ani", "/expected-list/8/"),
    ("the attendance grid", "ani", "/attendance-grid/9/"),
    ("a sheet for ink", "ani", "/attendance-grid/9/paper/"),
    ("came uninvited", "ani", "/attendance-grid/9/walk-in/?name=contoh"),
    ("the door", "ani", "/door/9/"),
    ("imports", "ani", "/imports/"),
    ("upload a list", "ani", "/imports/new/"),
    ("invite a speaker", "ani", "/speaker-invitations/new/"),
    ("a programme", "ani", "/programmes/*"),
    ("edit a session", "ani", "/training-sessions/edit/?id=8"),
    ("paste a news page", "ani", "/news-sources/paste/"),
    ("decision", "bayu", "/inbox/*"),
    ("history", "bayu", "/officials/history/?id=1"),
    ("inbox", "bayu", "/inbox/"),
    ("change log", "citra", "/changes/"),
    ("waiting times", "bayu", "/ageing/"),
    ("holidays", "eka", "/holidays/?year=2028"),
    ("tier board", "bayu", "/coverage/"),
    ("tier board of Metro", "mira", "/coverage/?on=2025-11-18"),
    ("nothing in the log", "citra", "/changes/?to=2001-01-01"),
    ("as on which day", "citra", "/officials/details/?id=3&as_at="),
    ("integrity of the log", "citra", "/integrity/"),
    ("log export", "citra", "/log-export/"),
    ("legal holds", "bayu", "/legal-holds/"),
    ("processes", "eka", "/processes/"),
    ("a process", "eka", "/processes/*"),
    ("a sheet", "bayu", "/attendance-sheets/details/?id=3"),
    ("a reported session", "bayu", "/training-sessions/details/?id=4"),
    ("ask for more time", "ani", "/extensions/new/"),
    ("proposals", "ani", "/proposals/"),
    ("where proposals begin", "ani", "/proposals/new/"),
    ("account changes", "eka", "/account-changes/"),
    ("inbox of eka", "eka", "/inbox/"),
    ("steps of ani", "ani", "/inbox/?view=next"),
    ("notices", "bayu", "/notices/"),
    ("waiting times of sessions", "bayu", "/ageing/?kind=training_session"),
    ("policy", "ani", "/policy/"),
    ("nothing found", "ani", "/officials/?search=zzzzzz"),
    ("empty list", "mira", "/venues/"),
    ("delete", "ani", "/speakers/delete/?id=1"),
    ("closed page", "ani", "/accounts/"),
    ("no page", "ani", "/officials/details/?id=999999"),
    ("password", "ani", "/change"),
]


#: Pages of which pictures are taken, to be looked at beside the design; git leaves them out.
SHOTS = Path(__file__).parent / "shots"
PICTURED = {
    **{"sign-in": "sign-in", "home of ani": "home-clerk", "home of bayu": "home"},
    **{"home of citra": "home-auditor", "list of officials": "list", "new officials": "form"},
    **{"details of officials": "details", "decision": "decision", "change log": "change-log"},
}


def looked_at(page: Page, picture: str | None = None) -> dict[tuple[int, str], Any]:
    """The faults of the page as it stands, per width and theme; empty when there are none."""
    faults: dict[tuple[int, str], Any] = {}
    page.evaluate(AXE_SCRIPT)
    for width, height in (WIDE, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        faults[width, "sideways"] = sideways(page)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            faults[width, theme] = violations(page)
            if picture:
                path = SHOTS / f"{picture}-{width}-{theme}.png"
                page.screenshot(path=path, full_page=True, animations="disabled")
    return {key: fault for key, fault in faults.items() if fault}


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds: the rule, and where."""
    found = page.evaluate("options => axe.run(document, options)", OPTIONS)["violations"]
    return [(one["id"], [node["html"][:200] for node in one["nodes"][:4]]) for one in found]


def sideways(page: Page) -> list[str]:
    """What sticks out of the page to the right; nothing where it does not scroll sideways."""
    return page.evaluate(
        """() => {
          if (document.scrollingElement.scrollWidth <= innerWidth) return [];
          const out = [...document.querySelectorAll('body *')]
            .filter(el => el.getBoundingClientRect().right > innerWidth + 1);
          return [document.scrollingElement.scrollWidth]
            .concat(out.slice(0, 5).map(el => el.outerHTML.slice(0, 160)));
        }"""
    )


@pytest.mark.parametrize(("name", "account", "path"), PAGES, ids=[page[0] for page in PAGES])
def test_page_is_for_everybody(
    open_as: Callable[..., Page], name: str, account: str, path: str
) -> None:
    page = open_as(account)
    page.goto(path.removesuffix("*"))
    if path.endswith("*"):
        page.locator('main a[href*="/details/"]').first.click()
        expect(page).to_have_url(re.compile("/details/"))

    assert page.title().endswith("Jenjang")
    assert page.locator("h1").count() == 1
    assert looked_at(page, PICTURED.get(name)) == {}
