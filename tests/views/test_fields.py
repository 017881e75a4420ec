"""Fields of the domain in a form like the official's."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import InputRequired, Optional

from models import identifiers
from panel.screens import language
from panel.screens.fields import TextField
from views.fields import (
    FullNameField,
    GradeField,
    NipField,
    PhoneField,
    TitlesAfterField,
    TitlesBeforeField,
)

NIP = "199009132015041999"
MOVED = "Titles have fields of their own and were moved there. Check them and save."


class OfficialForm(Form):
    """The fields of an official that read identifiers."""

    title_prefix = TitlesBeforeField()
    full_name = FullNameField(validators=[InputRequired()])
    title_suffix = TitlesAfterField()
    employment_type = TextField()
    nip = NipField(validators=[Optional()], employment="employment_type")
    phone = PhoneField()
    grade = GradeField()


@pytest.fixture(autouse=True)
def english():
    """A request in English, so that the sentences are the message ids."""
    app = Flask(__name__)
    language.init_app(app)
    with app.test_request_context(headers={"Cookie": "language=en"}):
        yield


def posted(**texts):
    form = OfficialForm(MultiDict({"full_name": "Fulan Contoh", **texts}))
    form.validate()
    return form


def boxes(form, *names):
    return tuple(form[name]._value() for name in names)


def test_identifiers_are_stored_plain_and_shown_as_the_office_prints_them():
    form = posted(
        title_prefix="DRS H",
        title_suffix="SH",
        employment_type="asn_pns",
        nip="19900913 201504 1 999",
        phone="0812.3456.7890",
        grade="Pembina Tk. I",
    )

    assert form.errors == {}
    assert form.data == {
        "title_prefix": "Drs. H.",
        "full_name": "Fulan Contoh",
        "title_suffix": "S.H.",
        "employment_type": "asn_pns",
        "nip": NIP,
        "phone": "+6281234567890",
        "grade": "IV/b",
    }
    assert boxes(form, "nip", "phone", "grade") == (
        "19900913 201504 1 999",
        "0812-3456-7890",
        "Pembina Tingkat I (IV/b)",
    )


@pytest.mark.parametrize(
    ("field", "typed", "reader"),
    [
        ("nip", "1990", identifiers.nip),
        ("nip", "3673014508909999", identifiers.nip),
        ("nip", "199013132015041999", identifiers.nip),
        ("phone", "0812-3456-7890 / 0857-1111-2222", identifiers.phone),
        ("grade", "V/a", identifiers.grade),
        ("full_name", "Drs. H.", identifiers.person_name),
        ("title_prefix", "x" * 200, identifiers.titles_before),
    ],
)
def test_the_form_says_the_sentence_that_a_command_says(field, typed, reader):
    with pytest.raises(identifiers.Wrong) as refused:
        reader(typed)

    form = posted(**{field: typed})

    assert form.errors == {field: [str(refused.value.sentence)]}
    assert boxes(form, field) == (typed,)


@pytest.mark.parametrize(
    ("kind", "errors"),
    [
        ("asn_pns", {}),
        ("", {}),
        ("elected", {"nip": ["An elected official has no NIP. Leave the field empty."]}),
    ],
)
def test_an_elected_official_has_no_nip(kind, errors):
    assert posted(employment_type=kind, nip=NIP).errors == errors
    assert posted(employment_type=kind, nip=" ").errors == {}


def test_a_nip_of_another_kind_is_taken_and_asked_about():
    form = posted(employment_type="asn_pppk", nip=NIP)

    assert form.errors == {}
    assert [doubt.code for doubt in form["nip"].doubts] == ["employment_type"]


def test_titles_in_the_name_are_moved_and_shown_for_a_yes():
    form = posted(full_name="DRS. H. AHMAD FULAN, M.SI")

    assert form.errors == {"full_name": [MOVED]}
    assert boxes(form, "title_prefix", "full_name", "title_suffix") == (
        "Drs. H.",
        "Ahmad Fulan",
        "M.Si.",
    )


def test_what_is_moved_is_accepted_when_it_is_saved_again():
    names = ("title_prefix", "full_name", "title_suffix")
    first = posted(full_name="Drs. H. Ahmad Fulan, M.Si.")

    second = posted(**dict(zip(names, boxes(first, *names), strict=True)))

    assert second.errors == {}


def test_titles_are_moved_behind_those_that_stand_there():
    form = posted(title_prefix="Dr.", full_name="H. Fulan, M.Si.", title_suffix="S.H., M.Si.")

    assert boxes(form, "title_prefix", "full_name", "title_suffix") == (
        "Dr. H.",
        "Fulan",
        "S.H., M.Si.",
    )


@pytest.mark.parametrize("typed", ["R. Fulan Contoh", "AHMAD FULAN", "Siti Aminah Kas."])
def test_a_name_without_titles_stays_as_it_was_typed(typed):
    form = posted(full_name=typed)

    assert (form.errors, form["full_name"].data) == ({}, typed)


def test_a_name_is_required():
    assert posted(full_name=" \u200b ").errors == {"full_name": ["This field is required."]}
