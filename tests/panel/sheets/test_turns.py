"""What a page reads at once, and what it leaves to the worker."""

import pytest

from panel.sheets.reading import PAGE, WORKER, read
from panel.sheets.refusing import Later
from tests.panel.sheets.made import ROW, cell, label, swollen, told, xls, xlsx

NO_WORKER = (
    "dibaca oleh pekerja latar, dan di instalasi ini tidak ada yang berjalan: minta agar dijalankan"
)


def lines(count: int) -> bytes:
    """A text file of a title, headings and so many rows."""
    return b"DAFTAR\n\nNama;NIP\n" + b"Budi;1\n" * count


@pytest.mark.parametrize(
    ("data", "kind", "fault"),
    [
        (lambda: lines(PAGE.rows + 300), "csv", "later_rows"),
        (lambda: b"Nama;NIP\n" + b";" * PAGE.size, "csv", "later_size"),
        (
            lambda: xlsx(f'{ROW}<row r="5400">{cell("B5400", "x")}</row>'),
            "xlsx",
            "later_rows",
        ),
        (lambda: xls([label(0, 0, "x"), label(5_400, 0, "x")]), "xls", "later_rows"),
        (lambda: swollen(50), "xlsx", "later_unpacked"),
    ],
)
def test_what_is_too_large_for_a_page_is_left_to_the_worker(data, kind, fault):
    with pytest.raises(Later) as later:
        read(data(), "daftar", limits=PAGE)

    assert (later.value.fault, later.value.kind) == (fault, kind)
    assert NO_WORKER in told(later.value)


def test_a_page_reads_five_thousand_rows_and_the_worker_more():
    assert len(read(lines(5_000), "x").sheets[0].rows) == 5_003
    assert len(read(lines(5_400), "x", limits=WORKER).sheets[0].rows) == 5_403
