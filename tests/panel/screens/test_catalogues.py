"""The packages speak Indonesian through our catalogues, and English through their own."""

import flask_admin.babel
import pytest
from flask import Flask
from flask_admin.form import BaseForm
from flask_security.babel import FsDomain
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from panel.commands.messages import PLUGIN, compiled, filled, read, wrong
from panel.screens import catalogues, language
from panel.screens.signin import MESSAGES

DOMAINS = ("admin", "flask_security", "messages", "wtforms")


@pytest.fixture(params=["id", "en"])
def spoken(request):
    """A request in a language; gives its code."""
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "for the form's token"
    language.init_app(app)
    catalogues.init_app(app)
    catalogues.init_app(app)
    with app.test_request_context(headers={"Cookie": f"language={request.param}"}):
        yield request.param


class Stock(BaseForm):
    name = StringField(validators=[InputRequired(), Length(min=3)])


class Other(FlaskForm):
    class Meta:
        csrf = False

    name = StringField(validators=[InputRequired(), Length(min=3)])


def test_flask_admin_is_translated_where_no_view_is_current(spoken):
    told = flask_admin.babel.gettext("Record was successfully saved.")

    assert told == {"id": "Perubahan disimpan.", "en": "Record was successfully saved."}[spoken]


@pytest.mark.parametrize("count", [1, 3])
def test_flask_admin_counts(spoken, count):
    told = flask_admin.babel.ngettext(
        "Record was successfully deleted.",
        "%(count)s records were successfully deleted.",
        count,
        count=count,
    )

    english = {
        1: "Record was successfully deleted.",
        3: "3 records were successfully deleted.",
    }
    assert told == {"id": f"{count} catatan dihapus.", "en": english[count]}[spoken]


@pytest.mark.parametrize("kind", [Stock, Other])
@pytest.mark.parametrize(
    ("typed", "sentences"),
    [
        ("", {"id": "Isian ini wajib diisi.", "en": "This field is required."}),
        (
            "ab",
            {
                "id": "Tulis paling sedikit 3 huruf.",
                "en": "Field must be at least 3 characters long.",
            },
        ),
    ],
)
def test_both_kinds_of_form_are_translated(spoken, kind, typed, sentences):
    form = kind(MultiDict({"name": typed}))

    form.validate()

    assert form.errors == {"name": [sentences[spoken]]}


def test_flask_security_is_translated(spoken):
    app = Flask(__name__)
    app.config["SECURITY_I18N_DOMAIN"] = "flask_security"
    catalogues.init_app(app)

    told = FsDomain(app).gettext("Invalid password")

    assert told == {"id": "Kata sandi tidak cocok", "en": "Invalid password"}[spoken]


def test_what_flask_security_says_for_us_is_in_its_catalogue():
    catalog = read(PLUGIN.folder / "flask_security.po")

    assert [
        sentence.id for sentence, _category in MESSAGES.values() if sentence.id not in catalog
    ] == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_each_compiled_catalogue_is_that_of_its_text(domain):
    po = PLUGIN.folder / f"{domain}.po"

    assert po.with_suffix(".mo").read_bytes() == compiled(po)


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_translation_is_filled_and_names_the_values_of_its_id(domain):
    catalog = read(PLUGIN.folder / f"{domain}.po")

    messages = [message for message in catalog if message.id]
    assert [message.id for message in messages if not filled(message)] == []
    assert [message.id for message in messages if wrong(message, catalog)] == []
