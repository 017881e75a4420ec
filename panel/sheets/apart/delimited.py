"""Text files and pasted cells: which letters, which sign parts the columns, then the rows."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from .cleaning import written
from .packing import MOST_LETTERS, Fault, Packed

#: Signs that part columns, the likelier first.
DELIMITERS = ";\t,|^~"
#: How much of a file is looked at to find the sign.
SAMPLE = 64 * 1024
#: Most lines of one cell; a mark that is closed later than that was not meant.
MOST_LINES = 200
#: Share of the rows that have to be of one length before a sign is believed.
ENOUGH = 0.5

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAID = re.compile(r"\s*\"?sep=(.)\"?\s*\r?\n", re.IGNORECASE)
_NO_TEXT = re.compile(r"[\x00-\x06\x0e-\x1a\x1c-\x1f]")


def decoded(data: bytes) -> str:
    """The text of the bytes: by its mark, as UTF-8, as UTF-16 without a mark, as Windows-1252."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _plain(data[len(mark) :].decode(encoding, "replace"))
    head = data[:SAMPLE]
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(head) > 3 and head[offset::2].count(0) > 0.6 * len(head[offset::2]):
            return _plain(data.decode(encoding, "replace"))
    try:
        return _plain(data.decode())
    except UnicodeDecodeError:
        return _plain(data.decode("cp1252", "replace"))


def _plain(text: str) -> str:
    if _NO_TEXT.search(text, 0, SAMPLE):
        raise Fault("foreign")
    return text


def rows(text: str, likely: str = DELIMITERS) -> Iterator[list[Packed]]:
    """The rows of the text; `likely` are the signs that may part its columns.

    Refuses a quotation mark that is never closed: it would swallow the rows behind it.
    """
    said = _SAID.match(text)
    if said:
        text = text[said.end() :]
    sign = said[1] if said else delimiter(text, likely)
    csv.field_size_limit(MOST_LETTERS * 4)
    _closed(text, sign)
    reader, line = csv.reader(io.StringIO(text, newline=""), delimiter=sign), 1
    try:
        for row in reader:
            if reader.line_num - line > MOST_LINES:
                break
            yield [written(field) for field in row]
            line = reader.line_num + 1
        else:
            return
    except (csv.Error, Fault):
        raise Fault("long_line", row=line) from None
    raise Fault("quotes", row=line)


def _closed(text: str, sign: str) -> None:
    reader, line = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True), 1
    try:
        for _ in reader:
            line = reader.line_num + 1
    except csv.Error as error:
        if "end of data" in str(error):
            raise Fault("quotes", row=line) from None


def delimiter(text: str, likely: str = DELIMITERS) -> str:
    """The sign that parts the most rows into the same number of columns, else the first likely.

    A comma with a blank behind it parts titles from names, not columns.
    """
    sample = text[:SAMPLE]
    best, found = (0.0, 0), likely[0]
    for sign in likely:
        if sign == "," and sample.count(", ") * 2 > sample.count(","):
            continue
        lengths = [
            len(row)
            for row in csv.reader(io.StringIO(sample, newline=""), delimiter=sign)
            if any(row)
        ]
        wide = Counter(length for length in lengths if length > 1)
        if not wide:
            continue
        length, times = max(wide.items(), key=lambda item: (item[1], item[0]))
        share = times / len(lengths)
        if share >= ENOUGH and (round(share, 1), length) > best:
            best, found = (round(share, 1), length), sign
    return found
