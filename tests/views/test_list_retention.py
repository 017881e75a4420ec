"""The content of uploaded lists has an end: by the night, and with the data of a person."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from models.base import db
from models.files import StoredFile
from models.holds import LegalHold
from models.records import Account, panel
from models.roster_imports import RosterImport
from panel.columns import now
from panel.doctor.keeping import files
from tests.views.browser import filled_in
from tests.views.test_erasure import FORM, NAME, NIP, person
from tests.views.test_imports import confirmed, simple, submitted
from views.import_retention import tidy_lists

__all__ = ["person"]

SPACED = f"{NIP[:8]} {NIP[8:14]} {NIP[14]} {NIP[15:]}"


@pytest.fixture
def night(app, monkeypatch):
    """The night's part with lists kept for so many days."""

    def run(lists=365, uploads=30):
        monkeypatch.setitem(app.config, "KEEP_LISTS", lists)
        monkeypatch.setitem(app.config, "KEEP_UPLOADS", uploads)
        with app.app_context():
            said = tidy_lists(panel)
            db.session.remove()
        return said

    return run


@pytest.fixture
def lying(app):
    """How many files lie in a folder of the instance."""
    return lambda name: len([*(Path(app.instance_path) / name).glob("*")])


def pasted(browser, line):
    """The answer to one line of name and NIP."""
    form = filled_in(browser.page("/imports/new/").main.one("form"))
    answer = browser.post("/imports/new/", {**form, "pasted": f"Nama\tNIP\n{line}\n"})
    assert answer.status_code == 303
    return answer


def test_an_upload_that_nobody_went_on_with_loses_its_content(
    app, ani, night, rows, deeds, lying, write
):
    address = simple(ani)
    pasted(ani, "Lili Contohan\t198304042008042004")
    before = lying("files"), lying("imports")
    with write() as session:
        account = session.scalar(sa.select(Account.id).limit(1))
        letter = {"reason": "Sengketa", "letter_no": "1", "asked_by": "Ombudsman"}
        hold = LegalHold(region_id=1, scope="region", set_by_id=account, set_at=now(), **letter)
        session.add(hold)
        session.flush()
        number = hold.id

    young, held = night(), night(uploads=0)
    with write() as session:
        session.delete(session.get(LegalHold, number))
    gone = night(lists=1, uploads=0)
    kept = rows(sa.select(StoredFile.name, sa.func.length(StoredFile.sha256)))

    assert [one.split()[3] for one in (young, held, gone)] == ["0", "0", "2"]
    assert (before[0] - lying("files"), lying("imports")) == (2, 0)
    assert ("mutasi.xlsx", 64) in [tuple(row) for row in kept]
    assert rows(sa.select(RosterImport.stage).distinct()) == [("discarded",)]
    assert "Isi daftar ini sudah dihapus" in ani.page(address).text
    assert ani.get(f"{address}file/").status_code == 422
    assert deeds().count("roster_import.forget") == 2
    with app.app_context():
        assert "2 more were deleted on purpose" in str(next(iter(files(panel))))
        db.session.remove()


def test_a_list_stays_while_its_proposal_is_not_decided(ani, night, rows):
    answer = submitted(ani, confirmed(ani, pasted(ani, "Lili Contohan\t198304042008042004")))

    assert answer.status_code == 303
    assert night(lists=0, uploads=0).split()[3] == "0"
    assert rows(sa.select(RosterImport.stage)) == [("proposed",)]


def test_an_erased_person_stands_in_no_list_any_more(app, ani, bayu, person, rows):
    numbers = [
        pasted(ani, line).location.split("/")[2]
        for line in (f"Entah Siapa\t{SPACED}", f"Hj. {NAME.upper()}, S.E.\t-", "Lili Contohan\t-")
    ]
    keys = [key for (key,) in rows(sa.select(StoredFile.key).order_by(StoredFile.id.desc()))][2::-1]
    preview = bayu.page(f"/erasure/?id={person}")

    answer = bayu.post("/erasure/erase/", {**FORM, "id": str(person)})

    assert "Daftar unggahan yang memuat orang ini" in preview.text
    assert answer.status_code == 303
    statuses = [ani.get(f"/imports/{number}/file/").status_code for number in numbers]
    assert statuses == [422, 422, 200]
    folder = Path(app.instance_path)
    left = [
        [path.name[:32] for path in folder.glob(f"{name}/{key}*")]
        for key in keys
        for name in ("files", "imports")
    ]
    assert left == [[], [], [], [], [keys[2]], [keys[2]]]
