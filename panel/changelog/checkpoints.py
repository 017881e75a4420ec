"""Checkpoints: how many deeds the log had at a moment, their root, and a signature over both.

Pure. The text is a signed note as C2SP lays it down (tlog-checkpoint, signed-note, Ed25519), so
that other people's tools read it: name of the log, size, root, time, an empty line, the signature.
Whoever keeps one outside can tell later whether the log before it is still the same.
"""

from __future__ import annotations

import base64
import hashlib
import re
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ..words import Refused, Sentence, say
from .rules import text_of_moment

#: Signs that nobody takes for another one when typing: Crockford's base 32.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Signs of a short code: 20, which are 100 bits.
CODE = 20
#: Longest text that is read as a checkpoint.
LONGEST = 4096
_BODY = re.compile(r"(\S[^\n+]*)\n([0-9]{1,18})\n([A-Za-z0-9+/=]{44})\ntime (\S+)\n\n")
_SIGNATURE = re.compile(r"— (\S[^\n]*) ([A-Za-z0-9+/=]+)\n?")
#: Kind of signature in a signed note: Ed25519.
_ED25519 = b"\x01"


@dataclass(frozen=True)
class Checkpoint:
    """The first `size` deeds of a log, as one root."""

    #: Name of the log: program and number of the installation.
    origin: str
    size: int
    #: Merkle root of the deeds' leaves, 32 bytes.
    root: bytes
    at: datetime

    @property
    def body(self) -> str:
        """What is signed."""
        root = base64.b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\ntime {text_of_moment(self.at)}\n"

    @property
    def code(self) -> str:
        """A short code of name, size and root to be printed and typed: ``K7QXM-3FD2A-…``."""
        root = base64.b64encode(self.root).decode()
        found = hashlib.sha256(f"{self.origin}\n{self.size}\n{root}\n".encode()).digest()
        number = int.from_bytes(found, "big") >> (len(found) * 8 - CODE * 5)
        signs = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(CODE)))
        return "-".join(signs[place : place + 5] for place in range(0, CODE, 5))

    def signed(self, key: Ed25519PrivateKey) -> str:
        """The text that leaves the machine."""
        signature = key.sign(self.body.encode())
        stamp = base64.b64encode(_key_hash(self.origin, key.public_key()) + signature).decode()
        return f"{self.body}\n— {self.origin} {stamp}\n"


def read(text: str, key: Ed25519PublicKey | None = None) -> Checkpoint:
    """The checkpoint in `text`, whose signature is checked when `key` is given.

    Raises `Refused` with the sentence that says what is wrong with it.
    """
    text = text.replace("\r\n", "\n").lstrip("\ufeff")
    head = _BODY.match(text) if len(text) <= LONGEST else None
    if head is None:
        raise _broken(say("It needs four lines, name, size, root and time, and an empty one."))
    try:
        root, at = base64.b64decode(head[3], validate=True), datetime.fromisoformat(head[4])
        found = Checkpoint(head[1], int(head[2]), root, at)
        if found.body != text[: head.end() - 1] or len(root) != 32:
            raise ValueError
    except ValueError:
        raise _broken(say("Its size, root or time cannot be read.")) from None
    if key is not None:
        _check_signature(found, text[head.end() :], key)
    return found


def typed(code: str) -> str:
    """A short code as it was typed, in the form of `Checkpoint.code`; "" when it is none."""
    signs = re.sub(r"[\s-]", "", code.upper()).translate(str.maketrans("OIL", "011"))
    if len(signs) != CODE or set(signs) - set(ALPHABET):
        return ""
    return "-".join(signs[place : place + 5] for place in range(0, CODE, 5))


def _check_signature(found: Checkpoint, lines: str, key: Ed25519PublicKey) -> None:
    mine = _key_hash(found.origin, key)
    for name, stamp in _SIGNATURE.findall(lines):
        try:
            whole = base64.b64decode(stamp, validate=True)
        except NotBase64:
            continue
        if name == found.origin and whole[:4] == mine:
            try:
                key.verify(whole[4:], found.body.encode())
            except InvalidSignature:
                raise _broken(
                    say("Its signature does not fit: something in it was altered.")
                ) from None
            return
    raise _broken(say("It bears no signature by the key of this log."))


def _key_hash(name: str, key: Ed25519PublicKey) -> bytes:
    raw = key.public_bytes_raw()
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + raw).digest()[:4]


def _broken(why: Sentence) -> Refused:
    return Refused("field", say("This is no sound checkpoint. %(why)s", why=why), "checkpoint")
