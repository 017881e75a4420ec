"""The office of the workflow's tests, on each database in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from tests.panel.workflow.office import Office


@pytest.fixture
def office(engine_url: str, prepared: Callable[..., str]) -> Iterator[Office]:
    kind = sa.make_url(engine_url).get_backend_name()
    made = Office(prepared(kind, "leave", lambda url: Office(url).engine.dispose()))
    yield made
    made.engine.dispose()
