"""A town on each database, and a second, raw road into it that no application guards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from panel.changelog.anchoring import begin, checkpoint_of
from panel.changelog.checkpoints import Checkpoint
from panel.changelog.records import ChangeLog, deed
from panel.changelog.verify import Report, verify
from tests.panel.changelog.judging import SIGNING
from tests.panel.changelog.town import ANI, BAYU, Change, Deed, Official, Ruling, open_town


@dataclass
class Town:
    """A database with its log."""

    engine: Engine
    log: ChangeLog

    @property
    def dialect(self) -> str:
        return self.engine.dialect.name

    def rows(self) -> list[tuple[str, str, str, dict[str, Any]]]:
        """The log without numbers and times: equal on both databases."""
        with Session(self.engine) as session:
            found = session.scalars(sa.select(Change).order_by(Change.id))
            return [(row.tbl, row.op, row.pk, row.values) for row in found]

    def deeds(self) -> list[tuple[int, str, int]]:
        """Number, action and count of changes of every deed."""
        with Session(self.engine) as session:
            query = sa.select(Deed.seq, Deed.action, Deed.n).order_by(Deed.seq)
            return [tuple(row) for row in session.execute(query)]

    def verify(self) -> Report:
        return verify(self.engine, self.log, self.log.triggers(self.dialect))

    def said(self) -> list[str]:
        """What a verification says."""
        return [str(finding.sentence) for finding in self.verify().findings]

    def write(self, *objects: object, action: str = "official.create") -> None:
        """Add `objects` in a deed of Ani's."""
        with deed(action, actor=ANI), Session(self.engine) as session:
            session.add_all(objects)
            session.commit()


@pytest.fixture
def town(database_kind: str, prepared: Callable[..., str]) -> Iterator[Town]:
    url = prepared(database_kind, "town", lambda url: open_town(url)[0].dispose())
    engine, log = open_town(url)
    yield Town(engine, log)
    engine.dispose()


@pytest.fixture
def filled(town: Town) -> Town:
    """A town with Fulan, number 1, and Fulanah, number 2, each by a deed of its own."""
    town.write(Official(full_name="Fulan", phone="+6281", rank=3))
    town.write(Official(full_name="Fulanah", rank=4))
    return town


Raw = Callable[..., list[Any]]


@pytest.fixture
def raw(town: Town) -> Iterator[Raw]:
    """Runs statements as somebody with the database's own shell, each in its own transaction."""
    engine = sa.create_engine(town.engine.url, isolation_level="AUTOCOMMIT")

    def run(*statements: str) -> list[Any]:
        with engine.connect() as connection:
            for statement in statements:
                result = connection.exec_driver_sql(statement)
            return [tuple(row) for row in result] if result.returns_rows else []

    yield run
    engine.dispose()


@pytest.fixture
def kept(filled: Town, tmp_path: Path) -> Checkpoint:
    """A log of six deeds in two regions, and the checkpoint that an auditor took home."""
    begin(filled.engine, filled.log, "town/1234", SIGNING.public_key())
    filled.write(Ruling(official_id=1, number=1), action="ruling.create")
    filled.write(Official(full_name="Orang Lain", phone="+6299", region_id=2))
    with (
        deed("official.edit", actor=BAYU, reason="SK 81/2026"),
        filled.engine.begin() as connection,
    ):
        official = filled.log.tables.metadata.tables["official"]
        connection.execute(official.update().where(official.c.id == 1).values(rank=5, region_id=1))
    with filled.engine.connect() as connection:
        checkpoint = checkpoint_of(connection, filled.log.tables)
    (tmp_path / "kept.txt").write_text(checkpoint.signed(SIGNING), "utf-8")
    return checkpoint
