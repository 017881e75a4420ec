"""Reads one file from standard input, within limits that it sets itself, and sends its rows.

Started with the memory in bytes and the seconds of work that it may use, and with "pasted" when
the bytes are cells from a clipboard. What goes wrong is sent as a code; nothing else is written.
"""

from __future__ import annotations

import resource
import sys

from .books import frames
from .packing import Fault, send


def main(memory: int, seconds: int, pasted: bool) -> None:
    """Limits first, then the file, then its sheets one after the other."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    data = sys.stdin.buffer.read()
    out = sys.stdout.buffer
    try:
        for head, parts in frames(data, pasted):
            send(out, head, *parts)
    except Fault as fault:
        send(out, {"fault": fault.code, "values": fault.values})
    except MemoryError:
        send(out, {"fault": "heavy", "values": {}})
    except BaseException:  # calamine's panics are no exceptions that Python knows
        send(out, {"fault": "broken", "values": {}})
    out.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:] == ["pasted"])
