"""Headings as offices write them: below titles, in two rows, merged, repeated, misspelled."""

import pytest

from panel.sheets.cells import EMPTY, Cell, Merged, Sheet
from panel.sheets.headings import headings

SYNONYMS = {
    "number": ["no", "nomor urut"],
    "name": ["nama", "nama lengkap", "nama pejabat"],
    "nip": ["nip", "nomor induk pegawai"],
    "rank": ["golongan", "pangkat", "pangkat golongan", "gol"],
    "post": ["jabatan", "nama jabatan"],
    "unit": ["unit kerja", "opd", "instansi"],
    "phone": ["no hp", "nomor telepon", "no wa", "hp"],
    "spouse": ["nama pasangan", "nama istri", "nama suami"],
    "spouse_phone": ["no hp pasangan"],
}


def sheet(*lines: str, merged: tuple[Merged, ...] = ()) -> Sheet:
    """A sheet of lines whose cells are parted by |; ^ stands for the merged cell above."""
    rows: list[list[Cell]] = []
    for line in lines:
        texts = [text.strip() for text in line.split("|")]
        rows.append(
            [
                rows[-1][at]._replace(copied=True)
                if text == "^"
                else Cell(text, "number" if text.isdigit() else "text")
                if text
                else EMPTY
                for at, text in enumerate(texts)
            ]
        )
    width = max(map(len, rows))
    return Sheet("", False, tuple((*row, *[EMPTY] * (width - len(row))) for row in rows), 0, 0,
                 merged=merged)  # fmt: skip


def test_one_row_below_a_title_of_any_length():
    found = headings(
        sheet(
            "DAFTAR NAMA PEJABAT PEMERINTAH KOTA|||",
            "PER 1 NOVEMBER|||",
            "|||",
            "No.|Nama Lengkap|N I P|Jabatan",
            "1|Budi Santoso|x|Camat",
        ),
        SYNONYMS,
    )

    assert (found.first_row, found.last_row) == (3, 3)
    assert found.columns == {"number": 0, "name": 1, "nip": 2, "post": 3}
    assert (found.unknown, found.doubtful) == ((), {})
    assert found.data_rows == (4,)


def test_two_rows_with_groups_merged_or_not():
    lines = (
        "No|Pejabat|||Pasangan||Tanda tangan",
        "|Nama|NIP|Jabatan|Nama|No. HP|",
        "1|Budi|x|Camat|Ani|08|",
    )
    groups = (Merged(0, 1, 0, 3), Merged(0, 4, 0, 5))
    expected = {
        "number": 0, "name": 1, "nip": 2, "post": 3, "spouse": 4, "spouse_phone": 5,
    }  # fmt: skip

    for merged in (groups, ()):
        found = headings(sheet(*lines, merged=merged), SYNONYMS)

        assert (found.first_row, found.last_row) == (0, 1)
        assert found.columns == expected
        assert found.unknown == (6,)
        assert found.labels[4] == "Pasangan Nama"
        assert found.data_rows == (2,)


def test_groups_whose_names_alone_say_nothing():
    found = headings(
        sheet("|Pejabat||Istri/Suami|", "No|Nama|NIP|Nama|HP", "1|Budi|x|Ani|08"), SYNONYMS
    )

    assert found.columns == {"number": 0, "name": 1, "nip": 2, "spouse": 3, "phone": 4}
    assert (found.first_row, [*found.doubtful]) == (0, ["nip", "phone"])


def test_what_is_no_row_of_the_list_is_told_with_its_reason():
    found = headings(
        sheet(
            "No|Nama|NIP|Jabatan",
            "(1)|(2)|(3)|(4)",
            "I|KECAMATAN SERANG||",
            "1|Budi|x|Camat",
            "|||",
            "^||",
            "2|Ani|y|Lurah",
            "No|Nama|NIP|Jabatan",
            "1|2|3|4",
            "KECAMATAN CURUG|||",
            "3|Dewi|z|Sekretaris",
            "||^|",
            "Jumlah|3||",
            "|||",
            "|||Serang, 12 November",
            "|||Inspektur",
            "|||",
            "|||Fulan",
        ),
        {**SYNONYMS, "number": []},
    )

    assert found.data_rows == (3, 6, 10)
    assert found.skipped == {
        1: "numbering", 2: "section", 7: "headings", 8: "numbering", 9: "section",
        11: "merged", 12: "total", 14: "below", 15: "below", 17: "below",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "columns", "doubtful"),
    [
        ("Nama/NIP|Jabatan|Unit Kerja", {"name": 0, "nip": 0, "post": 1, "unit": 2}, {}),
        ("NAMA\nNIP|JABATAN", {"name": 0, "nip": 0, "post": 1}, {}),
        ("N a m a|Pangkat/Gol.|No. HP/WA", {"name": 0, "rank": 1, "phone": 2}, {}),
        ("Nama|Jabtan|Instnsi", {"name": 0, "post": 1, "unit": 2}, {}),
        ("Nama (beserta gelar)|NIP", {"name": 0, "nip": 1}, {}),
        ("Nama|Jabatan|Jabatan", {"name": 0, "post": 1}, {"post": (2,)}),
        ("Nama|NIP|Jabatan terakhir sebelum pindah tugas", {"name": 0, "nip": 1}, {}),
        ("Nama|NIP|Jabatan sekarang", {"name": 0, "nip": 1, "post": 2}, {"post": ()}),
    ],
)
def test_names_of_columns_are_forgiven_and_guesses_are_called_so(line, columns, doubtful):
    found = headings(sheet(line, "Budi|x|y"), SYNONYMS)

    assert found.columns == columns
    assert found.doubtful == doubtful


def test_a_field_that_means_both_takes_the_column_alone():
    found = headings(sheet("Nama/NIP|Jabatan"), {**SYNONYMS, "both": ["Nama/NIP"]})

    assert found.columns == {"both": 0, "post": 1}


def test_a_list_without_headings_is_all_list():
    found = headings(sheet("1|Budi|19|Camat", "2|Ani|19|Lurah"), SYNONYMS)

    assert (found.first_row, found.last_row, found.columns) == (-1, -1, {})
    assert found.data_rows == (0, 1)


def test_a_person_says_which_rows_name_the_columns_or_that_none_does():
    lines = sheet("Nama|NIP", "Nama|Jabatan", "Budi|Camat")

    found = headings(lines, SYNONYMS, rows=(1, 1))
    none = headings(lines, SYNONYMS, rows=(-1, -1))

    assert (found.columns, found.data_rows) == ({"name": 0, "post": 1}, (2,))
    assert (none.columns, none.data_rows) == ({}, (0, 1, 2))
