"""Forms for hands: how they read, what they doubt, what narrows what, what is made in a dialog."""

import re

import pytest
import sqlalchemy as sa

from models.government import Position, Unit
from models.people import Appointment, Official, Spouse
from models.programme import Venue
from models.training import TrainingSession
from tests.views.browser import Page

LURAH = 46
READ = "/officials/ajax/read/"
ELSEWHERE = "Pilihan ini bukan bagian dari isian di atasnya. Pilih ulang."
NOT_OFFERED = "Pilih salah satu catatan yang ditawarkan."
RETIRED = "Menurut NIP, batas usia pensiun 58 tahun sudah lewat. Cocokkan dengan SK."
NO_DECREE = "Nomor SK belum diisi."


def asked(browser, field, text, path=READ, **beside):
    """What a box says of a text: how it was read, the doubts, the error."""
    answer = browser.post(path, {"field": field, field: text, **beside})
    assert answer.status_code == 200, answer.status_code
    return answer.json["said"], answer.json["doubts"], answer.json["error"]


def key(rows, model, **facts):
    """The number of the one record with these facts."""
    named = [getattr(model, name) == value for name, value in facts.items()]
    return str(rows(sa.select(model.id).where(*named))[0][0])


@pytest.fixture
def places(rows):
    """Numbers of two districts of Serang, and of the Lurah Sukawana of the one."""
    curug = key(rows, Unit, name="Curug", kind="district")
    kasemen = key(rows, Unit, name="Kasemen", kind="district")
    unit = key(rows, Unit, name="Sukawana", parent_id=int(curug))
    return {
        "curug": curug,
        "kasemen": kasemen,
        "unit": unit,
        "post": key(rows, Position, unit_id=int(unit)),
        "other": rows(sa.select(Unit.id).where(Unit.parent_id == int(kasemen)))[0][0],
        "metro": rows(sa.select(Unit.id).where(Unit.kind == "district", Unit.region_id == 2))[0][0],
    }


# Read as one types


READINGS = [
    ("nip", "199009132015041999", "PNS, lahir 13 September 1990, diangkat April 2015, pria"),
    (
        "nip",
        "1990.0913 201504-1 999",
        "PNS, lahir 13 September 1990, diangkat April 2015, pria"
        " — spasi, titik, dan tanda hubung dihapus",
    ),
    ("nip", "199009132015212999", "PPPK, lahir 13 September 1990, diangkat 2015, wanita"),
    (
        "phone",
        "0812.3456 7890",
        "0812-3456-7890 — disimpan sebagai +62 tanpa angka 0 di depan; "
        "spasi, titik, dan tanda hubung dihapus",
    ),
    ("phone", "+6281234567890", "0812-3456-7890"),
    ("title_prefix", "DRS H", "Drs. H. — ditulis dalam bentuk baku"),
    (
        "full_name",
        "Drs. Fulan Contoh, M.Si.",
        "nama Fulan Contoh, gelar Drs., M.Si.; gelar mempunyai isian sendiri",
    ),
    ("spouses-0-phone", "0812-3456-7890", "0812-3456-7890"),
]


def test_a_box_says_how_it_was_read(ani):
    found = [asked(ani, field, text) for field, text, _ in READINGS]

    assert found == [(f"Terbaca: {said}", [], "") for *_, said in READINGS]


DAYS = [
    ("held", "maret 2024", "Maret 2024 (bulan saja)"),
    ("held", "March 2024", "Maret 2024 (bulan saja)"),
    ("held", "2024", "2024 (tahun saja)"),
    ("held", "18/11/2025", "Selasa, 18 November 2025"),
    ("held", "Selasa 18 November 2025", "Selasa, 18 November 2025"),
    ("starts_at", "7.30", "07.30"),
    ("starts_at", "7", "07.00"),
    ("agenda-3-starts_at", "0730", "07.30"),
]


def test_dates_and_times_are_read_as_people_write_them(ani):
    path = "/training-sessions/ajax/read/"
    found = [asked(ani, field, text, path) for field, text, _ in DAYS]

    assert found == [(f"Terbaca: {said}", [], "") for *_, said in DAYS]


def test_a_box_answers_in_the_reader_s_language(ani):
    ani.client.set_cookie("language", "en")

    found = asked(ani, "held", "Maret 2024", path="/training-sessions/ajax/read/")

    assert found == ("Read as: March 2024 (month only)", [], "")


def test_doubts_and_errors_come_with_the_reading(ani):
    nip = "199009132015041999"
    assert asked(ani, "nip", nip, employment_type="asn_pppk")[1] == [
        "Ini NIP PNS. Cocokkan dengan jenis kepegawaian."
    ]
    assert asked(ani, "nip", nip, employment_type="elected")[0::2] == (
        "",
        "Pejabat yang dipilih tidak punya NIP. Kosongkan isian ini.",
    )
    assert asked(ani, "full_name", "Fulan") == ("", [], "")


def test_a_hostile_text_is_only_no_number(ani):
    for text in ("<script>alert(1)</script>", "%s%n", "' OR 1=1 --", "٧" * 18, "1" * 1_999):
        said, doubts, error = asked(ani, "nip", text)
        assert (said, doubts, bool(error), text in error) == ("", [], True, False)


def test_a_reading_leaves_nothing_behind(ani, rows, deeds):
    before = rows(sa.select(sa.func.count(Official.id)))

    asked(ani, "nip", "199009132015041999")

    assert (rows(sa.select(sa.func.count(Official.id))), deeds()) == (before, [])


UNASKED = [
    ({"field": "nip", "nip": "1" * 1_000_000}, 413),
    ({"field": "x" * 3_000, "nip": "1"}, 413),
    ({"field": "nip", "nip": "1\x00"}, 400),
    ({"field": "note", "note": "text"}, 404),
    ({"field": "aliases", "aliases": "text"}, 404),
    ({"field": "__class__", "__class__": "x"}, 404),
    ({"field": "appointments", "appointments": "x"}, 404),
    ({}, 404),
]


def test_what_no_box_asks_is_not_answered(ani):
    found = [ani.post(READ, data).status_code for data, _ in UNASKED]

    assert found == [status for _, status in UNASKED]


def test_who_may_not_write_is_not_answered(ani, citra, browse):
    question = {"field": "nip", "nip": "199009132015041999"}

    assert citra.post(READ, question).status_code == 403
    assert browse("").post(READ, question).status_code in (302, 303, 400)
    ani.token = "forged"
    assert ani.post(READ, question).status_code == 400


def test_a_save_says_what_was_rewritten_and_why_without_the_number(ani):
    answer = ani.send(f"/officials/edit/?id={LURAH}", phone="0812 3456 7890")

    page = ani.page(answer.location)
    told = [one for one in page.said if one.startswith("Telepon")]
    assert told == [
        "Telepon: disimpan sebagai +62 tanpa angka 0 di depan; "
        "spasi, titik, dan tanda hubung dihapus."
    ]
    assert "3456" not in page.text


# Doubts


@pytest.fixture
def retired(write, rows):
    """The lurah with a NIP of long ago and a post without its decree."""
    with write() as session:
        official = session.get(Official, LURAH)
        official.nip = "196001011985031947"
        official.appointments[0].decree_no = None
    return [f"NIP: {RETIRED}", f"Jabatan: Lurah Cipare: {NO_DECREE}"]


def doubts_on(page):
    """The lines under "Perlu dilihat"."""
    boxes = [box for box in page.main.all("div", class_="wait") if "Perlu dilihat" in box.text]
    lines = [line.text for line in boxes[0].all("li")] if boxes else []
    return [line for line in lines if re.match(r"(NIP|Jabatan|Kode wilayah|Nama pasangan): ", line)]


def test_doubts_stand_on_the_page_while_they_are_true(ani, retired, rows):
    page = ani.page(f"/officials/details/?id={LURAH}")
    assert doubts_on(page) == retired

    appointment = key(rows, Appointment, official_id=LURAH)
    form = f"/appointments/edit/?id={appointment}"
    assert ani.send(form, decree_no="CONTOH/1/2025").status_code == 303

    assert doubts_on(ani.page(f"/officials/details/?id={LURAH}")) == retired[:1]


def test_doubts_stop_no_save_and_are_said_after_it(ani, retired, value):
    answer = ani.send(f"/officials/edit/?id={LURAH}", note="Tetap")

    assert answer.status_code == 303
    assert value(sa.select(Official.note).where(Official.id == LURAH)) == "Tetap"
    page = ani.page(answer.location)
    assert doubts_on(page) == retired


def test_doubts_are_said_where_the_next_form_is_another_record_s(ani):
    name = ani.page(f"/officials/details/?id={LURAH}").heading
    typed = {"official": LURAH, "full_name": name, "_add_another": "1"}

    answer = ani.send("/spouses/new/", **typed)

    assert answer.location == "/spouses/new/"
    assert ani.page(answer.location).said[1:] == [
        "Nama pasangan: Nama pasangan sama dengan nama pejabat."
    ]


def test_doubts_stand_at_their_fields_beside_errors(ani, retired):
    path = f"/officials/edit/?id={LURAH}"
    opened = ani.page(path)
    refused = ani.sent(path, full_name="")

    for page in (opened, refused):
        box = page.main.one("input", name="nip")
        line = page.main.one("p", id="nip-d")
        assert (line.text, line.given["class"]) == (RETIRED, "doubt")
        assert "nip-d" in box.given["aria-describedby"].split()
    assert refused.problems == ["Nama: Isian ini wajib diisi."]


def test_who_may_not_unmask_a_number_learns_nothing_from_its_doubts(citra, retired):
    assert doubts_on(citra.page(f"/officials/details/?id={LURAH}")) == retired[1:]


def test_a_unit_in_an_odd_district_is_told_and_saved(ani, places, write):
    with write() as session:
        session.get(Unit, int(places["unit"])).kemendagri_code = "36.73.99.1001"

    answer = ani.send(f"/units/edit/?id={places['unit']}", short_name="SKW")

    assert answer.status_code == 303
    [doubt] = doubts_on(ani.page(f"/units/details/?id={places['unit']}"))
    assert "yaitu kode Kecamatan Curug" in doubt


def test_a_spouse_of_the_same_name_is_told_and_saved(ani, rows):
    name = rows(sa.select(Official.full_name).where(Official.id == LURAH))[0][0]

    answer = ani.send("/spouses/new/", official=LURAH, full_name=name)

    assert answer.status_code == 303
    assert doubts_on(ani.page(answer.location)) == [
        "Nama pasangan: Nama pasangan sama dengan nama pejabat."
    ]


# Choices that narrow


CHOICES = [
    ("/appointments/new/", "position"),
    ("/appointments/new/", "office"),
    ("/positions/new/", "unit"),
    ("/units/new/", "merged_into"),
    (f"/officials/edit/?id={LURAH}", "appointments-0-position"),
    (f"/officials/edit/?id={LURAH}", "appointments-0-office"),
]


def test_the_two_sukawana_are_told_apart_in_every_choice(ani):
    for path, name in CHOICES:
        texts = [text for text in ani.page(path).options(name).values() if "Sukawana" in text]
        told = [re.search(r"Kec\. (\w+)", text)[1] for text in sorted(texts)]
        assert (path, name, told) == (path, name, ["Curug", "Serang"])


def test_every_post_says_under_which_units_it_belongs(ani, places):
    page = ani.page("/appointments/new/")
    select = page.main.one("select", name="position")
    option = next(o for o in select.all("option") if o.given["value"] == places["post"])

    assert select.given["data-depends-on"] == "district office"
    assert set(option.given["data-of"].split()) == {places["curug"], places["unit"]}


@pytest.mark.parametrize(
    ("district", "office", "problem"),
    [
        ("", "", None),
        ("curug", "", None),
        ("curug", "unit", None),
        ("", "unit", None),
        ("kasemen", "", ELSEWHERE),
        ("", "other", ELSEWHERE),
    ],
)
def test_a_post_has_to_lie_in_the_district_and_unit_chosen(
    ani, places, rows, deeds, district, office, problem
):
    before = rows(sa.select(sa.func.count(Appointment.id)))
    typed = {
        "official": LURAH,
        "position": places["post"],
        "status": "acting_vacant",
        "started_on": "2026-01-02",
        "district": places.get(district, ""),
        "office": places.get(office, ""),
    }

    answer = ani.send("/appointments/new/", **typed)

    after = rows(sa.select(sa.func.count(Appointment.id)))
    if problem is None:
        assert (answer.status_code, after[0][0]) == (303, before[0][0] + 1)
        return
    assert (answer.status_code, after, deeds()) == (422, before, [])
    assert Page(answer.text).problems == [f"Jabatan: {problem}"]


def test_a_post_inside_of_an_official_is_held_to_its_district_too(ani, places, rows):
    page = ani.sent(
        "/officials/new/",
        full_name="Contoh Baru",
        employment_type="asn_pns",
        **{
            "appointments-0-district": places["kasemen"],
            "appointments-0-position": places["post"],
            "appointments-0-status": "acting_vacant",
        },
    )

    assert page.problems == [f"Jabatan: {ELSEWHERE}"]
    assert rows(sa.select(Official.id).where(Official.full_name == "Contoh Baru")) == []


def test_a_unit_above_offers_itself_to_the_kinds_that_stand_below_it(ani, places):
    page = ani.page("/units/new/")
    select = page.main.one("select", name="parent")
    kinds = {
        o.given["value"]: set(o.given.get("data-of", "").split()) for o in select.all("option")
    }

    assert select.given["data-depends-on"] == "kind"
    assert {"urban_village", "village"} < kinds[places["curug"]]
    assert kinds[places["unit"]] == {"division", "other"}


@pytest.mark.parametrize("wrong", ["metro", "other"])
def test_only_districts_of_the_own_region_narrow(ani, places, wrong):
    page = ani.sent("/appointments/new/", official=LURAH, district=places[wrong])

    assert f"Saring kecamatan: {NOT_OFFERED}" in page.problems


# Made in a dialog


def test_a_choice_offers_to_make_what_the_reader_may_make(ani, citra):
    made = [a.given["href"] for a in ani.page("/appointments/new/").main.all("a", class_="make")]
    assert made == ["/officials/new/", "/positions/new/"]
    makers = ani.page("/positions/new/").main.all("a", class_="make")
    assert [a.given["href"] for a in makers] == ["/units/new/"]  # no tiers: they are the others'


def test_a_dialog_holds_the_form_alone_and_opens_no_further_one(ani):
    answer = ani.get("/positions/new/?part=1")

    page = Page(answer.text).root
    assert (page.all("nav"), page.all("a", class_="make")) == ([], [])
    [form] = page.all("form")
    assert form.given["action"] == "/positions/new/?part=1"
    assert page.one("section").given["data-part"] == "Jabatan baru"


def sent_part(browser, path, **typed):
    """Open the form of a dialog, type, send it."""
    page = Page(browser.get(f"{path}?part=1").text)
    once = page.root.one("input", name="once").given["value"]
    return browser.post(f"{path}?part=1", {"once": once, **typed}), once


def test_a_record_is_made_in_a_dialog_as_on_its_page(ani, rows, deeds):
    answer, once = sent_part(ani, "/venues/new/", name="Aula Contoh", kind="hall")
    again = ani.post("/venues/new/?part=1", {"once": once, "name": "Aula Contoh", "kind": "hall"})

    [(number, region)] = rows(
        sa.select(Venue.id, Venue.region_id).where(Venue.name == "Aula Contoh")
    )
    made = {"value": str(number), "text": "Aula Contoh", "said": "Disimpan: Aula Contoh"}
    assert (answer.status_code, answer.json, again.json) == (200, made, made)
    assert (region, deeds()) == (1, ["venue.create"])
    assert ani.page("/").said == []  # said in the dialog, not on the next page


def test_what_is_wrong_is_said_inside_of_the_dialog(ani, deeds):
    answer, _ = sent_part(ani, "/venues/new/", name="")

    page = Page(answer.text).root
    assert (answer.status_code, page.all("nav"), deeds()) == (422, [], [])
    assert [line.text for line in page.one("div", class_="errors").all("li")] == [
        "Nama: Isian ini wajib diisi.",
        "Jenis: Isian ini wajib diisi.",
    ]


def test_a_dialog_is_no_way_round_tokens_roles_and_scope(ani, citra, mira, places, rows, deeds):
    before = rows(sa.select(sa.func.count(Position.id)))

    without, _ = sent_part(ani, "/positions/new/", csrf_token="forged", unit=places["unit"])
    unread = citra.get("/positions/new/?part=1")
    unsent = citra.post("/positions/new/?part=1", {"once": "t" * 32, "name": "A"})
    foreign, _ = sent_part(mira, "/positions/new/", unit=places["unit"], tier="1", name="Lurah A")
    stale = ani.post("/positions/new/?part=1", {"once": "", "unit": places["unit"], "name": "A"})

    assert [a.status_code for a in (without, unread, unsent, foreign, stale)] == [
        400,
        403,
        403,
        422,
        422,
    ]
    assert NOT_OFFERED in foreign.text
    assert rows(sa.select(sa.func.count(Position.id))) == before
    assert set(deeds()) <= {"position.create.refused"}


# Unknown stays unknown


def test_what_is_left_blank_is_not_known_and_neither_none_nor_no(ani, rows):
    official = ani.send(
        "/officials/new/",
        full_name="Contoh Baru",
        employment_type="asn_pns",
        **{"spouses-0-full_name": "Mawar Baru"},
    )
    programme = next(k for k in ani.page("/training-sessions/new/").options("programme") if k)
    session = ani.send("/training-sessions/new/", name="Sesi Contoh", programme=programme)

    assert (official.status_code, session.status_code) == (303, 303)
    known = (Official.nip, Official.phone, Official.grade_id, Official.without_spouse)
    assert rows(sa.select(*known).where(Official.full_name == "Contoh Baru")) == [(None,) * 4]
    known = (Spouse.phone, Spouse.married_on, Spouse.ended_on, Spouse.person_id)
    assert rows(sa.select(*known).where(Spouse.full_name == "Mawar Baru")) == [(None,) * 4]
    known = (
        TrainingSession.held_on,
        TrainingSession.starts_at,
        TrainingSession.stated_headcount,
        TrainingSession.venue_id,
    )
    assert rows(sa.select(*known).where(TrainingSession.name == "Sesi Contoh")) == [(None,) * 4]
