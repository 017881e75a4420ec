"""Which files a request waits for, and which are left to the worker, told before they are parsed.

Both have hard limits beyond these, which are refused wherever they are read.
"""

from __future__ import annotations

from .extent import AROUND
from .packing import Fault

_MB = 2**20


class Turn:
    """What one reading takes: bytes as uploaded and unpacked, and rows of a list; 0 is any."""

    def __init__(self, size: int = 0, unpacked: int = 0, rows: int = 0) -> None:
        self.size = size
        self.unpacked = unpacked
        self.rows = rows

    def takes(self, kind: str, *, size: int = 0, unpacked: int = 0, rows: int = 0) -> None:
        """Leaves a book of this kind that is larger to the worker."""
        if 0 < self.size < size:
            raise Fault("later_size", kind=kind, most=megabytes(self.size))
        if 0 < self.unpacked < unpacked:
            raise Fault("later_unpacked", kind=kind, most=megabytes(self.unpacked))
        if 0 < self.rows < rows - AROUND:
            raise Fault("later_rows", kind=kind, most=self.rows)


def megabytes(size: int) -> int:
    """Bytes as whole megabytes, rounded up."""
    return -(-size // _MB)
