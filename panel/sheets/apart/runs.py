"""Rows of an .xlsx that hold plain values and nothing else, as programs write most of a list.

One expression tells hundreds of them at once. They are fed to nobody but for the last cell of each
run, which leaves a parser where it would stand anyway: what is left is well-formed if the whole is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from .extent import Extent

Parse = Callable[[bytes, bool], object]

#: Attributes come once and in the order of the schema; none hides the row.
_ROW: Final = (
    rb'<row r="(\d{1,7}+)"(?: spans="[\d:]++")?+(?: s="\d++")?+(?: customFormat="\w++")?+'
    rb'(?: ht="[\d.]++")?+(?: hidden="(?:0|false)")?+(?: customHeight="\w++")?+'
    rb'(?: outlineLevel="\d++")?+(?: collapsed="\w++")?+(?: x14ac:dyDescent="[\d.]++")?+>'
)
#: In the row that it says: a blank, plain letters or a value; no error, no formula.
_CELL: Final = (
    rb'<c r="[A-Z]{1,3}+\1"(?: s="\d++")?+(?:/>'
    rb'| t="inlineStr"><is><t(?: xml:space="preserve")?>[ !-%\'-;=?-~]*+</t></is></c>'
    rb'|(?: t="[nsb]")?+><v>[\d.eE+-]++</v></c>)'
)
_RUN: Final = re.compile(rb"(?:%b(?:(%b))++</row>){1,500}+" % (_ROW, _CELL))
#: The number of a row with a value in it, and the letters of a cell with one.
_FILLED: Final = re.compile(rb'<row r="(\d++)"[^>]*+>(?:<c [^>]*/>)*+<c')
_LETTERS: Final = re.compile(rb'<c r="([A-Z]++)\d++"[^/>]*+>')
#: How XML begins in which bytes are letters and no name has a prefix.
_HEAD: Final = re.compile(
    rb'(?:\xef\xbb\xbf)?(?:<\?xml version="1\.0"(?: encoding="utf-8")?(?: standalone="\w+")? ?\?>)?'
    rb"\s*<\w+[\s>]",
    re.IGNORECASE,
)


def feed(xml: bytes, parse: Parse, extent: Extent) -> None:
    """Has `parse` take the XML in pieces, all of it but the runs, which `extent` is told of."""
    at = 0
    head = _HEAD.match(xml)
    # inside of comments, CDATA and instructions no tag is one
    if head and b"<!" not in xml and xml.find(b"<?", head.end()) < 0:
        for run in _RUN.finditer(xml):
            parse(xml[at : run.start()], False)
            parse(b'<row r="%b">%b</row>' % run.groups(), False)
            at = run.end()
            _tell(xml[run.start() : at], extent)
    parse(xml[at:], True)


def _tell(run: bytes, extent: Extent) -> None:
    rows = [int(number) for number in _FILLED.findall(run)]
    columns = [column_of(letters.decode()) for letters in {*_LETTERS.findall(run)}]
    if rows:
        extent.add(min(rows) - 1, min(columns))
        extent.add(max(rows) - 1, max(columns))


def column_of(letters: str) -> int:
    """The column that Excel calls so, counted from 0: "C" is 2."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
