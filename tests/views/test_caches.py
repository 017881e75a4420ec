"""What is kept from one request to the next has an end: no page leaves a little more each time."""

import functools
import sys

PAGES = ("/changes/", "/officials/details/?id=2", "/inbox/")

OURS = ("panel", "models", "views")


def unbounded():
    """How much lies in each cache of ours that forgets nothing, by its name."""
    ours = [one for name, one in sys.modules.items() if name.split(".")[0] in OURS]
    values = [value for module in ours for value in vars(module).values()]
    caches = [one for one in values if isinstance(one, functools._lru_cache_wrapper)]
    kept = [(one, one.cache_info()) for one in caches]
    return {
        f"{one.__module__}.{one.__qualname__}": info.currsize
        for one, info in kept
        if info.maxsize is None
    }


def test_pages_asked_again_are_kept_no_more_of(citra):
    found = []
    for _ in range(3):
        for path in PAGES:
            assert citra.get(path).status_code in (200, 303, 403)
        found.append(unbounded())

    assert "panel.changelog.bearers.begun" in found[0]
    assert found[2] == found[1]
