"""Reads one file from standard input, within limits that it sets itself, and sends its rows.

Started with the memory in bytes and the seconds of work that it may use, with the bytes, unpacked
bytes and rows from which on it leaves a file to the worker, and with "pasted" when the bytes are
cells from a clipboard. What goes wrong is sent as a code; nothing else is written.
"""

from __future__ import annotations

import os
import resource
import sys

from .books import frames
from .packing import Fault, send
from .turns import Turn


def main(*words: str) -> None:
    """Limits first, then the file, then its sheets one after the other."""
    memory, seconds, *turn = (int(word) for word in words[:5])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    data = sys.stdin.buffer.read()
    out = sys.stdout.buffer
    try:
        for head, parts in frames(data, words[5:] == ("pasted",), Turn(*turn)):
            send(out.write, head, *parts)
    except Fault as fault:
        send(out.write, {"fault": fault.code, "values": fault.values})
    except MemoryError:
        send(out.write, {"fault": "heavy", "values": {}})
    except BaseException:  # calamine's panics are no exceptions that Python knows
        send(out.write, {"fault": "broken", "values": {}})
    out.flush()
    os._exit(0)  # there is nothing to tidy up, which would take its time
