"""`flask log` says in words how the log stands, and ends with 1 if it does not verify."""

import re
import stat
import subprocess
import sys
from types import SimpleNamespace
from zipfile import ZipFile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from panel.changelog.anchoring import begin
from panel.commands.checkpoints import log
from panel.mail import server_at
from tests.panel.test_mail import office

SIGNING = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
NEXT = b"the key of next year, 32 bytes .."


@pytest.fixture
def app(filled, tmp_path):
    app = Flask("town")
    app.config.update(CHECKPOINT_KEY=bytes(range(32)), CHECKPOINTS=str(tmp_path / "kept"))
    app.extensions["panel"] = SimpleNamespace(
        db=SimpleNamespace(engine=filled.engine),
        log=filled.log,
        triggers=filled.log.triggers,
        notices=None,
        access=None,
    )
    app.cli.add_command(log)
    return app


@pytest.fixture
def run(app):
    return lambda *words: app.test_cli_runner().invoke(args=["log", *words])


def test_a_sound_log(run):
    answer = run("verify")

    assert (answer.exit_code, answer.stdout) == (
        0,
        "The log verifies: 2 deeds, 2 changes; chain, triggers and tables agree.\n",
    )


def test_the_first_difference_is_named_and_ends_with_one(run, raw):
    raw("UPDATE official SET rank = 99 WHERE id = 2")

    answer = run("verify")

    assert answer.exit_code == 1
    assert answer.stderr.splitlines() == [
        "Changes made outside the application: 1, first official 2.",
        "The log does NOT verify (2 deeds, 3 changes). The first difference stands first.",
    ]


def test_adoption_is_counted(run, raw):
    raw("UPDATE official SET rank = 99 WHERE id = 2")

    assert run("adopt").stdout == "Adopted: 1 changes.\n"
    assert run("adopt").stdout == "There is nothing to adopt.\n"
    assert run("verify").exit_code == 0


@pytest.fixture
def begun(filled):
    begin(filled.engine, filled.log, "town/1234", SIGNING.public_key())
    return filled


def test_a_checkpoint_goes_into_its_folder_and_the_log_is_compared_with_it(
    run, begun, raw, tmp_path
):
    answer = run("checkpoint", "--to", str(tmp_path / "stick"))

    assert answer.exit_code == 0
    [kept] = (tmp_path / "kept").iterdir()
    assert kept.name == "checkpoint-000000000003.txt"
    assert (tmp_path / "stick" / kept.name).read_text() == kept.read_text()
    assert kept.read_text() in answer.stdout
    size, code = re.search(r"To be typed: (\d+) (\S+)", answer.stdout).groups()
    assert begun.deeds()[-1][1:] == ("log.checkpoint", 0)
    sound = run("verify", "--checkpoint", str(kept), "--code", size, code.lower())
    assert sound.stdout.splitlines()[1] == "Its first 3 deeds are those that were kept elsewhere."

    wrong = run("verify", "--code", size, "AAAAA-AAAAA-AAAAA-AAAAA")
    assert (wrong.exit_code, wrong.stderr.splitlines()[0]) == (
        1,
        "The first 3 deeds do not give the short code.",
    )
    kept.write_text(kept.read_text().replace("\n3\n", "\n2\n"))
    altered = run("verify", "--checkpoint", str(kept))
    assert (altered.exit_code, "signature does not fit" in altered.stderr) == (1, True)
    kept.write_bytes(b"\xff\xfe\x00")
    broken = run("verify", "--checkpoint", str(kept))
    assert (broken.exit_code, "no sound checkpoint" in broken.stderr) == (1, True)


def test_a_checkpoint_that_tells_of_another_past_is_never_replaced(run, begun, tmp_path):
    old = tmp_path / "kept" / "checkpoint-000000000003.txt"
    old.parent.mkdir()
    old.write_text("town/1234\n3\nanother root\n")

    answer = run("checkpoint")

    assert (answer.exit_code, "the log was altered since" in answer.stderr) == (1, True)
    assert old.read_text() == "town/1234\n3\nanother root\n"


def test_an_export_verifies_without_the_program_and_is_nobody_elses(run, begun, tmp_path):
    answer = run("export", str(tmp_path / "log.zip"))

    assert answer.stdout == f"Written: {tmp_path / 'log.zip'}, 3 deeds and 2 changes.\n"
    assert stat.S_IMODE((tmp_path / "log.zip").stat().st_mode) == 0o600
    assert begun.deeds()[-1][1:] == ("log.export", 0)
    run("checkpoint")
    with ZipFile(tmp_path / "log.zip") as bundle:
        bundle.extract("verify.py", tmp_path)
        bundle.extract("checkpoint.txt", tmp_path)
    command = [sys.executable, "verify.py", "log.zip", "--checkpoint", "checkpoint.txt"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (said.returncode, said.stdout) == (0, "Sound: 3 deeds, 3 vouched for.\n")
    again = run("export", str(tmp_path / "log.zip"))
    assert (again.exit_code, "File exists" in again.stderr) == (1, True)


def test_before_its_beginning_the_log_gives_nothing_away(run, tmp_path):
    for words in (("checkpoint",), ("export", str(tmp_path / "log.zip"))):
        answer = run(*words)
        assert (answer.exit_code, "run `flask init`" in answer.stderr) == (1, True)
    assert not (tmp_path / "log.zip").exists()


def test_a_key_is_passed_on_once_it_stands_in_the_settings(run, begun):
    none = run("rotate-key")
    begun.log.other_keys = lambda: [NEXT]
    first, second = run("rotate-key"), run("rotate-key")

    assert (none.exit_code, "there are 0" in none.stderr) == (1, True)
    assert (first.exit_code, first.stdout.startswith("The log is sealed")) == (0, True)
    assert second.exit_code == 1
    assert run("checkpoint").exit_code == 0
    assert run("verify").exit_code == 0


@pytest.mark.parametrize(
    "words", [(), ("verify",), ("adopt",), ("checkpoint",), ("export",), ("rotate-key",)]
)
def test_help_is_in_words(run, words):
    answer = run(*words, "--help")

    assert answer.exit_code == 0
    assert any(word in answer.stdout for word in ("erify", "verifies", "key"))


def test_the_second_time_it_says_what_was_not_read_again(run, begun, raw):
    run("verify")
    again, whole = run("verify"), run("verify", "--whole")

    assert again.stdout.splitlines()[0].startswith("The log verifies: 4 deeds, 0 changes;")
    assert "Not read again: the changes of the first 3 deeds" in again.stdout
    assert "Not read again" not in whole.stdout


def test_a_log_that_takes_no_deed_is_named_and_no_trace_is_shown(run, begun, raw):
    if begun.dialect == "postgresql":
        raw("ALTER TABLE deed DISABLE TRIGGER ALL")
    else:
        there = raw("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'deed'")
        raw(*(f"DROP TRIGGER {name}" for (name,) in there))
    raw("UPDATE deed SET key_id = 'of nobody' WHERE seq = 3")

    answer = run("verify")

    assert answer.exit_code == 1
    assert "Deed 3 is sealed with an unknown key." in answer.stderr
    assert "could not be kept" in answer.stderr


def test_a_checkpoint_goes_by_mail_and_says_when_it_did_not(run, begun, app, tmp_path):
    with office() as here:
        app.config.update(
            CHECKPOINT_MAIL=("a@kota.example",),
            MAIL_SERVER=server_at(f"smtp://127.0.0.1:{here.server_address[1]}", "j@kota.example"),
        )
        sent = run("checkpoint")
    unsent = run("checkpoint")

    size, code = re.search(r"To be typed: (\d+) (\S+)", sent.stdout).groups()
    assert "Sent to: a@kota.example" in sent.stdout
    assert f"flask log verify --code {size} {code}" in here.letters[0].replace("=\n", "")
    assert (unsent.exit_code, "does not answer" in unsent.stderr) == (1, True)
    assert len(list((tmp_path / "kept").iterdir())) == 2
