"""The office of the workflow's tests, on each database in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.panel.workflow.office import Office


@pytest.fixture
def office(database_kind: str, prepared: Callable[..., str]) -> Iterator[Office]:
    made = Office(prepared(database_kind, "leave", lambda url: Office(url).engine.dispose()))
    yield made
    made.engine.dispose()
