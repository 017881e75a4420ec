"""Fixtures that every test may use."""

import gc

pytest_plugins = ["tests.databases", "tests.site"]

# An application is a million objects that stay: looking through them again and again for circles
# takes a fifth of the time of all tests.
gc.set_threshold(50_000, 50, 100)
