"""A backup brings the installation back as it was, whatever was lost, and nobody who was erased."""

import gzip
import hashlib
import io
import json
import re
import tarfile
from pathlib import Path

import pytest
import sqlalchemy as sa

from models.base import db
from models.erasure import erase_again
from models.people import Official
from models.records import WebSession, panel
from panel.backups.erased import LIST, list_erasures
from panel.backups.packing import sealed
from panel.changelog.chain import ERASE
from panel.changelog.records import deed
from panel.changelog.rules import Command
from panel.changelog.verify import verify
from tests.site import ON_SQLITE

CLERK = Command("test", id=7, kind="account")


@pytest.fixture
def run(site):
    """Runs a command on the installation, with folders of its own for what leaves it."""

    def run(*words):
        return site.test_cli_runner().invoke(args=list(map(str, words)))

    return run


@pytest.fixture
def kept(site, tmp_path):
    """Folders for checkpoints and files that no other test sees."""
    site.config.update(CHECKPOINTS=str(tmp_path / "kept"), FILES_FOLDER=str(tmp_path / "files"))
    (tmp_path / "files").mkdir(mode=0o700)
    (tmp_path / "files" / ("a" * 32)).write_bytes(b"a file")
    return tmp_path


@pytest.fixture
def backed(run, kept):
    """A backup that was made of the installation as it was seeded."""
    path = kept / "b.tar.gz"
    done = run("backup", path)
    assert done.exit_code == 0, done.output
    return path


def name_of_log():
    details = db.session.scalar(
        sa.select(panel.log.tables.deed.c.details).where(
            panel.log.tables.deed.c.action == "log.begin"
        )
    )
    db.session.rollback()
    return json.loads(details)["origin"]


def renamed(pk, name):
    with deed("official.edit", actor=CLERK):
        db.session.rollback()
        db.session.get_one(Official, pk).full_name = name
        db.session.commit()


def name(pk):
    found = db.session.scalar(sa.select(Official.full_name).where(Official.id == pk))
    db.session.rollback()
    return found


def deeds():
    table = panel.log.tables.deed
    found = list(db.session.execute(sa.select(table.c.action, table.c.details).order_by("seq")))
    db.session.rollback()
    return [(action, json.loads(details)) for action, details in found]


def test_a_backup_brings_everything_back_and_says_what_is_older(site, run, backed, kept):
    with site.app_context():
        known, before = name_of_log(), name(1)
        renamed(1, "Orang Lain")
        run("log", "checkpoint")
        [newer] = (kept / "kept").glob("checkpoint-*.txt")
        (kept / "files" / ("a" * 32)).unlink()

        refused = run("restore", backed)
        mistyped = run("restore", backed, "--replace", "jenjang/0000")
        unchanged = name(1)
        done = run("restore", backed, "--replace", known)

        assert (refused.exit_code, f"--replace {known}" in refused.stderr) == (1, True)
        assert (mistyped.exit_code, f"is called {known}" in mistyped.stderr) == (1, True)
        assert unchanged == "Orang Lain"
        assert done.exit_code == 0, done.output
        said = f"older than 1 checkpoints, put aside into before-restore: {newer.name}"
        assert said in done.stdout
        assert (name(1), (kept / "files" / ("a" * 32)).read_bytes()) == (before, b"a file")
        action, told = deeds()[-1]
        assert (action, told["file"], len(told["sha256"])) == ("log.restore", "b.tar.gz", 64)
        aside = kept / "kept" / "before-restore" / newer.name
        older = run("log", "verify", "--checkpoint", aside)
        assert (older.exit_code, "older than the checkpoint" in older.stderr) == (1, True)
        assert run("log", "verify").exit_code == 0
        assert db.session.scalar(sa.select(sa.func.count()).select_from(WebSession)) == 0
        assert (backed.stat().st_mode & 0o777, list(kept.glob(".*"))) == (0o600, [])


def test_who_was_erased_after_the_backup_is_erased_again(site, run, backed, kept):
    with site.app_context():
        known, before = name_of_log(), name(2)
        with deed(ERASE, actor=CLERK, subject=("official", "2"), reason="surat 12/2026"):
            db.session.rollback()
            assert erase_again(db.session(), panel.log.tables, "official", "2")
            db.session.commit()
        list_erasures(panel, kept / "kept")
        told = (kept / "kept" / LIST).read_text()

        done = run("restore", backed, "--replace", known)

        assert done.exit_code == 0, done.output
        assert "Erased again" in done.stdout
        assert before not in told
        assert re.fullmatch(r'{"at": "[^"]+", "deed": \d+, "subject": "[0-9a-f]{64}"}\n', told)
        change = panel.log.tables.change
        rows = sa.select(change.c.personal).where(change.c.tbl == "official", change.c.pk == "2")
        assert set(db.session.scalars(rows)) == {None}
        assert before not in (name(2) or "")
        assert deeds()[-1][0] == ERASE
        engine = panel.db.engine
        assert verify(engine, panel.log, panel.triggers(engine.dialect.name)).findings == ()
        (kept / "kept" / LIST).write_text('{"subject": "cut o')
        damaged = run("restore", backed, "--replace", known)
        assert (damaged.exit_code, f"{LIST} is damaged" in damaged.stderr) == (1, True)


def again(path, change):
    """The backup written anew, each member passed through `change(name, bytes)`."""
    target = path.with_name("other.tar.gz")
    with tarfile.open(path) as source, tarfile.open(target, "w:gz", compresslevel=1) as bundle:
        for member in source:
            data = source.extractfile(member).read()
            for name_, text in change(member.name, data):
                told = tarfile.TarInfo(name_)
                told.size = len(text)
                bundle.addfile(told, io.BytesIO(text))
    return target


def cut(path):
    path.with_name("cut").write_bytes(path.read_bytes()[:-2000])
    return path.with_name("cut")


def flipped(path):
    def change(name_, data):
        return [
            (name_, data[:5000] + b"\1" + data[5001:] if name_.startswith("database") else data)
        ]

    return again(path, change)


def newer(path):
    return again(path, lambda name_, data: [(name_.replace("format-1", "format-2"), data)])


def with_manifest(change):
    """The backup with another manifest; `change` gives it as an object or as bytes."""

    def made(path):
        def put(name_, data):
            if name_ != "manifest.json":
                return [(name_, data)]
            told = change(json.loads(data))
            return [(name_, told if isinstance(told, bytes) else json.dumps(told).encode())]

        return again(path, put)

    return made


def forged(path):
    """Another database, and a manifest that says so, by somebody who has no key of the log."""
    other = hashlib.sha256(b"not ours").hexdigest()
    told = {"sha256": other, "bytes": 8}
    with_it = with_manifest(lambda m: {**m, "members": {**m["members"], "database.sqlite3": told}})(
        path
    ).rename(path.with_name("manifest"))
    return again(with_it, lambda *one: [(one[0], b"not ours") if "sqlite3" in one[0] else one])


def of_another_log(manifest):
    """As another installation's, sealed by its own key."""
    return sealed(manifest, {"0" * 16: bytes(32)})


def of_a_newer_program(manifest):
    return sealed({**manifest, "revision": "9999"}, panel.log.keys())


def link(path):
    """A member that is a link out of the folder."""
    with tarfile.open(path.with_name("link"), "w:gz") as bundle:
        bundle.addfile(tarfile.TarInfo("format-1.txt"))
        told = tarfile.TarInfo("database.sqlite3")
        told.type, told.linkname = tarfile.SYMTYPE, "/etc/passwd"
        bundle.addfile(told)
    return path.with_name("link")


def bomb(path):
    """A member of a size that no disk has."""
    with gzip.open(path.with_name("bomb"), "wb") as file:
        file.write(tarfile.TarInfo("format-1.txt").tobuf())
        told = tarfile.TarInfo("database.sqlite3")
        told.size = 2**60
        file.write(told.tobuf() + bytes(1 << 20))
    return path.with_name("bomb")


def with_more(path):
    return again(
        path, lambda *one: [one, ("../outside", b"x")] if one[0] == "checkpoint.txt" else [one]
    )


def no_backup(path):
    path.with_name("text").write_bytes(gzip.compress(b"hello"))
    return path.with_name("text")


#: What was done to a backup, and the sentence that refuses it.
DAMAGED = [
    (cut, "It is cut off or damaged."),
    (flipped, "database.sqlite3 in it is not as it was written."),
    (newer, "A newer program wrote it"),
    (forged, "Its list of members is not as it was sealed."),
    (with_manifest(lambda m: {**m, "deeds": 1}), "is not as it was sealed."),
    (with_manifest(lambda m: {k: m[k] for k in m if k != "seals"}), "It bears no seal"),
    (with_manifest(lambda m: []), "It bears no seal"),
    (with_manifest(lambda m: {**m, "deeds": 0.5}), "is not as it was sealed."),
    (with_manifest(lambda m: b"[" * 100_000), "It is cut off or damaged."),
    (with_manifest(of_a_newer_program), "A newer program made the backup"),
    (with_manifest(of_another_log), "The keys of the log are not those of the backup"),
    (link, "something in it that does not belong there"),
    (bomb, "Unpacked it would fill the disk."),
    (with_more, "something in it that does not belong there"),
    (no_backup, "It is cut off or damaged."),
    (lambda path: path.with_name("nowhere"), "is not there"),
]


@ON_SQLITE
def test_a_backup_that_is_not_sound_changes_nothing(site, run, backed):
    with site.app_context():
        renamed(1, "Orang Lain")
        own = name_of_log()

        for damage, said in DAMAGED:
            answer = run("restore", damage(backed), "--replace", own)

            assert (answer.exit_code, said in answer.stderr) == (1, True), (said, answer.output)
            assert list(Path(site.instance_path).glob(".restore-*")) == []
        assert name(1) == "Orang Lain"


@ON_SQLITE
def test_an_installation_that_was_lost_is_made_anew(site, run, backed):
    with site.app_context():
        db.session.remove()
        db.engine.dispose()
        for path in Path(site.instance_path).glob("jenjang.sqlite3*"):
            if path.suffix in (".sqlite3", ".sqlite3-wal", ".sqlite3-shm"):
                path.unlink()

        done = run("restore", backed)

        assert done.exit_code == 0, done.output
        assert deeds()[-1][0] == "log.restore"
