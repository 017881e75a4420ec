"""A session class is heard however many were before it at its address."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from panel.listening import Heard
from panel.workflow.hooks import attach

#: Factories until one comes to the place of another.
MANY = 5_000


@pytest.fixture
def no_collection() -> Iterator[None]:
    """What is gone stays in the registry of SQLAlchemy until the collector runs."""
    gc.disable()
    yield
    gc.enable()


def _hears(factory: sessionmaker[Session]) -> bool:
    return len(factory().dispatch.after_commit) > 0


def test_a_factory_at_the_address_of_one_that_is_gone_is_heard(no_collection: None) -> None:
    addresses: set[int] = set()
    for _ in range(MANY):
        factory = sessionmaker()
        again = id(factory) in addresses
        addresses.add(id(factory))
        attach(factory)
        assert _hears(factory)
        if again:
            return
        del factory

    pytest.fail("no address was given out twice, so nothing was tried")


def test_a_factory_its_class_and_its_scope_are_one_target() -> None:
    heard, factory = Heard(), sessionmaker()

    assert heard.first(factory)
    assert not heard.first(factory.class_)
    assert not heard.first(scoped_session(factory))
    assert heard.first(factory())
    assert heard.first(sessionmaker())
