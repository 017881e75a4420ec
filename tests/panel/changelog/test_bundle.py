"""A bundle verifies by the script in it alone; every forgery is named by both verifiers."""

import hashlib
import io
import json
import subprocess
import sys
from dataclasses import replace
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from panel.changelog.anchoring import begin, checkpoint_of
from panel.changelog.bundle import Sight, write_bundle
from panel.changelog.records import deed
from panel.changelog.rules import Link
from panel.changelog.seal import link_columns
from panel.changelog.verify import snapshot, verify
from panel.words import Refused
from tests.panel.changelog.town import ANI, BAYU, KEY, Official, Ruling, Tag

SIGNING = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def kept(filled, tmp_path):
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


def bundled(town, path, sight=None):
    with open(path, "wb") as file, snapshot(town.engine) as connection:
        return write_bundle(file, connection, town.log.tables, SIGNING, sight)


def judged(path, *more):
    """What the verifier of the bundle says, run as a stranger would: from another folder."""
    with ZipFile(path) as bundle:
        script = path.parent / "verify.py"
        script.write_bytes(bundle.read("verify.py"))
    run = subprocess.run(
        [sys.executable, "-I", script.name, path.name, *more],
        cwd=path.parent,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Traceback" not in run.stderr
    return run.returncode, (run.stdout + run.stderr).strip()


def both(town, kept, tmp_path):
    """What the two verifiers say, with the checkpoint that was kept: the first sentence of each."""
    with_triggers_back(town)
    triggers = town.log.triggers(town.dialect)
    report = verify(town.engine, town.log, triggers, kept=[kept])
    bundled(town, tmp_path / "log.zip")
    status, said = judged(tmp_path / "log.zip", "--checkpoint", "kept.txt")
    assert status == (0 if said.startswith("Sound") else 1)
    return [str(one.sentence) for one in report.findings], said


def with_triggers_back(town):
    from panel.changelog.triggers import install

    with town.engine.execution_options(write="schema").begin() as connection:
        install(connection, town.log.triggers(town.dialect))


def off(town, raw, *edits):
    """Edits by the owner of the database, who switches every trigger off for them."""
    if town.dialect == "postgresql":
        tables = [table.name for table in town.log.tables.metadata.sorted_tables]
        raw(*(f"ALTER TABLE {name} DISABLE TRIGGER ALL" for name in tables), *edits)
    else:
        names = raw("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        raw(*(f"DROP TRIGGER {name}" for (name,) in names), *edits)


def links(town):
    with town.engine.connect() as connection:
        query = sa.select(*link_columns(town.log.tables.deed)).order_by("seq")
        return [Link(*row) for row in connection.execute(query)]


def rechained(town, found, key):
    """Statements that write these links anew, each bound to the one before by `key`."""
    edits = [f"UPDATE deed SET prev = 'p{one.seq}' WHERE seq = {one.seq}" for one in found]
    prev = found[0].prev
    for link in found:
        whole = replace(link, prev=prev)
        prev = whole.mac(key)
        edits.append(
            f"UPDATE deed SET prev = '{whole.prev}', mac = '{prev}', action = '{whole.action}'"
            f" WHERE seq = {whole.seq}"
        )
    return edits


def test_a_sound_bundle_verifies_with_checkpoint_code_or_key(filled, kept, tmp_path):
    path = tmp_path / "log.zip"

    assert bundled(filled, path) == (6, 5)

    assert judged(path, "--checkpoint", "kept.txt") == (0, "Sound: 6 deeds, 6 vouched for.")
    typed = kept.code.lower().replace("-", " ")
    assert judged(path, "--code", "6", typed) == (0, "Sound: 6 deeds, 6 vouched for.")
    assert judged(path, "--log-key", KEY.hex()) == (0, "Sound: 6 deeds, 6 vouched for.")
    status, said = judged(path)
    assert (status, "nothing from outside vouches for it" in said) == (1, True)


def test_a_later_bundle_says_how_much_of_it_an_early_checkpoint_vouches_for(filled, kept, tmp_path):
    filled.write(Tag(name="later"))
    bundled(filled, tmp_path / "log.zip")

    said = judged(tmp_path / "log.zip", "--checkpoint", "kept.txt")

    assert said == (0, "Sound: 7 deeds, 6 vouched for.")


def test_a_bundle_for_one_region_tells_nothing_of_another_and_still_verifies(
    filled, kept, tmp_path
):
    sight = Sight(lambda table, pk, scope: scope == "2", withheld={"official"})

    deeds, shown = bundled(filled, tmp_path / "log.zip", sight)

    assert (deeds, shown) == (6, 1)
    with ZipFile(tmp_path / "log.zip") as bundle:
        whole = b"".join(bundle.read(name) for name in bundle.namelist() if name != "verify.py")
    for hidden in (b"Orang Lain", b"+6299", b"Fulanah", b"+6281", b"Ani", b"SK 81"):
        assert hidden not in whole
    said = judged(tmp_path / "log.zip", "--checkpoint", "kept.txt")
    assert said == (0, "Sound: 6 deeds, 6 vouched for.")


FORGERIES = {
    "newest deleted": (
        ["DELETE FROM deed WHERE seq = 6", "DELETE FROM change WHERE id = 5"],
        "had 6",
    ),
    "newest half deleted": (["DELETE FROM change WHERE id = 5"], "changes of deed 6"),
    "actor changed": (["UPDATE deed SET actor_id = 7 WHERE seq = 6"], "deed"),
    "times moved": (["UPDATE deed SET at = '2026-01-01T00:00:00.000Z' WHERE seq = 5"], "deed"),
    "change edited": (["UPDATE change SET at = '' WHERE id = 4"], "changes of deed 5"),
    "reordered": (
        [
            "UPDATE deed SET seq = 99 WHERE seq = 4",
            "UPDATE deed SET seq = 4 WHERE seq = 5",
            "UPDATE deed SET seq = 5 WHERE seq = 99",
        ],
        "Deed 4 does not follow the one before it.",
    ),
    "deed taken out": (["DELETE FROM deed WHERE seq = 4"], "Deed 4 is missing"),
    "changes swapped": (
        [
            "UPDATE change SET id = 99 WHERE id = 1",
            "UPDATE change SET id = 1 WHERE id = 2",
            "UPDATE change SET id = 2 WHERE id = 99",
        ],
        "changes",
    ),
    "data changed with triggers dropped": (
        ["UPDATE official SET rank = 99 WHERE id = 2"],
        "official 2",
    ),
    "row added with triggers dropped": (["INSERT INTO tag VALUES (9, 'x')"], "tag 9"),
    "row taken away with triggers dropped": (["DELETE FROM official WHERE id = 2"], "official 2"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_named_by_both_verifiers(filled, kept, raw, tmp_path, name):
    edits, words = FORGERIES[name]

    off(filled, raw, *edits)

    inside, outside = both(filled, kept, tmp_path)
    assert inside
    assert any(words.lower() in said.lower() for said in inside), inside
    assert words.lower() in outside.lower()
    assert outside.startswith("NOT sound.")


def test_a_log_emptied_is_named_and_no_longer_exported(filled, kept, raw, tmp_path):
    off(filled, raw, "DELETE FROM deed", "DELETE FROM change")
    with_triggers_back(filled)

    report = verify(filled.engine, filled.log, filled.log.triggers(filled.dialect), kept=[kept])

    assert "has 0 deeds and had 6" in str(report.findings[0].sentence)
    with pytest.raises(Refused, match="no name"):
        bundled(filled, tmp_path / "log.zip")


def test_a_forged_ruling_is_named_by_both(filled, kept, raw, tmp_path):
    raw("INSERT INTO ruling VALUES (2, 1, 2)")

    inside, outside = both(filled, kept, tmp_path)

    assert inside == ["Changes made outside the application: 1, first ruling 2."]
    assert "made outside the application, first ruling 2" in outside


def test_a_log_rewritten_from_a_point_on_without_the_key_is_named_by_both(
    filled, kept, raw, tmp_path
):
    found = links(filled)
    found[3] = replace(found[3], action="ruling.forged")

    off(filled, raw, *rechained(filled, found, b"not the key"))

    inside, outside = both(filled, kept, tmp_path)
    assert "Deed 1 is not as it was sealed." in inside
    assert "The first 6 deeds are not those of the checkpoint." in outside


def test_a_log_rewritten_with_the_stolen_key_is_named_by_both(filled, kept, raw, tmp_path):
    found = links(filled)
    found[3] = replace(found[3], action="ruling.forged")

    off(filled, raw, *rechained(filled, found, KEY))

    inside, outside = both(filled, kept, tmp_path)
    assert "The first 6 deeds are not those of the checkpoint" in inside[0]
    assert "The first 6 deeds are not those of the checkpoint." in outside


def test_a_forked_chain_and_a_doubled_deed_are_named_by_both(filled, kept, raw, tmp_path):
    names = [column.name for column in filled.log.tables.deed.columns]
    other = {"seq": "7", "id": "77", "n": "0", "last": "0", "prev": "prev || 'x'"}
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(other.get(name, f'"{name}"') for name in names)
    off(filled, raw, f"INSERT INTO deed ({columns}) SELECT {values} FROM deed WHERE seq = 6")

    inside, outside = both(filled, kept, tmp_path)

    assert "Deed 7 does not follow the one before it." in inside
    assert outside == "NOT sound. Deed 7 does not follow the one before it."


def test_an_old_backup_is_named_by_both(filled, kept, raw, tmp_path):
    """Everything after the fourth deed is gone, tables included, as after a restore."""
    off(
        filled,
        raw,
        "DELETE FROM deed WHERE seq > 4",
        "DELETE FROM change WHERE id > 3",
        "DELETE FROM official WHERE id = 3",
        "UPDATE official SET rank = 3, region_id = NULL WHERE id = 1",
    )

    inside, outside = both(filled, kept, tmp_path)

    assert [said for said in inside if "had 6 at the checkpoint" in said] == inside
    assert outside == "NOT sound. The log has 4 deeds and had 6: newest ones are missing."


def members(path):
    with ZipFile(path) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def packed(path, found):
    with ZipFile(path, "w") as bundle:
        for name, content in found.items():
            bundle.writestr(name, content)


def reckoned(found):
    """A manifest that fits the members, as a forger would write it."""
    manifest = json.loads(found["manifest.json"])
    manifest["members"] = {
        name: hashlib.sha256(content).hexdigest()
        for name, content in found.items()
        if name != "manifest.json"
    }
    return {**found, "manifest.json": json.dumps(manifest).encode()}


def damages(whole):
    """Damaged bundles by what is wrong, each with what the verifier names."""
    lines = whole["deeds.jsonl"].splitlines(keepends=True)
    one_less = {name: content for name, content in whole.items() if name != "adoptions.jsonl"}
    return {
        "member altered": ({**whole, "deeds.jsonl": lines[0]}, "deeds.jsonl"),
        "member missing": (one_less, "adoptions.jsonl"),
        "log emptied": (
            reckoned(
                {
                    **whole,
                    **dict.fromkeys(["deeds.jsonl", "changes.jsonl", "adoptions.jsonl"], b""),
                }
            ),
            "has 0 deeds and had 6",
        ),
        "lines missing": (reckoned({**whole, "deeds.jsonl": b"".join(lines[:4])}), "had 6"),
        "line doubled": (
            reckoned({**whole, "deeds.jsonl": b"".join([*lines, lines[-1]])}),
            "Deed 6 is there twice or out of order",
        ),
        "line broken": (
            reckoned({**whole, "changes.jsonl": whole["changes.jsonl"][:-20]}),
            "changes.jsonl, line 5 cannot be read",
        ),
        "other form": (reckoned({**whole, "deeds.jsonl": b"[]\n"}), "NOT sound"),
    }


def test_a_damaged_bundle_is_named_and_never_sound(filled, kept, tmp_path):
    bundled(filled, tmp_path / "log.zip")
    whole = members(tmp_path / "log.zip")

    for name, (found, words) in damages(whole).items():
        packed(tmp_path / "bad.zip", found)
        status, said = judged(tmp_path / "bad.zip", "--checkpoint", "kept.txt")
        assert (status, words in said) == (1, True), (name, said)


def test_a_truncated_file_a_wrong_key_and_a_broken_checkpoint_are_refused_in_words(
    filled, kept, tmp_path
):
    bundled(filled, tmp_path / "log.zip")
    content = (tmp_path / "log.zip").read_bytes()
    script = tmp_path / "verify.py"
    text = (tmp_path / "kept.txt").read_text("utf-8")
    (tmp_path / "short.txt").write_text(text[:60], "utf-8")
    (tmp_path / "altered.txt").write_text(text.replace("\n6\n", "\n5\n"), "utf-8")

    asked = {
        ("log.zip", "--checkpoint", "short.txt"): "short.txt is no checkpoint signed",
        ("log.zip", "--checkpoint", "altered.txt"): "altered.txt is no checkpoint signed",
        ("log.zip", "--checkpoint", "none.txt"): "none.txt",
        ("log.zip", "--log-key", "00" * 32): "sealed with a key that was not given",
        ("log.zip", "--log-key", "xyz"): "NOT sound",
        ("log.zip", "--code", "6", "AAAAA-AAAAA-AAAAA-AAAAA"): "do not give the code",
        ("log.zip", "--code", "60", kept.code): "do not give the code",
    }
    for more, words in asked.items():
        status, said = judged(tmp_path / more[0], *more[1:])
        assert (status, words in said) == (1, True), said
    for cut in (0, 10, len(content) // 2, len(content) - 3):
        (tmp_path / "cut.zip").write_bytes(content[:cut])
        run = subprocess.run(
            [sys.executable, script, tmp_path / "cut.zip"], capture_output=True, text=True
        )
        assert (run.returncode, run.stderr[:10]) == (1, "NOT sound.")


def test_the_verifier_is_short_and_needs_nothing_of_the_program(filled, kept):
    file = io.BytesIO()
    with snapshot(filled.engine) as connection:
        write_bundle(file, connection, filled.log.tables, SIGNING)
    with ZipFile(file) as bundle:
        text = bundle.read("verify.py").decode()

    named = {line.split()[1].partition(".")[0] for line in text.splitlines() if is_import(line)}
    assert len(text.splitlines()) < 250
    assert named <= {*sys.stdlib_module_names, "cryptography"}


def is_import(line):
    return line.startswith(("import ", "from "))


def test_the_owner_of_a_bundle_can_check_who_acted(filled, kept, tmp_path):
    bundled(filled, tmp_path / "log.zip")

    with ZipFile(tmp_path / "log.zip") as bundle:
        deeds = [json.loads(line) for line in bundle.read("deeds.jsonl").splitlines()]

    assert [one["action"] for one in deeds][-1] == "official.edit"
    assert json.loads(deeds[0]["personal"]) == {"actor": ANI.name}
