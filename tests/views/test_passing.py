"""Running plans pass on to a changed process: chosen by one, published by another, carried out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from models.follow_up import ActionPlan
from models.records import Decision, ProcessMapping, ProcessVersion, workflow
from tests.site import PASSWORD
from tests.views.browser import Browser

FILES = Path(__file__).parent.parent.parent / "models" / "processes"
#: "evidence_submitted" is gone; who has handed in proof waits in a state of another name.
CHANGED = (
    (FILES / "action_plan.toml").read_text("utf-8").replace('"evidence_submitted"', '"proof_given"')
)
MAPPING = '\n[[mapping]]\nfrom_version = 1\nwas = "evidence_submitted"\nbecomes = "proof_given"\n'
MINE = ProcessVersion.kind == "action_plan"
STANDS = sa.select(ActionPlan.status, sa.func.count()).group_by(ActionPlan.status)
BY_VERSION = (
    sa.select(ProcessVersion.number, sa.func.count())
    .join(ActionPlan, ActionPlan.process_version_id == ProcessVersion.id)
    .group_by(ProcessVersion.number)
)


@pytest.fixture
def edi(browse: Callable[[str], Browser]) -> Browser:
    """The other administrator of both."""
    return browse("edi")


@pytest.fixture
def proposed(terminal: Callable[..., Any], value: Callable[..., Any]) -> Callable[..., int]:
    """`proposed(text)`: the number of a version that Eka proposes."""

    def make(text: str = CHANGED) -> int:
        done = terminal("publish", text, "--account", "eka", "--reason", "Surat 12")
        assert done.exit_code == 0, done.output
        return int(value(sa.select(sa.func.max(ProcessVersion.id))))

    return make


@pytest.fixture
def published(proposed: Callable[..., int], edi: Browser) -> Callable[..., int]:
    """`published(text)`: the same, published by Edi."""

    def make(text: str = CHANGED + MAPPING) -> int:
        number = proposed(text)
        seen = edi.page(_page(number)).main.one("input", name="seen").given["value"]
        given = {"reason": "Sesuai rapat", "seen": seen, "password": PASSWORD}
        assert edi.post(f"/processes/{number}/publish/", given).status_code == 303
        return number

    return make


@pytest.fixture
def terminal(app: Flask, tmp_path: Path) -> Callable[..., Any]:
    """`terminal("diff", text)`: a command of `flask workflow` with a file of that text."""

    def run(command: str, text: str, *options: str) -> Any:
        file = tmp_path / "changed.toml"
        file.write_text(text, "utf-8")
        args = ["workflow", command, str(file), *options]
        return app.test_cli_runner().invoke(args=args, input=f"{PASSWORD}\n")

    return run


@pytest.fixture
def asks_for_passwords(app: Flask) -> Iterator[None]:
    app.config["REAUTH"] = True
    yield
    app.config["REAUTH"] = False


def _page(number: int) -> str:
    return f"/processes/details/?id={number}"


# Choosing


def test_the_proposer_says_where_plans_go_on_and_the_other_sees_it(
    proposed: Callable[..., int], eka: Browser, edi: Browser, rows: Callable[..., Any]
) -> None:
    number = proposed()
    page = eka.page(_page(number))
    assert "Catatan pada versi lama" in page.main.text
    [select] = [
        one for one in page.main.all("select") if one.given["name"].endswith("evidence_submitted")
    ]
    assert [o.given["value"] for o in select.all("option")] == ["", "submitted", "proof_given"]
    old_seen = page.main.one("input", name="seen").given["value"]

    answer = eka.post(f"/processes/{number}/map/", {select.given["name"]: "proof_given"})

    assert answer.status_code == 303
    assert rows(sa.select(ProcessMapping.was, ProcessMapping.becomes)) == [
        ("evidence_submitted", "proof_given")
    ]
    theirs = edi.page(_page(number))
    assert not theirs.main.all("select")
    line = next(row for row in theirs.table("Dari versi 1") if row[0] == "Bukti diajukan")
    assert line[1] == "Bukti diajukan"
    stale = edi.post(f"/processes/{number}/publish/", {"reason": "x", "seen": old_seen})
    assert stale.status_code == 409


def test_nobody_else_chooses_and_nothing_senseless_is_chosen(
    proposed: Callable[..., int], eka: Browser, edi: Browser, ani: Browser, rows: Any
) -> None:
    number = proposed()
    [first] = [
        one.given["name"]
        for one in eka.page(_page(number)).main.all("select")
        if one.given["name"].endswith("evidence_submitted")
    ]
    address = f"/processes/{number}/map/"

    assert edi.post(address, {first: "proof_given"}).status_code == 403
    assert ani.post(address, {first: "proof_given"}).status_code == 403
    assert eka.client.post(address, data={first: "proof_given"}).status_code == 400
    for wrong in ("draft", "verified", "nowhere", "\0", "x" * 9999):
        assert eka.post(address, {first: wrong}).status_code in (400, 422)
    assert eka.post("/processes/99999999999999999999/map/", {}).status_code == 404
    assert rows(sa.select(ProcessMapping.was)) == []


# Passing on


def test_an_administrator_lets_running_plans_pass_on_and_sees_what_became_of_each(
    published: Callable[..., int],
    eka: Browser,
    ani: Browser,
    rows: Callable[..., Any],
    value: Callable[..., Any],
    deeds: Callable[[], list[str]],
) -> None:
    before, number = dict(rows(STANDS)), published()
    running = sum(
        count
        for status, count in before.items()
        if status not in ("verified", "closed", "cancelled")
    )
    plan = value(
        sa.select(ActionPlan.id)
        .where(ActionPlan.status == "evidence_submitted", ActionPlan.region_id == 1)
        .limit(1)
    )
    page = eka.page(_page(number))
    assert f"{running} catatan berlanjut pada versi ini" in page.main.text

    answer = eka.post(f"/processes/{number}/migrate/", {"reason": "Surat 14"})

    assert answer.status_code == 303
    result = eka.page(answer.location)
    assert f"{running} catatan dipindahkan" in result.root.text
    after = dict(rows(STANDS))
    assert after == {
        {"evidence_submitted": "proof_given"}.get(status, status): count
        for status, count in before.items()
    }
    assert dict(rows(BY_VERSION)) == {1: sum(before.values()) - running, 2: running}
    assert deeds().count("action_plan.migrate") == running
    assert not eka.page(_page(number)).main.all("textarea")
    assert eka.post(f"/processes/{number}/migrate/", {"reason": "again"}).status_code == 409
    told = ani.page(f"/action-plans/details/?id={plan}").main.text
    assert "Eka Tiruan memindahkan rencana tindak lanjut ini ke versi 2 prosesnya" in told
    assert "disetujui, berubah sejak itu" not in told.lower()
    history = ani.get(f"/action-plans/history/?id={plan}")
    assert history.status_code in (200, 404)


def test_a_plan_that_cannot_pass_on_stops_no_other(
    published: Callable[..., int],
    eka: Browser,
    rows: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number = published()
    drafts = rows(sa.select(ActionPlan.id).where(ActionPlan.status == "draft").limit(1))
    taken = workflow.process_at

    def broken(session: Any, version_id: int) -> Any:
        stuck = session.get(ActionPlan, drafts[0][0]) in session and version_id == number
        return taken(session, version_id) if not stuck else 1 / 0

    monkeypatch.setattr("panel.screens.passing.MOST", 3)
    monkeypatch.setattr(workflow, "process_at", broken)
    first = eka.post(f"/processes/{number}/migrate/", {"reason": "Surat 14"})
    monkeypatch.undo()

    page = eka.page(first.location)
    assert "Masih ada catatan yang menunggu" in page.main.text
    after = page.main.one("input", name="after").given["value"]
    second = eka.post(f"/processes/{number}/migrate/", {"reason": "Surat 14", "after": after})
    assert second.status_code == 303
    left = sa.select(sa.func.count()).where(
        ActionPlan.process_version_id != number,
        ActionPlan.status.not_in(["verified", "closed", "cancelled"]),
    )
    stayed = page.root.text.count("ada yang rusak di pihak kami") or rows(left)[0][0]
    assert rows(left)[0][0] == stayed


def test_nobody_else_passes_plans_on(
    published: Callable[..., int], eka: Browser, bayu: Browser, citra: Browser, rows: Any
) -> None:
    number = published()
    address, given = f"/processes/{number}/migrate/", {"reason": "x"}

    for browser in (bayu, citra):
        assert browser.post(address, given).status_code == 403
    assert eka.client.post(address, data=given).status_code == 400
    assert eka.post("/processes/1/migrate/", given).status_code in (409, 303)
    for wrong in ({"reason": " "}, {"reason": "\0"}, {"reason": "x" * 5000}):
        assert eka.post(address, wrong).status_code in (400, 422)
    assert eka.get(f"/processes/{number}/passed/{'0' * 32}/").status_code == 404
    assert rows(sa.select(Decision.id).where(Decision.step == "migrate")) == []


@pytest.mark.usefixtures("asks_for_passwords")
def test_each_act_asks_for_the_password_where_decisions_do(
    proposed: Callable[..., int], published: Callable[..., int], edi: Browser, rows: Any
) -> None:
    waits = proposed(CHANGED)
    page = edi.page(_page(waits))
    given = {"reason": "x", "seen": page.main.one("input", name="seen").given["value"]}
    assert page.main.one("input", name="password")

    for act in ("publish", "withdraw"):
        for password in ("", "salah-salah-salah"):
            answer = edi.post(f"/processes/{waits}/{act}/", {**given, "password": password})
            assert answer.status_code == 422
    assert (
        edi.post(f"/processes/{waits}/withdraw/", {**given, "password": PASSWORD}).status_code
        == 303
    )
    number = published()
    address = f"/processes/{number}/migrate/"
    assert edi.post(address, {"reason": "x"}).status_code == 422
    assert rows(sa.select(Decision.id).where(Decision.step == "migrate")) == []
    assert edi.post(address, {"reason": "x", "password": PASSWORD}).status_code == 303


# The terminal


def test_the_terminal_says_beforehand_and_passes_plans_on(
    app: Flask, published: Callable[..., int], rows: Callable[..., Any]
) -> None:
    run = app.test_cli_runner().invoke
    before, number = dict(rows(STANDS)), published()
    ended = sum(before.get(status, 0) for status in ("verified", "closed", "cancelled"))
    running = sum(before.values()) - ended
    migrate = ["workflow", "migrate", "action_plan"]

    dry = run(args=[*migrate, "--dry-run"])

    assert f"Version 1: {running} records can pass on, {ended} stay." in dry.output
    for wrong in ([], ["--account", "bayu", "--reason", "x"], ["--account", "eka"]):
        assert run(args=[*migrate, *wrong]).exit_code != 0
    assert run(args=["workflow", "migrate", "nothing", "--dry-run"]).exit_code == 1
    assert dict(rows(BY_VERSION)) == {1: sum(before.values())}
    done = run(args=[*migrate, "--account", "eka", "--reason", "Surat 14"])
    assert (done.exit_code, done.output) == (0, f"{running} records passed on, 0 stayed.\n")
    assert dict(rows(BY_VERSION)) == {1: ended, 2: running}
    again = run(args=[*migrate, "--account", "eka", "--reason", "Surat 14"])
    assert again.output == "0 records passed on, 0 stayed.\n"
    assert number


@pytest.mark.usefixtures("asks_for_passwords")
def test_the_terminal_asks_for_the_password_too(
    app: Flask, published: Callable[..., int], rows: Callable[..., Any]
) -> None:
    published()
    run = app.test_cli_runner().invoke
    migrate = ["workflow", "migrate", "action_plan", "--account", "eka", "--reason", "x"]

    assert "The password is wrong." in run(args=migrate, input="salah-salah-salah\n").output
    assert rows(sa.select(Decision.id).where(Decision.step == "migrate")) == []
    assert run(args=migrate, input=f"{PASSWORD}\n").exit_code == 0
