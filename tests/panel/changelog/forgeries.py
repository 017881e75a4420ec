"""Forged logs and forged bundles: what the owner of a database can do, by name.

The README's table tells of each what the two verifiers say. Nothing here judges: a forger edits
with every trigger off and puts them back, and may have the key of the seals.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from panel.changelog.records import note
from panel.changelog.rules import Link, commitment
from panel.changelog.stored import link_columns
from panel.changelog.triggers import install
from tests.panel.changelog.town import ANI, KEY

Members = dict[str, bytes]
EMPTY = hashlib.sha256().hexdigest()


@dataclass
class Forger:
    """Who owns the database and its shell: the town, and the raw road into it."""

    town: Any
    raw: Callable[..., list[Any]]

    def edit(self, *statements: str) -> None:
        """Run these while no trigger stands, and put all of them back as if nothing had been."""
        town = self.town
        if town.dialect == "postgresql":
            tables = [table.name for table in town.log.tables.metadata.sorted_tables]
            self.raw(*(f"ALTER TABLE {name} DISABLE TRIGGER ALL" for name in tables), *statements)
        else:
            names = self.raw("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            self.raw(*(f"DROP TRIGGER {name}" for (name,) in names), *statements)
        with town.engine.execution_options(write="schema").begin() as connection:
            install(connection, town.log.triggers(town.dialect))

    def links(self) -> list[Link]:
        """The deeds as the chain sees them."""
        with self.town.engine.connect() as connection:
            query = sa.select(*link_columns(self.town.log.tables.deed)).order_by("seq")
            return [Link(*row) for row in connection.execute(query)]

    def rewrite(self, key: bytes) -> None:
        """Alter the fourth deed, and bind all deeds anew by this key."""
        found = self.links()
        found[3] = replace(found[3], action="ruling.forged")
        edits = [f"UPDATE deed SET prev = 'p{one.seq}' WHERE seq = {one.seq}" for one in found]
        prev = found[0].prev
        for link in found:
            whole = replace(link, prev=prev)
            prev = whole.mac(key)
            edits.append(
                f"UPDATE deed SET prev = '{whole.prev}', mac = '{prev}', action = '{whole.action}'"
                f" WHERE seq = {whole.seq}"
            )
        self.edit(*edits)

    def fork(self) -> None:
        """A seventh deed, well sealed, that goes on from another sixth one than there is."""
        sixth = self.links()[5]
        branch = replace(sixth, action="another.deed").mac(KEY)
        new = replace(sixth, seq=7, id=77, n=0, last=0, rows=EMPTY, prev=branch)
        self.copy("deed", "seq = 6", **vars_of(new, "seq id n last rows prev"), mac=new.mac(KEY))

    def copy(self, table: str, which: str, **other: object) -> None:
        """Copy a row of the log, with some of its values another."""
        names = [column.name for column in self.town.log.tables.metadata.tables[table].columns]
        values = ", ".join(f"'{other[name]}'" if name in other else f'"{name}"' for name in names)
        columns = ", ".join(f'"{name}"' for name in names)
        copied = f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} WHERE {which}"
        self.edit(copied)

    def swap(self, table: str, key: str, first: int, second: int) -> None:
        """Let two rows of the log change their numbers."""
        places = ((first, 99), (second, first), (99, second))
        move = f"UPDATE {table} SET {key} = {{1}} WHERE {key} = {{0}}"
        self.edit(*(move.format(*pair) for pair in places))

    def erase(self) -> None:
        """Take the personal values out of the first change and the second deed, as a deed tells."""
        for table, key in (("change", "id = 1"), ("deed", "seq = 2")):
            [(personal, salt)] = self.raw(f"SELECT personal, salt FROM {table} WHERE {key}")
            left = commitment(personal, salt, None).hex()
            gone = f"personal = NULL, salt = NULL, erased = '{left}'"
            self.edit(f"UPDATE {table} SET {gone} WHERE {key}")

    def put_back(self) -> None:
        """Write other values where those of the first change were erased by a deed."""
        note(self.town.engine, "log.erase", actor=ANI, details={"changes": [1], "deeds": [2]})
        self.erase()
        self.edit("""UPDATE change SET personal = '{"full_name":"X"}' WHERE id = 1""")

    def restore(self) -> None:
        """Put a backup back that was made after the fourth deed, log and tables alike."""
        self.edit(
            "DELETE FROM deed WHERE seq > 4",
            "DELETE FROM change WHERE id > 3",
            "DELETE FROM official WHERE id = 3",
            "UPDATE official SET rank = 3, region_id = NULL WHERE id = 1",
        )


def vars_of(link: Link, names: str) -> dict[str, object]:
    """Some of a link's values by name."""
    return {name: getattr(link, name) for name in names.split()}


def editing(*statements: str) -> Callable[[Forger], object]:
    """A forgery that is nothing but these statements, triggers off."""
    return lambda forger: forger.edit(*statements)


#: By name, in the order of the README's table. The log has six deeds, its checkpoint is outside.
FORGERIES: dict[str, Callable[[Forger], object]] = {
    "newest deed deleted": editing(
        "DELETE FROM deed WHERE seq = 6", "DELETE FROM change WHERE id = 5"
    ),
    "newest half deleted": editing(
        "DELETE FROM deed WHERE seq > 3", "DELETE FROM change WHERE id > 2"
    ),
    "log emptied": editing("DELETE FROM deed", "DELETE FROM change"),
    "old backup restored": Forger.restore,
    "deed taken out": editing("DELETE FROM deed WHERE seq = 4"),
    "change taken out": editing("DELETE FROM change WHERE id = 4"),
    "change edited": editing("UPDATE change SET data = '{}' WHERE id = 3"),
    "deed edited, later links computed anew without the key": lambda f: f.rewrite(b"another key"),
    "deed edited, later links computed anew with the stolen key": lambda f: f.rewrite(KEY),
    "actor changed": editing("UPDATE deed SET actor_id = 7 WHERE seq = 6"),
    "times moved": editing("UPDATE deed SET at = '2026-01-01T00:00:00.000Z' WHERE seq = 5"),
    "deeds in another order": lambda f: f.swap("deed", "seq", 4, 5),
    "two changes swapped": lambda f: f.swap("change", "id", 1, 2),
    "deed doubled": lambda f: f.copy("deed", "seq = 6", seq=7, id=77, prev="p"),
    "change doubled": lambda f: f.copy("change", "id = 5", id=6),
    "chain forked with the stolen key": Forger.fork,
    "decision forged by SQL": lambda f: f.raw("INSERT INTO ruling VALUES (2, 1, 2)"),
    "decision forged with triggers dropped": editing("INSERT INTO ruling VALUES (2, 1, 2)"),
    "record edited with triggers dropped": editing("UPDATE official SET rank = 99 WHERE id = 2"),
    "record added with triggers dropped": editing("INSERT INTO tag VALUES (9, 'x')"),
    "record deleted with triggers dropped": editing("DELETE FROM official WHERE id = 2"),
    "values erased without a deed": editing(
        f"UPDATE change SET personal = NULL, salt = NULL, erased = '{EMPTY}' WHERE id = 2"
    ),
    "values put where a deed had erased them": lambda f: f.put_back(),
}


def refitted(found: Members) -> Members:
    """The same with a manifest that fits them, as a forger of bundles would write it."""
    manifest = json.loads(found["manifest.json"])
    members = {name: content for name, content in found.items() if name != "manifest.json"}
    manifest["members"] = {name: hashlib.sha256(one).hexdigest() for name, one in members.items()}
    return {**found, "manifest.json": json.dumps(manifest).encode()}


def cut(found: Members, name: str, kept: int) -> bytes:
    """The first lines of a member."""
    return b"".join(found[name].splitlines(keepends=True)[:kept])


def rekeyed(found: Members) -> Members:
    """The same that names a key of the forger's for its checkpoints."""
    manifest = json.loads(found["manifest.json"])
    manifest["checkpoint_key"] = hashlib.sha256(b"of the forger").hexdigest()
    return refitted({**found, "manifest.json": json.dumps(manifest).encode()})


#: Files of bundles that nobody made to fit again, as a bad disk or a bad line leaves them.
FILES: dict[str, Callable[[bytes], bytes]] = {
    "bundle: end of the file cut off": lambda whole: whole[:-300],
    "bundle: one bit changed": lambda whole: whole[:999] + bytes([whole[999] ^ 1]) + whole[1000:],
}
#: Bundles of a log that is whole itself.
BUNDLES: dict[str, Callable[[Members], Members]] = {
    "bundle: a member cut off": lambda one: {**one, "deeds.jsonl": cut(one, "deeds.jsonl", 4)},
    "bundle: newest deeds cut off, manifest made to fit": lambda one: refitted(
        {**one, "deeds.jsonl": cut(one, "deeds.jsonl", 4)}
    ),
    "bundle: newest changes cut off, manifest made to fit": lambda one: refitted(
        {**one, "changes.jsonl": cut(one, "changes.jsonl", 4)}
    ),
    "bundle: emptied, manifest made to fit": lambda one: refitted(
        {**one, **dict.fromkeys(["deeds.jsonl", "changes.jsonl", "adoptions.jsonl"], b"")}
    ),
    "bundle: another key of checkpoints, manifest made to fit": rekeyed,
}
