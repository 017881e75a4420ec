"""Every forged log is named by both verifiers, in the words that the README's table holds."""

import re
from pathlib import Path

import pytest

from panel.changelog.verify import verify
from panel.words import Refused
from tests.databases import ON_SQLITE
from tests.panel.changelog.forgeries import BUNDLES, FILES, FORGERIES, Forger
from tests.panel.changelog.judging import bundled, judged_here, members, packed

README = (Path(__file__).parents[3] / "README.md").read_text("utf-8")
#: The moment of a checkpoint, which the table does not give.
MOMENT = re.compile(r"\d{4}-\d\d-\d\d [\d:.]+\+00:00")
#: What a finding is called in the table.
MEANS = {
    "trigger": "triggers",
    "chain": "chain",
    "rows": "chain",
    "erasure": "chain",
    "outside": "outside",
    "replay": "replay",
    "checkpoint": "checkpoint",
}


def table():
    """The README's rows by the name of the forgery."""
    [text] = re.findall(r"<!-- forgeries -->\n(.*?)<!-- /forgeries -->", README, re.S)
    lines = [line.strip("| ").split(" | ") for line in text.strip().splitlines()]
    return {name: tuple(rest) for name, *rest in lines[2:]}


def asked(town, kept, folder):
    """By what `flask log verify` sees it, its first sentence, and that of the bundle's verifier."""
    found = verify(town.engine, town.log, town.log.triggers(town.dialect), kept=[kept]).findings
    means = list(dict.fromkeys(MEANS[one.kind] for one in found))
    try:
        bundled(town, folder / "log.zip")
        outside = judged_here(folder / "log.zip", "--checkpoint", "kept.txt")
    except Refused as refused:
        outside = f"No bundle. {refused.sentence}"
    said = str(found[0].sentence) if found else ""
    return ", ".join(means), MOMENT.sub("…", said), outside


def test_the_table_names_every_forgery_once():
    assert list(table()) == [*FORGERIES, *BUNDLES, *FILES]


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_log_is_named_by_both_verifiers(filled, kept, raw, tmp_path, name):
    FORGERIES[name](Forger(filled, raw))

    means, inside, outside = asked(filled, kept, tmp_path)

    assert (means, inside, outside) == table().get(name)
    assert inside
    assert outside.startswith(("NOT sound.", "No bundle."))


@ON_SQLITE
@pytest.mark.parametrize("name", [*BUNDLES, *FILES])
def test_a_forged_bundle_is_named_though_the_log_is_whole(filled, kept, tmp_path, name):
    means, inside, sound = asked(filled, kept, tmp_path)
    path = tmp_path / "log.zip"
    script = members(path)["verify.py"]
    if name in BUNDLES:
        packed(path, BUNDLES[name](members(path)))
    else:
        path.write_bytes(FILES[name](path.read_bytes()))

    outside = judged_here(path, "--checkpoint", "kept.txt", script=script)

    assert (means, inside, sound) == ("", "", "Sound: 6 deeds, 6 vouched for.")
    assert ("the bundle alone", "The log itself is whole.", outside) == table().get(name)
    assert outside.startswith("NOT sound.")
