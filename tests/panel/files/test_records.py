"""The store of files: whole or not at all, for the panel alone, and given back as handed in."""

import hashlib
import os
import re
import stat
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest

from panel.files.records import WEEK, Damaged, FolderStore, read
from panel.words import Refused
from tests.panel.files.samples import jpeg, pdf

CHANGED = "The stored file is not the one that was handed in."
MISSING = "The file is missing from the store."


@pytest.fixture
def store(tmp_path):
    return FolderStore(tmp_path / "instance" / "files")


def names(store):
    return sorted(path.name for path in store.folder.iterdir())


def record_of(store, data=None, **facts):
    """A record of a file that was put into the store."""
    data = pdf() if data is None else data
    known = {
        "key": store.put(data),
        "name": "bukti.pdf",
        "media_type": "application/pdf",
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    return SimpleNamespace(**(known | facts))


def aged(store, key, age):
    then = time.time() - age.total_seconds()
    os.utime(store.folder / key, (then, then))


def test_file_is_given_back_as_it_was_put(store):
    record = record_of(store)

    assert read(store, record) == pdf()


def test_name_is_random_and_only_the_owner_may_read(store):
    keys = [store.put(pdf()), store.put(pdf())]

    assert names(store) == sorted(keys)
    assert all(re.fullmatch("[0-9a-f]{32}", key) for key in keys)
    assert {stat.S_IMODE((store.folder / key).stat().st_mode) for key in keys} == {0o600}
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700


def test_folder_that_was_open_is_closed_by_the_next_file(store):
    store.folder.mkdir(parents=True)
    store.folder.chmod(0o755)

    store.put(pdf())

    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700


def test_file_and_folder_are_synced_before_the_key_is_given(store, monkeypatch):
    synced = []
    sync = os.fsync

    def noted(descriptor):
        synced.append((stat.S_ISDIR(os.fstat(descriptor).st_mode), len(names(store))))
        assert not any(re.fullmatch("[0-9a-f]{32}", name) for name in names(store)) or synced[1:]
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)

    store.put(pdf())

    assert synced == [(False, 1), (True, 1)]


def test_full_disk_leaves_nothing_behind(store, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(OSError, match="No space left"):
        store.put(pdf())

    assert names(store) == []


@pytest.mark.parametrize("key", ["", "..", "../../wsgi.py", "/etc/passwd", "A" * 32, "a" * 31])
def test_what_is_no_key_leads_nowhere(store, key):
    (store.folder / "sub").mkdir(parents=True)
    (store.folder.parent / "wsgi.py").write_bytes(pdf())

    with pytest.raises(FileNotFoundError):
        store.open(key)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.replace(b"595", b"596"),
        lambda data: data + b"\n",
        lambda data: data[:-1],
        lambda data: b"",
        lambda data: b"<html><script>alert(1)</script>",
    ],
    ids=["one digit", "longer", "shorter", "emptied", "another file"],
)
def test_file_that_was_changed_is_not_given_out(store, spoil):
    record = record_of(store)
    (store.folder / record.key).write_bytes(spoil(pdf()))

    with pytest.raises(Damaged) as refused:
        read(store, record)

    assert (refused.value.key, str(refused.value.sentence)) == (record.key, CHANGED)
    assert (isinstance(refused.value, Refused), refused.value.code) == (True, "guard")


@pytest.mark.parametrize(
    "facts",
    [
        {"sha256": "0" * 64},
        {"size": len(pdf()) - 1},
        {"size": len(pdf()) + 1},
        {"media_type": "text/html"},
        {"media_type": "image/png"},
    ],
    ids=str,
)
def test_record_that_was_changed_gets_no_file(store, facts):
    record = record_of(store, **facts)

    with pytest.raises(Damaged, match=CHANGED):
        read(store, record)


@pytest.mark.parametrize("key", ["0" * 32, "../wsgi.py"])
def test_record_whose_file_is_gone_says_so(store, key):
    record = record_of(store, key=key)

    with pytest.raises(Damaged, match=MISSING):
        read(store, record)


def test_only_old_files_that_no_record_names_are_swept(store):
    known, young, old = store.put(pdf()), store.put(jpeg()), store.put(jpeg())
    (store.folder / f"{'0' * 32}.part").write_bytes(b"%PDF")
    (store.folder / "README").write_bytes(b"put here by somebody")
    for name in (known, old, f"{'0' * 32}.part", "README"):
        aged(store, name, WEEK + timedelta(minutes=1))
    aged(store, young, WEEK - timedelta(minutes=1))

    swept = store.sweep({known})

    assert (swept, names(store)) == (2, sorted([known, young, "README"]))


def test_nothing_is_swept_for_a_database_that_knows_no_file(store):
    key = store.put(pdf())
    aged(store, key, 2 * WEEK)

    assert (store.sweep(set()), names(store)) == (0, [key])


def test_store_without_a_folder_has_no_orphans(store):
    assert list(store.orphans({"0" * 32})) == []
