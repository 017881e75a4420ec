"""`flask log` says in words how the log stands, and ends with 1 if it does not verify."""

from types import SimpleNamespace

import pytest
from flask import Flask

from panel.commands.log import log


@pytest.fixture
def run(filled):
    app = Flask("town")
    app.extensions["panel"] = SimpleNamespace(
        db=SimpleNamespace(engine=filled.engine), log=filled.log, triggers=filled.log.triggers
    )
    app.cli.add_command(log)
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


@pytest.mark.parametrize("words", [(), ("verify",), ("adopt",)])
def test_help_is_in_words(run, words):
    answer = run(*words, "--help")

    assert answer.exit_code == 0
    assert "erify" in answer.stdout
