"""A zip is read by its directory when it is as most are, and by Python's own reader when not."""

import io
import zipfile

import pytest

from panel.sheets.apart import anyhow
from panel.sheets.apart.members import members
from panel.sheets.apart.packing import Fault
from panel.sheets.apart.turns import Turn
from panel.sheets.apart.zipped import Zipped
from tests.panel.sheets.made import ROW, xlsx

PLAIN = xlsx(ROW)


class Pipe(io.RawIOBase):
    """Takes bytes and cannot go back, so that sizes are told behind each member."""

    def __init__(self):
        self.taken = b""

    def writable(self):
        return True

    def write(self, more):
        self.taken += bytes(more)
        return len(more)


def written_on(out, data=PLAIN, packing=zipfile.ZIP_DEFLATED, **more):
    """The same members, written anew."""
    with zipfile.ZipFile(out, "w", packing, **more) as book:
        for info in zipfile.ZipFile(io.BytesIO(data)).infolist():
            book.writestr(info.filename, zipfile.ZipFile(io.BytesIO(data)).read(info))
    return out.taken if isinstance(out, Pipe) else out.getvalue()


def commented():
    out = io.BytesIO(PLAIN)
    with zipfile.ZipFile(out, "a") as book:
        book.comment = b"PK"
    return out.getvalue()


def told(found):
    return [(one.name, one.size, b"".join(one.pieces())) for one in found]


@pytest.mark.parametrize(
    "make",
    [
        lambda: PLAIN,
        lambda: written_on(Pipe()),
        lambda: written_on(io.BytesIO(), packing=zipfile.ZIP_STORED),
    ],
)
def test_most_zips_are_told_by_their_directory_as_python_tells_them(make):
    assert told(members(make())) == told(anyhow.members(make()))


@pytest.mark.parametrize(
    "make",
    [
        commented,
        lambda: written_on(io.BytesIO(), packing=zipfile.ZIP_BZIP2),
        lambda: xlsx(ROW, **{"xl/media/é.bin": b"x"}),
        lambda: xlsx(ROW, **{"xl/PPPP.bin": b"x"}).replace(b"PPPP", b"PP\0P"),
        lambda: PLAIN[:-22] + PLAIN[-22:].replace(b"\x05\0\x05\0", b"\x04\0\x04\0"),
    ],
)
def test_another_zip_is_left_to_python(make):
    with pytest.raises(Fault):
        members(make())

    book, plain = Zipped(make(), Turn()), Zipped(PLAIN, Turn())
    assert book.kind == "xlsx"
    assert book.read("XL/Workbook.xml") == plain.read("xl/workbook.xml")


def test_a_name_that_looks_like_the_mark_of_a_larger_zip_is_refused_by_both():
    data = xlsx(ROW, **{"xl/PPPP" + "x" * 16: b"x"}).replace(b"PPPP", b"PK\6\7")

    for told_by in (members, anyhow.members):
        with pytest.raises(Fault):
            told_by(data)


@pytest.mark.parametrize("place", [16, 24])
def test_a_member_that_is_not_as_the_directory_says_is_refused(place):
    """Another sum, or another size: neither is what was packed."""
    data = bytearray(PLAIN)
    data[PLAIN.rindex(b"PK\x01\x02") + place] ^= 1
    [*_, last] = members(bytes(data))

    with pytest.raises(Fault):
        [*last.pieces()]


def test_a_declaration_is_found_where_two_pieces_meet():
    """Pieces are of sixteen kilobytes as they lie in the file."""
    for place in range(16_374, 16_386):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as book:
            book.writestr("xl/workbook.xml", b" " * place + b"<!DOCTYPE x>")

        with pytest.raises(Fault) as refused:
            Zipped(out.getvalue(), Turn())

        assert refused.value.code == "entity"
