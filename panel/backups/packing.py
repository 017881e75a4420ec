"""The file of a backup: a .tar.gz whose last member says what the others are.

Nothing of it is trusted before all of it was read: the manifest must bear the seal of a key of the
log, names, numbers of bytes and SHA-256 of every member must be those of the manifest, and there
must be no others. Who has no key of the log can thus bring nothing in by a backup.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import os
import re
import shutil
import tarfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any, Final

from ..changelog.rules import canonical
from ..words import Refused, Sentence, say

#: The first member, which says in which form the others are.
FORMAT: Final = "format-1.txt"
MANIFEST: Final = "manifest.json"
#: What a backup may hold.
_NAMES = re.compile(r"database\.(sqlite3|dump)|checkpoint\.txt|files/[0-9a-f]{32}")
#: Longest manifest that is read.
_LONGEST = 64 * 2**20
_SLICE = 1 << 20
#: Bytes of the disk that a restore leaves to everybody else.
SPARED = 64 * 2**20
#: Under this name the manifest holds its seals, by the short names of the keys.
SEALS: Final = "seals"
#: No other text that a key of the log seals begins so.
_BEGINS = b"backup\n"

ABOUT = """\
Cadangan satu instalasi: basis data dan berkas, tanpa kunci. Dipulihkan dengan `flask restore`.
Backup of one installation: database and files, without its keys. Restored by `flask restore`.
Ia memuat data pribadi / it holds personal data.
"""


def pack(
    path: Path,
    parts: Iterable[tuple[str, Path]],
    facts: Mapping[str, object],
    keys: Mapping[str, bytes],
) -> None:
    """Write the members and the manifest with `facts` to a new file that nobody else may read."""
    members: dict[str, dict[str, object]] = {}
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz") as bundle:
            _add(bundle, FORMAT, io.BytesIO(ABOUT.encode()), len(ABOUT.encode()))
            for name, part in parts:
                with part.open("rb") as source:
                    size = os.fstat(source.fileno()).st_size
                    seen = _Summed(source)
                    _add(bundle, name, seen, size)
                members[name] = {"sha256": seen.sum.hexdigest(), "bytes": size}
            manifest = sealed({**facts, "members": members}, keys)
            text = json.dumps(manifest, indent=1).encode()
            _add(bundle, MANIFEST, io.BytesIO(text), len(text))
        file.flush()
        os.fsync(file.fileno())


def sealed(manifest: Mapping[str, Any], keys: Mapping[str, bytes]) -> dict[str, Any]:
    """The manifest with the seal of each key on everything else in it."""
    facts = {name: value for name, value in manifest.items() if name != SEALS}
    text = _BEGINS + canonical(facts).encode()
    return {
        **facts,
        SEALS: {name: hmac.new(key, text, "sha256").hexdigest() for name, key in keys.items()},
    }


class _Summed:
    """A file whose SHA-256 is taken while it is read."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source = source
        self.sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        found = self.source.read(size)
        self.sum.update(found)
        return found


def _add(bundle: tarfile.TarFile, name: str, source: Any, size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    bundle.addfile(member, source)


def unpack(path: Path, into: Path, keys: Mapping[str, bytes]) -> dict[str, Any]:
    """Put the members into a folder and give the manifest; `Refused` unless all of it is sound."""
    found: dict[str, dict[str, object]] = {}
    manifest: Any = None
    try:
        with tarfile.open(path, "r:gz") as bundle:
            for number, member in enumerate(bundle):
                source = bundle.extractfile(member) if member.isreg() else None
                if number == 0 and member.name != FORMAT:
                    raise _unsound(_other_form(member.name))
                if source is None or manifest is not None:
                    raise _unsound(say("There is something in it that does not belong there."))
                if member.size > shutil.disk_usage(into).free - SPARED:
                    raise _unsound(say("Unpacked it would fill the disk."))
                if member.name == MANIFEST:
                    manifest = json.loads(source.read(_LONGEST))
                elif _NAMES.fullmatch(member.name):
                    found[member.name] = _put(source, into / member.name)
                elif number:
                    raise _unsound(say("There is something in it that does not belong there."))
    except FileNotFoundError:
        raise Refused("field", say("%(file)s is not there.", file=path)) from None
    except (OSError, EOFError, ValueError, RecursionError, zlib.error, tarfile.TarError):
        raise _unsound(say("It is cut off or damaged.")) from None
    if manifest is None:
        raise _unsound(say("It is cut off: its list of members is missing."))
    _refuse_unless_sealed(manifest, keys)
    for name in sorted({*found, *manifest["members"]}):
        if found.get(name) != manifest["members"].get(name):
            raise _unsound(say("%(name)s in it is not as it was written.", name=name))
    return dict(manifest)


def _refuse_unless_sealed(manifest: Any, keys: Mapping[str, bytes]) -> None:
    seals = manifest.get(SEALS) if isinstance(manifest, dict) else None
    if not isinstance(seals, dict):
        raise _unsound(say("It bears no seal: an older program wrote it, or somebody else did."))
    known = {name: key for name, key in keys.items() if name in seals}
    if not known:
        raise Refused(
            "state",
            say(
                "The keys of the log are not those of the backup: put the ones of that "
                "installation in place first, all of them."
            ),
        )
    try:
        right = sealed(manifest, known)[SEALS]
    except (TypeError, ValueError, RecursionError):
        right = {}
    if {name: seals[name] for name in known} != right:
        raise _unsound(say("Its list of members is not as it was sealed."))


def _put(source: IO[bytes], path: Path) -> dict[str, object]:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    sum_, size = hashlib.sha256(), 0
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        while part := source.read(_SLICE):
            sum_.update(part)
            size += len(part)
            target.write(part)
    return {"sha256": sum_.hexdigest(), "bytes": size}


def _other_form(name: str) -> Sentence:
    if re.fullmatch(r"format-\d{1,6}\.txt", name):
        return say("A newer program wrote it: restore it with that one.")
    return say("It was not written by `flask backup`.")


def _unsound(why: Sentence) -> Refused:
    return Refused("guard", say("This is no sound backup. %(why)s Nothing was changed.", why=why))
