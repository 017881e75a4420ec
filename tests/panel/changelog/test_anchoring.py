"""The log against its checkpoints, its beginning, and a key that is passed on."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from panel.changelog.anchoring import begin, check_checkpoints, checkpoint_of, code_at, rotate_key
from panel.changelog.checkpoints import Checkpoint
from panel.changelog.rules import GENESIS, Link, key_id
from panel.changelog.seal import NoKey
from panel.changelog.stored import link_columns
from panel.words import Refused
from tests.panel.changelog.town import KEY

SIGNING = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ORIGIN = "town/1234"
NEXT = b"the key of next year, 32 bytes .."


@pytest.fixture
def begun(filled):
    """A log of two deeds that has its name."""
    assert begin(filled.engine, filled.log, ORIGIN, SIGNING.public_key())
    return filled


def taken(town):
    with town.engine.connect() as connection:
        return checkpoint_of(connection, town.log.tables)


def compared(town, *kept):
    with town.engine.connect() as connection:
        found = check_checkpoints(connection, town.log.tables, kept)
        return [str(finding.sentence) for finding in found]


def without_triggers(town, raw, *edits):
    """Edits by the owner of the database, who switches everything off."""
    if town.dialect == "postgresql":
        raw(
            "ALTER TABLE deed DISABLE TRIGGER ALL", "ALTER TABLE change DISABLE TRIGGER ALL", *edits
        )
    else:
        names = [f"log_{table}_kept_{event}" for table in ("deed", "change") for event in "ud"]
        raw(*(f"DROP TRIGGER {name}" for name in names), *edits)


def test_the_beginning_is_written_once_and_again_for_another_key(begun):
    other = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()

    assert not begin(begun.engine, begun.log, "another name", SIGNING.public_key())
    assert begin(begun.engine, begun.log, "another name", other)

    assert [action for _, action, _ in begun.deeds()][2:] == ["log.begin", "log.begin"]
    assert taken(begun).origin == ORIGIN


def test_a_log_without_a_beginning_gives_no_checkpoint(filled):
    with pytest.raises(Refused, match="flask init"):
        taken(filled)


def test_a_later_log_fits_its_earlier_checkpoints(begun):
    first = taken(begun)
    begin(begun.engine, begun.log, ORIGIN, Ed25519PrivateKey.generate().public_key())
    second = taken(begun)

    assert (first.size, second.size) == (3, 4)
    assert first.root != second.root
    assert compared(begun, second, first) == []
    with begun.engine.connect() as connection:
        assert code_at(connection, begun.log.tables, 3) == first.code
        assert code_at(connection, begun.log.tables, 9) is None


def test_the_newest_deeds_taken_away_are_seen(begun, raw):
    kept = taken(begun)

    without_triggers(begun, raw, "DELETE FROM deed WHERE seq = 3")

    [said] = compared(begun, kept)
    assert "has 2 deeds and had 3" in said


def test_a_log_emptied_is_seen(begun, raw):
    kept = taken(begun)

    without_triggers(begun, raw, "DELETE FROM deed", "DELETE FROM change")

    [said] = compared(begun, kept)
    assert "has 0 deeds and had 3" in said


def test_a_log_written_anew_with_the_key_is_seen_by_the_checkpoint_alone(begun, raw):
    """Who has the key can forge the whole chain; the checkpoint outside still tells."""
    kept = taken(begun)
    deed = begun.log.tables.deed
    with begun.engine.connect() as connection:
        links = [Link(*row) for row in connection.execute(sa.select(*link_columns(deed)))]
    forged, prev = [], GENESIS
    for link in sorted(links, key=lambda one: one.seq):
        values = {name: getattr(link, name) for name in Link.__dataclass_fields__}
        action = f"{link.action}x" if link.seq == 1 else link.action
        changed = Link(**{**values, "prev": prev, "action": action})
        prev = changed.mac(KEY)
        forged.append((changed, prev))
    edits = [
        f"UPDATE deed SET prev = 'p{link.seq}', mac = '' WHERE seq = {link.seq}" for link in links
    ]
    edits += [
        f"UPDATE deed SET prev = '{link.prev}', mac = '{mac}', action = '{link.action}'"
        f" WHERE seq = {link.seq}"
        for link, mac in forged
    ]

    without_triggers(begun, raw, *edits)

    assert not [said for said in begun.said() if "seal" in said]
    [said] = compared(begun, kept)
    assert "The first 3 deeds are not those of the checkpoint" in said


def test_a_checkpoint_of_another_log_is_named(begun):
    other = Checkpoint("other/1", 1, bytes(32), datetime(2026, 1, 1, tzinfo=UTC))

    assert compared(begun, other) == ["The checkpoint belongs to another log, other/1."]


def test_a_key_is_passed_on_by_a_deed_and_not_otherwise(begun, raw):
    with pytest.raises(Refused, match="do not give"):
        rotate_key(begun.engine, begun.log, NEXT)
    begun.log.other_keys = lambda: [NEXT]
    rotate_key(begun.engine, begun.log, NEXT)
    begin(begun.engine, begun.log, ORIGIN, Ed25519PrivateKey.generate().public_key())
    with pytest.raises(Refused, match="already"):
        rotate_key(begun.engine, begun.log, NEXT)

    deed = begun.log.tables.deed
    with begun.engine.connect() as connection:
        names = connection.scalars(sa.select(deed.c.key_id).order_by(deed.c.seq)).all()
    assert names == [key_id(KEY)] * 4 + [key_id(NEXT)]
    assert begun.said() == []
    begun.log.other_keys = tuple
    assert begun.said() == ["Deed 5 is sealed with an unknown key."]
    with pytest.raises(NoKey):
        begin(begun.engine, begun.log, ORIGIN, SIGNING.public_key())


def test_a_deed_sealed_with_a_key_out_of_turn_is_seen(begun, raw):
    """Who stole an old key cannot seal with it what came after the rotation."""
    begun.log.other_keys = lambda: [NEXT]
    rotate_key(begun.engine, begun.log, NEXT)
    begin(begun.engine, begun.log, ORIGIN, Ed25519PrivateKey.generate().public_key())
    deed = begun.log.tables.deed
    with begun.engine.connect() as connection:
        row = connection.execute(sa.select(*link_columns(deed)).where(deed.c.seq == 5)).one()
    values = dict(zip(Link.__dataclass_fields__, row, strict=True))
    link = Link(**{**values, "key_id": key_id(KEY)})

    without_triggers(
        begun,
        raw,
        f"UPDATE deed SET key_id = '{link.key_id}', mac = '{link.mac(KEY)}' WHERE seq = 5",
    )

    assert "Deed 5 is sealed with a key that no deed passed on to." in begun.said()
