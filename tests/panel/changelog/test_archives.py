"""Old values leave the log for a sealed file alone, and everything verifies with and without it."""

import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO
from types import SimpleNamespace
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from sqlalchemy.exc import IntegrityError

from panel.changelog import archives
from panel.changelog.anchoring import begin
from panel.changelog.archives import Hold
from panel.changelog.records import deed
from panel.changelog.rules import digest_of
from panel.commands import archive, checkpoints
from tests.panel.changelog.town import ANI, BAYU, KEY, Official

SIGNING = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
#: Long enough to be worth a place in an archive.
NOTE = "Catatan yang panjang " * 8
FULAN = frozenset({("official", "1")})
TOMORROW = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def old(town):
    """Officials of two regions and one of none, of whom the first was changed."""
    begin(town.engine, town.log, "town/1234", SIGNING.public_key())
    town.write(Official(full_name="Fulan", phone="+6281", region_id=1, notes=[NOTE]))
    town.write(Official(full_name="Fulanah", region_id=2, notes=[NOTE]))
    town.write(Official(full_name="Tamu", notes=[NOTE]))
    with (
        deed("official.edit", actor=BAYU, reason="SK 81/2026"),
        town.engine.begin() as connection,
    ):
        official = town.log.tables.metadata.tables["official"]
        connection.execute(official.update().where(official.c.id == 1).values(rank=5))
    return town


@pytest.fixture
def panel(old):
    """What the commands ask of a panel, with the holds that a test sets."""
    holds: list[Hold] = []
    return SimpleNamespace(
        db=SimpleNamespace(engine=old.engine),
        log=old.log,
        triggers=old.log.triggers,
        asked_back=lambda: frozenset({"ruling"}),
        holds=lambda session, tables: holds,
        standing=holds,
        notices=None,
        access=SimpleNamespace(role=None),
    )


@pytest.fixture
def run(panel, tmp_path):
    app = Flask("town")
    app.config.update(CHECKPOINT_KEY=bytes(range(32)), CHECKPOINTS=str(tmp_path / "kept"))
    app.extensions["panel"] = panel
    app.cli.add_command(checkpoints.log)

    def run(*words):
        return app.test_cli_runner().invoke(args=["log", *words])

    return run


@pytest.fixture
def filed(run, tmp_path, monkeypatch):
    """Runs the archive of everything up to now."""
    monkeypatch.setattr(archive, "now", lambda: TOMORROW)
    return lambda: run("archive", "--before", "2099-01-01", "--to", str(tmp_path / "old"))


def left(town):
    """Changes by number: whether their values are still in the table."""
    change = town.log.tables.change
    with town.engine.connect() as connection:
        rows = connection.execute(sa.select(change.c.id, change.c.archived).order_by(change.c.id))
        return {id: archived is None for id, archived in rows}


def test_an_archive_takes_bulky_values_and_everything_still_verifies(old, run, filed, tmp_path):
    done = filed()

    assert done.exit_code == 0, done.output
    assert left(old) == {1: False, 2: False, 3: True, 4: True}
    assert old.rows()[0] == ("official", "I", "1", {"full_name": "Fulan", "phone": "+6281"})
    assert old.said() == []
    [path] = (tmp_path / "old").iterdir()
    assert path.name == "log-000000001-000000005.zip"
    assert path.stat().st_mode & 0o777 == 0o600
    without = run("verify")
    assert "2 deeds whose values are in log-000000001-000000005.zip" in without.stdout
    whole = run("verify", "--archive", str(path.parent))
    assert (whole.exit_code, "Not replayed" in whole.stdout) == (0, False)


def test_the_archive_is_verified_by_the_script_in_it_and_holds_no_personal_value(
    old, run, filed, tmp_path
):
    filed()
    [path] = (tmp_path / "old").iterdir()
    exported = run("export", str(tmp_path / "log.zip"))
    assert exported.exit_code == 0, exported.output

    for file in (path, tmp_path / "log.zip"):
        with ZipFile(file) as bundle:
            script = tmp_path / "verify.py"
            script.write_bytes(bundle.read("verify.py"))
            told = bundle.read("changes.jsonl") + bundle.read("deeds.jsonl")
        said = subprocess.run(
            [sys.executable, "-I", script, file, "--log-key", KEY.hex()],
            capture_output=True,
            text=True,
        )
        assert said.stdout.startswith("Sound: "), said.stderr
        assert (b"Fulan" in told, b"SK 81" in told) == (file != path, file != path)


def test_a_second_archive_takes_up_where_the_first_ended(old, run, filed, tmp_path):
    filed()
    again = filed()
    old.write(Official(full_name="Baru", region_id=1, notes=[NOTE]))
    second = filed()

    assert (again.exit_code, second.exit_code) == (0, 0), second.output
    assert left(old)[5] is False
    assert run("verify", "--archive", str(tmp_path / "old")).exit_code == 0
    assert old.said() == []


@pytest.mark.parametrize(
    ("hold", "stays"),
    [
        (Hold("S-1", whole=True), {1: True, 2: True, 3: True, 4: True}),
        (Hold("S-2", scope="2"), {1: False, 2: True, 3: True, 4: True}),
        (Hold("S-3", records=FULAN), {1: True, 2: False, 3: True, 4: True}),
    ],
)
def test_what_a_hold_covers_stays_until_it_is_lifted(old, panel, filed, hold, stays, tmp_path):
    panel.standing.append(hold)

    held = filed()
    before = left(old)
    panel.standing.clear()
    old.write(Official(full_name="Baru"))
    filed()

    assert hold.letter in held.stdout
    assert before == stays
    assert left(old) == {1: False, 2: False, 3: True, 4: True, 5: True}
    assert old.said() == []


def test_an_archive_that_cannot_be_read_back_empties_nothing(old, filed, tmp_path, monkeypatch):
    whole = archive.write_archive

    def damaged(file, *more):
        found = whole(file, *more)
        file.seek(200)
        file.write(b"\0\0\0\0")
        return found

    monkeypatch.setattr(archive, "write_archive", damaged)
    answer = filed()

    assert (answer.exit_code, "cannot be read back" in answer.stderr) == (1, True)
    assert (set(left(old).values()), list((tmp_path / "old").iterdir())) == ({True}, [])
    assert old.deeds()[-1][1] == "official.edit"


def test_an_archive_of_other_values_than_were_sealed_empties_nothing(old, filed, monkeypatch):
    whole = archives.row_told
    monkeypatch.setattr(archives, "row_told", lambda row: {**whole(row), "data": "[]"})

    answer = filed()

    assert (answer.exit_code, "does not hold what the log has sealed" in answer.stderr) == (1, True)
    assert set(left(old).values()) == {True}


def test_a_log_that_does_not_verify_is_not_archived(old, raw, filed, tmp_path):
    raw("UPDATE official SET rank = 99 WHERE id = 2")

    answer = filed()

    assert (answer.exit_code, "is not archived" in answer.stderr) == (1, True)
    assert not (tmp_path / "old").exists()


def test_an_archive_that_is_not_the_one_that_was_sealed_is_no_archive(old, run, filed, tmp_path):
    filed()
    old.write(Official(full_name="Baru", region_id=1, notes=[NOTE]))
    filed()
    folder = tmp_path / "old"
    first, second = sorted(folder.iterdir())
    whole = {path: path.read_bytes() for path in (first, second)}
    bomb = BytesIO()
    with ZipFile(bomb, "w", ZIP_DEFLATED) as bundle:
        bundle.writestr("../changes.jsonl", b"[" * 4_000_000)
    cases = [
        {first: whole[first].replace(b"a", b"b", 1)},
        {first: whole[first][:-1]},
        {first: b""},
        {first: whole[second], second: whole[first]},
        {second: bomb.getvalue()},
    ]
    before = left(old)

    for case in cases:
        for path in whole:
            path.write_bytes(case.get(path, whole[path]))
        answer = run("verify", "--archive", str(folder))

        said = [
            f"{path.name} is not the archive that was sealed." for path in whole if path in case
        ]
        assert (answer.exit_code, answer.stderr.splitlines()[:-1]) == (1, said)
        assert "an archive of it does NOT" in answer.stderr
    assert (left(old), list(tmp_path.rglob("changes.jsonl"))) == (before, [])
    first.unlink()
    second.write_bytes(whole[second])
    assert run("verify", "--archive", str(folder)).exit_code == 0


def flagged(town, on=True):
    """The flag of archiving, raised by hand."""
    if town.dialect == "sqlite":
        return [f"UPDATE log_context SET archiving = {int(on)}"]
    return [f"SELECT set_config('jenjang.archiving', '{'on' if on else ''}', false)"]


def in_deed(town):
    """An invented deed, opened by hand."""
    if town.dialect == "sqlite":
        return "UPDATE log_context SET deed_id = 4711"
    return "SELECT set_config('jenjang.deed', '4711', false)"


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM change WHERE id = 1",
        "UPDATE change SET data = '{}' WHERE id = 1",
        "UPDATE change SET data = '{}', archived = 'short' WHERE id = 1",
        "UPDATE change SET pk = 9, data = '{}', archived = '%(left)s', archived_by = 4711",
        "UPDATE change SET data = '[]', archived = '%(left)s', archived_by = 4711 WHERE id = 1",
        "UPDATE change SET data = '{}', archived = '%(left)s', archived_by = 1 WHERE id = 1",
        "UPDATE change SET data = '{}', archived = '%(left)s', archived_by = 4711 WHERE op = 'D'",
        "DELETE FROM deed WHERE seq = 2",
    ],
)
def test_outside_of_that_way_nothing_leaves_the_log(old, raw, change):
    with deed("official.delete", actor=ANI), old.engine.begin() as connection:
        connection.execute(sa.delete(Official).where(Official.id == 3))
    which = "op = 'D'" if "'D'" in change else "id = 1"
    [(data,)] = raw(f"SELECT data FROM change WHERE {which}")
    edit = change.replace("%(left)s", digest_of(data).hex())

    for before in ([], [*flagged(old), in_deed(old)]):
        with pytest.raises(IntegrityError, match="jenjang:append-only"):
            raw(*before, edit)

    raw(*flagged(old, on=False))
    assert old.said() == []


def test_emptying_by_hand_is_a_finding_though_the_digest_is_right(old, raw):
    [(data,)] = raw("SELECT data FROM change WHERE id = 1")
    raw(
        *flagged(old),
        in_deed(old),
        f"UPDATE change SET data = '{{}}', archived = '{digest_of(data).hex()}',"
        " archived_by = 4711 WHERE id = 1",
        *flagged(old, on=False),
    )

    assert old.said() == ["Change 1 was emptied, but no deed says so."]
