"""`flask workflow`: tables that people read, and a check that ends with 1."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from panel.commands.workflow import workflow
from tests.panel.workflow.office import PROCESS, Office

TABLE = """\
### Leave: `leave_request`

| step | button | from → to | who | needs |
| --- | --- | --- | --- | --- |
| `ask` | Minta | draft → asked | staff | has days |
| `withdraw` | Tarik | asked → draft | staff |  |
| `grant` | Beri | asked → granted | chief | not by creator, editor, stand_in; has pay; \
reason when unpaid |
| `end` | Akhiri | granted → over | chief | not by creator, editor |
| `reopen` | Buka lagi | granted, over → draft | chief | reason |

| state | label | category | open for editing |
| --- | --- | --- | --- |
| `draft` | Draf | draft | everything |
| `asked` | Diminta | waiting |  |
| `granted` | Diberi | active | note, leave_day.note, leave_paper |
| `over` | Selesai | done |  |

| state | step | staff | chief |
| --- | --- | --- | --- |
| `draft` | `ask` | yes | role |
| `asked` | `withdraw` | yes | role |
| `asked` | `grant` | role | yes; duty: creator, editor, stand_in |
| `granted` | `end` | role | yes; duty: creator, editor |
| `granted` | `reopen` | role | yes |
| `over` | `reopen` | role | yes |

"""


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[FlaskCliRunner]:
    office = Office(f"sqlite:///{tmp_path / 'office.db'}")
    app = Flask("office")
    app.extensions["panel"] = SimpleNamespace(workflow=office.workflow)
    app.cli.add_command(workflow)
    yield app.test_cli_runner()
    office.engine.dispose()


def test_the_table_has_every_step_and_state(terminal: FlaskCliRunner) -> None:
    assert terminal.invoke(args=["workflow", "table"]).output == TABLE


def test_a_sound_file_passes_the_check(terminal: FlaskCliRunner, tmp_path: Path) -> None:
    file = tmp_path / "leave.toml"
    file.write_text(PROCESS, "utf-8")

    result = terminal.invoke(args=["workflow", "check", str(file)])

    assert (result.exit_code, result.output) == (0, f"{file}: sound.\n")


def test_a_wrong_file_ends_with_its_complaints_and_1(
    terminal: FlaskCliRunner, tmp_path: Path
) -> None:
    sound, wrong, binary = (tmp_path / name for name in ("sound", "wrong", "binary"))
    sound.write_text(PROCESS, "utf-8")
    wrong.write_text(PROCESS.replace('["note", ', '["nota", '), "utf-8")
    binary.write_bytes(b"\xff\xfe")
    missing = tmp_path / "missing"

    files = [str(file) for file in (sound, wrong, binary, missing)]
    result = terminal.invoke(args=["workflow", "check", *files])

    assert result.exit_code == 1
    assert result.output.splitlines() == [
        f"{sound}: sound.",
        f"{wrong}: Line 22, column 13: Process leave_request, state granted: there is no field "
        "nota.",
        f"{binary}: Line 1, column 1: This is no text in UTF-8.",
        f"{missing}: This cannot be read: No such file or directory.",
    ]
