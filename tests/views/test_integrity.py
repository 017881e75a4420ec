"""The integrity of the log on screen: alarm, checkpoints on paper, matched codes, downloads."""

import csv
import io
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
import zxingcpp

from models.base import db
from models.concrete import Notice, Role
from models.people import Official
from panel.commands.worker import held
from panel.screens.checkpoint_marks import qr
from panel.screens.readable import called

CHECK, TAKE, MATCH = "/integrity/check/", "/integrity/take/", "/integrity/match/"


@pytest.fixture
def outside(app):
    """Runs statements as the owner of the file, with every trigger off, and puts them back."""
    shutil.rmtree(app.config["CHECKPOINTS"], ignore_errors=True)
    with app.app_context():
        where = db.engine.url.database

    def run(*edits):
        with closing(sqlite3.connect(where, isolation_level=None)) as raw:
            there = raw.execute("SELECT name, sql FROM sqlite_master WHERE type='trigger'")
            triggers = there.fetchall()
            for name, _ in triggers:
                raw.execute(f"DROP TRIGGER {name}")
            for edit in edits:
                raw.execute(edit)
            for _, sql in triggers:
                raw.execute(sql)

    return run


def chain_of(browser, path="/"):
    """What the state of the log reads like."""
    main = browser.page(path).main
    return " ".join(one.text for name in ("chain", "note") for one in main.all("div", class_=name))


def test_the_alarm_names_the_break_to_all_who_read_the_log_until_it_is_gone(
    citra, eka, ani, browse, outside, rows
):
    assert "Belum pernah diperiksa" in chain_of(citra)
    [(name,)] = rows(db.select(Official.full_name).where(Official.id == 46))
    outside("UPDATE official SET full_name = 'Diubah Diam-diam' WHERE id = 46")

    assert citra.post(CHECK).status_code == 303

    for reader, path in ((citra, "/"), (eka, "/"), (citra, "/changes/"), (citra, "/integrity/")):
        said = chain_of(reader, path)
        assert "Rantai putus" in said
        assert "Jenis catatan Pejabat" in said
        assert "Nomor catatan 46" in said
        assert "Ditemukan pada" in said
    told = "Jejak perubahan tidak lolos pemeriksaan"
    assert [told in browse(name).page("/notices/").text for name in ("citra", "eka")] == [True] * 2
    assert told not in ani.page("/notices/").text
    count = len(rows(db.select(Notice.id).where(Notice.record_table == "deed")))
    citra.post(CHECK)
    assert len(rows(db.select(Notice.id).where(Notice.record_table == "deed"))) == count
    outside(f"UPDATE official SET full_name = '{name}' WHERE id = 46")
    assert "Rantai putus" in chain_of(citra)
    citra.post(CHECK)
    assert "Rantai utuh" in chain_of(citra)
    assert "Rantai utuh" in chain_of(eka)


def test_a_forged_all_is_well_raises_the_alarm(citra, outside):
    citra.post(CHECK)
    outside(
        "UPDATE deed SET details = replace(details, '\"deeds\":', '\"deeds\":1') "
        "WHERE action = 'log.verify'"
    )

    assert "Catatan pemeriksaan terakhir telah diubah" in chain_of(citra)


def test_only_who_verifies_may_check_and_take(eka, ani, browse):
    assert [eka.post(path).status_code for path in (CHECK, TAKE)] == [403, 403]
    assert eka.get("/integrity/").status_code == 200
    assert "Periksa sekarang" not in eka.page("/integrity/").text
    assert ani.get("/integrity/").status_code == 403
    assert [who.post("/log-export/bundle/").status_code for who in (eka, ani)] == [403, 403]
    assert eka.get("/log-export/table/csv/").status_code == 403


@pytest.fixture
def paper(citra, outside):
    """A checkpoint that the auditor took: its page, number and code."""
    page = citra.page(citra.post(TAKE).location)
    return page, page.main.all("dd")[0].text, page.main.one("code", class_="code").text


def pixels(drawn, scale=6):
    """A QR code as it is drawn, in grey."""
    side = int(re.search(r'viewBox="0 0 (\d+)', drawn)[1])
    dark = [[255] * side for _ in range(side)]
    path = re.search(r'stroke="#000" d="([^"]+)"', drawn)[1]
    x = y = 0
    for kind, numbers in re.findall(r"([Mmh])([-\d. ]+)", path):
        given = [float(one) for one in re.findall(r"-?[\d.]+", numbers)]
        if kind == "h":
            for step in range(int(given[0])):
                dark[y][x + step] = 0
            x += int(given[0])
        elif kind == "M":
            x, y = int(given[0]), int(given[1])
        else:
            x, y = x + int(given[0]), y + int(given[1])
    big = [[one for one in row for _ in range(scale)] for row in dark for _ in range(scale)]
    return bytes(one for row in big for one in row), side * scale


def test_a_checkpoint_on_paper_is_read_typed_and_matched(citra, eka, app, paper):
    page, size, code = paper
    text = page.main.one("pre").raw
    gray, side = pixels(str(qr(text)))
    [read] = zxingcpp.read_barcodes(memoryview(gray).cast("B", shape=[side, side]))
    assert read.text == text
    path = Path(app.config["CHECKPOINTS"]) / f"checkpoint-{int(size):012d}.txt"
    assert path.read_text("utf-8") == text
    assert citra.get(f"/integrity/checkpoint/{size}/text/").get_data(as_text=True) == text
    assert citra.get("/integrity/checkpoint/9999/").status_code == 404

    for typed, said in (
        (code, "Cocok:"),
        (code.lower().replace("-", " "), "Cocok:"),
        ("A" * 20, "Tidak cocok:"),
    ):
        answer = eka.post(MATCH, {"size": size, "code": typed})
        assert (answer.status_code, said in answer.get_data(as_text=True)) == (200, True)
    fewer = citra.post(MATCH, {"size": "999999", "code": code}).get_data(as_text=True)
    assert "kurang dari" in fewer
    for wrong in (
        {"size": "x", "code": code},
        {"size": size, "code": "pendek"},
        {"size": "9" * 99},
    ):
        assert citra.post(MATCH, wrong).status_code == 422


def test_an_altered_checkpoint_signs_nothing(citra, paper, outside):
    _, size, _ = paper
    outside(
        "UPDATE deed SET details = replace(details, 'root\":\"', 'root\":\"00') "
        "WHERE action = 'log.checkpoint'"
    )

    assert citra.get(f"/integrity/checkpoint/{size}/").status_code in (404, 409)
    assert citra.get(f"/integrity/checkpoint/{size}/text/").status_code in (404, 409)


def test_papers_bear_the_newest_checkpoint(citra, paper):
    _, size, code = paper

    foot = citra.page("/access-review/").main.one("aside", class_="mark").text

    assert size in foot
    assert code in foot


def test_what_is_filtered_is_exported_as_the_page_tells_it(ani, citra, mira):
    ani.send("/officials/edit/?id=46", note="=1+1", _reason="@SUM(A1)")
    mira.get("/officials/export/csv/?search=metro")
    query = "?action=official.edit"

    text = citra.get(f"/log-export/table/csv/{query}").get_data(as_text=True)
    with zipfile.ZipFile(io.BytesIO(citra.get(f"/log-export/table/xlsx/{query}").data)) as book:
        sheet, about = (book.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2))

    table = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert table[0][:3] == ["Nomor", "Waktu", "Yang terjadi"]
    note = next(row for row in table if "Catatan" in row)
    assert (note[4], note[7]) == ("'@SUM(A1)", "'=1+1")
    assert ["Baris", str(len(table) - 6)] in table
    assert any(row[:1] == ["Disaring menurut"] and row[1].startswith("Tindakan:") for row in table)
    assert "<is><t>=1+1</t></is>" in sheet
    assert "<f>" not in sheet
    assert "Tindakan: " in about
    assert "Made" not in text
    told = citra.page("/changes/?action=change.export").text
    assert f"{len(table) - 6} baris sebagai csv, Tindakan:" in told
    assert citra.get("/log-export/table/pdf/").status_code == 404


def test_a_file_of_the_log_is_limited(citra, monkeypatch):
    monkeypatch.setattr("panel.screens.log_export.MOST_LINES", 3)

    assert citra.get("/log-export/table/csv/").status_code == 422


def test_a_bundle_of_one_city_verifies_and_tells_nothing_of_another(citra, paper, tmp_path):
    _, size, code = paper
    (tmp_path / "log.zip").write_bytes(citra.post("/log-export/bundle/").data)
    with zipfile.ZipFile(tmp_path / "log.zip") as bundle:
        whole = "".join(
            bundle.read(name).decode() for name in bundle.namelist() if name != "verify.py"
        )
        bundle.extract("verify.py", tmp_path)
    command = [sys.executable, "-I", "verify.py", "log.zip", "--code", size, code]

    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)

    assert (said.returncode, said.stdout.startswith("Sound: ")) == (0, True), said.stderr
    assert not re.search(r"Kota Metro|\b19\d{16}\b|\+62\d{6}|Made ", whole)
    assert "Citra" in whole
    assert "tindakan" in citra.page("/changes/?action=log.export").text


def test_a_long_log_is_verified_by_the_worker(app, citra, outside, monkeypatch):
    monkeypatch.setattr("panel.screens.integrity.LARGE", 3)

    with held(Path(app.instance_path)):  # as a worker does while it runs
        answer = citra.post(CHECK)

    assert "job=" in answer.location
    assert "Rantai utuh" in chain_of(citra, answer.location)
    assert "Citra" in citra.page("/changes/?action=log.verify").text


def test_what_no_column_takes_keeps_no_auditor_from_the_log(citra, outside):
    outside(
        "PRAGMA ignore_check_constraints=ON",
        "UPDATE account SET last_sign_in_at = 'x', theme = 'x' WHERE username <> 'citra'",
        "UPDATE news_source SET published_on = 'x'",
    )

    paths = "/changes/", "/changes/?table=news_source", "/changes/?table=account"
    assert [citra.get(path).status_code for path in paths] == [200, 200, 200]


def test_a_record_that_makes_no_sense_has_no_name(app):
    with app.test_request_context():
        assert called("role", Role(code=None)) is None
        assert called("role", Role(code="auditor")) is not None
