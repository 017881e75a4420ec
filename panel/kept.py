"""The checkpoints in a folder: which are of this log, and which are of none of its keys.

A checkpoint that bears a key of this log is always compared, also under another name: else whoever
renamed the log would be rid of all its checkpoints.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from .changelog.anchoring import beginnings, begun
from .changelog.checkpoints import LONGEST, Checkpoint, read
from .plugin import Panel
from .words import Refused, Sentence, say


@dataclass(frozen=True)
class Found:
    """What lies in a folder of checkpoints."""

    kept: tuple[Checkpoint, ...]
    #: Names of files of other logs.
    foreign: tuple[str, ...]
    #: What is wrong with others, each with the name of its file.
    broken: tuple[Sentence, ...]


def found_in(panel: Panel, folder: Path, own: Ed25519PublicKey) -> Found:
    """The checkpoints in `folder`; `own` is the key of the settings."""
    with panel.db.engine.connect() as connection:
        known = begun(connection, panel.log.tables)
    keys = {own.public_bytes_raw(): own, **keys_of(panel)}
    kept, foreign, broken = [], [], []
    for path in sorted(folder.glob("checkpoint-*.txt")):
        try:
            with path.open(encoding="utf-8") as file:
                text = file.read(LONGEST + 1)
            one = read(text)
            if known is None or one.origin == known[0] or signed_by_any(text, keys.values()):
                kept.append(signed(text, keys.values()))
            else:
                foreign.append(path.name)
        except Refused as refused:
            broken.append(say("%(file)s: %(why)s", file=path.name, why=refused.sentence))
        except (OSError, UnicodeDecodeError):
            broken.append(say("%(file)s cannot be read.", file=path.name))
    return Found(tuple(kept), tuple(foreign), tuple(broken))


def keys_of(panel: Panel) -> dict[bytes, Ed25519PublicKey]:
    """Every key of checkpoints that the log has named; earlier ones signed earlier files."""
    with panel.db.engine.connect() as connection:
        named = beginnings(connection, panel.log.tables)
    return {key: Ed25519PublicKey.from_public_bytes(key) for _, key in named if len(key) == 32}


def signed(text: str, keys: Iterable[Ed25519PublicKey]) -> Checkpoint:
    """The checkpoint in `text`, if one of the keys signed it; or `Refused`."""
    refused: Refused | None = None
    for key in keys:
        try:
            return read(text, key)
        except Refused as one:
            refused = refused or one
    assert refused is not None
    raise refused


def signed_by_any(text: str, keys: Iterable[Ed25519PublicKey]) -> bool:
    """Whether one of the keys signed it."""
    try:
        signed(text, keys)
    except Refused:
        return False
    return True
