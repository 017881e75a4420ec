"""What the log says of acts that are no form: a sentence and a choice for each, none left raw."""

from __future__ import annotations

import re

import pytest

ACTS = (
    ("add", "eka.c", "--name", "Eka Contoh", "--role", "clerk", "--place", "36.73"),
    ("password", "eka.c"),
    ("deactivate", "eka.c"),
    ("activate", "eka.c"),
    ("role", "add", "eka.c", "supervisor"),
    ("official", "eka.c", "--none"),
)
TOLD = (
    "flask account add menambah Akun: Eka Contoh.",
    "flask account password menetapkan kata sandi baru untuk Eka Contoh.",
    "flask account deactivate menutup akun Eka Contoh.",
    "flask account activate membuka kembali akun Eka Contoh.",
    "flask account role mengubah peran Eka Contoh.",
)
CHOICES = {
    "account.add": "Akun: ditambah",
    "account.password": "Akun: kata sandi ditetapkan baru",
    "account.deactivate": "Akun: ditutup",
    "account.activate": "Akun: dibuka kembali",
    "account.role": "Akun: peran diubah",
    "process_version.publish": "Versi proses: diterbitkan",
}


@pytest.fixture
def commanded(app):
    """Commands as an operator gives them at the terminal."""
    runner = app.test_cli_runner()
    return {act[0]: runner.invoke(args=["account", *act, "--reason", "Surat 1"]) for act in ACTS}


def test_acts_of_the_terminal_are_told_in_sentences(browse, commanded):
    assert [out.exit_code for out in commanded.values()][:5] == [0] * 5

    page = browse("eka").page("/changes/")

    assert [sentence for sentence in TOLD if sentence not in page.text] == []


def test_acts_are_offered_in_words(browse, commanded):
    offered = browse("eka").page("/changes/").options("action")

    assert {action: offered[action] for action in CHOICES} == CHOICES
    raw = re.compile(r"[a-z]+[._][a-z]+|: (add|password|rotate|publish|swap|vacate)\b")
    assert [text for text in offered.values() if raw.search(text)] == []
