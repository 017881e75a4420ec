"""The papers of sessions: handed in as files, given back to who may read them, refused in words."""

import hashlib
from io import BytesIO

import pytest
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from models.files import StoredFile
from models.papers import SessionPaper
from panel.files.rules import LIMIT
from tests.views.browser import Page

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PRINT = hashlib.sha256(PDF).hexdigest()
LURAH_SESSION, CAMAT_SESSION, METRO_SESSION = "8", "7", "9"
NANANG, QILDA = "1", "3"
OFFERED = "Pilih salah satu catatan yang ditawarkan."
COUNT = sa.select(sa.func.count(SessionPaper.id))


def hand_in(browser, data=PDF, name="undangan.pdf", **typed):
    """Send the form of a paper with a file, or without."""
    form = {
        **browser.form("/session-papers/new/"),
        "session": LURAH_SESSION,
        "kind": "invitation",
        "title": "Undangan 134 peserta",
        **typed,
    }
    if data is not None:
        form["upload"] = (BytesIO(data), name)
    return browser.post("/session-papers/new/", form, content_type="multipart/form-data")


def forged():
    """What somebody may send without ever having seen the form."""
    upload = (BytesIO(PDF), "x.pdf")
    return {"session": LURAH_SESSION, "kind": "other", "title": "X", "upload": upload}


@pytest.fixture
def paper(ani):
    """The key of a paper of the Serang session."""
    return hand_in(ani).location.partition("=")[2]


@pytest.fixture
def nothing_new(rows, deeds):
    """Whether neither a paper nor a line of the log came in."""
    before = rows(COUNT)
    return lambda: (rows(COUNT) == before, deeds())


def test_a_paper_is_handed_in_and_given_back(ani, rows, deeds):
    answer = hand_in(ani, kind="materials", speaker=NANANG, number="005/12")

    key = answer.location.partition("=")[2]
    columns = (SessionPaper.region_id, SessionPaper.speaker_id, SessionPaper.number)
    stored = sa.select(*columns, StoredFile.region_id, StoredFile.sha256)
    stored = stored.join(StoredFile, StoredFile.id == SessionPaper.file_id)
    assert rows(stored.where(SessionPaper.id == int(key))) == [(1, 1, "005/12", 1, PRINT)]
    assert deeds() == ["session_paper.create"]
    file = ani.get(f"/session-papers/file/?id={key}")
    assert (file.data, file.headers["Content-Disposition"]) == (
        PDF,
        "attachment; filename=undangan.pdf",
    )
    assert file.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_details_show_the_fingerprint(ani, paper):
    facts = ani.page(f"/session-papers/details/?id={paper}").facts

    assert facts["Sidik jari (SHA-256)"] == PRINT
    assert (facts["Jenis"], facts["Jenis berkas"]) == ("Undangan", "application/pdf")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<html><script>alert(1)</script>", "undangan.pdf"),
        (b"GIF89a", "foto.png"),
        (b"", "undangan.pdf"),
        (None, ""),
    ],
    ids=["markup", "gif", "empty", "none"],
)
def test_a_file_that_is_not_what_it_says_is_refused(ani, nothing_new, data, name):
    answer = hand_in(ani, data, name)

    assert (answer.status_code, list(Page(answer.text).errors)) == (422, ["upload"])
    assert nothing_new() == (True, [])


def test_eleven_megabytes_are_too_many(ani, nothing_new):
    large = BytesIO(PDF + b"\n" * (LIMIT + 1024 * 1024 - len(PDF)))
    form = {**ani.form("/session-papers/new/"), **forged(), "upload": FileStorage(large, "x.pdf")}
    boundary, body = encode_multipart({**form, "csrf_token": ani.token})
    kind = f"multipart/form-data; boundary={boundary}"

    answer = ani.client.post("/session-papers/new/", data=body, content_type=kind)

    assert (answer.status_code, Page(answer.text).errors) == (
        422,
        {"upload": ["Berkas terlalu besar. Paling besar 10 MB."]},
    )
    assert nothing_new() == (True, [])


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        (
            {"session": CAMAT_SESSION, "speaker": NANANG},
            {
                "speaker": "Nanang Saefudin tidak tercatat sebagai narasumber sesi ini. "
                "Catat dahulu penampilannya, atau kosongkan narasumbernya."
            },
        ),
        ({"session": METRO_SESSION}, {"session": OFFERED}),
        ({"speaker": QILDA}, {"speaker": OFFERED}),
        ({"session": "-8"}, {"session": OFFERED}),
        ({"session": "9" * 40}, {"session": OFFERED}),
        ({"kind": "king"}, {"kind": "Pilih satu."}),
        ({"title": " "}, {"title": "Isian ini wajib diisi."}),
    ],
)
def test_a_paper_that_cannot_be_is_refused_at_the_field(ani, nothing_new, typed, problems):
    answer = hand_in(ani, **typed)

    errors = {name: " ".join(texts) for name, texts in Page(answer.text).errors.items()}
    assert (answer.status_code, errors) == (422, problems)
    assert nothing_new() == (True, [])


def test_a_paper_keeps_its_file_when_it_is_edited(ani, rows, paper):
    before = rows(sa.select(SessionPaper.file_id))
    form = ani.form(f"/session-papers/edit/?id={paper}")

    assert "upload" not in form
    assert ani.send(f"/session-papers/edit/?id={paper}", title="Undangan baru").status_code == 303
    assert rows(sa.select(SessionPaper.file_id)) == before


def test_a_deleted_paper_leaves_its_file_as_evidence_does(ani, rows, deeds, paper):
    assert ani.post("/session-papers/delete/", {"id": paper}).status_code == 303

    assert rows(sa.select(SessionPaper.id)) == []
    kept = sa.select(StoredFile.name).where(StoredFile.sha256 == PRINT)
    assert rows(kept) == [("undangan.pdf",)]
    assert deeds()[-1] == "session_paper.delete"


def test_another_city_and_a_stranger_get_nothing(mira, browse, paper):
    paths = [f"/session-papers/{page}/?id={paper}" for page in ("file", "details", "edit")]

    assert [mira.get(path).status_code for path in paths] == [404, 404, 404]
    assert mira.post("/session-papers/delete/", {"id": paper}).status_code == 404
    assert browse("").get(paths[0]).status_code == 303


@pytest.mark.parametrize("key", ["", "0", "-1", "9" * 40, "1e3", "1;--"])
def test_a_key_that_is_none_is_not_there(ani, key):
    assert ani.get(f"/session-papers/file/?id={key}").status_code == 404


@pytest.mark.parametrize(("username", "opened"), [("bayu", 200), ("citra", 200), ("eka", 403)])
def test_who_only_reads_opens_and_cannot_hand_in(browse, paper, nothing_new, username, opened):
    browser = browse(username)
    form = forged()

    assert browser.get(f"/session-papers/file/?id={paper}").status_code == opened
    answer = browser.post("/session-papers/new/", form, content_type="multipart/form-data")
    assert answer.status_code == 403
    assert browser.post("/session-papers/delete/", {"id": paper}).status_code == 403
    assert nothing_new()[0]


def test_without_a_token_nothing_is_handed_in(ani, nothing_new):
    form = forged()
    ani.token = ""

    answer = ani.post("/session-papers/new/", form, content_type="multipart/form-data")

    assert (answer.status_code, nothing_new()) == (400, (True, []))


def test_papers_are_found_filtered_and_exported(ani, paper):
    hand_in(ani, kind="materials", title="Paparan", speaker=NANANG)

    assert ani.page("/session-papers/").cells("Judul", "Jenis", "Narasumber") == [
        ("Undangan 134 peserta", "Undangan", "belum diisi"),
        ("Paparan", "Materi", "Nanang Saefudin"),
    ]
    assert ani.page("/session-papers/?search=paparan").names == ["Paparan"]
    assert [row["Judul"] for row in ani.exported("/session-papers/")] == [
        "Undangan 134 peserta",
        "Paparan",
    ]


def test_a_list_of_papers_asks_no_more_for_three_rows_than_for_one(app, ani, statements):
    counted = {}
    for rows in (1, 3):
        while len(ani.page("/session-papers/").rows) < rows:
            hand_in(ani, kind="materials", speaker=NANANG)
        with statements() as seen:
            page = ani.page("/session-papers/")
        counted[len(page.rows)] = len(seen)

    assert counted == {1: 10, 3: 10}
