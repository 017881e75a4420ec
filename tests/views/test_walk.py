"""The walk: every route of the application as everybody, against the policy table.

What answers is foretold from `models/policy.py` and the verb that is named for each door here;
records of the other city are 404, and nothing that only the other city has stands in any answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from models.attendance import Participation
from models.base import db
from models.follow_up import ActionPlan, Evidence
from models.government import Region, Unit
from models.people import Official, Spouse
from models.policy import POLICY
from models.records import Account, workflow
from models.speaking import Speaker
from panel.plugin import current_panel
from panel.screens.base import RecordView
from seed.accounts import ACCOUNTS, METRO, SERANG
from tests.views.browser import told

NAMES = ("ani", "bayu", "citra", "mira", "made", "maya", "eka")
PEOPLE = {one.username: one for one in ACCOUNTS if one.username in NAMES}

PASSED, ASKED, MISSING, CONFLICT, WRONG = {200, 303}, {200}, {404}, {409}, {422}


@dataclass(frozen=True)
class Door:
    """One function of a record screen by one method: the verb that opens it, and what it answers.

    `about` is what the request names: a record, or nothing but the kind.
    """

    function: str
    verb: str
    method: str
    path: str
    answers: set[int]
    data: dict[str, str] = field(default_factory=dict)
    about: str = "record"


DOORS = (
    Door("index_view", "read", "GET", "/", ASKED, about="kind"),
    Door("counts_view", "read", "GET", "/counts/", ASKED, about="kind"),
    Door("create_view", "create", "GET", "/new/", ASKED, about="kind"),
    Door("create_view", "create", "POST", "/new/", WRONG, about="kind"),
    Door("paste_view", "create", "GET", "/paste/", ASKED, about="kind"),
    Door("paste_view", "create", "POST", "/paste/", WRONG, about="kind"),
    Door("export", "export", "GET", "/export/csv/", ASKED, about="kind"),
    Door(
        "ajax_lookup", "read", "GET", "/ajax/lookup/?name={lookup}", {200, 403, 404}, about="kind"
    ),
    Door("ajax_read", "read", "POST", "/ajax/read/", {403, 404}, {"field": "x"}, about="kind"),
    Door("details_view", "read", "GET", "/details/?id={id}", ASKED),
    Door("history_view", "read", "GET", "/history/?id={id}", ASKED),
    Door("offers_view", "read", "GET", "/{id}/offers/", ASKED),
    Door("file_view", "read", "GET", "/file/?id={id}", ASKED),
    Door("edit_view", "edit", "GET", "/edit/?id={id}", ASKED),
    Door("edit_view", "edit", "POST", "/edit/?id={id}", CONFLICT),
    Door("delete_confirm", "delete", "GET", "/delete/?id={id}", ASKED),
    Door(
        "action_view",
        "delete",
        "POST",
        "/action/",
        ASKED,
        {"action": "delete", "rowid": "{id}"},
    ),
    Door(
        "ajax_update",
        "edit",
        "POST",
        "/ajax/update/",
        MISSING,
        {"list_form_pk": "{id}", "name": "x"},
    ),
    Door(
        "unmask_view", "unmask", "POST", "/unmask/", {404, 422}, {"id": "{id}", "column": "phone"}
    ),
    Door("move_view", "read", "POST", "/{id}/move/{step}/", CONFLICT, {"seen": "x"}),
    Door("change_view", "edit", "POST", "/change/", {403, 404, 422}, {"ids": "{id}"}),
    Door("propose_view", "edit", "POST", "/change/propose/", {403, 404, 422}, {"ids": "{id}"}),
    Door("renew_view", "edit", "POST", "/{id}/renew/", {303, 409, 422}),
    Door("drop_view", "edit", "POST", "/{id}/drop/", {409, 422}, {"row": "99"}),
    Door("undo_view", "create", "POST", "/{id}/undo/", CONFLICT),
    Door("password_view", "edit", "POST", "/{id}/password/", {422}),
    Door("authenticator_view", "edit", "POST", "/{id}/authenticator/", CONFLICT),
    Door("active_view", "edit", "POST", "/{id}/active/", {303}),
    Door("restore_view", "edit", "GET", "/restore/?id={id}&deed={deed}", {200, 409, 422}),
    Door("restore_view", "edit", "POST", "/restore/?id={id}&deed={deed}", {409, 422}),
    Door("bring_back_view", "create", "GET", "/bring-back/?id={id}", {409, 422}),
    Door("bring_back_view", "create", "POST", "/bring-back/?id={id}", {409, 422}),
    Door("delete_view", "delete", "POST", "/delete/", {303, 409}, {"id": "{id}"}),
)

#: Single pages of one record kind: what opens them, and where they stand.
PAGES = {
    "changes.index_view": ("change", "read", "/changes/"),
    "integrity.index_view": ("change", "read", "/integrity/"),
    "log_export.index_view": ("change", "export", "/log-export/"),
    "log_export.table_view": ("change", "export", "/log-export/table/csv/"),
    "unreachable.index_view": ("official", "read", "/unreachable/"),
    "saved_views.index_view": ("saved_view", "read", "/saved-views/"),
    "ageing.index_view": ("process_version", "read", "/ageing/"),
    "pairs.index_view": ("change", "verify", "/pairs/"),
    "access_review.index_view": ("account", "read", "/access-review/"),
    "access_review.text_view": ("account", "read", "/access-review/text/"),
    "tier_board.index_view": ("position", "read", "/coverage/"),
    "tier_board.export": ("position", "export", "/coverage/export/csv/"),
    "roster_import.index_view": ("roster_import", "read", "/imports/"),
    "legal_hold.index_view": ("legal_hold", "read", "/legal-holds/"),
    "legal_hold.records_view": ("legal_hold", "create", "/legal-holds/records/?kind=official"),
    "roster_import.create_view": ("roster_import", "create", "/imports/new/"),
    "rotation.index_view": ("appointment", "create", "/rotation/"),
    "rotation.act_view": ("appointment", "create", "/rotation/replace/"),
    "rotation.lookup_view": ("appointment", "create", "/rotation/lookup/?name=position"),
    "processes.index_view": ("process_version", "read", "/processes/"),
    "processes.details_view": ("process_version", "read", "/processes/details/?id=1"),
}
#: Pages for everybody who is signed in.
SIGNED_IN = {
    "home.index": ("GET", "/", 200),
    "inbox.index_view": ("GET", "/inbox/", 200),
    "inbox.bulk_view": ("POST", "/inbox/bulk/", 422),
    "inbox.decide_view": ("POST", "/inbox/bulk/decide/", 404),
    "inbox.result_view": ("GET", "/inbox/bulk/none/", 404),
    "notices.index_view": ("GET", "/notices/", 200),
    "notices.read_view": ("POST", "/notices/999999/read/", 404),
    "notices.read_all_view": ("POST", "/notices/read/", 303),
    "policy.index_view": ("GET", "/policy/", 200),
    "search.index_view": ("GET", "/search/?q=lurah", 200),
    "security.change_password": ("GET", "/change", 200),
    "security.verify": ("GET", "/verify", 200),
}
#: Pages for everybody, and what a stranger gets.
FOR_ALL = {
    "security.login": ("GET", "/login", 200),
    "health.alive": ("GET", "/healthz", 200),
    "health.ready": ("GET", "/readyz", 200),
    "preferences.save": ("POST", "/preferences/", 303),
}
#: Forms of sign-in, whose sending has tests of its own.
SIGN_IN_FORMS = {
    ("security.login", "POST"),
    ("security.change_password", "POST"),
    ("security.verify", "POST"),
}
#: What comes after the form of a rotation has tests of its own.
ROTATION = {("rotation.act_view", "POST"), ("rotation.done_view", "GET")}
#: What is done with a proposed process has tests of its own.
PROPOSALS = {
    ("processes.decide_view", "POST"),
    ("processes.map_view", "POST"),
    ("processes.migrate_view", "POST"),
    ("processes.passed_view", "GET"),
}
#: What a person asks of his data has tests of its own.
DATA_SUBJECTS = {
    ("erasure.index_view", "GET"),
    ("erasure.erase_view", "POST"),
    ("erasure.done_view", "GET"),
    ("person_report.index_view", "GET"),
    ("person_report.show_view", "POST"),
}
#: What an auditor signs off has tests of its own.
SIGN_OFFS = {("access_review.sign_off_view", "POST")}
#: What is done with checkpoints, and a bundle of the log, has tests of its own.
PROOFS = {
    ("integrity.check_view", "POST"),
    ("integrity.take_view", "POST"),
    ("integrity.match_view", "POST"),
    ("integrity.paper_view", "GET"),
    ("integrity.text_view", "GET"),
    ("log_export.bundle_view", "POST"),
}
#: Holds, the steps of an invitation, and a deed by its number have tests of their own.
SINGLE = {
    ("legal_hold.set_view", "POST"),
    ("legal_hold.lift_view", "POST"),
    ("speaker_invitation.stage_view", "POST"),
    ("speaker_invitation.biodata_view", "GET"),
    ("changes.deed_view", "GET"),
}
#: What is done with a view of a list has tests of its own.
SAVED_VIEWS = {
    ("saved_views.new_view", "POST"),
    ("saved_views.edit_view", "GET"),
    ("saved_views.edit_view", "POST"),
    ("saved_views.delete_view", "POST"),
}
#: Who comes in at a door, and what comes back from a hall without network, has tests of its own.
DOORS_OF_HALLS = {
    (f"door.{name}_view", method)
    for name, method in (
        ("index", "GET"),
        ("door", "GET"),
        ("enter", "POST"),
        ("frame", "POST"),
        ("badges", "GET"),
        ("suspicions", "GET"),
        ("offline", "GET"),
        ("page", "POST"),
        ("bring_in", "POST"),
    )
}
#: Cells of a grid, and who must come, depend on a session and have tests of their own.
GRIDS = {
    *(("grid." + name, "GET") for name in ("index_view", "grid_view", "state_view", "paper_view")),
    *(("grid." + name, "POST") for name in ("save_view", "mark_view", "rest_view", "undo_view")),
    ("grid.walk_in_view", "GET"),
    ("grid.add_walk_in_view", "POST"),
    ("expected.index_view", "GET"),
    ("expected.list_view", "GET"),
    ("expected.accept_view", "POST"),
    ("expected.make_up_view", "POST"),
}
#: Entries that look like one person have tests of their own.
DUPLICATES = {
    ("duplicates.index_view", "GET"),
    ("duplicates.merge_view", "GET"),
    ("duplicates.merge_view", "POST"),
    ("duplicates.apart_view", "POST"),
}
#: What is done with one list that was handed in has tests of its own.
IMPORT_ACTS = ("mend", "policy", "propose", "discard", "leaving", "read", "check")
IMPORTS = {
    ("roster_import.create_view", "POST"),
    ("roster_import.columns_view", "GET"),
    ("roster_import.columns_view", "POST"),
    ("roster_import.details_view", "GET"),
    ("roster_import.file_view", "GET"),
    ("roster_import.progress_view", "GET"),
    *((f"roster_import.{act}_view", "POST") for act in IMPORT_ACTS),
}
#: Signing out would end the walk and has tests of its own; files of the theme are for everybody.
LEFT_OUT = {"security.logout", "home.static", "panel.static"}

#: What stands on a page when somebody forgot to fill it in: a value, a template, an object.
UNFILLED = re.compile(r"%\([a-z_]+\)s|\{\{|\}\}|&lt;[\w.]+ object at|&lt;\w+\.\w+ ")

#: Where records differ in what can be done with them: those that leave the answer to the policy.
CHOSEN: dict[Any, Any] = {
    ActionPlan: ActionPlan.status == "draft",
    Evidence: Evidence.plan.has(ActionPlan.status == "in_progress"),
    Official: Official.phone.is_not(None),
    Spouse: Spouse.phone.is_not(None),
}


def screens(app: Flask) -> list[RecordView]:
    """The record screens of the menu."""
    views = [view for admin in app.extensions["admin"] for view in admin._views]
    return [view for view in views if isinstance(view, RecordView)]


def keys_in(app: Flask, city: str) -> dict[str, int]:
    """The key of one record of every kind that the city has, by table."""
    keys = {}
    with app.app_context():
        region = db.session.scalars(
            sa.select(Region.id).where(Region.kemendagri_code == city)
        ).one()
        for view in screens(app):
            model = view.model
            rows = sa.select(model.id).order_by(model.id).limit(1)
            if hasattr(model, "region_id"):
                rows = rows.where(model.region_id == region)
            if model in CHOSEN:
                rows = rows.where(CHOSEN[model])
            keys[model.__tablename__] = db.session.scalar(rows)
        name = "asep" if city == SERANG else "made"
        account = sa.select(Account.id).where(Account.username == name)
        keys |= {"region": region, "account": db.session.scalar(account)}
        db.session.remove()
    return {table: key for table, key in keys.items() if key is not None}


def foreign_to(app: Flask, username: str) -> dict[str, int]:
    """Records that are out of this account's scope; an administrator of both cities has none."""
    places = PEOPLE[username].places
    if len(places) > 1:
        return {}
    own, other = keys_in(app, places[0]), keys_in(app, METRO if places[0] == SERANG else SERANG)
    return {table: key for table, key in other.items() if own.get(table) != key}


def deeds_of(app: Flask, keys: dict[str, int]) -> dict[str, int]:
    """The number of the first deed that the log tells of each of these records, by table."""
    with app.app_context():
        tables = current_panel().log.tables
        change, deed = tables.change, tables.deed
        found = {}
        for table, key in keys.items():
            rows = sa.select(sa.func.min(deed.c.seq)).join(change, change.c.deed_id == deed.c.id)
            rows = rows.where(change.c.tbl == table, change.c.pk == str(key))
            found[table] = db.session.scalar(rows) or 1
        db.session.remove()
    return found


def knocks(app: Flask, keys: dict[str, int], about: tuple[str, ...]) -> Iterator[Any]:
    """Every door of every record screen with the request that tries it."""
    deeds = deeds_of(app, keys)
    steps = {process.table: next(iter(process.transitions)) for process in workflow.processes()}
    for view in screens(app):
        table = view.model.__tablename__
        for door in DOORS:
            if door.about in about and hasattr(view, door.function):
                if door.about == "record" and table not in keys:
                    continue
                lookup = next(iter(view.lookups), "none")
                step = steps.get(table, "none")
                named = {"id": keys.get(table), "deed": deeds.get(table)}
                path = view.url + door.path.format(**named, lookup=lookup, step=step)
                data = {name: text.format(id=keys.get(table)) for name, text in door.data.items()}
                yield door, table, path, data


def opens(username: str, table: str, verb: str) -> bool:
    """Whether the policy table opens this to the account's role."""
    return verb in POLICY[table].get(PEOPLE[username].role, ())


def tries(username: str, number: int, table: str, verb: str) -> bool:
    """Whether the walk of this account tries a door: in Serang everybody tries each.

    The same roles have the same policy in Metro, and a closed door shows nothing of a city: there
    each door is tried by one of those to whom it is open, in turn.
    """
    metro = [one for one in NAMES if PEOPLE[one].places == (METRO,)]
    if username not in metro:
        return True
    able = [one for one in metro if opens(one, table, verb)]
    return bool(able) and able[number % len(able)] == username


def is_shut_to(username: str, number: int, table: str, verb: str) -> bool:
    """Whether this account tries a door that its role closes: one of Serang's does, in turn."""
    shut = [one for one in NAMES if PEOPLE[one].places == (SERANG,) and not opens(one, table, verb)]
    return bool(shut) and shut[number % len(shut)] == username


def asked_for(number: int, answers: set[int]) -> dict[str, str]:
    """The headers of a request: most of what is refused is refused in JSON, without a page.

    Around a refusal stands the same page behind every door.
    """
    refused = max(answers) > 400 and answers <= {403, 404}
    return {"Accept": "application/json"} if refused and number % 8 else {}


def hidden_from(app: Flask, username: str) -> set[str]:
    """What must never reach this account: people of other cities, for administrators of any."""
    who = PEOPLE[username]
    people = (Official.full_name, Official.nip, Spouse.full_name, Speaker.full_name)
    columns = (
        people if who.role == "administrator" else (*people, Participation.delegate, Unit.name)
    )
    seen, hidden = set(), set()
    with app.app_context():
        for column in columns:
            rows = sa.select(column, Region.kemendagri_code).where(
                Region.id == column.class_.region_id, sa.func.length(column) > 6
            )
            for text, city in db.session.execute(rows):
                own = city in who.places and who.role != "administrator"
                (seen if own else hidden).add(text)
        db.session.remove()
    return hidden - seen


def test_every_route_is_walked_by_each_of_its_methods(app):
    walked = {(endpoint, "GET") for endpoint in PAGES}
    walked |= {(endpoint, method) for endpoint, (method, *_) in {**SIGNED_IN, **FOR_ALL}.items()}
    walked |= {(f"{v.endpoint}.{d.function}", d.method) for v in screens(app) for d in DOORS}

    taken = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    left = {one for one in taken - walked if one[0] not in LEFT_OUT}
    tested = SIGN_IN_FORMS | ROTATION | PROPOSALS | DATA_SUBJECTS | SIGN_OFFS | PROOFS
    halls = DOORS_OF_HALLS | GRIDS
    assert left == tested | SINGLE | halls | SAVED_VIEWS | DUPLICATES | IMPORTS


@pytest.mark.parametrize("username", NAMES)
def test_every_route_answers_as_the_policy_says(app, browse, monkeypatch, username):
    monkeypatch.setattr(RecordView, "page_size", 5)  # the exports hold every row
    browser = browse(username)
    city = PEOPLE[username].places[0]
    hidden = hidden_from(app, username)
    wrong, leaks, unfilled = [], [], []
    doors = enumerate(knocks(app, keys_in(app, city), ("kind", "record")))
    requests = [
        (door.method, path, data, door.answers if opens(username, table, door.verb) else {403})
        for number, (door, table, path, data) in doors
        if tries(username, number, table, door.verb)
    ]
    for number, (kind, verb, path) in enumerate(PAGES.values()):
        if tries(username, number, kind, verb):
            requests.append(("GET", path, {}, {200} if opens(username, kind, verb) else {403}))
    requests += [(m, path, {}, {status}) for m, path, status in SIGNED_IN.values()]

    for number, (method, path, data, answers) in enumerate(requests):
        how = {"headers": asked_for(number, answers)}
        answer = browser.get(path, **how) if method == "GET" else browser.post(path, data, **how)
        if answer.status_code not in answers:
            wrong.append((method, path, answer.status_code, answers))
        leaks += [(path, secret) for secret in told(answer.get_data(as_text=True), hidden)]
        unfilled += [(path, left) for left in UNFILLED.findall(answer.get_data(as_text=True))]

    assert len(hidden) > 50
    assert (wrong, leaks, unfilled) == ([], [], [])


@pytest.mark.parametrize("username", [name for name in NAMES if name != "eka"])
def test_records_of_the_other_city_are_not_there(app, browse, username):
    browser = browse(username)
    hidden = hidden_from(app, username)
    keys = foreign_to(app, username)
    wrong, leaks = [], []

    for number, (door, table, path, data) in enumerate(knocks(app, keys, ("record",))):
        if opens(username, table, door.verb):
            tried, expected = tries(username, number, table, door.verb), 404
        else:
            tried, expected = is_shut_to(username, number, table, door.verb), 403
        if not tried:
            continue
        how = {"headers": asked_for(number, {expected})}
        get = door.method == "GET"
        answer = browser.get(path, **how) if get else browser.post(path, data, **how)
        if answer.status_code != expected:
            wrong.append((door.method, path, answer.status_code, expected))
        leaks += [(path, secret) for secret in told(answer.get_data(as_text=True), hidden)]

    assert len(keys) > 15
    assert (wrong, leaks) == ([], [])


def test_a_stranger_is_sent_to_sign_in(app, browse):
    stranger = browse("")
    stranger.token = stranger.page("/login").root.one("input", name="csrf_token").given["value"]
    wrong = []
    requests = [
        (door.method, path, data)
        for door, _, path, data in knocks(app, keys_in(app, SERANG), ("kind", "record"))
    ]
    requests += [("GET", path, {}) for _, _, path in PAGES.values()]
    requests += [(method, path, {}) for method, path, _ in SIGNED_IN.values()]

    for method, path, data in requests:
        answer = stranger.get(path) if method == "GET" else stranger.post(path, data)
        if answer.status_code not in (302, 303) or not answer.location.startswith("/login"):
            wrong.append((method, path, answer.status_code))

    assert wrong == []
    for method, path, status in FOR_ALL.values():
        answer = stranger.get(path) if method == "GET" else stranger.post(path)
        assert (path, answer.status_code) == (path, status)


@pytest.mark.parametrize("username", ["ani", "citra", "eka"])
def test_a_form_without_its_token_changes_nothing(app, browse, deeds, username):
    browser = browse(username)
    browser.token = ""
    answers = {
        browser.post(path, data).status_code
        for door, _, path, data in knocks(app, keys_in(app, SERANG), ("kind", "record"))
        if door.method == "POST"
    }

    assert (answers, deeds()) == ({400}, [])
