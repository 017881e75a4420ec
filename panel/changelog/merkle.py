"""The root of a growing list, as RFC 6962 defines it: who holds it can tell any later list apart.

Pure. A list of n leaves needs no more than log2(n) hashes in memory.
"""

from __future__ import annotations

import hashlib
from functools import reduce

#: Root of an empty list.
EMPTY = hashlib.sha256(b"").digest()


class Tree:
    """Leaves are added at the end; `root` may be asked for after each."""

    def __init__(self) -> None:
        self.size = 0
        #: Roots of the complete trees within, the largest first: (number of leaves, hash).
        self._peaks: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        """Take in the hash of the next leaf, 32 bytes."""
        self.size += 1
        width, found = 1, leaf
        while self._peaks and self._peaks[-1][0] == width:
            _, left = self._peaks.pop()
            width, found = 2 * width, _node(left, found)
        self._peaks.append((width, found))

    @property
    def root(self) -> bytes:
        """The root of the leaves so far, 32 bytes."""
        hashes = [found for _, found in reversed(self._peaks)]
        return reduce(lambda right, left: _node(left, right), hashes) if hashes else EMPTY


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
