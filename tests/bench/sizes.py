"""How much the benches write: sizes that end in minutes, or those that were asked for at most.

`LARGE=1 make bench` takes the latter, which is a matter of an hour.
"""

from __future__ import annotations

import os

LARGE = bool(os.environ.get("LARGE"))
#: Changes of the log whose pages are asked, and of the log that is verified.
PAGED = 5_000_000 if LARGE else 500_000
VERIFIED = 1_000_000 if LARGE else 100_000
