"""A roster from upload to applied proposal, beside openpyxl: `python -m tests.bench.importing`.

Ours is what a clerk and a supervisor do: the upload, read in a process of its own; the columns; the
check; the preview; the proposal and its page; applying it with change log and seal. The other side
reads the same file by openpyxl, as its documentation begins and in its quickest mode, asks the same
checks of every row and writes it by one Core INSERT a row, with triggers and one seal and without.
Measured is CPU time with that of child processes; the work of the worker is done in the same
process, and counted. What stands at the beginning is set apart, as every server does, and everybody
is signed in and connected.
"""

from __future__ import annotations

import fcntl
import gc
import io
import resource
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from models.clock import today
from models.imports.known import directory
from models.imports.reading import read_row
from models.imports.rows import Row
from models.people import Official
from models.proposals import Proposal
from models.records import access, log, panel
from panel.access.rules import Actor
from panel.changelog.records import deed
from panel.changelog.rules import Command
from panel.collecting import set_apart
from panel.jobs import LOCK
from panel.sheets.cells import Cell
from seed.commands import prepare
from tests.bench import rosters
from tests.bench.bare import copy_of, without_triggers
from tests.bench.writing import show
from tests.site import kept, sign_in, site_in
from tests.views.browser import Page, filled_in

ROWS, ROUNDS = 5000, 3
#: What is at most asked for, as times of a side that keeps the log, as every write here does.
LIMIT = 1.0
#: The other sides: what they are called, whether log and seal are there, openpyxl's quickest mode.
OTHERS = (
    ("openpyxl, the same checks, INSERT with log and seal", True, False),
    ("openpyxl read-only, the same checks, INSERT with log and seal", True, True),
    ("openpyxl read-only, the same checks, bare INSERT", False, True),
)


class Hands:
    """Somebody at the pages of `app`; `spent` are the seconds of CPU time of every answer."""

    def __init__(self, app: Flask, username: str) -> None:
        self.client = app.test_client()
        sign_in(self.client, username)
        self.spent = 0.0

    def page(self, path: str) -> Page:
        """The page that a path leads to, which has to be there."""
        return Page(self._answer(path, 200, method="GET", follow_redirects=True).text)

    def send(self, path: str, form: dict[str, Any]) -> str:
        """Where a form leads to, which has to be taken."""
        return str(self._answer(path, 303, method="POST", data=form).location)

    def _answer(self, path: str, status: int, **more: Any) -> Any:
        begun = cpu()
        answer = self.client.open(path, **more)
        self.spent += cpu() - begun
        if answer.status_code != status:
            raise SystemExit(f"{path} answers {answer.status_code}: {Page(answer.text).root.text}")
        return answer


def cpu() -> float:
    """Seconds of CPU time so far, of this process and of the children that have ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def form_of(page: Page, ending: str) -> dict[str, Any]:
    """What the form of a page would send whose address ends so."""
    forms = (one for one in page.root.all("form") if one.given.get("action", "").endswith(ending))
    return filled_in(next(forms))


def handed_in(clerk: Hands, data: bytes) -> tuple[str, Page]:
    """The address of the import of a file that was uploaded, its columns taken as guessed; and its
    preview, to which the last answer leads."""
    form = filled_in(clerk.page("/imports/new/").root.one("main").one("form"))
    file = (io.BytesIO(data), "roster.xlsx")
    to = clerk.send("/imports/new/", {**form, "kind": "officials", "file": file})
    page = clerk.page(to)  # of the work, for a large file; it leads on when it is done
    home = "/".join(to.split("/")[:3]) + "/"
    forms = page.root.one("main").all("form", class_="stack")
    if not forms:
        raise SystemExit(f"the columns of the file are not asked: {page.root.one('main').text}")
    answer = clerk.send(f"{home}columns/", {**filled_in(forms[0]), "act": "check"})
    return home, clerk.page(answer)


def applied(clerk: Hands, supervisor: Hands, home: str, preview: Page) -> None:
    """The file as a proposal, which the supervisor looks at and applies."""
    clerk.page(clerk.send(f"{home}propose/", form_of(preview, "/propose/")))
    with clerk.client.application.app_context(), panel.db.engine.connect() as connection:
        number = connection.scalar(sa.select(sa.func.max(Proposal.id)))
    page = supervisor.page(f"/proposals/details/?id={number}")
    seen = {box.given["name"]: box.given["value"] for box in page.root.all("input", type="hidden")}
    supervisor.send(f"/proposals/{number}/move/apply/", {**seen, "reason": ""})


def by_hand(data: bytes, engine: sa.Engine, actor: Actor, quick: bool) -> float:
    """The same file by openpyxl, the same checks, one INSERT a row; seconds of CPU time.

    `quick` reads the file in the mode that keeps nothing of it.
    """
    begun = cpu()
    with Session(engine) as session:
        known = directory(session, actor, 1, today())
    looking = known.looking("officials", {})
    adding = sa.insert(Official.__table__)
    fields = dict(enumerate(rosters.FIELDS))
    sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=quick).worksheets[0]
    with deed("bench.import", actor=Command("bench")), engine.begin() as connection:
        for number, cells in enumerate(sheet.iter_rows(min_row=5, values_only=True), 5):
            found = {name: Cell(str(cells[at] or ""), "text") for at, name in fields.items() if at}
            row = Row(number, found, dict.fromkeys(found, f"B{number}"))
            [draft] = looking.look(read_row(row, known.today)).drafts
            values: dict[str, Any] = {name: text for name, (_, text) in draft.values.items()}
            values |= {"grade_id": int(values["grade_id"]), "region_id": 1}
            connection.execute(adding, values)
    return cpu() - begun


@contextmanager
def served(app: Flask) -> Iterator[None]:
    """As if a worker ran: what it would do, the process does where it is asked for."""
    with open(Path(app.instance_path) / LOCK, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def compare(app: Flask, rows: int) -> None:
    """Print our CPU time against both; everybody begins with the same database, every time."""
    instance = Path(app.instance_path)
    clerk, supervisor = Hands(app, "ani"), Hands(app, "bayu")
    state = kept(app)
    state.keep("before")
    with app.app_context():
        actor = access.himself(access.find(panel.db.session(), username="ani"))
        panel.db.session.remove()
    times: list[tuple[float, ...]] = []
    for turn in range(ROUNDS + 1):
        state.put_back("before")
        data = rosters.workbook(rows, turn)
        copies = [copy_of(instance, f"other{number}.sqlite3") for number in range(len(OTHERS))]
        engines = [
            sa.create_engine(f"sqlite:///{copy}") if sealed else without_triggers(copy)
            for copy, (_, sealed, _) in zip(copies, OTHERS, strict=True)
        ]
        for engine, (_, sealed, _) in zip(engines, OTHERS, strict=True):
            if sealed:
                log.attach(engine)
            engine.connect().close()
        for somebody in (clerk, supervisor):  # everybody is at the database when it begins
            somebody.page("/")
            somebody.spent = 0.0
        gc.collect()  # nobody pays for what another one left behind
        with served(app):
            applied(clerk, supervisor, *handed_in(clerk, data))
        others = []
        for engine, (_, _, quick) in zip(engines, OTHERS, strict=True):
            gc.collect()
            with app.app_context():
                others.append(by_hand(data, engine, actor, quick))
                same(panel.db.engine, engine)
            engine.dispose()
        times.append((clerk.spent + supervisor.spent, *others))
    ours, *found = (statistics.median(one) for one in zip(*times[1:], strict=True))
    for (name, sealed, _), other in zip(OTHERS, found, strict=True):
        asked = LIMIT if sealed else None
        show(f"roster of {rows:,}, uploaded to applied", ours, other, name, asked)


def same(ours: sa.Engine, other: sa.Engine) -> None:
    """Both sides have to have written the same officials, or nothing is compared."""
    columns = (Official.nip, Official.full_name, Official.title_prefix, Official.title_suffix)
    columns = (*columns, Official.grade_id, Official.phone, Official.note)
    wanted = sa.select(*columns).order_by(Official.nip, Official.id)
    found = []
    for engine in (ours, other):
        with engine.connect() as connection:
            found.append(connection.execute(wanted).all())
    if found[0] != found[1]:
        raise SystemExit("the two sides have not written the same")


def main() -> None:
    """Fill a database and compare."""
    with tempfile.TemporaryDirectory(prefix="jenjang-bench-") as folder:
        app = site_in(Path(folder) / "instance")
        list(prepare(app))
        set_apart()
        compare(app, int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)


if __name__ == "__main__":
    main()
