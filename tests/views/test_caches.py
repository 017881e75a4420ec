"""What is kept from one request to the next has an end: no page leaves a little more each time."""

import functools
import gc

PAGES = ("/", "/changes/", "/officials/", "/officials/details/?id=2", "/search/?q=lurah", "/inbox/")


def unbounded():
    """How much lies in each cache of ours that forgets nothing, by its name."""
    caches = [one for one in gc.get_objects() if isinstance(one, functools._lru_cache_wrapper)]
    ours = [one for one in caches if one.__module__.split(".")[0] in ("panel", "models", "views")]
    kept = [(one, one.cache_info()) for one in ours]
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
