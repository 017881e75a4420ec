"""Spreadsheets as they come: every kind of file, every kind of cell, the same rows."""

import io
import struct

import xlsxwriter

from panel.sheets.cells import EMPTY, Cell, Merged, address
from panel.sheets.reading import pasted, read
from tests.panel.sheets.made import cell, label, ods, xls, xlsx


def text(content, stood=""):
    return Cell(content, "text", stood)


def rows(book):
    return [*book.sheets[0].rows]


def test_a_workbook_keeps_addresses_kinds_and_what_is_hidden():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Pejabat")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.merge_range("C3:C5", "Budi")
        sheet.write_row("D3", [5, 196608119880310000, 1.5, True])
        sheet.write_row("D5", [46024, 46024.375], day)
        sheet.write_formula("G5", "=1/0", None, "#DIV/0!")
        sheet.write_formula("H5", "=D3*2", None, 10)
        sheet.write_formula("I5", "=D3*2", None, "")
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_column("E:E", None, None, {"hidden": True})
        book.add_worksheet("Lama").hide()

    book = read(out.getvalue(), "daftar.xls")
    sheet, old = book.sheets

    assert (book.kind, book.macros, len(book.sha256)) == ("xlsx", False, 64)
    assert (sheet.name, sheet.hidden, old.name, old.hidden) == ("Pejabat", False, "Lama", True)
    assert [*sheet.rows] == [
        (text("Budi"), Cell("5", "number"), Cell("1.9660811988031E+17", "number"),
         Cell("1.5", "number"), Cell("TRUE", "bool"), EMPTY, EMPTY),
        (Cell("Budi", "text", copied=True), *[EMPTY] * 6),
        (Cell("Budi", "text", copied=True), Cell("2026-01-02", "date"),
         Cell("2026-01-02 09:00", "date"), EMPTY, Cell("#DIV/0!", "error", formula=True),
         Cell("10", "number", formula=True), Cell("", "formula", formula=True)),
    ]  # fmt: skip
    assert (sheet.address(0, 0), sheet.address(2, 4), address(1_048_575, 16_383)) == (
        "C3",
        "G5",
        "XFD1048576",
    )
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({1}, {2})
    assert sheet.merged == (Merged(0, 0, 2, 0),)
    assert sheet.rows[-1][0].copied
    assert [len(row) for row in sheet.rows[:2]] == [7, 7]


def test_a_formula_that_gives_an_empty_text_gives_nothing():
    """IF(A2="","",…) in every row of a list."""
    empty = '<c r="A1" t="str"><f>IF(1,"","")</f><v></v></c>'

    assert rows(read(xlsx(f'<row r="1">{empty}{cell("B1", "x")}</row>'), "x.xlsx")) == [
        (EMPTY, text("x"))
    ]


def test_an_old_workbook_is_read_with_its_errors_formulas_and_hidden_rows():
    book = read(
        xls(
            [
                (0x208, struct.pack("<8H", 2, 0, 9, 0, 0, 0, 0x20, 0)),
                (0x7D, struct.pack("<5H", 2, 2, 0, 0, 1)),
                label(1, 1, "Nama"),
                (0x203, struct.pack("<HHHd", 2, 1, 0, 12)),
                (0x205, struct.pack("<HHHBB", 2, 2, 0, 0x07, 1)),
                (0x06, struct.pack("<HHHdHIH", 3, 1, 0, 5.5, 0, 0, 0)),
            ]
        ),
        "daftar.xlsx",
    )

    assert (book.kind, book.sheets[0].name) == ("xls", "Daftar")
    assert rows(book) == [
        (text("Nama"), EMPTY),
        (Cell("12", "number"), Cell("#DIV/0!", "error")),
        (Cell("5.5", "number", formula=True), EMPTY),
    ]
    assert book.sheets[0].address(0, 0) == "B2"
    assert (book.sheets[0].hidden_rows, book.sheets[0].hidden_columns) == ({1}, {1})


def test_a_sheet_of_libreoffice_is_read_without_its_million_blank_rows():
    def filled(content, more=""):
        return (
            f'<table:table-cell office:value-type="string" {more}><text:p>{content}</text:p>'
            "</table:table-cell>"
        )

    spanned = 'table:number-rows-spanned="2"'
    error = 'table:formula="of:=1/0" calcext:value-type="error" office:string-value=""'
    blank = '<table:table-cell table:number-columns-repeated="16384"/>'
    book = read(
        ods(
            f"<table:table-row>{filled('Budi', spanned)}{filled('x')}"
            "</table:table-row>"
            '<table:table-row table:visibility="collapse"><table:covered-table-cell/>'
            f"{filled('#DIV/0!', error)}</table:table-row>"
            f'<table:table-row table:number-rows-repeated="1048574">{blank}</table:table-row>'
        ),
        "daftar.ods",
    )

    assert book.kind == "ods"
    assert rows(book) == [
        (text("Budi"), text("x")),
        (Cell("Budi", "text", copied=True), Cell("#DIV/0!", "error", formula=True)),
    ]
    assert book.sheets[0].hidden_rows == {1}


def test_text_files_of_any_letters_and_signs_say_the_same():
    plain = (
        'Nama{0}NIP{0}Catatan\r\n"Budi, S.H., M.Si."{0}19660{0}\r\n'
        "{0}{0}\r\nAni Pérez{0}1{0}x\r\n{0}{0}\r\n"
    )
    expected = [
        (text("Nama"), text("NIP"), text("Catatan")),
        (text("Budi, S.H., M.Si."), text("19660"), EMPTY),
        (EMPTY, EMPTY, EMPTY),
        (text("Ani Pérez"), text("1"), text("x")),
    ]

    for sign, letters in (
        (";", "utf-8"), (",", "utf-8-sig"), ("\t", "utf-16"), ("|", "utf-16-le"),
        ("^", "cp1252"),
    ):  # fmt: skip
        assert rows(read(plain.format(sign).encode(letters), "x.xlsx")) == expected, letters
    told = "sep=~\r\n" + plain.format("~")
    assert rows(read(told.encode(), "x.csv")) == expected


def test_names_with_titles_are_no_columns():
    names = "Nama\nBudi, S.H., M.Si.\nAni, S.E., M.M.\nDewi, S.T., M.T.\n"

    assert [row[0].text for row in read(names.encode(), "x.csv").sheets[0].rows][1:2] == [
        "Budi, S.H., M.Si."
    ]


def test_pasted_cells_keep_their_lines():
    book = pasted('Nama\tNIP\n"Budi\nSantoso"\t\'19660\nAni; S.H.\t="0812"\n=A1\t1,96E+17\n')

    assert book.kind == "pasted"
    assert rows(book) == [
        (text("Nama"), text("NIP")),
        (text("Budi\nSantoso"), text("19660", "'19660")),
        (text("Ani; S.H."), text("0812", '="0812"')),
        (Cell("", "formula", "=A1", formula=True), Cell("1,96E+17", "number")),
    ]


def test_what_nobody_sees_is_taken_out_and_kept_aside():
    dirty = "\u200fBudi\u00a0\u200bSantoso\u202c"
    typed = [dirty, "'Aisyah", "’0812", "  a   b ", "a_x000D_&#10;b", "&#160;", "x"]
    cells = "".join(cell(f"{letter}1", one) for letter, one in zip("ABCDEFG", typed, strict=True))
    sheet = read(xlsx(f'<row r="1">{cells}</row>'), "x.xlsx").sheets[0]

    assert [*sheet.rows[0]] == [
        text("Budi Santoso", dirty),
        text("'Aisyah"),
        text("0812", "’0812"),
        text("a b"),
        text("a\nb"),
        EMPTY,
        text("x"),
    ]


def test_a_text_in_arabic_letters_stays():
    assert rows(read("Nama;x\nبودي;y\n".encode(), "x.csv"))[1][0] == text("بودي")
