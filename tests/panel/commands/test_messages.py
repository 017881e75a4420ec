"""Message ids are gathered, kept, compiled and missed."""

import re
from dataclasses import replace

import pytest
from click.testing import CliRunner
from flask import Flask

from panel.commands.messages import (
    PLUGIN,
    Source,
    compiled,
    messages,
    missing,
    read,
    update,
    write,
)

RULES = """
from panel.words import say
GREETING = say("Good day, %(name)s.", name="Ani")
LONG = say(
    "One half "
    "and the other."
)
NOT_ONE = "Not a message"
"""
PAGE = "<p>{{ _('Good night.') }}{{ ngettext('One.', '%(num)s.', n) }}</p>"


@pytest.fixture
def source(tmp_path):
    """A small tree that speaks."""
    speaker = tmp_path / "tree"
    speaker.mkdir()
    (speaker / "rules.py").write_text(RULES)
    (speaker / "page.html").write_text(PAGE)
    return Source(tmp_path / "translations", (speaker,))


def translate(source, **texts):
    catalog = read(source.po)
    for message in catalog:
        key = message.id if isinstance(message.id, str) else message.id[0]
        if key in texts:
            message.string = texts[key]
    write(source.po, catalog)


IDS = ["Good day, %(name)s.", "Good night.", "One half and the other.", "One."]
TEXTS = {
    "Good day, %(name)s.": "Selamat siang, %(name)s.",
    "Good night.": "Selamat malam.",
    "One half and the other.": "Separuh dan separuh.",
    "One.": ("%(num)s.",),
}


def test_ids_of_code_and_templates_are_gathered(source):
    assert sorted(update(source)) == IDS
    assert sorted(missing(source)) == IDS


def test_translations_are_kept_and_nothing_is_missing_then(source):
    update(source)
    translate(source, **TEXTS)

    before = source.po.read_text()
    assert update(source) == []

    assert source.po.read_text() == before
    assert missing(source) == []


def test_what_is_said_nowhere_goes_unless_it_is_declared(source):
    update(source)
    catalog = read(source.po)
    catalog.add("Said before", "Dahulu")
    write(source.po, catalog)
    declaring = replace(source, declared=lambda: ["Full name", "Good night."])

    new = update(declaring)

    assert new == ["Full name"]
    assert "Said before" not in read(source.po)
    assert "Full name" in missing(declaring)


def test_a_translation_that_names_other_values_counts_as_missing(source):
    update(source)
    translate(source, **{**TEXTS, "Good day, %(name)s.": "Selamat siang, %(nama)s."})

    assert missing(source) == ["Good day, %(name)s."]


def test_the_same_text_compiles_to_the_same_bytes_at_any_time(source):
    update(source)
    translate(source, **TEXTS)

    made = compiled(source.po)

    assert b"Selamat malam." in made
    assert re.findall(rb"-Date: (\S+)", made) == [b"2025-01-01", b"2025-01-01"]


def run(source, *arguments):
    app = Flask(__name__)
    app.config["PANEL_CATALOGUES"] = (source,)
    app.cli.add_command(messages)
    return CliRunner().invoke(app.cli, ["messages", *arguments], obj=_info(app))


def _info(app):
    from flask.cli import ScriptInfo

    return ScriptInfo(create_app=lambda: app)


def test_commands_name_what_is_missing_and_fail(source, monkeypatch):
    monkeypatch.setattr("panel.commands.messages.PLUGIN", source)

    told = run(source, "missing")

    assert told.exit_code == 1
    assert "Good night." in told.output
    assert "sentences have no translation." in told.output


def test_commands_update_compile_and_are_content(source, monkeypatch):
    monkeypatch.setattr("panel.commands.messages.PLUGIN", source)

    assert run(source, "update").exit_code == 0
    translate(source, **TEXTS)

    assert (run(source, "compile").exit_code, run(source, "missing").output) == (0, "")
    assert source.po.with_suffix(".mo").read_bytes() == compiled(source.po)


def test_every_sentence_of_the_plugin_is_translated():
    assert missing(PLUGIN) == []
