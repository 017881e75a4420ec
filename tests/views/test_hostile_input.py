"""Whatever is typed is stored and shown as text, or refused in words; never an error of ours."""

import pytest
import sqlalchemy as sa

from models.commitments import Commitment
from models.follow_up import ActionPlan
from models.people import Official
from models.training import TrainingSession
from tests.views.browser import Page

MEGABYTE = "x" * 1_000_000
PLAN = {"official": "45", "code": "RTL-0900", "title": "Rencana contoh"}
#: Per form: where, a complete form, the field that is attacked, its column.
FORMS = {
    "official": (
        "/officials/new/",
        {"full_name": "Contoh Baru", "employment_type": "asn_pns"},
        "full_name",
        Official.full_name,
    ),
    "official's note": (
        "/officials/new/",
        {"full_name": "Contoh Baru", "employment_type": "asn_pns"},
        "note",
        Official.note,
    ),
    "commitment": (
        "/commitments/new/",
        {"official": "45", "party": "official", "category": "other", "text": "Janji"},
        "text",
        Commitment.text,
    ),
    "action plan": ("/action-plans/new/", PLAN, "title", ActionPlan.title),
    "session": (
        "/training-sessions/new/",
        {"programme": "1", "name": "Sesi contoh"},
        "name",
        TrainingSession.name,
    ),
}
AS_TEXT = {
    "emoji": "Siti 👩‍👩‍👧 Contoh",
    "script": "<script>alert(1)</script>",
    "handler": '"><img src=x onerror=alert(1)>',
    "template": "{{7*7}} ${7*7} {% raw %}",
    "formula": "=1+1",
    "percent": "%(name)s %s %d {0}",
    "quotes": 'O\'Neil "dan" `kawan`',
    "right to left": "سلام Contoh",
    "backslash": "\\..\\..\\etc %00 \\n",
}
REFUSED = {
    "turned direction": "Contoh \u202egnuaB",
    "control": "Contoh\x07",
    "isolate": "Contoh \u2066x\u2069",
    "megabyte": MEGABYTE,
}


@pytest.fixture
def counted(rows):
    """How many records each kind has."""
    models = (Official, Commitment, ActionPlan, TrainingSession)
    return lambda: [rows(sa.select(sa.func.count(model.id)))[0][0] for model in models]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("sign", AS_TEXT)
def test_signs_are_stored_and_shown_as_text(ani, rows, form, sign):
    path, filled, field, column = FORMS[form]
    text = AS_TEXT[sign]

    answer = ani.send(path, **{**filled, field: text})
    if (form, sign) == ("official", "formula"):  # no name is made of digits
        assert (answer.status_code, len(Page(answer.text).problems)) == (422, 1)
        return
    assert answer.status_code == 303
    key = int(answer.location.partition("=")[2])
    assert rows(sa.select(column).where(column.class_.id == key)) == [(text,)]
    page = ani.page(answer.location)
    assert " ".join(text.split()) in page.text
    assert [one for one in page.root.all("script") if "alert" in "".join(map(str, one.parts))] == []
    assert [one for one in page.root.all("img") if "onerror" in one.given] == []


def test_signs_are_text_in_lists_choices_messages_and_the_log_as_well(ani, citra):
    names = {"full_name": AS_TEXT["handler"], "employment_type": "asn_pns"}
    made = ani.send("/officials/new/", **names)
    key = made.location.partition("=")[2]
    paths = ("/officials/", f"/officials/delete/?id={key}", f"/officials/history/?id={key}")
    pages = [ani.page(path) for path in (*paths, "/spouses/new/", "/commitments/new/")]
    pages.append(citra.page("/changes/"))

    live = [one for page in pages for one in page.root.all("img") if "onerror" in one.given]

    assert live == []
    assert [page for page in pages if "onerror=alert(1)" in page.root.raw] != []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("sign", REFUSED)
def test_hidden_signs_and_endless_texts_are_refused_at_the_field(ani, counted, deeds, form, sign):
    path, filled, field, _column = FORMS[form]
    before = counted()

    page = ani.sent(path, **{**filled, field: REFUSED[sign]})

    assert [list(page.errors), len(page.problems)] == [[field], 1]
    assert (counted(), deeds()) == (before, [])
    assert len(str(page.root.raw)) < 200_000


def test_bytes_that_are_no_text_stay_as_they_were_sent(ani, rows):
    form = {**ani.form("/officials/new/"), "employment_type": "asn_pns", "csrf_token": ani.token}
    body = "&".join(f"{name}={text}" for name, text in form.items()) + "&full_name=Contoh%ED%B3%BF"

    answer = ani.client.post(
        "/officials/new/",
        data=body.replace("&full_name=&", "&"),
        content_type="application/x-www-form-urlencoded",
    )

    key = int(answer.location.partition("=")[2])
    [(name,)] = rows(sa.select(Official.full_name).where(Official.id == key))
    assert name == "Contoh%ED%B3%BF"


@pytest.mark.parametrize("form", FORMS)
def test_a_nul_is_no_request_of_a_browser(ani, counted, deeds, form):
    path, filled, field, _column = FORMS[form]
    before = counted()

    answer = ani.send(path, **{**filled, field: "Contoh\x00"})

    assert (answer.status_code, counted(), deeds()) == (400, before, [])


@pytest.mark.parametrize(
    "id",
    ["1,2", "12345678901234567890123", "-1", "0", "1.0", "x", "", "١", "1 OR 1=1", "null", "1e3"],
)
@pytest.mark.parametrize(
    "path",
    ["/officials/details/", "/commitments/edit/", "/action-plans/history/", "/units/details/"],
)
def test_what_is_no_key_is_not_there(ani, path, id):
    assert ani.get(path, query_string={"id": id}).status_code == 404


@pytest.mark.parametrize("id", ["1,2", "12345678901234567890123", "-1", "x", ""])
def test_what_is_no_key_is_neither_deleted_nor_moved_nor_unmasked(ani, deeds, id):
    asked = [
        ani.post("/officials/delete/", {"id": id}),
        ani.post("/officials/action/", {"action": "delete", "rowid": [id], "confirmed": "1"}),
        ani.post("/officials/unmask/", {"id": id, "column": "nip", "reason": "x"}),
        ani.post(f"/action-plans/{id or 'x'}/move/submit/", {"seen": "x"}),
    ]

    assert ([one.status_code for one in asked], deeds()) == ([404] * 4, [])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/officials/?page=-1", 400),
        ("/officials/?page=1e5", 400),
        ("/officials/?search=%00", 400),
        ("/officials/?search=" + "x" * 5000, 200),
        ("/officials/?flt0_employment_type-is=%F0%9F%98%80", 200),
        ("/officials/?sort=999", 200),
        ("/officials/?url=//elsewhere.example", 400),
        ("/officials/new/?url=http:elsewhere.example", 400),
        ("/officials/ajax/lookup/?name=region&query=x", 404),
        ("/appointments/ajax/lookup/?name=official&query=%25&offset=-5", 200),
        ("/appointments/ajax/lookup/?name=official&query=x&offset=99999999999999999999", 200),
        ("/changes/", 403),
        ("/officials/export/exe/", 404),
        ("/action-plans/99999999999999999999999/offers/", 404),
        ("/action-plans/1/offers", 308),
        ("/nowhere/", 404),
    ],
)
def test_an_address_that_nobody_made_is_answered_in_words(ani, path, status):
    answer = ani.get(path)

    assert answer.status_code == status
    if status in (400, 403, 404):
        assert len(Page(answer.text).text) > 20


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"{", "application/json"),
        (b"a=1&a=2&" * 500, "application/x-www-form-urlencoded"),
    ],
)
def test_a_broken_body_is_refused(ani, counted, deeds, body, kind):
    before = counted()

    answer = ani.client.post(
        "/officials/new/", data=body, content_type=kind, headers={"X-CSRFToken": ani.token}
    )

    assert answer.status_code in (400, 415, 422)
    assert (counted(), deeds()) == (before, [])


def test_a_form_larger_than_any_of_ours_is_refused(ani, counted):
    before = counted()

    answer = ani.send("/officials/new/", full_name="x" * 5_000_000, employment_type="asn_pns")

    assert (answer.status_code, counted()) == (413, before)


def test_of_two_values_for_one_field_the_first_counts(ani, rows):
    form = {**ani.form("/officials/new/"), "employment_type": "asn_pns"}
    answer = ani.post("/officials/new/", {**form, "full_name": ["Pertama", "Kedua"]})

    key = int(answer.location.partition("=")[2])
    assert rows(sa.select(Official.full_name).where(Official.id == key)) == [("Pertama",)]


@pytest.mark.parametrize(
    "typed",
    [
        {
            "appointments-0-id": "1",
            "appointments-0-position": "13",
            "appointments-0-status": "definitive",
        },
        {
            "appointments-0-id": "x,y",
            "appointments-0-position": "13",
            "appointments-0-status": "definitive",
        },
        {"spouses-0-id": "99999999999999999999999", "spouses-0-full_name": "A"},
        {"spouses-99999-full_name": "A"},
        {"spouses--1-full_name": "A"},
        {"del-spouses-7": "on"},
        {"_add": "nothing"},
        {"_remove": "nothing-0"},
    ],
)
def test_a_part_that_the_form_does_not_have_does_no_harm(ani, rows, typed):
    others = sa.text("SELECT official_id, position_id FROM appointment WHERE id = 1")
    before = rows(others)

    answer = ani.send(
        "/officials/new/", full_name="Contoh Baru", employment_type="asn_pns", **typed
    )

    assert answer.status_code in (200, 303, 422)
    assert rows(others) == before
