"""The same writes with SQLAlchemy-Continuum, in a process of its own: it listens to every session.

Called by `tests/bench/run.py` as `python -m tests.bench.continuum ADDRESS KIND`. What it writes in
bulk it keeps no version of, and it seals nothing.
"""

from __future__ import annotations

import sys

import sqlalchemy as sa
from sqlalchemy.orm import configure_mappers, declarative_base
from sqlalchemy_continuum import make_versioned, version_class

from tests.bench.writing import WRITES, bare_town, seconds, show
from tests.panel.changelog.town import Official

#: Fewer than of our own: one takes long.
ROUNDS = 2


def versioned(engine: sa.Engine) -> type:
    """The official's columns under Continuum, with their tables."""
    make_versioned(user_cls=None)
    base = declarative_base()
    columns = {
        column.name: sa.Column(column.type, primary_key=column.primary_key)
        for column in Official.__table__.columns
    }
    model = type("Kept", (base,), {"__tablename__": "kept", "__versioned__": {}, **columns})
    configure_mappers()
    base.metadata.create_all(engine)
    return model


def main() -> None:
    """Bare first, then with versions; print the ratios and how many writes were kept."""
    address, kind = sys.argv[1:]
    engine = bare_town(address)
    times = {name: measured(name, engine, Official) for name in WRITES}
    model = versioned(engine)
    kept = version_class(model)
    for name, (_, rows) in WRITES.items():
        before = count(engine, kept)
        took = measured(name, engine, model)
        share = (count(engine, kept) - before) / (rows * (ROUNDS + 1))
        what = f"{kind}, Continuum, {name}"
        show(what, took, times[name], f"bare; keeps {share:.0%} of the rows")
    engine.dispose()


def measured(name: str, engine: sa.Engine, model: type) -> float:
    """The best of some rounds, after one that is not counted."""
    write = WRITES[name][0]
    found = [seconds(write, engine, model) for _ in range(ROUNDS + 1)]
    return min(found[1:])


def count(engine: sa.Engine, model: type) -> int:
    """How many versions there are."""
    with engine.connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(model)) or 0


if __name__ == "__main__":
    main()
