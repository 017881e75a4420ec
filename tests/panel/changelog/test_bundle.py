"""A bundle verifies by the script in it alone, and a damaged one never does."""

import io
import json
import subprocess
import sys
from zipfile import ZipFile

from panel.changelog.bundle import Sight, write_bundle
from panel.changelog.verify import snapshot
from tests.panel.changelog.forgeries import refitted
from tests.panel.changelog.judging import SIGNING, bundled, judged, judged_here, members, packed
from tests.panel.changelog.town import ANI, KEY, Tag


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


def damages(whole):
    """Damaged bundles by what is wrong, each with what the verifier names."""
    lines = whole["deeds.jsonl"].splitlines(keepends=True)
    one_less = {name: content for name, content in whole.items() if name != "adoptions.jsonl"}
    return {
        "member missing": (one_less, "adoptions.jsonl"),
        "line doubled": (
            refitted({**whole, "deeds.jsonl": b"".join([*lines, lines[-1]])}),
            "Deed 6 is there twice or out of order",
        ),
        "line broken": (
            refitted({**whole, "changes.jsonl": whole["changes.jsonl"][:-20]}),
            "changes.jsonl, line 5 cannot be read",
        ),
        "other form": (refitted({**whole, "deeds.jsonl": b"[]\n"}), "NOT sound"),
    }


def test_a_damaged_bundle_is_named_and_never_sound(filled, kept, tmp_path):
    bundled(filled, tmp_path / "log.zip")
    whole = members(tmp_path / "log.zip")

    for name, (found, words) in damages(whole).items():
        packed(tmp_path / "bad.zip", found)
        said = judged_here(tmp_path / "bad.zip", "--checkpoint", "kept.txt")
        assert (said[:10], words in said) == ("NOT sound.", True), (name, said)


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
