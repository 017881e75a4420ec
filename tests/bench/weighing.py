"""Memory of a server that takes in a large roster: `python -m tests.bench.weighing [ROWS]`.

Two processes do the same, one with a small file and one with a large: upload, columns, check, the
first page of the preview and the last. The work of the worker is done in the same process, so the
growth is that of both together; the process that reads the file is apart.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from panel.collecting import set_apart
from seed.commands import prepare
from tests.bench import rosters
from tests.bench.importing import Hands, handed_in, served
from tests.bench.peaks import peak
from tests.site import site_in

ROOT = Path(__file__).parents[2]
FEW, MANY = 1_000, 100_000
#: Megabytes that a server may grow by at most, whatever is uploaded.
LIMIT = 100


def main() -> None:
    """Print how much higher the peak of a large file is."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    (few, _), (most, seconds) = weighed(FEW), weighed(many)
    grown = most - few
    asked = f"of {LIMIT}" if grown < LIMIT else f"OVER {LIMIT}"
    print(
        f"{f'roster of {many:,}, uploaded to previewed':42} {grown:.0f} MB more {asked}   "
        f"{most:.0f} MB against {few:.0f} MB with {FEW:,} rows, peak of the server and its worker; "
        f"{seconds:.0f} s",
        flush=True,
    )


def weighed(rows: int) -> tuple[float, float]:
    """Peak in megabytes of a process of its own that takes in so many rows, and its seconds."""
    word = "import sys; from tests.bench.weighing import take_in; take_in(int(sys.argv[1]))"
    command = [sys.executable, "-c", word, str(rows)]
    said = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    peak, seconds = json.loads(said.splitlines()[-1])
    return peak, seconds


def take_in(rows: int) -> None:
    """Take in a roster, and print the peak of this process and the seconds."""
    with tempfile.TemporaryDirectory(prefix="jenjang-bench-") as folder:
        app = site_in(Path(folder) / "instance")
        list(prepare(app))
        made = Path(folder) / "roster.xlsx"
        word = "import sys; from tests.bench.rosters import write; write(*sys.argv[1:])"
        subprocess.run([sys.executable, "-c", word, str(made), str(rows)], cwd=ROOT, check=True)
        clerk = Hands(app, "ani")
        set_apart()  # as every server does
        begun = time.perf_counter()
        with served(app):
            home, _ = handed_in(clerk, made.read_bytes())
            page = clerk.page(f"{home}?rows={(rows - 1) // 50}")
        last = rosters.name_of(rows - 1)
        if last not in page.root.text:
            raise SystemExit(f"the last page does not show {last}")
        print(json.dumps([peak(), time.perf_counter() - begun]))


if __name__ == "__main__":
    main()
