"""`flask nightly`: every part is named with its outcome, and none stops another."""

import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from models.base import db
from models.concrete import FormToken, SignInAttempt, WebSession
from panel.changelog.deeds import note
from panel.changelog.rules import Command
from panel.columns import now
from panel.commands.nightly import PARTS


def nightly(app):
    """Exit code, lines of what went well, lines of what did not."""
    done = app.test_cli_runner().invoke(args=["nightly"])
    return done.exit_code, done.stdout.splitlines(), done.stderr.splitlines()


def leave_deed(app):
    """A deed of its own moment, like no other one."""
    with app.app_context():
        note(db.engine, "test.note", actor=Command("tests"))


def folder_of(app):
    return Path(app.config["CHECKPOINTS"])


def test_a_night_twice_does_no_harm(app, rows):
    with app.app_context(), db.engine.connect().execution_options(write=True) as c, c.begin():
        old = now() - timedelta(days=40)
        c.execute(sa.insert(SignInAttempt).values(key="x" * 64, failures=3, last_at=old))
        c.execute(sa.insert(FormToken).values(hash="x" * 64, account_id=1, at=old))
        c.execute(sa.insert(FormToken).values(hash="y" * 64, account_id=1, at=now()))
        c.execute(sa.update(WebSession).where(WebSession.account_id == 1).values(seen_at=old))
    shutil.rmtree(folder_of(app), ignore_errors=True)

    first, second = nightly(app), nightly(app)

    for code, said, wrong in (first, second):
        told = [line.partition(":")[0] for line in said if line.partition(":")[0] in PARTS]
        assert (code, wrong, told) == (0, [], list(PARTS))
    assert first[1][-2] == "Tidying: 1 sessions, 1 attempts, 1 forms swept out."
    assert second[1][-2] == "Tidying: 0 sessions, 0 attempts, 0 forms swept out."
    assert "0 checkpoints" in first[1][0]
    assert "1 checkpoints" in second[1][0]
    assert len(list(folder_of(app).iterdir())) == 2
    assert rows(sa.select(FormToken.hash)) == [("y" * 64,)]


def test_what_fails_is_named_and_the_rest_is_done(app):
    shutil.rmtree(folder_of(app), ignore_errors=True)
    folder_of(app).write_text("no folder")
    with app.app_context():
        where = db.engine.url.database
    with sqlite3.connect(where) as raw:
        raw.execute("UPDATE tier SET rank = rank + 100 WHERE id = 1")
    raw.close()

    code, said, wrong = nightly(app)

    folder_of(app).unlink()
    assert code == 1
    assert wrong[0].startswith("Verification: FAILED. The log does NOT verify (")
    assert wrong[1].startswith("  Changes made outside the application: 1, first tier 1")
    assert wrong[-2].startswith("Checkpoint: FAILED. ")
    assert wrong[-1].startswith("Erasures: FAILED. ")
    assert [line.partition(":")[0] for line in said[-3:]] == ["Reminders", "Tidying", "Lists"]


def test_checkpoints_that_do_not_fit_are_told_and_never_replaced(app, town):
    """The newest deeds are taken away; with that of the night there are as many as were counted."""
    folder = folder_of(app)
    shutil.rmtree(folder, ignore_errors=True)
    leave_deed(app)
    assert nightly(app)[0] == 0
    [kept] = folder.iterdir()
    text = kept.read_text()
    size = text.splitlines()[1]
    (folder / "checkpoint-000000000001.txt").write_text(text.replace(f"\n{size}\n", "\n1\n"))
    (folder / "checkpoint-000000000002.txt").write_text("\0")
    other = text.replace("jenjang/", "other/").replace("— jenjang", "— other")
    (folder / "checkpoint-000000000003.txt").write_text(other)
    town.put_back()
    leave_deed(app)

    code, _, wrong = nightly(app)

    assert code == 1
    assert any("its newest deeds were taken away" in line for line in wrong)
    assert any("checkpoint-000000000001.txt: " in line for line in wrong)
    assert any("checkpoint-000000000002.txt: " in line for line in wrong)
    assert not any("checkpoint-000000000003.txt" in line for line in wrong)
    assert any("was left as it is" in line for line in wrong)
    assert kept.read_text() == text
    shutil.rmtree(folder)
