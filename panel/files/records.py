"""Where stored files lie: a folder outside the web root, under random names, read by their hash.

A file whose time is over is let go of by its record, whose key then begins with `GONE`; when that
is committed the bytes are deleted. Nothing else is, also when a transaction rolls back. A file is
put before the commit and its record names it after; a rollback, a kill or a lost answer of the
database leaves a file that no record names. It cannot be reached and is swept after a week.
Deleting it at once would be wrong: a commit whose answer was lost has happened, and its file would
be gone.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from ..words import Refused, Sentence, say
from .names import SHEETS
from .rules import kind_of

#: How the key of a record begins whose file was deleted on purpose.
GONE: Final = "gone-"
WEEK: Final = timedelta(days=7)
_KEY = re.compile(r"[0-9a-f]{32}")
_PART = ".part"


class Store(Protocol):
    """Keeps bytes under keys of its own; what is put is never changed."""

    def put(self, data: bytes) -> str:
        """Keep `data` and say under which key, once it is safe on the disk."""

    def open(self, key: str) -> BinaryIO:
        """The bytes under `key`; FileNotFoundError when there are none."""


class Kept(Protocol):
    """What a record knows of its file."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def sha256(self) -> str: ...


class Damaged(Refused):
    """A stored file is gone or is not what was handed in; nothing of it is given out."""

    def __init__(self, key: str, sentence: Sentence) -> None:
        super().__init__("guard", sentence)
        self.key = key


class Gone(Refused):
    """The file was deleted on purpose; its record says what it was."""

    def __init__(self) -> None:
        super().__init__(
            "guard",
            say("The content of this file was deleted, as its time was over or a person asked."),
        )


def read(store: Store, record: Kept) -> bytes:
    """The file as it was handed in; `Damaged` when it is missing or no longer what it was.

    `Gone` when it was deleted on purpose.
    """
    if record.key.startswith(GONE):
        raise Gone
    try:
        with store.open(record.key) as source:
            data = source.read(record.size + 1)
    except FileNotFoundError:
        raise Damaged(record.key, say("The file is missing from the store.")) from None
    same = len(data) == record.size and hashlib.sha256(data).hexdigest() == record.sha256
    told = record.media_type in SHEETS or kind_of(data) == record.media_type
    if not same or not told:
        raise Damaged(record.key, say("The stored file is not the one that was handed in."))
    return data


class FolderStore:
    """A folder that only the panel's own user can read, shared by all its processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes) -> str:
        """Write beside, sync, rename: a file under its key is whole, also after a power cut."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        key = secrets.token_hex(16)
        part = self.folder / (key + _PART)
        try:
            with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
                target.write(data)
                target.flush()
                os.fsync(target.fileno())
            part.rename(self.folder / key)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        self._sync_folder()
        return key

    def open(self, key: str) -> BinaryIO:
        """The file under `key`; whatever is no key leads nowhere."""
        if not _KEY.fullmatch(key):
            raise FileNotFoundError(key)
        return (self.folder / key).open("rb")

    def delete(self, key: str) -> bool:
        """Delete the file of a record that has let go of it; whether it was still there."""
        if not _KEY.fullmatch(key):
            return False
        with suppress(FileNotFoundError):
            (self.folder / key).unlink()
            self._sync_folder()
            return True
        return False

    def orphans(self, known: Collection[str], age: timedelta = WEEK) -> Iterator[Path]:
        """Files older than `age` that are not among `known`, the keys of all records.

        Gives none when nothing is known: that is rather the wrong database than an empty one.
        """
        if not known or not self.folder.is_dir():
            return
        before = time.time() - age.total_seconds()
        for path in sorted(self.folder.iterdir()):
            ours = _KEY.fullmatch(path.name.removesuffix(_PART)) and path.name not in known
            if ours and path.stat().st_mtime < before:
                yield path

    def sweep(self, known: Collection[str], age: timedelta = WEEK) -> int:
        """Delete the orphans, and say how many there were."""
        swept = 0
        for path in self.orphans(known, age):
            with suppress(FileNotFoundError):  # another process sweeps as well
                path.unlink()
                swept += 1
        return swept

    def _sync_folder(self) -> None:
        descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
