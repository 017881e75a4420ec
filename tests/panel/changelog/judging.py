"""How the two verifiers are asked about a log: the program's own, and the one in a bundle."""

from __future__ import annotations

import subprocess
import sys
from contextlib import chdir, redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zipfile import ZipFile

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from panel.changelog.bundle import Sight, sealed_zip, write_bundle
from panel.changelog.verify import snapshot

SIGNING = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def bundled(town: Any, path: Path, sight: Sight | None = None) -> tuple[int, int]:
    """Export the log as it stands; deeds and changes shown."""
    with open(path, "wb") as file, snapshot(town.engine) as connection:
        return write_bundle(file, connection, town.log.tables, SIGNING, sight)


def members(path: Path) -> dict[str, bytes]:
    """The members of a bundle."""
    with ZipFile(path) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def packed(path: Path, found: dict[str, bytes]) -> None:
    """A bundle of these members, which ends with its own digest as any does."""
    with open(path, "wb") as file, sealed_zip(file) as bundle:
        for name, content in found.items():
            bundle.writestr(name, content)


def judged(path: Path, *more: str) -> tuple[int, str]:
    """What the verifier of the bundle says, run as a stranger would: from another folder."""
    with ZipFile(path) as bundle:
        script = path.parent / "verify.py"
        script.write_bytes(bundle.read("verify.py"))
    run = subprocess.run(
        [sys.executable, "-I", script.name, path.name, *more],
        cwd=path.parent,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Traceback" not in run.stderr
    return run.returncode, (run.stdout + run.stderr).strip()


@cache
def loaded(script: bytes) -> Any:
    """The verifier's main function, in a module of its own."""
    names: dict[str, Any] = {"__name__": "verify"}
    exec(compile(script, "verify.py", "exec"), names)
    return names["main"]


def judged_here(path: Path, *more: str, script: bytes | None = None) -> str:
    """The same within this process, for tests that ask many times; `script` is its own else."""
    script = script or members(path)["verify.py"]
    said = StringIO()
    with (
        chdir(path.parent),
        patch.object(sys, "argv", ["verify.py", path.name, *more]),
        redirect_stdout(said),
    ):
        try:
            loaded(script)()
        except SystemExit as refused:
            return str(refused.code)
    return said.getvalue().strip()
