"""Spreadsheets made in memory, from honest lists to files that mean harm."""

import gettext
import io
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from random import Random

from panel.sheets.refusing import Unreadable

SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"
ROOT = Path(__file__).parents[3]
CATALOGUE = ROOT / "panel/screens/translations/id/LC_MESSAGES/messages.mo"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PARTS = "http://schemas.openxmlformats.org/package/2006"


def zipped(members: Mapping[str, bytes | str]) -> bytes:
    """A zip of these members, the first one stored as it is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in members.items():
            packing = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            book.writestr(name, content, packing)
    return out.getvalue()


def xlsx(
    rows: str, *, before: str = "", after: str = "", head: str = "", **more: bytes | str
) -> bytes:
    """An .xlsx with one sheet of this XML and more members."""
    sheet = f'<worksheet xmlns="{_MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{_PARTS}/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{_PARTS}/relationships"><Relationship Id="r0" '
            f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
            '<sheet name="Daftar" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PARTS}/relationships">'
            f'<Relationship Id="r1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
            "</Relationships>",
            "xl/worksheets/sheet1.xml": f"{head}{sheet}",
            **more,
        }
    )


def cell(place: str, text: str) -> str:
    """The XML of a cell with a text."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def ods(rows: str, **more: bytes | str) -> bytes:
    """An .ods with one sheet of this XML and more members."""
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {names} xmlns:calcext='urn:calcext'><office:body>"
        f'<office:spreadsheet><table:table table:name="Daftar">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = "<manifest:manifest xmlns:manifest='urn:manifest'/>"
    return zipped(
        {
            "mimetype": SPREADSHEET,
            "content.xml": content,
            "META-INF/manifest.xml": manifest,
            **more,
        }
    )


def xls(records: list[tuple[int, bytes]], *, locked: bool = False) -> bytes:
    """An .xls with one sheet of these BIFF8 records."""
    begin = 0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)
    lock = [(0x2F, bytes(6))] if locked else []
    name = struct.pack("<BB", 6, 0) + b"Daftar"
    length = sum(4 + len(content) for _, content in (begin, *lock)) + 4 + 6 + len(name) + 4
    sheet = 0x85, struct.pack("<IBB", length, 0, 0) + name
    part = 0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)
    listed = [begin, *lock, sheet, (0x0A, b""), part, *records, (0x0A, b"")]
    stream = b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in listed)
    return compound("Workbook", stream)


def compound(name: str, stream: bytes) -> bytes:
    """A compound file with one stream."""
    stream = stream.ljust(4096, b"\0")
    stream += bytes(-len(stream) % 512)
    sectors = len(stream) // 512
    tables = 1 + (sectors + 1) // 127
    end, none, table = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    chain = [table] * tables + [end]
    chain += [*range(tables + 2, tables + 1 + sectors), end]
    chain += [none] * (tables * 128 - len(chain))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, tables, tables, 0, 4096, end, 0, end, 0)
    head += struct.pack("<109I", *range(tables), *[none] * (109 - tables))
    entries = _entry("Root Entry", 5, 1, end, 0) + _entry(name, 2, none, tables + 1, len(stream))
    entries += bytes(256)
    return head + struct.pack(f"<{len(chain)}I", *chain) + entries + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    spelled = name.encode("utf-16-le") + b"\0\0"
    none = 0xFFFFFFFF
    return (
        spelled.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(spelled), kind, 1, none, none, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def label(row: int, column: int, text: str) -> tuple[int, bytes]:
    """The record of a cell with a text."""
    spelled = text.encode("utf-16-le")
    return 0x204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + spelled


#: A row with one heading.
ROW = f'<row r="1">{cell("A1", "Nama")}</row>'


def lying(size: int = 10, **more: bytes) -> bytes:
    """A zip that says of its last member that it has so many bytes."""
    data = bytearray(xlsx(ROW, **more))
    at = data.rindex(b"PK\x01\x02") + 24
    data[at : at + 4] = size.to_bytes(4, "little")
    return bytes(data)


def swollen(size: int) -> bytes:
    """A workbook with a picture that unpacks to so many MB, as the zip says."""
    return lying(size * 2**20, **{"xl/media/1.bin": Random(6).randbytes(size * 6_000)})


def told(refused: Unreadable) -> str:
    """The sentence in Indonesian."""
    with CATALOGUE.open("rb") as file:
        return refused.sentence.text(gettext.GNUTranslations(file).gettext)
