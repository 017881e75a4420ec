"""Limits hold also when many requests come at the same moment."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask

from models.base import db
from models.people import Official
from panel.screens import showing
from tests.journey.people import Person
from tests.site import sign_in


def test_no_burst_unmasks_more_than_the_hour_allows(
    site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "UNMASKED_AN_HOUR", 3)
    with site.app_context():
        number = db.session.scalar(
            sa.select(Official.id).where(Official.region_id == 1, Official.nip.is_not(None))
        )
        db.session.rollback()
    browsers = []
    for _ in range(6):
        client = site.test_client()
        sign_in(client, "ani")
        browsers.append(Person(client))

    def unmask(person: Person) -> int:
        form = {"id": str(number), "column": "nip", "reason": "Undangan"}
        return person.post("/officials/unmask/", **form).status_code

    with ThreadPoolExecutor(len(browsers)) as pool:
        answers = Counter(pool.map(unmask, browsers))

    assert answers == {200: 3, 422: 3}
