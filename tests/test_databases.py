"""The databases of the tests are in the haste that they are meant to be in."""

import sqlalchemy as sa

from tests.panel.changelog.town import open_town


def test_no_write_of_a_test_waits_for_the_disk(engine_url, database_kind):
    asked = {"sqlite": "PRAGMA synchronous", "postgresql": "SHOW fsync"}[database_kind]
    told = []

    for engine in (open_town(engine_url)[0], sa.create_engine(engine_url)):
        with engine.connect() as connection:
            told.append(connection.exec_driver_sql(asked).scalar())
        engine.dispose()

    assert told in ([0, 0], ["off", "off"])
