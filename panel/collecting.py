"""Python's search for cycles, kept from looking through what stays in any case.

A file of thousands of rows, or a proposal of them, is looked through by it again and again in vain:
a quarter of all the time. It still comes, but seldom, so that memory stays bounded. What stands
when a server begins is not looked through at all: a quarter of a million objects.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

#: Objects that are made between two searches meanwhile, some ten megabytes of them.
SELDOM: Final = 50_000

_lock: Final = threading.Lock()
_held = 0
_usual = gc.get_threshold()


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Search seldom within; the usual way again when the last of all threads has left."""
    global _held, _usual
    with _lock:
        if _held == 0:
            _usual = gc.get_threshold()
            gc.set_threshold(SELDOM, *_usual[1:])
        _held += 1
    try:
        yield
    finally:
        with _lock:
            _held -= 1
            if _held == 0:
                gc.set_threshold(*_usual)


def set_apart() -> None:
    """Look through what stands now a last time, and from now on seldom through the rest.

    It stays, and forked processes share its pages.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(SELDOM, 20, 20)
