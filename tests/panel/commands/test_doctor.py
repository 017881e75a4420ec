"""The doctor finds nothing wrong with what is well, and each thing that is broken, in words."""

import json
import os
import re
import sqlite3
from collections import namedtuple
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from models.base import db
from models.files import StoredFile
from models.records import panel
from panel.changelog.records import note
from panel.changelog.rules import Command
from panel.commands import doctor as command
from panel.doctor import database, keeping, machine
from panel.doctor.saying import OK, WRONG, asked
from tests.site import ON_SQLITE

pytestmark = ON_SQLITE
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def said(site, tmp_path):
    """Asks checks: the worst level, and all that they say."""
    site.config.update(PRODUCTION=True, CHECKPOINTS=str(tmp_path / "kept"))
    (tmp_path / "kept").mkdir()

    def said(*checks):
        lines = list(asked(panel, checks))
        worst = next((one.level for one in lines if one.level != OK), OK)
        return worst, " ".join(one.text for one in lines)

    with site.app_context():
        db.session.remove()
        yield said


def written(statement):
    """A statement past everything that watches."""
    with closing(sqlite3.connect(db.engine.url.database)) as driver:
        driver.execute(statement)
        driver.commit()


def test_the_whole_doctor_on_what_is_well_for_a_demo(site):
    answer = site.test_cli_runner().invoke(args=["doctor"])

    assert (answer.exit_code, WRONG in answer.stdout) == (0, False), answer.output
    assert answer.stdout.splitlines()[-1].startswith("All is well")
    assert not re.search(r"[0-9a-f]{64}", answer.stdout)
    assert len(answer.stdout.splitlines()) > len(command.DATABASE)


def test_without_its_database_the_rest_is_said_all_the_same(site, tmp_path, monkeypatch):
    with site.app_context():
        engine = sa.create_engine(f"sqlite:///{tmp_path / 'gone' / 'no.sqlite3'}")
        monkeypatch.setattr(type(panel.db), "engine", property(lambda self: engine))
        answer = site.test_cli_runner().invoke(args=["doctor"])

    assert answer.exit_code == 1
    assert "The database (sqlite) does not answer" in answer.stdout
    assert "Python" in answer.stdout


def test_the_machine(said, site, monkeypatch, tmp_path):
    instance = Path(site.instance_path)
    monkeypatch.setattr(machine, "OLDEST", (4, 0))
    assert said(machine.python)[0] == WRONG
    (tmp_path / "pins.txt").write_text("flask==0.1 \\\n    --hash=sha256:aa\nnowhere==1 ; win\n")
    site.config["PANEL_PINS"] = str(tmp_path / "pins.txt")
    assert "flask (3." in said(machine.packages)[1]
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda folder: Usage(1, 1, 2**20))
    assert "1 MiB are left" in said(machine.disk)[1]
    assert said(machine.folders)[0] == OK
    os.chmod(instance / "log-key", 0o644)
    assert f"chmod 600 {instance / 'log-key'}" in said(machine.folders)[1]
    os.chmod(instance / "log-key", 0o600)
    assert "who has both can forge" in said(machine.keys)[1]


def test_the_database(said, site, monkeypatch):
    whole = (database.database, database.migrations, database.triggers, database.foreign_keys)
    assert said(*whole, database.clock, database.seals)[0] == OK

    site.config["PANEL_SCHEMA_IS_CURRENT"] = lambda: False
    assert "run `flask init`" in said(database.migrations)[1]
    monkeypatch.setattr(database, "now", lambda: datetime(2020, 1, 1, tzinfo=UTC))
    assert "set the clock" in said(database.clock)[1]
    written("DROP TRIGGER log_unit_u")
    assert "1 triggers differ. Trigger log_unit_u is missing." in said(database.triggers)[1]
    written("UPDATE official SET region_id = 4711 WHERE id = 1")
    assert "refers to a missing row of" in said(database.foreign_keys)[1]
    assert said(database.seals)[0] == WRONG
    monkeypatch.setattr(panel.log, "key", lambda: b"another key")
    assert "a key that the settings do not give" in said(database.seals)[1]


def test_what_keeps_it(said, site, tmp_path):
    assert said(keeping.worker, keeping.backups, keeping.checkpoints)[0] == WRONG
    for action in ("log.backup", "log.checkpoint"):
        note(db.engine, action, actor=Command("test"))
    assert said(keeping.backups, keeping.checkpoints)[0] == OK
    later = datetime.now(UTC) + timedelta(days=9)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keeping, "now", lambda: later)
        assert "9 days old" in said(keeping.backups)[1]
        assert "The newest checkpoint is of" in said(keeping.checkpoints)[1]
    assert said(keeping.files, keeping.erasures)[0] == OK

    site.config["FILES_FOLDER"] = str(tmp_path / "empty")
    count = db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile))
    db.session.rollback()
    assert f"{count} of {count} stored files are missing or damaged" in said(keeping.files)[1]
    note(db.engine, "log.erase", actor=Command("test"), subject=("official", "1"), details={})
    assert "1 erasures are not in" in said(keeping.erasures)[1]
    (tmp_path / "kept" / "erasures.jsonl").write_text(json.dumps({"subject": "x"}))
    assert "is damaged" in said(keeping.erasures)[1]


def test_a_check_that_fails_itself_stops_no_other(said):
    def broken(panel):
        raise ZeroDivisionError
        yield

    level, text = said(broken, machine.python)

    assert (level, "failed itself" in text, "Python" in text) == (WRONG, True, True)
