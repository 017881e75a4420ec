"""Putting a backup back: checked whole before anything is touched, verified when it is there.

A restore is never silent: a deed names the backup, checkpoints that are newer than it are put
aside and named too, everybody signs in again, and who was lawfully erased since is erased again.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app

from ..changelog.anchoring import RESTORE, begun
from ..changelog.archived import sha256_of
from ..changelog.checkpoints import LONGEST, Checkpoint, read
from ..changelog.deeds import note
from ..changelog.rules import Command
from ..changelog.verify import verify
from ..checkpointing import folder
from ..plugin import Panel
from ..words import Refused, Sentence, say
from .databases import MEMBERS, is_empty, put_back
from .erased import erase_listed, list_erasures, listed
from .packing import unpack

#: Where checkpoints go that are newer than the backup, within their folder.
ASIDE = "before-restore"


@dataclass
class Restored:
    """What a restore did and found."""

    origin: str
    deeds: int
    files: int
    made_at: str
    #: Whether the backup was of an older program and had to be migrated.
    migrated: bool
    findings: list[Sentence] = field(default_factory=list)
    #: Numbers of the deeds that erased for the first time whom the restore erased again.
    erased: list[int] = field(default_factory=list)
    #: Names of checkpoints that were put aside.
    aside: list[str] = field(default_factory=list)


def restore(panel: Panel, path: Path, *, replace: str | None) -> Restored:
    """Make the backup the installation; `replace` is the typed name of the one that it replaces.

    Raises `Refused` with nothing changed.
    """
    instance = Path(current_app.instance_path)
    with tempfile.TemporaryDirectory(dir=instance, prefix=".restore-") as beside:
        scratch = Path(beside)
        manifest = unpack(path, scratch, panel.log.keys())
        kept = checkpoint_in(scratch / "checkpoint.txt")
        refuse_unfit(panel, manifest)
        there = not is_empty(panel.db.engine)
        if there:
            refuse_unless_named(panel, replace)
            list_erasures(panel, folder())
        listed(folder())  # a damaged list stops here
        panel.db.session.remove()
        put_back(panel.db.engine, scratch / MEMBERS[manifest["database"]], replace=there)
        files = put_files(scratch / "files", Path(current_app.config["FILES_FOLDER"]))
    panel.db.engine.dispose()
    migrate = current_app.config.get("PANEL_MIGRATE", lambda: False)
    done = Restored(manifest["origin"], manifest["deeds"], files, manifest["made_at"], migrate())
    settle(panel, path, manifest, kept, done)
    return done


def checkpoint_in(path: Path) -> Checkpoint:
    """How the log stood when the backup was made."""
    try:
        return read(path.read_text("utf-8")[: LONGEST + 1])
    except (OSError, UnicodeDecodeError):
        lost = say("This is no sound backup. It holds no checkpoint. Nothing was changed.")
        raise Refused("guard", lost) from None


def refuse_unfit(panel: Panel, manifest: dict[str, Any]) -> None:
    """Raise `Refused` for a backup that this program, database or these keys cannot bear."""
    kind = panel.db.engine.dialect.name
    if manifest["database"] != kind:
        raise Refused(
            "state",
            say(
                "The backup is of %(theirs)s, and the settings name %(ours)s.",
                theirs=manifest["database"],
                ours=kind,
            ),
        )
    knows = current_app.config.get("PANEL_KNOWS_REVISION", lambda revision: True)
    if not knows(manifest["revision"]):
        raise Refused(
            "state", say("A newer program made the backup: restore it with that one, or update.")
        )


def refuse_unless_named(panel: Panel, typed: str | None) -> None:
    """Raise `Refused` unless the installation that would be lost was named."""
    name = name_of(panel)
    if typed is None:
        raise Refused(
            "state",
            say(
                "There is an installation here already, %(name)s. To replace it: --replace "
                "%(name)s. Make a backup of it first.",
                name=name,
            ),
        )
    if typed != name:
        raise Refused("field", say("The installation here is called %(name)s.", name=name))


def name_of(panel: Panel) -> str:
    """Name of the present installation, as its log has it."""
    try:
        with panel.db.engine.connect() as connection:
            known = begun(connection, panel.log.tables)
    except sa.exc.DatabaseError:
        known = None
    return known[0] if known else "unnamed"


def put_files(source: Path, store: Path) -> int:
    """Put the files of a backup into the store; what is there already stays."""
    count = 0
    for path in sorted(source.iterdir()) if source.is_dir() else ():
        store.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = store / f"{path.name}.part"
        shutil.copyfile(path, part)
        part.chmod(0o600)
        part.replace(store / path.name)
        count += 1
    return count


def settle(
    panel: Panel, path: Path, manifest: dict[str, Any], kept: Checkpoint, done: Restored
) -> None:
    """Verify what is there now, put newer checkpoints aside, tell the log, and erase again."""
    engine = panel.db.engine
    report = verify(engine, panel.log, panel.triggers(engine.dialect.name), kept=[kept])
    done.findings = [one.sentence for one in report.findings]
    aside = put_aside(folder(), done.origin, done.deeds)
    done.aside = [name for name, _ in aside]
    details = {
        "file": path.name,
        "sha256": sha256_of(path),
        "made_at": done.made_at,
        "deeds": done.deeds,
        "root": manifest["root"],
        "aside": [[name, size] for name, size in aside],
    }
    note(engine, RESTORE, actor=Command("restore"), details=details)
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        connection.execute(sa.delete(panel.access.web_session))
    done.erased = erase_listed(panel, folder(), "Restored from a backup, and erased before that.")


def put_aside(place: Path, origin: str, size: int) -> list[tuple[str, int]]:
    """Move checkpoints of more deeds than a restored log has; their names and sizes.

    They stay at hand: a log that is compared with one of them is older than it.
    """
    moved = []
    for path in sorted(place.glob("checkpoint-*.txt")):
        try:
            one = read(path.read_text("utf-8")[: LONGEST + 1])
        except (Refused, OSError, UnicodeDecodeError):
            continue
        if one.origin == origin and one.size > size:
            (place / ASIDE).mkdir(exist_ok=True)
            path.replace(place / ASIDE / path.name)
            moved.append((path.name, one.size))
    return moved
