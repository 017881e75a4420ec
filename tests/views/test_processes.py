"""A changed process from the terminal to its publication on screen, by two administrators."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from models.records import Deed, ProcessVersion, workflow
from tests.views.browser import Browser, Page

FILE = Path(__file__).parent.parent.parent / "models" / "processes" / "action_plan.toml"
CHANGED = FILE.read_text("utf-8").replace('id = "Diajukan"', 'id = "Diusulkan"')
#: As many processes come along: the next version has the number after theirs.
SHIPPED = len(list(FILE.parent.glob("*.toml")))
NEXT = SHIPPED + 1
PAGE = f"/processes/details/?id={NEXT}"
MINE = ProcessVersion.kind == "action_plan"
LATEST = sa.select(ProcessVersion.number).where(MINE, ProcessVersion.published_at.is_not(None))


@pytest.fixture
def edi(browse: Callable[[str], Browser]) -> Browser:
    """The other administrator of both."""
    return browse("edi")


@pytest.fixture
def terminal(app: Flask, tmp_path: Path) -> Callable[..., Any]:
    """`terminal("diff", text)`: a command of `flask workflow` with a file of that text."""

    def run(command: str, text: str | bytes, *options: str) -> Any:
        file = tmp_path / "changed.toml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return app.test_cli_runner().invoke(args=["workflow", command, str(file), *options])

    return run


@pytest.fixture
def proposed(terminal: Callable[..., Any]) -> str:
    """The changed process, proposed in Eka's name; what the terminal said."""
    done = terminal("publish", CHANGED, "--account", "eka", "--reason", "Surat 12")
    assert done.exit_code == 0, done.output
    return str(done.output)


def _seen(page: Page) -> dict[str, str]:
    return {"seen": page.main.one("input", name="seen").given["value"]}


def _decide(browser: Browser, act: str, **typed: str) -> Any:
    given = {"reason": "Sesuai rapat", **_seen(browser.page(PAGE)), **typed}
    return browser.post(f"/processes/{NEXT}/{act}/", given)


def test_the_terminal_tells_what_a_file_changes_and_how_many_records_stand_there(
    terminal: Callable[..., Any], value: Callable[..., Any]
) -> None:
    ends = "status IN ('verified', 'closed', 'cancelled')"
    count = value(sa.text(f"SELECT count(*) FROM action_plan WHERE NOT {ends}"))
    ended = value(sa.text(f"SELECT count(*) FROM action_plan WHERE {ends}"))

    told = terminal("diff", CHANGED)

    assert told.exit_code == 0
    assert told.output.splitlines() == [
        "State “submitted”: name: Diajukan / Submitted → Diusulkan / Submitted",
        "Version 1: “Submitted” goes on as “Submitted”.",
        f"Version 1: {count} records can pass on, {ended} stay.",
    ]
    assert terminal("diff", FILE.read_text("utf-8")).output.startswith("Nothing is changed.\n")


def test_what_the_terminal_proposes_is_in_the_log_and_not_in_use(
    deeds: Callable[[], list[str]], proposed: str, rows: Callable[..., Any]
) -> None:
    assert proposed.endswith("Another administrator publishes it under “Processes”.\n")
    assert deeds() == ["process_version.propose"]
    newest = sa.select(Deed.actor_kind, Deed.personal, Deed.details).order_by(Deed.seq.desc())
    [(kind, personal, details)] = rows(newest.limit(1))
    assert (kind, "Eka Tiruan" in personal, "Surat 12" in personal) == ("account", True, True)
    assert "flask workflow publish" in details
    assert rows(LATEST) == [(1,)]


@pytest.mark.parametrize(
    ("text", "account", "said"),
    [
        (CHANGED, "bayu", "Your role does not publish this."),
        (CHANGED, "nobody", "There is no active account of this name."),
        (FILE.read_text("utf-8"), "eka", "This is the published process; nothing is changed."),
        (CHANGED.replace('to = "closed"', 'to = "lost"'), "eka", "there is no state lost."),
        ("kind = ", "eka", "Line 1, column 8: This is no TOML"),
        (b"\xff", "eka", "Line 1, column 1: This is no text in UTF-8."),
        ("#" * 10_000_000, "eka", "Line 1, column 1: A process file has 256 kB at most."),
    ],
)
def test_what_the_terminal_does_not_take_leaves_everything_as_it_is(
    terminal: Callable[..., Any],
    rows: Callable[..., Any],
    deeds: Callable[[], list[str]],
    text: str | bytes,
    account: str,
    said: str,
) -> None:
    done = terminal("publish", text, "--account", account, "--reason", "x")

    assert done.exit_code == 1
    assert said in done.output
    assert deeds() == []
    assert rows(sa.select(ProcessVersion.number).where(MINE)) == [(1,)]


def test_who_proposed_sees_why_another_has_to_publish(proposed: str, eka: Browser) -> None:
    page = eka.page(PAGE)

    assert "Anda yang mengusulkan ini; pengelola lain yang menerbitkannya." in page.main.text
    buttons = [b.text for b in page.main.all("button", type="submit")]
    assert buttons == ["Simpan pemetaan", "Tolak"]
    assert _decide(eka, "publish").status_code == 403


def test_the_second_administrator_sees_the_change_and_publishes_it(
    deeds: Callable[[], list[str]],
    proposed: str,
    edi: Browser,
    ani: Browser,
    rows: Callable[..., Any],
) -> None:
    page = edi.page(PAGE)
    [change] = page.table("Yang diubah")
    assert change == [
        "Status “submitted”: nama",
        "Diajukan / Submitted",
        "Diusulkan / Submitted",
    ]
    assert "Eka Tiruan mengusulkannya: “Surat 12”" in page.main.text

    answer = _decide(edi, "publish")

    assert (answer.status_code, answer.location) == (303, PAGE)
    assert "Proses diterbitkan" in edi.page(PAGE).root.text
    assert rows(LATEST) == [(1,), (2,)]
    assert deeds() == ["process_version.propose", "process_version.publish"]
    [form] = edi.page(PAGE).main.all("form", method="post")
    assert form.given["action"] == f"/processes/{NEXT}/migrate/"
    assert "Diajukan" in ani.get("/action-plans/").text


def test_a_proposal_is_turned_down_with_its_reason(
    proposed: str, edi: Browser, rows: Callable[..., Any], deeds: Callable[[], list[str]]
) -> None:
    assert _decide(edi, "withdraw", reason=" ").status_code == 422
    answer = _decide(edi, "withdraw")

    assert answer.status_code == 303
    assert deeds()[-2:] == ["process_version.withdraw.refused", "process_version.withdraw"]
    assert _decide_closed(edi) == 409
    assert rows(LATEST) == [(1,)]
    assert "ditolak" in edi.page("/processes/").main.text


def _decide_closed(browser: Browser) -> int:
    answer = browser.post(f"/processes/{NEXT}/publish/", {"reason": "x", "seen": "0" * 64})
    return int(answer.status_code)


def test_a_page_that_is_no_longer_true_publishes_nothing(
    proposed: str, terminal: Callable[..., Any], eka: Browser, edi: Browser, rows: Any
) -> None:
    old = _seen(edi.page(PAGE))
    newer = terminal("publish", CHANGED + "\n# x\n", "--account", "edi", "--reason", "x")
    assert newer.exit_code == 0
    third = {"reason": "x", **_seen(eka.page(f"/processes/details/?id={NEXT + 1}"))}
    assert eka.post(f"/processes/{NEXT + 1}/publish/", third).status_code == 303

    answer = edi.post(f"/processes/{NEXT}/publish/", {"reason": "Sesuai rapat", **old})

    assert answer.status_code == 409
    assert "Sesuai rapat" in answer.text
    assert rows(LATEST) == [(1,), (3,)]


@pytest.mark.parametrize("name", ["ani", "bayu", "citra"])
def test_who_is_no_administrator_reads_and_decides_nothing(
    proposed: str, browse: Callable[[str], Browser], name: str
) -> None:
    browser = browse(name)

    assert not browser.page(PAGE).main.all("form", method="post")
    for act in ("take_up", "publish", "withdraw"):
        assert browser.post(f"/processes/{NEXT}/{act}/", {"reason": "x"}).status_code == 403


def test_forged_and_senseless_requests_change_nothing(
    proposed: str, edi: Browser, rows: Callable[..., Any]
) -> None:
    given = {"reason": "x", **_seen(edi.page(PAGE))}

    assert edi.client.post(f"/processes/{NEXT}/publish/", data=given).status_code == 400
    assert edi.post(f"/processes/{NEXT + 7}/publish/", given).status_code == 404
    assert edi.post("/processes/99999999999999999999/publish/", given).status_code == 404
    assert edi.post(f"/processes/{NEXT}/erase/", given).status_code == 404
    assert edi.post(f"/processes/{NEXT}/take_up/", given).status_code == 409
    assert edi.post(f"/processes/{NEXT}/publish/", {**given, "reason": "\0"}).status_code in (
        400,
        422,
    )
    assert rows(LATEST) == [(1,)]


def test_what_came_with_the_program_is_taken_up_by_one_and_published_by_another(
    app: Flask, write: Any, eka: Browser, edi: Browser, rows: Callable[..., Any]
) -> None:
    with write() as session:
        workflow.proposed(session, workflow.read(CHANGED))

    assert "belum ada yang bertanggung jawab atasnya" in eka.page(PAGE).main.text
    assert _decide(eka, "publish").status_code == 409
    assert _decide(eka, "take_up").status_code == 303
    assert _decide(eka, "publish").status_code == 403
    assert _decide(edi, "publish").status_code == 303
    assert rows(LATEST) == [(1,), (2,)]


def test_a_proposal_that_the_program_does_not_read_is_told_with_its_lines(
    write: Any, edi: Browser, bayu: Browser
) -> None:
    broken = CHANGED.replace('"has_target"', '"has_wings"')
    with write() as session:
        session.add(
            ProcessVersion(
                kind="action_plan",
                record_table="action_plan",
                number=2,
                text=broken,
                sha256="x" * 64,
                proposed_by_id=1,
                proposed_by_name="Ani",
                proposed_reason="x",
            )
        )

    page = edi.page(PAGE)

    assert re.search(r"Baris \d+, kolom \d+: .*has_wings", page.main.text)
    assert [b.text for b in page.main.all("button", type="submit")][-1] == "Tolak"
    assert "has_wings" not in edi.get("/processes/").text
    assert bayu.get("/inbox/").status_code == 200


def test_a_guard_that_breaks_refuses_the_step_with_a_number_and_changes_nothing(
    ani: Browser,
    rows: Callable[..., Any],
    deeds: Callable[[], list[str]],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    drafts = sa.text("SELECT id FROM action_plan WHERE status = 'draft' AND region_id = 1 LIMIT 1")
    [(number,)] = rows(drafts)
    stands = sa.text(f"SELECT status, decision_id, version FROM action_plan WHERE id = {number}")
    before, seen = rows(stands), _seen(ani.page(f"/action-plans/details/?id={number}"))

    def broken(_: object) -> bool:
        raise ZeroDivisionError("Rahasia")

    monkeypatch.setattr("models.guards._filled", broken)
    answer = ani.post(f"/action-plans/{number}/move/submit/", {**seen, "reason": "Sudah lengkap"})
    again = ani.get(f"/action-plans/details/?id={number}")

    told = Page(answer.text).main.text
    assert answer.status_code == 422
    assert "“has target” tidak dapat diperiksa sekarang: ada yang rusak di pihak kami." in told
    [incident] = set(re.findall(r"K-[0-9A-F]{4}-\d{4}", told))
    assert incident in caplog.text
    assert "Rahasia" not in caplog.text + answer.text
    assert again.status_code == 200
    assert rows(stands) == before
    assert deeds() == ["action_plan.submit.refused"]
