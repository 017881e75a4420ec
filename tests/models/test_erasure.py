"""After an erasure both verifiers find the log sound, on both databases; what is decided stays."""

import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models.base import Base, db
from models.erasure import erase_person, holdings
from models.erasure_limits import mentions
from models.follow_up import ActionPlan
from models.people import Official, Spouse
from models.records import Account, log, panel, workflow
from panel.access.rules import Actor, Place
from panel.changelog.bundle import write_bundle
from panel.changelog.records import deed
from panel.changelog.rules import Command
from panel.changelog.verify import snapshot, verify

SYSTEM = Command("tests")


def written():
    """Every text of every table, in one string."""
    rows = (db.session.execute(sa.select(table)) for table in Base.metadata.sorted_tables)
    return "\n".join(repr(row) for found in rows for row in found)


def submit(number: int) -> None:
    """A clerk hands the plan in: from now on it is locked."""
    db.session.rollback()
    clerk = db.session.scalars(sa.select(Account).where(Account.username == "ani")).one()
    place = Place(clerk.grants[0].region_id)
    actor = Actor(clerk.id, clerk.name, frozenset({"clerk"}), (place,))
    db.session.rollback()
    with deed("action_plan.submit", actor=actor):
        plan = db.session.get_one(ActionPlan, number)
        _, seen = workflow.snapshot(db.session(), plan)
        workflow.move(db.session(), plan, "submit", seen=seen)
        db.session.commit()
    db.session.rollback()


def judged(path: Path) -> str:
    """What the verifier in the bundle says."""
    with ZipFile(path) as bundle:
        (path.parent / "verify.py").write_bytes(bundle.read("verify.py"))
        (path.parent / "kept.txt").write_bytes(bundle.read("checkpoint.txt"))
    command = [sys.executable, "-I", "verify.py", path.name, "--checkpoint", "kept.txt"]
    run = subprocess.run(command, cwd=path.parent, capture_output=True, text=True, timeout=60)
    return run.stdout + run.stderr


def test_an_erasure_leaves_a_sound_log_and_keeps_what_was_decided(site, tmp_path):
    with site.app_context():
        with deed("test.fill", actor=SYSTEM):
            rows = sa.select(ActionPlan).where(
                *(ActionPlan.status == "draft", ActionPlan.region_id == 1),
                *(ActionPlan.target.is_not(None), ActionPlan.indicator.is_not(None)),
                ActionPlan.due_on.is_not(None),
            )
            plan = db.session.scalars(rows.order_by(ActionPlan.id)).first()
            plan.responsible = "Pak Contoh Pelaksana"
            person = plan.official
            person.full_name, person.phone = "Zubaidah Contohwati", "+6281299988877"
            spouse = Spouse(region_id=1, official_id=person.id, full_name="Wiraguna Contoh")
            db.session.add(spouse)
            db.session.flush()
            db.session.delete(spouse)
            db.session.commit()
            key, region, number, responsible = (
                person.id,
                person.region_id,
                plan.id,
                plan.responsible,
            )
        submit(number)
        assert {"Zubaidah", "Wiraguna"} <= set(re.findall(r"\w+", written()))
        assert mentions(db.session(), region, [responsible])

        db.session.rollback()
        with deed("log.erase", actor=SYSTEM, subject=("official", str(key)), reason="surat 1"):
            found = holdings(db.session(), log.tables, "official", key)
            assert found.locked["action_plan"] == {str(number)}
            assert found.gone["spouse"]
            erase_person(db.session(), log.tables, found)
            db.session.commit()

        after = written()
        assert [text for text in ("Zubaidah", "Wiraguna", "+62812999888") if text in after] == []
        assert db.session.get_one(Official, key).full_name == f"Nama dihapus {key}"
        assert db.session.get_one(ActionPlan, number).responsible == responsible
        db.session.remove()
        report = verify(db.engine, log, panel.triggers(db.engine.dialect.name))
        assert [str(one.sentence) for one in report.findings] == []
        with open(tmp_path / "log.zip", "wb") as file, snapshot(db.engine) as connection:
            write_bundle(file, connection, log.tables, Ed25519PrivateKey.generate())
    assert judged(tmp_path / "log.zip").startswith("Sound")
