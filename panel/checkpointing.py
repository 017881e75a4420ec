"""Taking a checkpoint of the log: its deed, its file in the folder, its letter."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import current_app
from sqlalchemy import Connection

from .changelog.anchoring import CHECKPOINT, begun, checkpoint_of
from .changelog.checkpoints import Checkpoint
from .changelog.deeds import note
from .changelog.rules import Actor, Command, Link, text_of_moment
from .changelog.stored import link_columns
from .changelog.verify import snapshot
from .mail import MailServer, letter, send
from .plugin import Panel
from .words import Refused, say

TAKER = Command("log checkpoint")

BODY = """\
Titik periksa jejak perubahan / checkpoint of the change log

Nama jejak / log       {origin}
Jumlah tindakan / size {size}
Kode singkat / code    {code}
Waktu / time           {at}

Simpan surat ini di luar kantor yang menjalankan aplikasi. Kelak jumlah dan kode di atas
dapat diketik di halaman "Keutuhan jejak", atau di terminal:
Keep this letter outside of the office that runs the application. Later, size and code can be
typed into its page, or at the terminal:

    flask log verify --code {size} {code}

{signed}"""


@dataclass(frozen=True)
class Taken:
    """A checkpoint that was taken, as its deed tells."""

    checkpoint: Checkpoint
    #: Whether the seal of its deed holds; where not, nothing of it may be trusted.
    sealed: bool
    #: Number of the deed.
    seq: int
    #: Name of who took it.
    by: str


def signing_key() -> Ed25519PrivateKey:
    """The key that signs checkpoints."""
    return Ed25519PrivateKey.from_private_bytes(current_app.config["CHECKPOINT_KEY"])


def folder() -> Path:
    """Where checkpoints are put."""
    return Path(current_app.config["CHECKPOINTS"])


def take(panel: Panel, actor: Actor = TAKER, **facts: str) -> tuple[Checkpoint, str]:
    """A checkpoint of this moment and its signed text; a deed tells that it was taken."""
    with snapshot(panel.db.engine) as connection:
        found = checkpoint_of(connection, panel.log.tables)
    details = {"size": found.size, "root": found.root.hex(), "at": text_of_moment(found.at)}
    note(panel.db.engine, CHECKPOINT, actor=actor, details=details, **facts)
    return found, found.signed(signing_key())


def put(found: Checkpoint, text: str, place: Path) -> Path:
    """Write the text of a checkpoint into a folder, whole or not at all; its path.

    One of as many deeds with another root proves that the log was altered: it is never replaced.
    """
    path = place / f"checkpoint-{found.size:012d}.txt"
    try:
        place.mkdir(parents=True, exist_ok=True)
        if path.exists() and found.body.splitlines()[2] not in path.read_text("utf-8"):
            other = say(
                "%(path)s holds another root of as many deeds: the log was altered since. "
                "Nothing was written.",
                path=path,
            )
            raise Refused("state", other)
        half = path.with_suffix(".part")
        half.write_text(text, "utf-8")
        half.replace(path)
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", "") or "a file in it is damaged"
        cannot = say("%(folder)s cannot be written (%(cause)s).", folder=place, cause=why)
        raise Refused("state", cannot) from None
    return path


def mailed(found: Checkpoint, text: str) -> tuple[str, ...]:
    """Send a checkpoint to the addresses of the settings, if there are any; who was written to."""
    to: tuple[str, ...] = current_app.config.get("CHECKPOINT_MAIL") or ()
    server: MailServer | None = current_app.config.get("MAIL_SERVER")
    if not to or server is None:
        return ()
    facts = {"origin": found.origin, "size": found.size, "code": found.code}
    body = BODY.format(**facts, at=text_of_moment(found.at), signed=text)
    subject = f"Titik periksa {found.origin}: {found.size} {found.code}"
    name = f"checkpoint-{found.size:012d}.txt"
    send(server, letter(server.sender, to, subject, body, (name, text)))
    return to


def taken(connection: Connection, panel: Panel, limit: int, size: int | None = None) -> list[Taken]:
    """The checkpoints that deeds tell of, newest first; at most `limit`, or those of one size."""
    deed = panel.log.tables.deed
    query = sa.select(*link_columns(deed), deed.c.mac).where(deed.c.action == CHECKPOINT)
    if size is not None:  # its deed is the next one, or some later one: others wrote in between
        query = query.where(deed.c.seq > size, deed.c.details.contains(f'"size":{size}'))
    known, keys = begun(connection, panel.log.tables), panel.log.keys()
    found = []
    for *values, mac in connection.execute(query.order_by(deed.c.seq.desc()).limit(limit)):
        one = _read(Link(*values), mac, known[0] if known else "", keys)
        if one is not None and size in (None, one.checkpoint.size):
            found.append(one)
    return found


def _read(link: Link, mac: str, origin: str, keys: dict[str, bytes]) -> Taken | None:
    try:
        details = json.loads(link.details)
        at = datetime.fromisoformat(details.get("at") or link.at)
        root = bytes.fromhex(details["root"])
        named = link.actor_kind == "account" and link.personal
        by = json.loads(link.personal).get("actor", "") if named and link.personal else ""
        key = keys.get(link.key_id)
        sealed = key is not None and hmac.compare_digest(link.mac(key), mac)
        return Taken(Checkpoint(origin, int(details["size"]), root, at), sealed, link.seq, by)
    except (KeyError, TypeError, ValueError):  # altered so that it tells of none
        return None
