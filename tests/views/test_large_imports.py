"""Lists that are too large for a page, and previews that are kept while they hold."""

from __future__ import annotations

import re
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from models.base import db
from models.imports.freshness import READ
from models.imports.proposing import known_for
from models.people import Official
from models.proposals import Proposal
from models.records import access
from models.roster_imports import IMPORT_KINDS, RosterImport
from models.training import AgendaItem
from panel.commands.worker import held
from tests.views.browser import Page, filled_in
from tests.views.test_imports import confirmed, mended, tiles, uploaded, workbook
from tests.views.test_proposals import form_at

#: A list of two people, one of them far below; and one who is recorded.
FAR = "Nama;NIP;No. HP\nLili Contohan;198304042008042004;081200005555\n" + "\n" * 5_400
LONG = (FAR + "Badu Contohan;1983;\n").encode()


@pytest.fixture
def worker(app):
    """A worker, as far as the pages see; the tests do its work where it is asked for.

    Called, it stops.
    """
    with ExitStack() as running:
        running.enter_context(held(Path(app.instance_path)))
        yield running.close


@pytest.fixture
def worked_out(app):
    """Which previews are kept, and since when."""
    folder = Path(app.instance_path) / "imports"
    return lambda: {(one.name, one.stat().st_mtime_ns) for one in folder.glob("*.rows")}


def arrived(browser, answer):
    """Where one gets from the page that says how far the worker is."""
    assert answer.status_code == 303, Page(answer.text).said
    assert "/progress/" in answer.location
    return browser.get(answer.location).location


def test_without_a_worker_a_large_list_is_refused_in_words(ani, value):
    answer = uploaded(ani, LONG, name="besar.csv")

    assert answer.status_code == 422
    [sentence] = Page(answer.text).errors["file"]
    assert "lebih dari 5.000 baris" in sentence
    assert "minta agar dijalankan" in sentence
    assert value(sa.select(sa.func.count()).select_from(RosterImport)) == 0


def test_the_worker_reads_and_checks_a_large_list(app, ani, bayu, worker, deeds, value):
    address = arrived(ani, uploaded(ani, LONG, name="besar.csv"))
    columns = ani.get(address).location
    form = filled_in(ani.page(columns).main.one("form", class_="stack"))
    checked = arrived(ani, ani.post(columns, {**form, "act": "check"}))
    first = tiles(ani.page(checked))
    sent = form_at(ani.page(checked), f"{checked}mend/")
    again = arrived(ani, ani.post(f"{checked}mend/", {**sent, "t0": "198304042008041005"}))

    assert (first["baru"], first["bermasalah"]) == (1, 1)
    assert tiles(ani.page(again))["baru"] == 2
    for one in (Path(app.instance_path) / "imports").glob("*.book"):
        one.unlink()  # as after a backup was put back
    assert "Baca berkas" in ani.page(columns).text
    assert arrived(ani, ani.post(columns.replace("columns", "read"), {})) == checked
    waiting = bayu.page(checked)
    assert "belum diperiksa" in waiting.text
    assert tiles(bayu.page(arrived(bayu, bayu.post(f"{checked}check/", {}))))["baru"] == 2
    form = form_at(ani.page(arrived(ani, ani.post(f"{checked}check/", {}))), f"{checked}propose/")
    worker()
    refused = ani.post(f"{checked}propose/", form)
    assert refused.status_code == 409
    assert "impor ini tetap seperti sekarang" in Page(refused.text).main.text
    assert tiles(Page(refused.text))["baru"] == 2
    assert deeds()[:4] == [
        "roster_import.create",
        "roster_import.read",
        "roster_import.map",
        "roster_import.map",
    ]


def test_the_worker_calls_a_proposal_in_the_language_of_its_author(ani, worker, value):
    address = arrived(ani, uploaded(ani, f"{FAR}Badu Contohan;;\n".encode(), name="besar.csv"))
    columns = ani.get(address).location
    ani.client.set_cookie("language", "en")
    form = filled_in(ani.page(columns).main.one("form", class_="stack"))
    checked = arrived(ani, ani.post(columns, {**form, "act": "check"}))
    proposed = form_at(ani.page(checked), f"{checked}propose/")

    arrived(ani, ani.post(f"{checked}propose/", proposed))

    assert value(sa.select(Proposal.title)) == "List of officials: besar.csv"


def test_a_preview_is_worked_out_once_and_never_stale(ani, rows, worked_out):
    [number] = rows(sa.select(Official.id).where(Official.region_id == 1).limit(1))[0]
    official = rows(sa.select(Official.full_name, Official.nip).where(Official.id == number))[0]
    lines = [(1, *official), (2, "Lili Contohan", "19830404200804200"), (3, "Badu Contohan", "")]
    address = confirmed(ani, uploaded(ani, workbook(*lines)))

    first = worked_out()
    whole, new = ani.page(address), ani.page(f"{address}?show=new")
    assert worked_out() == first
    assert tiles(new) == tiles(whole)
    assert "Badu Contohan" in new.main.one("div", class_="scroll").text
    assert "Lili Contohan" not in new.main.one("div", class_="scroll").text

    after = mended(ani, address, C6="198304042008042004")
    assert len(worked_out() - first) == 1
    assert tiles(after)["baru"] == tiles(whole)["baru"] + 1

    second = worked_out()
    page = ani.page(f"/officials/edit/?id={number}")
    sent = filled_in(page.main.one("form"))
    renamed = ani.post(f"/officials/edit/?id={number}", {**sent, "full_name": "Kenanga Rekaan"})
    assert renamed.status_code in (302, 303), Page(renamed.text).said
    told = ani.page(address)
    assert len(worked_out() - second) == 1
    assert "Kenanga Rekaan" in told.text


def test_samples_are_masked_and_pasted_cells_have_a_name(ani):
    form = filled_in(ani.page("/imports/new/").main.one("form"))
    pasted = "Nama\tNIP\tSembarang\nLili Contohan\t198304042008042004\t0812-0000-5555\n"
    answer = ani.post("/imports/new/", {**form, "pasted": pasted})
    page = ani.page(answer.location)

    assert "Sel yang ditempel" in page.text
    assert "lembar “”" not in page.text
    assert ".tsv" not in page.text
    assert re.findall(r"\d{5}", page.main.one("tbody").text) == []
    assert "•••• 004" in page.text
    assert "•••• 555" in page.text


def test_only_cells_of_the_sheet_are_mended_and_not_without_end(ani, value, monkeypatch):
    monkeypatch.setattr("views.import_forms.MOST_MENDED", 1)
    address = confirmed(ani, uploaded(ani, workbook((1, "Lili Contohan", "1"))))
    sent = form_at(ani.page(address), f"{address}mend/")
    keys = ("C4000", "ZZ5", "4000:person", "0:tiers", "5:stays")

    def mend(**typed):
        return ani.post(f"{address}mend/", {**sent, **typed})

    many = mend(k0="C5", t0="x", k1="B5", t1="y")

    assert [mend(k0=key, t0="x").status_code for key in keys] == [404] * len(keys)
    assert many.status_code == 422
    assert "Paling banyak 1 sel" in Page(many.text).text
    assert value(sa.select(RosterImport.mended)) == "{}"
    assert mend(k0="A1", t0="x").status_code == 303


def test_whatever_a_check_reads_makes_its_preview_stale(app, value):
    part = value(sa.select(AgendaItem.id).where(AgendaItem.takes_attendance).limit(1))
    said: list[str] = []

    def note(*given):
        said.append(given[2])

    with app.app_context():
        actor = access.himself(access.find(db.session(), username="ani"))
        sa.event.listen(db.engine, "before_cursor_execute", note)
        for kind in IMPORT_KINDS:
            record = RosterImport(
                kind=kind, region_id=1, on_day=date(2026, 12, 1), answers='{"0:tiers":"1"}'
            )
            item = db.session.get(AgendaItem, part) if kind == "attendance" else None
            set_committed_value(record, "agenda_item", item)
            known_for(db.session(), actor, record)
        sa.event.remove(db.engine, "before_cursor_execute", note)
    read = {name for one in said for name in re.findall(r"(?:FROM|JOIN) (\w+)", one)}

    assert {"official", "commitment", "attendance"} <= read <= set(READ)
