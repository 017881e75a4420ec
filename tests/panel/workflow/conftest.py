"""The office of the workflow's tests, on each database in turn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.panel.workflow.office import Office


@pytest.fixture
def office(engine_url: str) -> Iterator[Office]:
    made = Office(engine_url)
    yield made
    made.engine.dispose()
