"""The machine: Python, packages, room on the disk, rights of the folders, keys."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from flask import current_app

from ..plugin import Panel
from .saying import Said, ok, serious, wrong

#: The oldest Python that the program is written for.
OLDEST = (3, 11)
#: Less room than this is too little, in bytes.
ROOM = 500 * 2**20
#: Files of the instance folder that nobody else may read.
SECRETS = ("secret-key", "log-key", "checkpoint-key", "demo-password")


def python(panel: Panel) -> Iterator[Said]:
    """Whether this Python is new enough."""
    running = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST:
        yield wrong(f"Python {running} runs; install Python 3.11 or newer.")
    else:
        yield ok(f"Python {running} runs.")


def packages(panel: Panel) -> Iterator[Said]:
    """Whether the packages are those that the program was tested with."""
    pins = Path(current_app.config.get("PANEL_PINS", "constraints.txt"))
    if not pins.is_file():
        yield wrong(f"{pins} is missing: nobody can tell which packages belong here. Fetch it.")
        return
    pinned = re.findall(r"^([\w.-]+)==([^\s;\\]+) *(;?)", pins.read_text("utf-8"), re.M)
    # behind a semicolon stands for which systems alone a package is
    found = [(name, wanted) for name, wanted, some in pinned if not some or _present(name)]
    other = [name for name, wanted in found if _present(name) != wanted]
    if other:
        names = ", ".join(f"{name} ({_present(name) or 'missing'})" for name in other)
        yield wrong(f"Packages are not those of {pins.name}: {names}. Run `make .venv/.run`.")
    else:
        yield ok(f"The {len(found)} packages are those of {pins.name}.")


def _present(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def disk(panel: Panel) -> Iterator[Said]:
    """Whether there is room for what is still to come."""
    for what, folder in places(panel):
        free = shutil.disk_usage(_there(folder)).free
        if free < ROOM:
            yield wrong(
                f"{free >> 20} MiB are left for {what} ({folder}): make room, or move it to a "
                "larger disk."
            )
        else:
            yield ok(f"{free >> 30} GiB are left for {what}.")


def places(panel: Panel) -> list[tuple[str, Path]]:
    """The folders that grow."""
    found = [
        ("the instance folder", Path(current_app.instance_path)),
        ("checkpoints", Path(current_app.config["CHECKPOINTS"])),
    ]
    url = panel.db.engine.url
    if url.get_backend_name() == "sqlite" and url.database:
        found.append(("the database", Path(url.database).parent))
    return found


def _there(folder: Path) -> Path:
    return next(one for one in (folder, *folder.parents) if one.exists())


def folders(panel: Panel) -> Iterator[Said]:
    """Whether nobody else reads the folders, and the program can write them."""
    instance = Path(current_app.instance_path)
    closed = [instance, Path(current_app.config["FILES_FOLDER"])]
    secrets = [instance / name for name in SECRETS]
    well = True
    for path in (*closed, *secrets):
        if path.exists() and path.stat().st_mode & 0o077:
            well = False
            mode = "700" if path.is_dir() else "600"
            yield wrong(f"Others may read {path}: run `chmod {mode} {path}`.")
    for _, folder in places(panel):
        if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
            well = False
            yield wrong(f"{folder} cannot be written: give it to the account that runs this.")
    if well:
        yield ok("The folders are the program's own: nobody else reads them.")


def keys(panel: Panel) -> Iterator[Said]:
    """Whether the keys are kept apart from what they protect."""
    production = bool(current_app.config.get("PRODUCTION"))
    beside = [one for one in SECRETS[:3] if (Path(current_app.instance_path) / one).exists()]
    if beside:
        names = ", ".join(beside)
        yield serious(
            production,
            f"Keys lie beside the database ({names}): who has both can forge the log. Move them "
            "into the settings, and keep a copy elsewhere.",
        )
    else:
        yield ok("The keys are set, and none lies beside the database.")
