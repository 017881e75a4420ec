"""The pages of officials, their posts and their spouses."""

import pytest
import sqlalchemy as sa

from models.people import Appointment, Official, Spouse
from models.records import Change
from tests.views.browser import Page, filled_in

#: Officials and posts of the demo: the mayor and the deputy, a lurah, two posts without a holder.
MAYOR, DEPUTY, LURAH = 3, 4, 46
MAYOR_POST, VACANT = 1, 13
NIP = "199009132015041999"
TAKEN = "197304041997042903"
NIK_TYPED = "Ini tampaknya NIK, yang tidak disimpan di sini. Ketik NIP, yang terdiri atas 18 angka."
TWO_NUMBERS = "Ada dua nomor dalam satu isian. Pilih satu."
END_FIRST = "Akhirnya tidak boleh sebelum awalnya."
HELD = (
    "Fulanah Contoh, S.Sos. memegang Wali Kota Serang secara definitif pada masa itu. "
    "Akhiri dulu jabatan itu, atau catat sebagai Plt., Plh., atau Pj."
)
NEW = {"full_name": "Contoh Baru", "employment_type": "asn_pns"}


def counts(rows):
    """How many rows the tables of people have."""
    return [rows(sa.select(sa.func.count(m.id)))[0][0] for m in (Official, Appointment, Spouse)]


# The list


def test_the_list_shows_names_masked_numbers_posts_and_spouses(ani):
    page = ani.page("/officials/?search=dadap+tiruan")

    assert page.cells("Nama", "Jabatan", "Pasangan") == [
        (
            "Drs. Dadap Tiruan, S.Pd. disamarkan, tiga angka akhir 901 •••• 901",
            "Lurah Sayar Kecamatan Taktakan Lurah Sepang Plt. Kecamatan Taktakan",
            "Mawar Latihan",
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Naya Ibarat",
        "naya ibarat",
        "Drs. Naya Ibarat",
        "Drs. Naya Ibarat, S.STP., M.Si.",
        "ibarat naya",
        "drs naya ibarat s.stp",
    ],
)
def test_titles_case_and_order_of_words_do_not_matter_to_a_search(ani, text):
    page = Page(ani.get("/officials/", query_string={"search": text}).text)

    assert page.names == ["Drs. Naya Ibarat, S.STP., M.Si."]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (TAKEN, ["Mawar Teladan, S.H., M.H."]),
        ("19730404 199704 2 903", ["Mawar Teladan, S.H., M.H."]),
        ("1973", []),
        (TAKEN[:-1], []),
        ("081200005003", []),
        ("camat walantaka", ["Puspa Teladan, S.E."]),
    ],
)
def test_a_number_is_found_as_a_whole_only_and_a_post_by_its_words(ani, text, names):
    assert Page(ani.get("/officials/", query_string={"search": text}).text).names == names


def test_an_auditor_finds_nobody_by_a_number(citra):
    assert citra.page(f"/officials/?search={TAKEN}").names == []


# Details


def test_details_tell_facts_and_everything_that_hangs_on_an_official(ani):
    page = ani.page(f"/officials/details/?id={LURAH}")

    assert page.heading == "Tb. Meranti Khayal, S.Sos., M.Si."
    assert {key: page.facts[key] for key in ("NIP", "Kepegawaian", "Golongan", "Telepon")} == {
        "NIP": "disamarkan, tiga angka akhir 947 •••• 947",
        "Kepegawaian": "PNS",
        "Golongan": "Penata (III/c)",
        "Telepon": "disamarkan, tiga angka akhir 047 •••• 047",
    }
    assert page.table("Jabatan") == [
        [
            "Lurah Cipare Kecamatan Serang · jenjang Lurah",
            "Definitif",
            "6 Mar 2025",
            "sekarang",
            "CONTOH/048/2025",
        ]
    ]
    assert [row[-1] for row in page.table("Sesi yang dihadiri")] == ["Bersama pasangan"]


# Create


def test_an_official_is_made_with_post_and_spouse(ani, rows, deeds):
    answer = ani.send(
        "/officials/new/",
        title_prefix="DRS H",
        full_name="Contoh Baru",
        title_suffix="m.si",
        employment_type="asn_pns",
        nip="19900913 201504 1 999",
        grade="13",
        phone="0812.3456.7890",
        **{
            "appointments-0-position": VACANT,
            "appointments-0-status": "definitive",
            "appointments-0-started_on": "2025-12-01",
            "spouses-0-full_name": "Mawar Baru",
            "spouses-0-phone": "+62 812 0000 0000",
        },
    )

    [(key,)] = rows(sa.select(Official.id).where(Official.full_name == "Contoh Baru"))
    assert (answer.status_code, answer.location) == (303, f"/officials/details/?id={key}")
    columns = (
        Official.region_id,
        Official.title_prefix,
        Official.title_suffix,
        Official.nip,
        Official.grade_id,
        Official.phone,
    )
    assert rows(sa.select(*columns).where(Official.id == key)) == [
        (1, "Drs. H.", "M.Si.", NIP, 13, "+6281234567890")
    ]
    post = (Appointment.region_id, Appointment.unit_id, Appointment.position_id)
    assert len(rows(sa.select(*post).where(Appointment.official_id == key))) == 1
    assert rows(sa.select(Spouse.region_id, Spouse.phone).where(Spouse.official_id == key)) == [
        (1, "+6281200000000")
    ]
    assert deeds() == ["official.create"]
    page = ani.page(answer.location)
    assert page.said[:2] == [
        "Disimpan: Drs. H. Contoh Baru, M.Si.",
        "Gelar depan: ditulis dalam bentuk baku. Gelar belakang: ditulis dalam bentuk baku. "
        "Telepon: disimpan sebagai +62 tanpa angka 0 di depan; "
        "spasi, titik, dan tanda hubung dihapus. "
        "Telepon: spasi, titik, dan tanda hubung dihapus.",
    ]


def test_titles_typed_with_the_name_are_moved_and_shown_for_a_yes(ani, rows, deeds):
    before = counts(rows)
    page = ani.sent("/officials/new/", **{**NEW, "full_name": "Drs. H. Contoh Baru, M.Si."})

    form = page.form()
    assert (form["title_prefix"], form["full_name"], form["title_suffix"]) == (
        "Drs. H.",
        "Contoh Baru",
        "M.Si.",
    )
    assert counts(rows) == before
    assert ani.post("/officials/new/", form).status_code == 303
    assert deeds() == ["official.create"]


POST = {"appointments-0-position": MAYOR_POST, "appointments-0-status": "definitive"}
EMPTY_POST = {**POST, "appointments-0-position": VACANT}

REFUSED_OFFICIALS = [
    ({"full_name": ""}, {"Nama": "Isian ini wajib diisi."}),
    ({"full_name": " \u200b "}, {"Nama": "Isian ini wajib diisi."}),
    ({"employment_type": ""}, {"Kepegawaian": "Isian ini wajib diisi."}),
    ({"employment_type": "king"}, {"Kepegawaian": "Pilih satu."}),
    (
        {"nip": "3673014508909999"},
        {"NIP": NIK_TYPED},
    ),
    ({"nip": TAKEN}, {"NIP": "NIP ini sudah dipakai pejabat lain di pemerintah daerah ini."}),
    (
        {"nip": NIP, "employment_type": "elected"},
        {"NIP": "Pejabat yang dipilih tidak punya NIP. Kosongkan isian ini."},
    ),
    ({"phone": "0812-3456-7890 / 0857-1111-2222"}, {"Telepon": TWO_NUMBERS}),
    (POST, {"Jabatan": HELD}),
    ({**POST, "appointments-0-position": ""}, {"Jabatan": "Pilih satu."}),
    (
        {**POST, "appointments-0-position": "114"},
        {"Jabatan": "Pilih salah satu catatan yang ditawarkan."},
    ),
    (
        {
            **EMPTY_POST,
            "appointments-0-started_on": "2025-12-01",
            "appointments-0-ended_on": "2025-11-30",
        },
        {"Jabatan": END_FIRST},
    ),
    (
        {**EMPTY_POST, "appointments-0-started_on": "November 2025"},
        {"Sejak": "Ini bukan tanggal. Tulis seperti 18/11/2025."},
    ),
    (
        {"spouses-0-full_name": "A", "spouses-0-phone": "081234567890/085711112222"},
        {"Telepon": TWO_NUMBERS},
    ),
    (
        {"spouses-0-full_name": "A", "spouses-1-full_name": "A"},
        {"Pasangan": "Pasangan ini sudah tercatat."},
    ),
]


@pytest.mark.parametrize(("typed", "problems"), REFUSED_OFFICIALS)
def test_an_official_that_cannot_be_is_refused_at_the_field(ani, rows, deeds, typed, problems):
    before = counts(rows)

    page = ani.sent("/officials/new/", **{**NEW, **typed})

    assert page.problems == [f"{label}: {sentence}" for label, sentence in problems.items()]
    assert (counts(rows), deeds()) == (before, [])


def test_what_was_typed_is_kept_when_it_is_refused(ani):
    page = ani.sent(
        "/officials/new/", **{**NEW, **POST, "phone": "0812", "spouses-0-full_name": "A"}
    )

    form = page.form()
    kept = (
        "full_name",
        "employment_type",
        "phone",
        "appointments-0-position",
        "spouses-0-full_name",
    )
    assert [form[name] for name in kept] == ["Contoh Baru", "asn_pns", "0812", "1", "A"]


# Edit and delete


def test_an_edit_changes_one_field_and_says_why(ani, rows, deeds, value):
    answer = ani.send(f"/officials/edit/?id={LURAH}", note="Kantor sementara", _reason="Pindah")

    assert (answer.status_code, answer.location) == (303, f"/officials/details/?id={LURAH}")
    assert value(sa.select(Official.note).where(Official.id == LURAH)) == "Kantor sementara"
    assert deeds() == ["official.edit"]
    changed = sa.select(Change.tbl, Change.pk).where(
        Change.deed_id == sa.select(sa.func.max(Change.deed_id)).scalar_subquery()
    )
    assert rows(changed) == [("official", str(LURAH))]
    assert "Pindah" in ani.page(f"/officials/history/?id={LURAH}").text


def test_masked_numbers_stay_out_of_the_form_and_stay_as_they_are(ani, rows):
    numbers = sa.select(Official.nip, Official.phone, Spouse.phone).join(Official.spouses)
    numbers = numbers.where(Official.id == LURAH)
    before = rows(numbers)

    form = ani.form(f"/officials/edit/?id={LURAH}")
    answer = ani.send(f"/officials/edit/?id={LURAH}", note="Lain")

    assert (form["nip"], form["phone"], form["spouses-0-phone"]) == ("", "", "")
    assert (answer.status_code, rows(numbers)) == (303, before)
    assert None not in before[0]


def test_a_number_that_is_typed_replaces_the_masked_one(ani, rows):
    path = f"/officials/edit/?id={LURAH}"
    numbers = sa.select(Official.phone, Spouse.phone).join(Official.spouses)
    numbers = numbers.where(Official.id == LURAH)

    ani.send(path, phone="081234567890", **{"spouses-0-phone": "081234567891"})

    assert rows(numbers) == [("+6281234567890", "+6281234567891")]


def test_an_official_that_is_referred_to_is_kept_and_the_page_says_by_what(ani, rows, deeds):
    before = counts(rows)
    sentence = (
        "Fulanah Contoh, S.Sos. tidak dihapus karena masih dirujuk: "
        "1 Pasangan, 1 Riwayat jabatan, 1 Kepesertaan."
    )

    asked = ani.page(f"/officials/delete/?id={MAYOR}")
    answer = ani.post("/officials/delete/", {"id": MAYOR})

    assert asked.said == [sentence]
    assert (answer.status_code, Page(answer.text).said) == (409, [sentence])
    assert (counts(rows), deeds()) == (before, ["official.delete.refused"])


def test_an_official_that_nothing_refers_to_is_deleted(ani, rows, deeds):
    key = ani.send("/officials/new/", **NEW).location.partition("=")[2]

    answer = ani.post("/officials/delete/", {"id": key, "_reason": "Keliru"})

    assert (answer.status_code, answer.location) == (303, "/officials/")
    assert rows(sa.select(Official.id).where(Official.id == int(key))) == []
    assert deeds() == ["official.create", "official.delete"]


def test_several_are_deleted_together_or_none(ani, rows, deeds):
    key = ani.send("/officials/new/", **NEW).location.partition("=")[2]
    before = counts(rows)

    asked = ani.post("/officials/action/", {"action": "delete", "rowid": [key, MAYOR]})
    answer = ani.post(
        "/officials/action/", {"action": "delete", "rowid": [key, MAYOR], "confirmed": "1"}
    )

    assert (asked.status_code, answer.status_code) == (200, 409)
    assert counts(rows) == before
    assert deeds() == ["official.create", "official.delete.refused"]


# Unmasking


def test_a_number_is_shown_once_after_a_reason(ani, deeds):
    answer = ani.post("/officials/unmask/", {"id": "5", "column": "nip", "reason": "Undangan"})

    assert (answer.status_code, TAKEN in answer.text) == (200, True)
    assert deeds() == ["official.unmask"]
    assert TAKEN not in ani.get("/officials/details/?id=5").text


def test_who_calls_a_list_asks_for_the_next_number_with_the_same_reason(ani, deeds):
    first, *_ = ani.page("/officials/?search=Lurah").main.one("tbody").all("tr")
    number = first.one("a").given["href"].partition("id=")[2].partition("&")[0]
    asked = {
        "id": number,
        "column": "phone",
        "reason": "Undangan",
        "url": "/officials/?search=Lurah",
    }

    answer = Page(ani.post("/officials/unmask/", asked).text)
    form = filled_in(answer.main.one("form", action="/officials/unmask/"))
    after = Page(ani.post("/officials/unmask/", form).text)
    away = ani.post("/officials/unmask/", {**asked, "url": "https://example.org/officials"})

    assert {**form, "csrf_token": "", "id": ""} == {**asked, "csrf_token": "", "id": ""}
    assert form["id"] != number
    assert "masih 28 nilai" in after.text
    assert "Berikutnya dalam daftar" in after.text
    assert ("example.org" in away.text, away.status_code) == (False, 400)
    assert deeds() == ["official.unmask"] * 2


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"id": "5", "column": "nip", "reason": " "}, 422),
        ({"id": "5", "column": "full_name", "reason": "x"}, 404),
        ({"id": "5", "column": "region_id", "reason": "x"}, 404),
        ({"id": "110", "column": "nip", "reason": "x"}, 404),
        ({"id": "1", "column": "nip", "reason": "x"}, 404),
    ],
)
def test_nothing_is_shown_without_a_reason_or_out_of_scope(ani, deeds, data, status):
    answer = ani.post("/officials/unmask/", data)

    assert (answer.status_code, TAKEN in answer.text, deeds()) == (status, False, [])


def test_an_auditor_does_not_unmask(citra, deeds):
    answer = citra.post("/officials/unmask/", {"id": "5", "column": "nip", "reason": "x"})

    assert (answer.status_code, deeds()) == (403, ["official.unmask.refused"])


# Appointments


def test_the_latest_appointment_stands_first(ani):
    page = ani.page("/appointments/")

    assert page.cells("Pejabat", "Status pengangkatan", "Sejak", "Sampai", "SK")[0] == (
        "Kamboja Permisalan, S.IP.",
        "Plh. (pejabat berhalangan)",
        "17 Nov 2025",
        "21 Nov 2025",
        "CONTOH/048/2025",
    )
    opened = page.main.one("tbody").one("th").all("a")
    assert [one.given["href"].partition("?")[0] for one in opened] == ["/appointments/details/"]


def test_an_appointment_takes_unit_and_region_from_its_post(ani, rows, deeds):
    answer = ani.send(
        "/appointments/new/",
        official=MAYOR,
        position=VACANT,
        status="acting_vacant",
        started_on="01/12/2025",
    )

    key = int(answer.location.partition("=")[2])
    unit = sa.select(Appointment.region_id, Appointment.unit_id, Appointment.ended_on)
    seat = rows(sa.text("SELECT region_id, unit_id FROM position WHERE id = 13"))
    assert rows(unit.where(Appointment.id == key)) == [(*seat[0], None)]
    assert deeds() == ["appointment.create"]


APPOINTED = {"official": MAYOR, "position": VACANT, "status": "definitive"}


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        ({"position": MAYOR_POST, "official": DEPUTY}, [f"Jabatan: {HELD}"]),
        ({"started_on": "2025-12-01", "ended_on": "2025-11-30"}, [f"Sampai: {END_FIRST}"]),
        ({"official": "110"}, ["Pejabat: Pilih salah satu catatan yang ditawarkan."]),
        ({"official": ""}, ["Pejabat: Pilih satu."]),
        (
            {"started_on": "31/2/2025"},
            ["Sejak: Tanggal ini tidak ada dalam kalender. Periksa hari dan bulannya."],
        ),
        ({"started_on": "2025"}, ["Sejak: Ini bukan tanggal. Tulis seperti 18/11/2025."]),
        (
            {"position": MAYOR_POST, "started_on": "2025-03-04", "status": "definitive"},
            [f"Jabatan: {HELD}"],
        ),
    ],
)
def test_an_appointment_that_cannot_be_is_refused_at_the_field(ani, rows, deeds, typed, problems):
    before = counts(rows)

    page = ani.sent("/appointments/new/", **{**APPOINTED, **typed})

    assert page.problems == problems
    assert (counts(rows), deeds()) == (before, [])


def test_a_post_is_free_again_from_the_day_after_its_holder_ended(ani):
    ani.send("/appointments/edit/?id=3", ended_on="2025-11-30")

    early = {**APPOINTED, "official": DEPUTY, "position": MAYOR_POST, "started_on": "2025-11-30"}

    assert ani.sent("/appointments/new/", **early).problems == [f"Jabatan: {HELD}"]
    assert (
        ani.send("/appointments/new/", **{**early, "started_on": "2025-12-01"}).status_code == 303
    )


def test_one_appointment_is_not_recorded_twice(ani):
    acting = {**APPOINTED, "status": "acting_vacant", "started_on": "2025-12-01"}
    ani.send("/appointments/new/", **acting)

    assert ani.sent("/appointments/new/", **acting).problems == [
        "Sejak: Riwayat jabatan ini sudah tercatat."
    ]


# Spouses


def test_spouses_are_listed_by_name(ani):
    assert ani.page("/spouses/").cells("Nama pasangan", "Pejabat")[0] == (
        "Anggrek Contoh",
        "H. Jaka Seumpama, S.Sos., M.Si.",
    )


def test_a_spouse_may_be_an_official_too(ani, rows):
    answer = ani.send(
        "/spouses/new/",
        official=MAYOR,
        full_name="Badu Misal",
        person=DEPUTY,
        married_on="2001-02-03",
    )

    key = int(answer.location.partition("=")[2])
    stored = sa.select(Spouse.region_id, Spouse.person_id).where(Spouse.id == key)
    assert rows(stored) == [(1, DEPUTY)]


@pytest.mark.parametrize(
    ("typed", "problems"),
    [
        (
            {"person": MAYOR},
            ["Juga pejabat: Seseorang tidak dapat menjadi pasangannya sendiri."],
        ),
        (
            {"person": "110"},
            ["Juga pejabat: Pilih salah satu catatan yang ditawarkan."],
        ),
        ({"full_name": "Beringin Ilustrasi"}, ["Nama pasangan: Pasangan ini sudah tercatat."]),
        ({"married_on": "2025-01-02", "ended_on": "2025-01-01"}, [f"Sampai: {END_FIRST}"]),
        ({"phone": "0812-3456-7890 / 0857-1111-2222"}, [f"Telepon: {TWO_NUMBERS}"]),
    ],
)
def test_a_spouse_that_cannot_be_is_refused_at_the_field(ani, rows, deeds, typed, problems):
    before = counts(rows)

    page = ani.sent("/spouses/new/", **{"official": MAYOR, "full_name": "Fulan", **typed})

    assert page.problems == problems
    assert (counts(rows), deeds()) == (before, [])
