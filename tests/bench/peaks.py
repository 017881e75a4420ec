"""How large a process has been."""

from __future__ import annotations

from pathlib import Path


def peak() -> float:
    """Most megabytes that this process has had so far; what it inherited from no other."""
    lines = Path("/proc/self/status").read_text().splitlines()
    [line] = [one for one in lines if one.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024
