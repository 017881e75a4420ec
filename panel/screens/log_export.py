"""The change log as a file: what was filtered, as CSV or XLSX, or all of it as a bundle.

The tables tell what the page tells, masked as it is; the bundle proves it: it verifies without
this program. Both leave a deed.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from flask import Response, abort, request
from flask_admin import expose

from ..changelog.bundle import write_bundle
from ..changelog.deeds import apart
from ..changelog.looking import slices
from ..changelog.verify import snapshot
from ..checkpointing import signing_key
from ..columns import now
from ..plugin import Panel, current_panel
from ..words import Refused, say
from .acting import note_event, the_actor
from .bundled import sight_of
from .change_asking import Asking
from .export import TYPES, note_export
from .guarding import Guarded, verb
from .language import local, tell
from .log_tables import Note, as_csv, as_xlsx
from .telling import Teller, Told

#: Deeds that are told at a time, and changes that are told of one.
SLICE, CHANGES = 50, 1_000
#: Lines of one file; who needs more takes the bundle, or filters.
MOST_LINES = 50_000

TITLES = (
    say("Number"),
    say("Time"),
    say("What happened"),
    say("Mark"),
    say("Reason"),
    say("Field"),
    say("Before"),
    say("After"),
    say("Address"),
    say("Request"),
)


class LogExportView(Guarded):
    """Download of the log, for whoever may export it."""

    kind = "change"
    icon = "download"

    def __init__(self, panel: Panel, *, category: Any = None, **options: Any) -> None:
        options.setdefault("name", say("Download the log"))
        options.setdefault("menu_icon_value", self.icon)
        super().__init__(category=category, endpoint="log_export", url="/log-export", **options)

    def is_visible(self) -> bool:
        """Not in the menu: the pages of the log lead here."""
        return False

    @expose("/")
    @verb("export")
    def index_view(self) -> Any:
        """What can be downloaded, and how a bundle is checked."""
        asked = {name: value for name, value in request.args.items() if value}
        return self.render(
            "panel/integrity/export.html",
            asked=asked,
            words=words(),
            types=TYPES,
            most=MOST_LINES,
        )

    @expose("/table/<export_type>/")
    @verb("export")
    def table_view(self, export_type: str) -> Any:
        """What the address asks for, as a table; logged with the filter and the number of lines."""
        if export_type not in TYPES:
            abort(404)
        titles = [tell(title) for title in TITLES]
        about = Note(tell(say("Change log")), words(), the_actor().name, local(now()))
        write = as_csv if export_type == "csv" else as_xlsx
        with begun() as file:
            count = write(file, titles, lines(), about)
            note_export("change.export", count, export_type, words())
        return sent(file, f"change-log-{today()}.{export_type}", TYPES[export_type])

    @expose("/bundle/", methods=("POST",))
    @verb("export")
    def bundle_view(self) -> Any:
        """Everything as a bundle; what the reader may not see is in it by its digest alone."""
        panel = current_panel()
        sight = sight_of()
        panel.db.session.rollback()
        with begun() as file:
            with apart(), snapshot(panel.db.engine) as connection:
                key, tables = signing_key(), panel.log.tables
                deeds, changes = write_bundle(file, connection, tables, key, sight)
            facts = {"deeds": deeds, "changes": changes}
            told = say("%(deeds)s deeds, %(changes)s changes with their values", **facts)
            note_event("log.export", reason=tell(told), details=facts)
        return sent(file, f"change-log-{today()}.zip", "application/zip")


def today() -> str:
    """The day where the reader is, for the name of a file."""
    return local(now()).date().isoformat()


@contextmanager
def begun() -> Iterator[IO[bytes]]:
    """A file without a name, to be sent when it is written; gone at once if that fails."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - who sends it closes it
    try:
        yield file
    except BaseException:
        file.close()
        raise


def sent(file: IO[bytes], name: str, kind: str) -> Response:
    """A file from its beginning, piece by piece; no cache keeps it, and it is gone afterwards."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(file.seek(0, os.SEEK_END)),
        "Cache-Control": "no-store",
    }
    return Response(pieces(file), content_type=kind, headers=headers)


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """What is in a file; it is closed however its reader ends."""
    with file:
        file.seek(0)
        while piece := file.read(1 << 16):
            yield piece


def words() -> list[str]:
    """What the address asks for, in words."""
    return [f"{tell(one.label)}: {one.words}" for one in Asking().chips()]


def lines() -> Iterator[list[Any]]:
    """A line for each field of each deed that the address finds, newest first, slice by slice."""
    panel, asking, count = current_panel(), Asking(), 0
    session, search = panel.db.session, asking.search()
    for found in slices(panel.log.tables, session, search, limit=SLICE, most=CHANGES):
        for entry, told in Teller(found).pairs():
            if asking.text is not None and not asking.text.found_in(entry, told):
                continue
            for line in of_deed(told, entry.more):
                count += 1
                if count > MOST_LINES:
                    more = say("More than %(rows)s lines. Filter first.", rows=MOST_LINES)
                    raise Refused("guard", more)
                yield line
        session.expunge_all()


def of_deed(told: Told, left: int) -> Iterator[list[Any]]:
    """The lines of one deed: one for each field, or a single one."""
    head = [told.number, told.at, tell(told.sentence), tell(told.tag[2]) if told.tag else ""]
    tail = [told.address, told.request_id]
    for label, old, new in told.rows or [("", None, None)]:
        yield [*head, told.reason, tell(label), worded(old), worded(new), *tail]
    if left:
        rest = tell(say("%(count)s more changes are in the bundle alone", count=left))
        yield [*head, told.reason, rest, "", "", *tail]


def worded(value: Any) -> str:
    """A value as the page shows it; nothing is an empty cell."""
    return "" if value is None else tell(value)
