"""Files that mean harm or are none: a sentence in Indonesian, no memory of the server, little time.

The peak of this process is measured, for it stands for the server.
"""

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from panel.sheets.reading import LARGEST, WORKER, Limits, read
from panel.sheets.refusing import Unreadable
from tests.panel.sheets.made import (
    ROW,
    cell,
    compound,
    label,
    lying,
    ods,
    swollen,
    told,
    xls,
    xlsx,
    zipped,
)

PROCESS = Path("/proc/self")
#: How much the server may grow, in MB, and how long it may wait, in seconds.
GROWS = 100
LASTS = 30

LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
SHARED = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{}</t></si></sst>'

BROKEN = (
    "Berkas rusak atau terpotong. Buka di Excel, simpan lagi sebagai .xlsx, lalu unggah berkas itu."
)
LOCKED = "Berkas dilindungi kata sandi. Simpan tanpa kata sandi, lalu unggah berkas itu."
DECLARES = (
    "Berkas memuat deklarasi yang tidak diperlukan lembar kerja, jadi tidak dibuka. "
    "Simpan lagi di Excel sebagai .xlsx, lalu unggah berkas itu."
)
BOMB = (
    "Setelah dibuka, isi berkas jauh lebih besar daripada sebuah daftar, jadi tidak dibuka. "
    "Salin daftarnya ke buku kerja baru, lalu unggah berkas itu."
)
FAR = (
    "Lembar “Daftar” berisi sampai sel {}; paling banyak 100.000 baris yang dibaca. "
    "Hapus isi di luar daftar, atau bagi daftar menjadi beberapa berkas."
)
WIDE = (
    "Lembar “Daftar” berisi sampai sel {}; paling banyak 60 kolom yang dibaca. "
    "Hapus isi di luar daftar, atau salin kolom-kolomnya ke buku kerja baru."
)
HEAVY = (
    "Isi berkas terlalu banyak untuk dibaca sekaligus. "
    "Sisakan daftarnya saja, atau bagi menjadi beberapa berkas."
)
WEB = (
    "Ini halaman web atau XML dengan nama lembar kerja. "
    "Buka di Excel, simpan sebagai .xlsx, lalu unggah berkas itu."
)
EMPTY = "Berkas ini kosong, tidak ada isinya."


def encrypted() -> bytes:
    """A zip whose member says that it is encrypted."""
    data = bytearray(xlsx(ROW))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def crowded() -> bytes:
    """A zip of very many members."""
    out = io.BytesIO(xlsx(ROW))
    with zipfile.ZipFile(out, "a") as book:
        for number in range(200):
            book.writestr(str(number), b"")
    return out.getvalue()


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", EMPTY),
    "blanks": (lambda: b"\xef\xbb\xbf \r\n", EMPTY),
    "no cells": (lambda: xlsx(""), EMPTY),
    "truncated": (lambda: xlsx(ROW)[:-30], BROKEN),
    "truncated .xls": (lambda: xls([label(0, 0, "Nama")])[:900], BROKEN),
    "bent XML": (lambda: xlsx(ROW[:-3]), BROKEN),
    "UTF-16 XML": (lambda: xlsx("", **{"xl/x.xml": LAUGHS.encode("utf-16")}), BROKEN),
    "lying member": (lying, BROKEN),
    "password": (lambda: compound("EncryptedPackage", b"x"), LOCKED),
    "password of .xls": (lambda: xls([label(0, 0, "Nama")], locked=True), LOCKED),
    "password of .ods": (
        lambda: ods("", **{"META-INF/manifest.xml": "<manifest:encryption-data/>"}),
        LOCKED,
    ),
    "encrypted member": (encrypted, LOCKED),
    "billion laughs": (lambda: xlsx(ROW, head=LAUGHS), DECLARES),
    "XXE": (lambda: xlsx(ROW, **{"xl/styles.xml": OUTSIDE}), DECLARES),
    "XXE in .ods": (lambda: ods("", **{"styles.xml": OUTSIDE}), DECLARES),
    "zip bomb": (lambda: xlsx(f"<row>{cell('A1', 'A' * 20_000_000)}</row>"), BOMB),
    "members": (
        crowded,
        "Berkas ini terdiri atas 205 bagian; paling banyak 200 yang dibaca. "
        "Salin daftarnya ke buku kerja baru, lalu unggah berkas itu.",
    ),
    "unpacked": (
        lambda: swollen(260),
        "Setelah dibuka, isi berkas menjadi 261 MB; paling besar 250 MB yang dibaca. "
        "Salin daftarnya ke buku kerja baru, lalu unggah berkas itu.",
    ),
    "last row": (
        lambda: xlsx(f'{ROW}<row r="1048576">{cell("A1048576", "x")}</row>'),
        FAR.format("A1048576"),
    ),
    "last cell": (
        lambda: xlsx(f'{ROW}<row r="1048576">{cell("XFD1048576", "x")}</row>'),
        FAR.format("XFD1048576"),
    ),
    "last column": (
        lambda: xlsx(f"<row>{cell('A1', 'x')}{cell('XFD1', 'x')}</row>"),
        WIDE.format("XFD1"),
    ),
    "last cell of .xls": (
        lambda: xls([label(0, 0, "x"), label(65535, 255, "x")]),
        WIDE.format("IV65536"),
    ),
    "repeated in .ods": (
        lambda: ods(
            '<table:table-row table:number-rows-repeated="1048576">'
            '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
            "</table:table-row>"
        ),
        FAR.format("A1048576"),
    ),
    "long cell": (
        lambda: xlsx(f"<row>{cell('B3', 'A' * 40_000)}</row>"),
        "Sel B3 pada lembar “Daftar” berisi lebih dari 32.767 karakter. "
        "Cari teks yang menelan isi sel lain, perbaiki, lalu unggah lagi berkasnya.",
    ),
    "web page": (lambda: b"\xef\xbb\xbf\n<HTML><table><tr><td>Nama</table>", WEB),
    "web archive": (lambda: b"MIME-Version: 1.0\nContent-Type: multipart/related", WEB),
    "XML": (lambda: b'<?xml version="1.0"?><Workbook/>', WEB),
    "PDF": (
        lambda: b"%PDF-1.7",
        "Ini berkas PDF. Mintalah lembar kerja asalnya, atau tempelkan sel-selnya.",
    ),
    "picture": (
        lambda: b"\x89PNG\r\n\x1a\n",
        "Ini gambar atau video. Mintalah lembar kerjanya, atau ketik daftarnya.",
    ),
    "document": (
        lambda: zipped({"word/document.xml": "<x/>"}),
        "Ini dokumen dari program lain. Salin tabelnya ke lembar kerja lalu unggah, "
        "atau tempelkan sel-selnya.",
    ),
    "zip in a zip": (
        lambda: zipped({"daftar.xlsx": xlsx(ROW)}),
        "Ini arsip zip. Ekstrak dahulu, lalu unggah lembar kerja yang ada di dalamnya.",
    ),
    "binary workbook": (
        lambda: zipped({"xl/workbook.bin": "x"}),
        "Ini buku kerja biner (.xlsb). Simpan sebagai .xlsx, lalu unggah berkas itu.",
    ),
    "program": (
        lambda: b"\x7fELF\x02\x01\x01\x00\x00\x03",
        "Ini bukan lembar kerja, apa pun namanya. Unggah berkas .xlsx, .xls, .ods, atau .csv.",
    ),
    "open quotation mark": (
        lambda: b'Nama;NIP\n"Budi;1\nAni;2\n',
        "Tanda kutip yang dibuka di baris 2 tidak pernah ditutup. "
        "Hapus tanda itu, lalu unggah lagi berkasnya.",
    ),
    "rows of text": (
        lambda: b"\n" * 200_000 + b"x",
        "Daftar berisi sampai sel A200001; paling banyak 100.000 baris yang dibaca. "
        "Bagi daftar menjadi beberapa berkas.",
    ),
    "columns of text": (
        lambda: b";" * 60 + b"x",
        "Daftar berisi sampai sel BI1; paling banyak 60 kolom yang dibaca. "
        "Hilangkan kolom yang tidak diperlukan.",
    ),
    "size": (
        lambda: b"x" * (LARGEST + 1),
        "Ukuran berkas 26 MB; paling besar 25 MB yang diterima. "
        "Sisakan daftarnya saja tanpa gambar, atau bagi menjadi beberapa berkas.",
    ),
}


def peak() -> float:
    """The most memory that this process has had since it was asked to forget, in MB."""
    status = (PROCESS / "status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def forget() -> None:
    """From now on the peak is counted again."""
    (PROCESS / "clear_refs").write_text("5")


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_what_to_do_and_costs_the_server_nothing(name):
    make, sentence = REFUSED[name]
    data = make()
    forget()
    before, began = peak(), time.monotonic()

    with pytest.raises(Unreadable) as refused:
        read(data, "daftar.xlsx")

    assert told(refused.value) == sentence
    assert peak() - before < GROWS
    assert time.monotonic() - began < LASTS


def test_a_hundred_thousand_rows_are_kept_small():
    rows = "".join(
        f'<row r="{number}"><c r="A{number}"><v>{number}</v></c>'
        f"{cell(f'B{number}', f'Budi Santoso {number}')}</row>"
        for number in range(1, 100_001)
    )
    data = xlsx(rows)
    forget()
    before = peak()

    sheet = read(data, "daftar.xlsx", limits=WORKER).sheets[0]
    last = [cell.text for cell in sheet.rows[99_999]]

    assert (len(sheet.rows), last) == (100_000, ["100000", "Budi Santoso 100000"])
    assert sum(row[0].kind == "number" for row in sheet.rows) == 100_000
    assert peak() - before < GROWS


def test_a_sheet_that_lies_about_its_size_is_read_as_it_is():
    alone = xlsx(f'<row r="1048576">{cell("A1048576", "x")}</row>')
    large = xlsx(ROW, before='<dimension ref="A1:XFD1048576"/>')
    small = xlsx(f'{ROW}<row r="3">{cell("B3", "x")}</row>', before='<dimension ref="A1"/>')

    assert read(alone, "").sheets[0].address(0, 0) == "A1048576"
    assert [len(read(data, "").sheets[0].rows) for data in (alone, large, small)] == [1, 1, 3]


def test_macros_are_told_and_never_run():
    book = read(xlsx(ROW, **{"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), "daftar.xlsm")

    assert (book.macros, book.sheets[0].rows[0][0].text) == (True, "Nama")


@pytest.mark.parametrize("limits", [Limits(memory=128 * 2**20), Limits(patience=0)])
def test_a_reading_that_takes_too_much_ends_alone(limits):
    """Few cells, far apart, that calamine makes six millions of; or no time at all."""
    with pytest.raises(Unreadable) as refused:
        read(xlsx(ROW + f"<row>{cell('BH100000', 'x')}</row>"), "daftar.xlsx", limits=limits)

    assert told(refused.value) == HEAVY


def test_few_bytes_that_come_to_very_much_text_are_refused():
    rows = '<row><c t="s"><v>0</v></c></row>' * 2_000

    with pytest.raises(Unreadable) as refused:
        read(xlsx(rows, **{"xl/sharedStrings.xml": SHARED.format("A" * 32_000)}), "daftar.xlsx")

    assert told(refused.value) == HEAVY
