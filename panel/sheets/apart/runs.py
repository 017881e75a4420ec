"""Rows of an .xlsx that hold plain values and nothing else, as programs write most of a list.

One expression tells hundreds of them at once. They are fed to nobody but for the last cell of each
run, which leaves a parser where it would stand anyway: what is left is well-formed if the whole is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from .extent import Extent

Parse = Callable[[bytes, bool], object]

#: Attributes come once and in the order of the schema; none hides the row.
_ROW = (
    rb'<row r="(\d{1,7}+)"(?: spans="[\d:]++")?+(?: s="\d++")?+(?: customFormat="\w++")?+'
    rb'(?: ht="[\d.]++")?+(?: hidden="(?:0|false)")?+(?: customHeight="\w++")?+'
    rb'(?: outlineLevel="\d++")?+(?: collapsed="\w++")?+(?: x14ac:dyDescent="[\d.]++")?+>'
)
#: In the row that it says, not far to the right: a value, a blank or plain letters; no error, no
#: formula.
_CELL = (
    rb'<c r="A?[A-Z]\1"(?: s="\d++")?+(?:(?: t="[nsb]")?+><v>[\d.eE+-]++</v></c>|/>'
    rb'| t="inlineStr"><is><t(?: xml:space="preserve")?>[ !-%\'-;=?-~]*+</t></is></c>)'
)
_LAST_COLUMN = 51
_RUN = re.compile(rb"(?:%b(?:(%b))++</row>){1,500}+" % (_ROW, _CELL))
#: The number of a row with a value in it.
_FILLED = re.compile(rb'<row r="(\d++)"[^>]*+>(?:<c [^>]*/>)*+<c')
#: How XML begins in which bytes are letters and no name has a prefix.
_HEAD = re.compile(
    rb'(?:\xef\xbb\xbf)?(?:<\?xml version="1\.0"(?: encoding="utf-8")?(?: standalone="\w+")? ?\?>)?'
    rb"\s*<\w+[\s>]",
    re.IGNORECASE,
)


def feed(xml: bytes, parse: Parse, extent: Extent) -> None:
    """Has `parse` take the XML in pieces, all of it but the runs, which `extent` is told of."""
    at = 0
    head = _HEAD.match(xml)
    if head and not _says(xml, b"<!", head.end()) and not _says(xml, b"<?", head.end()):
        for run in _runs(xml):
            parse(xml[at : run.start()], False)
            parse(b'<row r="%b">%b</row>' % run.groups(), False)
            at = run.end()
            _tell(xml[run.start() : at], extent)
    parse(xml[at:], True)


def _runs(xml: bytes) -> Iterator[re.Match[bytes]]:
    """The runs in their order: `finditer` would look for one at every letter."""
    at = xml.find(b"<row ")
    while at >= 0:
        run = _RUN.match(xml, at)
        if run:
            yield run
        at = xml.find(b"<row ", run.end() if run else at + 1)


def _says(xml: bytes, mark: bytes, begin: int) -> bool:
    """Whether a comment, CDATA or an instruction begins so, in which no tag is one."""
    return xml.find(mark[1:], begin) >= 0 and xml.find(mark, begin) >= 0


def _tell(run: bytes, extent: Extent) -> None:
    """Adds the rows as if each were as wide as a row of a run can be, which is not too wide."""
    rows = [int(number) for number in _FILLED.findall(run)]
    if rows:
        extent.add(min(rows) - 1, 0)
        extent.add(max(rows) - 1, _LAST_COLUMN)


def column_of(letters: str) -> int:
    """The column that Excel calls so, counted from 0: "C" is 2."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
