"""Why a file is not read, in words: what is wrong with it and how to mend that. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..words import Refused, Sentence, say
from .cells import address

_SENTENCES: Final[dict[str, Sentence]] = {
    "empty": say("There is nothing in the file."),
    "broken": say(
        "The file is broken or cut off. Open it in Excel, save it again as .xlsx and upload that."
    ),
    "password": say(
        "The file is protected by a password. Save it without a password and upload that."
    ),
    "entity": say(
        "The file declares things that no spreadsheet needs, so it was not opened. Save it "
        "again in Excel as .xlsx and upload that."
    ),
    "bomb": say(
        "The file unpacks to far more than a list has, so it was not opened. Copy the list "
        "into a new workbook and upload that."
    ),
    "heavy": say(
        "The file holds more than can be read at once. Leave only the list in it, or divide "
        "it into several files."
    ),
    "long": say(
        "Cell %(cell)s of sheet “%(sheet)s” holds more than 32,767 signs. Look for a text that "
        "swallowed others, mend it and upload the file again."
    ),
    "long_line": say(
        "In line %(row)s one field holds more than 32,767 signs. Look for a quotation mark that "
        "is never closed, mend it and upload the file again."
    ),
    "old": say("This is a sheet of Excel 4 or older. Save it as .xlsx and upload that."),
    "binary": say("This is a binary workbook (.xlsb). Save it as .xlsx and upload that."),
    "web": say(
        "This is a web page or XML with the name of a spreadsheet. Open it in Excel, save it as "
        ".xlsx and upload that."
    ),
    "pdf": say("This is a PDF. Ask for the spreadsheet that it was made from, or paste the cells."),
    "picture": say("This is a picture or a video. Ask for the spreadsheet, or type the list."),
    "document": say(
        "This is a document of another program. Copy its table into a spreadsheet and upload "
        "that, or paste the cells."
    ),
    "archive": say("This is a zip archive. Unpack it and upload the spreadsheet that is in it."),
    "quotes": say(
        "A quotation mark that opens in line %(row)s is never closed. Remove it and upload "
        "the file again."
    ),
    "size": say(
        "The file has %(size)s MB; at most %(most)s MB are taken. Leave only the list in it, "
        "without pictures, or divide it into several files."
    ),
    "unpacked": say(
        "The file unpacks to %(size)s MB; at most %(most)s MB are read. Copy the list into a new "
        "workbook and upload that."
    ),
    "members": say(
        "The file is a package of %(count)s parts; at most %(most)s are read. Copy the list into "
        "a new workbook and upload that."
    ),
    "far_rows": say(
        "Sheet “%(sheet)s” goes as far as cell %(cell)s; at most 100,000 rows are read. Delete "
        "what stands outside of the list, or divide the list into several files."
    ),
    "far_columns": say(
        "Sheet “%(sheet)s” goes as far as cell %(cell)s; at most 60 columns are read. Delete what "
        "stands outside of the list, or copy its columns into a new workbook."
    ),
    "text_rows": say(
        "The list goes as far as cell %(cell)s; at most 100,000 rows are read. Divide the list "
        "into several files."
    ),
    "text_columns": say(
        "The list goes as far as cell %(cell)s; at most 60 columns are read. Leave out columns "
        "that it does not need."
    ),
    "later_size": say(
        "The file has more than %(most)s MB. Such a file is read by the worker, and none runs on "
        "this installation: have it started, leave only the list in the file, or divide it."
    ),
    "later_unpacked": say(
        "The file unpacks to more than %(most)s MB. Such a file is read by the worker, and none "
        "runs on this installation: have it started, or copy the list into a new workbook."
    ),
    "later_rows": say(
        "The list has more than %(most)s rows. Such a list is read by the worker, and none runs "
        "on this installation: have it started, or divide the list into several files."
    ),
    "foreign": say(
        "This is no spreadsheet, whatever its name says. Upload .xlsx, .xls, .ods or .csv."
    ),
}


class Unreadable(Refused):
    """The file cannot be taken: `fault` is the short code, `sentence` how to mend it."""

    def __init__(self, fault: str, sentence: Sentence) -> None:
        super().__init__("field", sentence, "file")
        self.fault = fault


class Later(Unreadable):
    """The worker reads it, and no page; the sentence is for where no worker runs."""

    def __init__(self, fault: str, sentence: Sentence, kind: str) -> None:
        super().__init__(fault, sentence)
        self.kind = kind


def unreadable(fault: str, values: Mapping[str, object]) -> Unreadable:
    """The refusal for a code that the reading process sent."""
    if fault.startswith("later_"):
        return Later(fault, say(_SENTENCES[fault].id, most=values["most"]), str(values["kind"]))
    place: dict[str, object] = {}
    if "column" in values:
        place["cell"] = address(int(str(values["row"])), int(str(values["column"])))
    return Unreadable(fault, say(_SENTENCES[fault].id, **values, **place))
