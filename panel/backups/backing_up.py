"""A backup of the whole installation: one moment of the database, the files, and how the log stood.

The keys are not in it: who has database and log key together can forge the log.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from ..changelog.anchoring import checkpoint_of
from ..changelog.deeds import note
from ..changelog.rules import Command, text_of_moment
from ..checkpointing import folder, signing_key
from ..columns import now
from ..plugin import Panel
from ..words import Refused, say
from .databases import copied, revision_of
from .erased import list_erasures
from .packing import pack

#: Action of the deed that tells of a backup.
BACKUP = "log.backup"
KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Made:
    """What a backup holds."""

    origin: str
    deeds: int
    files: int


def back_up(panel: Panel, path: Path) -> Made:
    """Write a backup to a new file, whole or not at all; a deed tells of it."""
    if path.exists():
        raise Refused("field", say("%(file)s is there already.", file=path), "file")
    engine, tables = panel.db.engine, panel.log.tables
    store = Path(current_app.config["FILES_FOLDER"])
    half = path.with_name(path.name + ".part")
    try:
        with tempfile.TemporaryDirectory(dir=path.absolute().parent, prefix=".backup-") as beside:
            scratch = Path(beside)
            with copied(engine, scratch) as (database, connection):
                found, revision = checkpoint_of(connection, tables), revision_of(connection)
            (scratch / "checkpoint.txt").write_text(found.signed(signing_key()), "utf-8")
            files = list(_files(store))  # after the database: what it names is there by now
            facts = {
                "format": 1,
                "made_at": text_of_moment(now()),
                "origin": found.origin,
                "database": engine.dialect.name,
                "revision": revision,
                "deeds": found.size,
                "root": found.root.hex(),
            }
            own = [(one.name, one) for one in (database, scratch / "checkpoint.txt")]
            pack(half, [*own, *files], facts, panel.log.keys())
            half.replace(path)
    except OSError as error:
        raise Refused(
            "state", say("%(file)s cannot be written (%(cause)s).", file=path, cause=error.strerror)
        ) from None
    finally:
        half.unlink(missing_ok=True)
    list_erasures(panel, folder())
    details = {"file": path.name, "deeds": found.size, "root": found.root.hex()}
    note(engine, BACKUP, actor=Command("backup"), details={**details, "files": len(files)})
    return Made(found.origin, found.size, len(files))


def _files(store: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(store.iterdir()) if store.is_dir() else ():
        if KEY.fullmatch(path.name):
            yield f"files/{path.name}", path
