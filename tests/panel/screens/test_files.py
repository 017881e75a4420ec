"""The field that takes a file and the answer that gives it back, in an app of their own."""

import hashlib
import io
import json
import logging
from types import SimpleNamespace

import pytest
from flask import Flask, request
from werkzeug.datastructures import CombinedMultiDict, FileStorage, MultiDict
from wtforms import Form
from wtforms.validators import DataRequired, InputRequired, Optional

from panel.files.rules import LIMIT
from panel.screens import language, requests
from panel.screens.files import UploadField, send_stored, stored_files
from panel.words import Refused
from tests.panel.files.samples import JFIF, exif, jpeg, pdf, png, zip_of

REQUIRED = "This field is required."
OFFICE = "This is a Word, Excel or zip file. Save it as PDF and attach the PDF."
LARGE = "The file is too large. At most 10 MB."


@pytest.fixture
def app(tmp_path):
    app = Flask(__name__, static_folder=None)
    app.config.update(FILES_FOLDER=str(tmp_path / "files"), SECRET_KEY="k" * 32, TESTING=True)
    language.init_app(app)
    requests.init_app(app)
    return app


def posted(app, *uploads, text=None, field=None):
    """A form with one file field, after it was posted."""
    data = {"it": [(io.BytesIO(data), name) for data, name in uploads]}
    if text is not None:
        data = {"it": text}
    made = type("Made", (Form,), {"it": field or UploadField(validators=[InputRequired()])})
    english = {"Cookie": "language=en"}
    with app.test_request_context(method="POST", data=data, headers=english):
        form = made(CombinedMultiDict([request.files, request.form]))
        return form.validate(), form["it"]


def test_good_file_becomes_what_is_to_be_kept(app):
    valid, it = posted(app, (jpeg(JFIF, exif(1)), "../Foto\u202e.jpg"))

    assert (valid, it.errors) == (True, [])
    assert (it.data.data, it.data.name) == (jpeg(JFIF), "Foto.jpg")
    assert (it.data.media_type, it.data.size) == ("image/jpeg", len(jpeg(JFIF)))


@pytest.mark.parametrize("required", [DataRequired, InputRequired, Optional])
@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (zip_of(), OFFICE),
        (b"", "The file is empty."),
    ],
    ids=["docx", "empty"],
)
def test_bad_file_is_refused_in_one_sentence_whatever_else_is_asked(app, data, sentence, required):
    valid, it = posted(app, (data, "bukti.pdf"), field=UploadField(validators=[required()]))

    assert (valid, it.errors, it.data) == (False, [sentence], None)


def test_sentence_is_told_in_the_language_of_the_reader(app, monkeypatch):
    monkeypatch.setattr("panel.screens.files.tell", lambda sentence: f"told: {sentence}")

    assert posted(app, (b"", "bukti.pdf"))[1].errors == ["told: The file is empty."]


@pytest.mark.parametrize("required", [DataRequired, InputRequired])
def test_missing_file_is_missed(app, required):
    field = UploadField(validators=[required()])

    assert posted(app, (b"", ""), field=field)[1].errors == [REQUIRED]
    assert posted(app, field=field)[1].errors == [REQUIRED]
    assert posted(app, text="bukti.pdf", field=field)[1].errors == [REQUIRED]


def test_optional_file_may_be_missing(app):
    valid, it = posted(app, (b"", ""), field=UploadField(validators=[Optional()]))

    assert (valid, it.data) == (True, None)


def test_second_file_is_not_dropped_in_silence(app):
    valid, it = posted(app, (pdf(), "a.pdf"), (png(), "b.png"))

    assert (valid, it.errors, it.data) == (False, ["Attach one file at a time."], None)


def test_no_more_than_the_limit_is_read(app):
    read = []

    class Endless(io.BytesIO):
        def read(self, most=-1):
            read.append(most)
            return bytes(most)

    made = type("Made", (Form,), {"it": UploadField()})
    with app.test_request_context(headers={"Cookie": "language=en"}):
        form = made(MultiDict({"it": FileStorage(Endless(), "bukti.pdf")}))
        assert (form.validate(), form["it"].errors, read) == (False, [LARGE], [LIMIT + 1])


def test_box_offers_the_three_kinds_and_shows_no_old_file(app):
    record = SimpleNamespace(it="bukti lama.pdf")
    form = type("Made", (Form,), {"it": UploadField()})(obj=record)
    with app.test_request_context():
        shown = str(form["it"]())

    form.populate_obj(record)

    assert shown == (
        '<input accept="application/pdf,image/jpeg,image/png" id="it" name="it" type="file">'
    )
    assert (form["it"].data, record.it) == (None, "bukti lama.pdf")


def stored(app, data=None, **facts):
    """A record of a file that is in the store of `app`."""
    data = pdf() if data is None else data
    with app.app_context():
        key = stored_files().put(data)
    known = {
        "key": key,
        "name": "bukti.pdf",
        "media_type": "application/pdf",
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    return SimpleNamespace(**(known | facts))


def sent(app, record):
    app.add_url_rule("/it", "it", lambda: send_stored(record))
    return app.test_client().get("/it")


def test_stored_file_leaves_as_a_download_that_can_do_nothing(app):
    response = sent(app, stored(app))

    named = {
        name: response.headers.get(name)
        for name in (
            "Content-Type",
            "Content-Length",
            "Content-Disposition",
            "Content-Security-Policy",
            "X-Content-Type-Options",
            "Cache-Control",
            "ETag",
        )
    }
    assert (response.status_code, response.data) == (200, pdf())
    assert named == {
        "Content-Type": "application/pdf",
        "Content-Length": str(len(pdf())),
        "Content-Disposition": "attachment; filename=bukti.pdf",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
        "ETag": None,
    }


@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        ("a.exe", "attachment; filename=a.exe.pdf"),
        ("a\r\nX-Evil: 1.pdf", 'attachment; filename="a X-Evil: 1.pdf"'),
        ('a"; filename=b.html; x=".pdf', 'attachment; filename="a\\"; filename=b.html; x=\\".pdf"'),
        (
            "é ꦧ.pdf",
            "attachment; filename=\"e .pdf\"; filename*=UTF-8''%C3%A9%20%EA%A6%A7.pdf",
        ),
    ],
)
def test_name_of_a_download_cannot_leave_its_header(app, name, disposition):
    response = sent(app, stored(app, name=name))

    assert response.headers["Content-Disposition"] == disposition
    assert "X-Evil" not in response.headers


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"sha256": "0" * 64}, "The stored file is not the one that was handed in."),
        ({"media_type": "text/html"}, "The stored file is not the one that was handed in."),
        ({"key": "0" * 32}, "The file is missing from the store."),
    ],
    ids=str,
)
def test_damaged_file_is_refused_with_a_number_that_the_log_knows(app, caplog, facts, why):
    record = stored(app, **facts)
    caplog.set_level(logging.ERROR, "panel.incident")

    with app.test_request_context("/it"), pytest.raises(Refused) as refused:
        send_stored(record)

    lines = [json.loads(line) for line in caplog.messages]
    number = lines[0]["incident"]
    assert str(refused.value.sentence) == (
        f"{why} Nothing was sent. Tell your administrator the number {number}."
    )
    assert lines[0]["error"] == "Damaged"
    assert lines[1] == {"incident": number, "file": record.key}
    assert record.name not in caplog.text
