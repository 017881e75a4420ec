"""Fields that read what was typed, in a form of their own and without a database."""

from datetime import date, time
from types import SimpleNamespace

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import DataRequired, InputRequired, Optional

from panel.dates import PartialDate
from panel.screens import language
from panel.screens.choices import BelongsTo, Choice, DependentSelectField
from panel.screens.fields import (
    DateField,
    LongTextField,
    NumberField,
    OnceField,
    PartialDateField,
    ReadField,
    TextField,
    TimeField,
)
from panel.typed import Checked, Doubt, Wrong
from panel.words import say

TOKEN = "t" * 32


@pytest.fixture(autouse=True)
def english():
    """A request in English, so that the sentences are the message ids."""
    app = Flask(__name__)
    language.init_app(app)
    with app.test_request_context(headers={"Cookie": "language=en"}):
        yield


def form_of(posted=None, obj=None, **fields):
    made = type("Made", (Form,), fields)
    return made(None if posted is None else MultiDict(posted), obj=obj)


def one(field, posted, obj=None):
    """A form with one field, after it was posted; and whether it is valid."""
    form = form_of({"it": posted}, obj, it=field)
    return form.validate(), form["it"]


@pytest.mark.parametrize(
    ("field", "typed", "value", "shown"),
    [
        (TextField(), "  Fulan \t Contoh ", "Fulan Contoh", "Fulan Contoh"),
        (TextField(), "<script>{{7*7}}", "<script>{{7*7}}", "<script>{{7*7}}"),
        (LongTextField(), "satu\r\ndua ", "satu\ndua", "satu\ndua"),
        (DateField(), "2025-11-18", date(2025, 11, 18), "2025-11-18"),
        (DateField(), "18 November 2025", date(2025, 11, 18), "2025-11-18"),
        (TimeField(), "7:30", time(7, 30), "07.30"),
        (TimeField(), "0.00", time(0), "00.00"),
        (NumberField(), "0", 0, "0"),
        (NumberField(least=-5), " -5 ", -5, "-5"),
        (PartialDateField(), "2024", PartialDate(date(2024, 1, 1), "year"), "2024"),
        (PartialDateField(), "mar 2024", PartialDate(date(2024, 3, 1), "month"), "March 2024"),
        (
            PartialDateField(),
            "18/11/2025",
            PartialDate(date(2025, 11, 18)),
            "Tuesday, 18 November 2025",
        ),
    ],
)
def test_what_is_understood_becomes_a_value_and_is_shown_in_its_form(field, typed, value, shown):
    valid, it = one(field, typed)

    assert (valid, it.data, it._value()) == (True, value, shown)
    assert one(field, shown)[1].data == value


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        (TextField(), "Fu\x00lan", "There are hidden signs in the text. Type it again."),
        (TextField(most=3), "Fulan", "The text is too long. At most 3 characters."),
        (DateField(), "31/2/2025", "The calendar has no such day."),
        (DateField(), "2025", "This is not a date. Write it as 18/11/2025."),
        (TimeField(), "25.00", "This is not a time. Write it as 07.30."),
        (NumberField(most=100), "101", "Type a whole number from 0 to 100."),
        (NumberField(most=100), "٣", "Type a whole number from 0 to 100."),
        (NumberField(most=100), "9" * 5_000, "Type a whole number from 0 to 100."),
        (
            PartialDateField(),
            "kapan-kapan",
            "This is not a date. Write it as 18/11/2025, November 2025 or 2025.",
        ),
    ],
)
@pytest.mark.parametrize("validators", [[], [Optional()], [InputRequired()], [DataRequired()]])
def test_what_is_wrong_is_told_once_and_stays_in_the_box(field, typed, sentence, validators):
    field = type((field.args and field) or field)(
        field.field_class, *field.args, **{**field.kwargs, "validators": validators}
    )

    valid, it = one(field, typed)

    assert (valid, it.errors, it.data, it._value()) == (False, [sentence], None, typed)


@pytest.mark.parametrize("typed", ["", "  ", "\u200b\ufeff", "\r\n"])
def test_blank_is_nothing_and_a_required_field_says_so(typed):
    assert [one(TextField(), typed)[1].data, one(TextField(), typed)[0]] == [None, True]
    assert one(TextField(validators=[InputRequired()]), typed)[1].errors == [
        "This field is required."
    ]


def test_a_field_that_was_not_posted_keeps_the_value_of_the_record():
    form = form_of({"other": "x"}, SimpleNamespace(it="Fulan"), it=TextField())

    assert (form.validate(), form["it"].data) == (True, "Fulan")


def test_a_megabyte_is_refused_and_not_sent_back():
    valid, it = one(LongTextField(), "x" * 1_000_000)

    assert (valid, it._value()) == (False, "")
    assert it.errors == ["The text is too long. At most 20,000 characters."]


def test_a_date_box_becomes_a_line_when_it_holds_no_date():
    right, wrong = one(DateField(), "2025-11-18")[1], one(DateField(), "besok")[1]

    assert 'type="date"' in right()
    assert 'type="text"' in wrong()
    assert 'value="besok"' in wrong()


def test_a_reader_of_the_host_is_used_with_its_doubts():
    doubt = Doubt("odd", say("Odd."))

    def read(text):
        if text == "no":
            raise Wrong("no", say("No, %(why)s.", why=say("never")))
        return Checked(text.upper(), (), (doubt,))

    taken = one(ReadField(read=read, show=str.lower), "yes")[1]
    refused = one(ReadField(read=read), "no")[1]

    assert (taken.data, taken._value(), taken.doubts) == ("YES", "yes", (doubt,))
    assert (refused.errors, refused.doubts) == (["No, never."], ())


def test_what_is_shown_is_escaped():
    _, it = one(TextField(), '"><script>alert(1)</script>')

    assert "<script>" not in it()


def test_a_token_is_never_written_into_the_record():
    record = SimpleNamespace(once="untouched")
    form = form_of({"once": TOKEN}, record, once=OnceField())

    form.validate()
    form.populate_obj(record)

    assert vars(record) == {"once": "untouched"}


def test_each_form_that_is_shown_has_a_token_of_its_own():
    first, second = (form_of(it=OnceField())["it"]._value() for _ in range(2))

    assert len(first) == 32
    assert first != second


def test_a_refused_form_keeps_its_token():
    valid, it = one(OnceField(), TOKEN)

    assert (valid, it.data, it._value()) == (True, TOKEN, TOKEN)


@pytest.mark.parametrize("posted", ["", "short", "x" * 65, "<b>" * 10, "\x00" * 32])
def test_a_form_without_a_proper_token_is_refused_and_given_a_new_one(posted):
    valid, it = one(OnceField(), posted)

    assert valid is False
    assert it._value() != posted


def places():
    return [
        Choice(1, "Sukawana (Kec. Serang)", 10),
        Choice(2, "Sukawana (Kec. Curug)", 20),
        Choice(3, "Lopang (Kec. Serang)", 10),
    ]


def dependent(posted, **options):
    form = form_of(
        posted,
        district=NumberField(),
        village=DependentSelectField(on="district", choices=places, **options),
    )
    return form, form["village"]


def test_a_choice_that_belongs_to_the_other_field_is_taken_as_it_was_given():
    form, village = dependent({"district": "10", "village": "1"})

    assert (form.validate(), village.data) == (True, 1)


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        (
            {"district": "10", "village": "2"},
            "This choice belongs elsewhere. Choose again after the field above.",
        ),
        (
            {"district": "", "village": "2"},
            "This choice belongs elsewhere. Choose again after the field above.",
        ),
        ({"district": "10", "village": "99"}, "Choose one of the choices offered."),
        ({"district": "10", "village": "1,2"}, "Choose one of the choices offered."),
        ({"district": "10", "village": "9" * 23}, "Choose one of the choices offered."),
        ({"district": "10", "village": ""}, "Choose one."),
        ({"district": "10"}, "Choose one."),
    ],
)
def test_a_choice_from_elsewhere_is_refused_by_the_server(posted, sentence):
    form, village = dependent(posted)

    assert (form.validate(), village.errors) == (False, [sentence])


def test_a_choice_that_may_be_left_open_is_none():
    form, village = dependent({"district": "10", "village": ""}, allow_blank=True)

    assert (form.validate(), village.data) == (True, None)


def test_each_choice_says_in_the_page_where_it_belongs():
    _, village = dependent({"district": "10", "village": "1"})

    page = village()

    assert 'data-depends-on="district"' in page
    assert '<option data-of="10" selected value="1">Sukawana (Kec. Serang)</option>' in page
    assert '<option data-of="20" value="2">Sukawana (Kec. Curug)</option>' in page


@pytest.mark.parametrize(("unit", "valid"), [(4, True), (5, False), (None, False)])
def test_a_record_must_belong_to_the_record_in_the_other_field(unit, valid):
    seat = SimpleNamespace(id=1, unit=SimpleNamespace(id=4))
    chosen = unit and SimpleNamespace(id=unit)
    form = form_of(
        unit=ReadField(read=Checked),
        seat=ReadField(read=Checked, validators=[BelongsTo("unit", lambda it: it.unit)]),
    )
    form["unit"].data, form["seat"].data = chosen, seat

    assert form.validate() is valid
