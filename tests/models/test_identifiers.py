"""Identifiers: the published vectors as a whole, then what no vector says."""

import csv
import time
from datetime import date
from pathlib import Path

import pytest

from models import identifiers
from models.identifiers import Checked, PersonName, Wrong
from panel.words import say

TODAY = date(2026, 3, 2)
VECTORS = Path(__file__).parents[1] / "data" / "validation_vectors.csv"
GOLONGAN = Path(__file__).parents[2] / "seed" / "data" / "golongan.csv"
NIP = "199009132015041999"
NIK = "3673014508909999"
READERS = {
    "nip": lambda text, cell: identifiers.nip(text, cell=cell, today=TODAY),
    "nik": lambda text, cell: identifiers.nik(text, cell=cell, today=TODAY),
    "phone": lambda text, cell: identifiers.phone(text, cell=cell),
    "person_name": lambda text, cell: identifiers.person_name(text),
    "grade": lambda text, cell: identifiers.grade(text),
}
HOSTILE = {
    "a megabyte": "1" * 1_000_000,
    "a megabyte of blanks": " " * 1_000_000,
    "a megabyte of accents": "a" + "\u0315\u0323" * 500_000,
    "NUL": "19660801\x00198803 1 001",
    "turned writing": "19660801\u202e1988031001",
    "half a sign": "1966\ud8000801",
    "fullwidth digits": "１９６６０８０１１９８８０３１００１",
    "Arabic digits": "١٩٦٦٠٨٠١١٩٨٨٠٣١٠٠١",
    "superscripts": "²" * 18,
    "emoji": "👨‍👩‍👧" * 6,
    "a formula": "=1+1",
    "blanks": " \t\r\n ",
    "nothing": "",
    "braces": "{{7*7}}",
    "percent signs": "%(name)s %s %d",
    "dots": "." * 250,
    "many titles": "Dr. " * 60,
    "many commas": "," * 400,
}
NOT_TEXT = (None, True, 1.5, float("nan"), float("inf"), -1, 10**400, b"0812", [], {})


def outcome(field, text, cell):
    """What a row of the vectors states: accepted or not, the value, the detail with warnings."""
    try:
        checked = READERS[field](text, cell)
    except Wrong as wrong:
        return ("reject", "", wrong.fault)
    detail, value = checked.detail, checked.value
    if isinstance(value, PersonName):
        detail, value = value._fields, "|".join(value)
    warnings = [f"warn_{doubt.code}" for doubt in checked.warnings]
    return ("accept", value, "|".join([*detail, *warnings]))


def vectors():
    with VECTORS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", vectors(), ids=lambda row: f"{row['field']}-{row['input']}")
def test_every_published_vector_holds(row):
    result = outcome(row["field"], row["input"], row["cell_type"])

    assert result == (row["expected"], row["normalized"], row["detail"])


def test_all_54_vectors_are_there():
    assert len(vectors()) == 54


@pytest.mark.parametrize("field", READERS)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_answered_at_once_with_a_sentence_or_a_value(field, text):
    begin = time.perf_counter()
    try:
        READERS[field](text, "text")
    except Wrong as wrong:
        told = str(wrong.sentence)
        assert told.endswith(".")
        assert len(told) < 200

    assert time.perf_counter() - begin < 0.5


@pytest.mark.parametrize("field", READERS)
@pytest.mark.parametrize("thing", NOT_TEXT, ids=lambda thing: repr(thing)[:12])
def test_what_is_no_text_is_refused(field, thing):
    with pytest.raises(Wrong):
        READERS[field](thing, "text")


@pytest.mark.parametrize("field", READERS)
def test_no_refusal_repeats_what_was_typed(field):
    typed = "19660801 198813 1 001 x"

    with pytest.raises(Wrong) as refused:
        READERS[field](typed, "text")

    assert "1966" not in str(refused.value)
    assert all("1966" not in str(value) for value in refused.value.sentence.values.values())


@pytest.mark.parametrize("typed", [NIK, "3673 0145 0890 9999", "NIP " + NIK])
def test_nik_where_a_nip_belongs_is_recognised_and_not_repeated(typed):
    with pytest.raises(Wrong) as refused:
        identifiers.nip(typed, today=TODAY)

    assert (refused.value.fault, refused.value.sentence) == (
        "nik",
        say("This looks like a NIK, which is not kept here. Type the NIP, which has 18 digits."),
    )


def test_a_nip_is_not_taken_for_a_nik():
    assert not identifiers.looks_like_nik(NIP, today=TODAY)


def codes(checked):
    return [doubt.code for doubt in checked.warnings]


def test_what_is_known_of_the_person_is_compared_and_only_warned_about():
    agreeing = identifiers.nip(
        NIP, today=TODAY, sex="L", born=date(1990, 9, 13), employment_type="asn_pns"
    )
    differing = identifiers.nip(
        NIP, today=TODAY, sex="P", born=date(1990, 9, 14), employment_type="asn_pppk"
    )

    assert agreeing == Checked(NIP, ("PNS",))
    assert (differing.value, codes(differing)) == (NIP, ["sex", "birth_date", "employment_type"])


def test_an_elected_official_has_no_nip():
    with pytest.raises(Wrong) as refused:
        identifiers.nip(NIP, today=TODAY, employment_type="elected")

    assert refused.value.fault == "elected"


@pytest.mark.parametrize(
    ("today", "fault"),
    [(date(2015, 3, 31), "appointment_future"), (date(2015, 4, 1), None)],
)
def test_the_future_begins_with_the_month_after_today(today, fault):
    try:
        found = identifiers.nip(NIP, today=today) and None
    except Wrong as wrong:
        found = wrong.fault

    assert found == fault


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("199009132007081001", "appointment_age"),
        ("199009132007091001", []),
        ("196009132006091001", []),
        ("196009132006101001", ["age_over_46"]),
        ("196009132016211001", []),
        ("193912312000011001", "birth_date"),
        ("194001011970011001", []),
    ],
)
def test_age_at_appointment_has_a_floor_and_a_ceiling_that_warns(number, expected):
    try:
        found = codes(identifiers.nip(number, today=TODAY))
    except Wrong as wrong:
        found = wrong.fault

    assert found == expected


def test_nip_says_when_its_holder_retires():
    assert identifiers.retires_on("196608011988031001", 58) == date(2024, 9, 1)
    assert identifiers.retires_on("196612311988031001", 60) == date(2027, 1, 1)
    assert [
        identifiers.retirement_age(echelon) for echelon in ("II.a", "II.b", "III.a", "IV.a")
    ] == [60, 60, 58, 58]


def test_numbers_are_printed_and_masked_as_the_office_does():
    assert identifiers.show_nip("196608011988031001") == "19660801 198803 1 001"
    assert identifiers.mask_nip("196608011988031001") == "•••• 001"
    assert identifiers.show_phone("+6281234567890") == "0812-3456-7890"
    assert identifiers.show_phone("+62254210538") == "(0254) 210538"
    assert identifiers.show_phone("+622112345678") == "(021) 12345678"
    assert identifiers.mask_phone("+6281234567890") == "•••• 890"
    assert identifiers.whatsapp_link("+6281234567890") == "https://wa.me/6281234567890"
    assert identifiers.whatsapp_link("+6281234567890", "Apa kabar?") == (
        "https://wa.me/6281234567890?text=Apa%20kabar%3F"
    )
    assert identifiers.whatsapp_link("+62254210538") is None


def test_what_is_not_known_is_printed_as_nothing():
    shows = (
        identifiers.show_nip,
        identifiers.mask_nip,
        identifiers.show_phone,
        identifiers.mask_phone,
        identifiers.show_grade,
    )

    assert [show(None) for show in shows] == [""] * 5
    assert identifiers.whatsapp_link(None) is None


@pytest.mark.parametrize(
    "typed",
    [
        "+62 (0) 812-3456-7890",
        "0062 812 3456 7890",
        "+62812.3456.7890",
        "'081234567890",
        81234567890,
        81234567890.0,
        6281234567890,
    ],
)
def test_many_ways_to_write_one_mobile_number(typed):
    assert identifiers.phone(typed) == Checked("+6281234567890", ("mobile",))


@pytest.mark.parametrize(
    "typed",
    [
        "081234567890/085711112222",
        "081234567890, 085711112222",
        "081234567890\n085711112222",
        "081234567890 085711112222",
        "0812 3456 7890 atau 0254 210538",
        "0254-210538 / 210539",
    ],
)
def test_two_phone_numbers_in_one_field_ask_for_one(typed):
    with pytest.raises(Wrong) as refused:
        identifiers.phone(typed)

    assert refused.value.sentence == say("There are two numbers in one field. Choose one.")


@pytest.mark.parametrize("typed", ["+65 8123 4567", "0800 123 4567", "0123456789", "12345678"])
def test_foreign_and_service_numbers_are_refused_for_their_beginning(typed):
    with pytest.raises(Wrong) as refused:
        identifiers.phone(typed)

    assert refused.value.fault == "prefix"


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("DRS. H. AHMAD FULAN, M.SI", ("Drs. H.", "Ahmad Fulan", "M.Si.")),
        ("Drs.H.Ahmad Fulan,M.Si", ("Drs. H.", "Ahmad Fulan", "M.Si.")),
        ("K.H. Ahmad Fulan", ("KH.", "Ahmad Fulan", "")),
        ("Tb. Fulan Contoh SH MH", ("Tb.", "Fulan Contoh", "S.H., M.H.")),
        ("Ir Fulan Contoh", ("Ir.", "Fulan Contoh", "")),
        ("ahmad fulan", ("", "Ahmad Fulan", "")),
        ("MUH. FULAN HS., M.SI.", ("", "Muh. Fulan HS.", "M.Si.")),
        ("Nur'aini McContoh", ("", "Nur'aini McContoh", "")),
        ("NUR'AINI AL-FULAN", ("", "Nur'aini Al-Fulan", "")),
        ("Fulan Contoh, S. Sos., A.Md. Keb.", ("", "Fulan Contoh", "S.Sos., A.Md.Keb.")),
        ("A. Fulan Contoh", ("", "A. Fulan Contoh", "")),
        ("Fulan SE", ("", "Fulan", "S.E.")),
        ("Sé Fulan", ("", "Sé Fulan", "")),
        ("  Fulan \t Contoh ", ("", "Fulan Contoh", "")),
        ("<script>alert(1)</script>", ("", "<script>alert(1)</script>", "")),
    ],
)
def test_names_are_taken_apart_without_losing_a_letter(typed, parts):
    assert identifiers.person_name(typed) == Checked(PersonName(*parts))


def test_doubtful_titles_are_kept_and_asked_about():
    shouted = identifiers.person_name("DR. RINA CONTOH, S.XYZ.")

    assert shouted.value == PersonName("Dr.", "Rina Contoh", "S.XYZ.")
    assert codes(shouted) == ["doctor", "title_unknown"]


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("Drs. H.", "no_name"),
        ("S.Sos.", "no_name"),
        ("...", "no_name"),
        ("Fulan " * 40, "too_long"),
        (f"Fulan {NIP}", "number"),
        (f"Fulan {NIK}", "nik"),
        ("Fulan / 0812-3456-7890", "number"),
    ],
)
def test_what_is_no_name_is_refused(typed, fault):
    with pytest.raises(Wrong) as refused:
        identifiers.person_name(typed)

    assert refused.value.fault == fault


def test_titles_alone_are_spelt_like_titles_in_a_name():
    assert identifiers.titles_before("DRS H") == Checked("Drs. H.")
    assert identifiers.titles_before("dr.") == Checked("dr.")
    assert identifiers.titles_after("SH, mh") == Checked("S.H., M.H.")
    assert codes(identifiers.titles_before("Drs. Sultan")) == ["title_unknown"]
    assert codes(identifiers.titles_after("S.XYZ.")) == ["title_unknown"]


def test_a_name_is_printed_with_its_titles():
    assert identifiers.show_name("Drs. H.", "Ahmad Fulan", "M.Si.") == "Drs. H. Ahmad Fulan, M.Si."
    assert identifiers.show_name(None, "Fulan", "") == "Fulan"


@pytest.mark.parametrize(
    "typed",
    [
        "IV/b",
        "IV.b",
        "IVb",
        "iv b",
        "IV - B",
        "Gol. IV/b",
        "Pembina Tingkat I",
        "Pembina Tk. I",
        "Pembina Tk. I / IV.b",
        "PEMBINA TK.I, IV/B",
        "Pembina Tingkat I (IV/b)",
    ],
)
def test_many_ways_to_write_one_grade(typed):
    assert identifiers.grade(typed) == Checked("IV/b", ("Pembina Tingkat I",))


@pytest.mark.parametrize("grade", identifiers.GRADES, ids=lambda grade: grade.code)
def test_every_grade_is_read_back_from_its_print(grade):
    printed = identifiers.show_grade(grade.code)

    assert printed == f"{grade.rank} ({grade.code})"
    assert identifiers.grade(printed) == Checked(grade.code, (grade.rank,))
    assert identifiers.grade(grade.rank) == Checked(grade.code, (grade.rank,))


def test_a_pppk_has_a_roman_number_without_rank():
    assert identifiers.grade("IX") == Checked("IX", ("PPPK",))
    assert identifiers.grade("Golongan III", employment_type="asn_pppk") == Checked(
        "III", ("PPPK",)
    )
    assert identifiers.show_grade("IX") == "Golongan IX"


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("IV", "no_letter"),
        ("III/e", "unknown"),
        ("V/a", "unknown"),
        ("XVIII", "unknown"),
        ("Kepala", "unknown"),
        ("Pembina (IV/b)", "disagree"),
    ],
)
def test_what_is_no_grade_is_refused(typed, fault):
    with pytest.raises(Wrong) as refused:
        identifiers.grade(typed)

    assert refused.value.fault == fault


def test_an_unknown_rank_beside_a_grade_is_asked_about():
    checked = identifiers.grade("Penata Agung (III/c)")

    assert (checked.value, codes(checked)) == ("III/c", ["rank_unknown"])


def test_the_grades_that_are_seeded_are_the_grades_that_are_read():
    with GOLONGAN.open(encoding="utf-8", newline="") as file:
        seeded = [(row["code"], row["name"]) for row in csv.DictReader(file)]

    assert seeded == [(grade.code, grade.rank) for grade in identifiers.GRADES]
