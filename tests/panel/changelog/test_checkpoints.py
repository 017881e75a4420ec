"""A checkpoint's root, its text and its short code: what a person outside can hold and type."""

import hashlib
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from panel.changelog.checkpoints import Checkpoint, read, typed
from panel.changelog.merkle import EMPTY, Tree
from panel.words import Refused

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
AT = datetime(2025, 11, 18, 1, 2, 3, 4000, tzinfo=UTC)
ONE = Checkpoint("jenjang/5f0c", 4711, bytes(range(32)), AT)
TEXT = ONE.signed(KEY)


def leaf(number):
    return hashlib.sha256(b"\x00%d" % number).digest()


def root_by_definition(leaves):
    """RFC 6962, section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = root_by_definition(leaves[:split]), root_by_definition(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def test_the_root_is_that_of_the_definition_at_every_size():
    tree, leaves = Tree(), []
    assert tree.root == EMPTY == root_by_definition([])

    for number in range(70):
        tree.add(leaf(number))
        leaves.append(leaf(number))
        assert tree.root == root_by_definition(leaves)


def test_the_text_is_read_back_and_its_signature_holds():
    assert read(TEXT, KEY.public_key()) == ONE
    assert read(TEXT) == ONE
    assert read(TEXT.replace("\n", "\r\n"), KEY.public_key()) == ONE
    assert TEXT.splitlines()[:4] == [
        "jenjang/5f0c",
        "4711",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "time 2025-11-18T01:02:03.004Z",
    ]


def test_a_signed_note_of_another_program_is_read_the_same():
    """The stamp as C2SP builds it: base64 of four bytes of the key's name, then Ed25519."""
    body = TEXT.partition("\n\n")[0] + "\n"
    stamp = TEXT.rstrip().rpartition(" ")[2]
    import base64

    whole = base64.b64decode(stamp)
    raw = KEY.public_key().public_bytes_raw()

    assert whole[:4] == hashlib.sha256(b"jenjang/5f0c\n\x01" + raw).digest()[:4]
    KEY.public_key().verify(whole[4:], body.encode())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "four lines"),
        ("x" * 5000, "four lines"),
        (TEXT[:40], "four lines"),
        (TEXT.replace("4711", "4712"), "signature does not fit"),
        (TEXT.replace("01:02", "01:03"), "signature does not fit"),
        (TEXT.replace("time 2025-11-18T01:02:03.004Z", "time yesterday"), "cannot be read"),
        (TEXT.replace("AAEC", "AA=C"), "cannot be read"),
        (TEXT.partition("—")[0], "no signature"),
        (TEXT.replace("— jenjang/5f0c ", "— jenjang/5f0c AAAA"), "no signature"),
        (ONE.signed(OTHER), "no signature"),
        (TEXT.replace("4711", "04711"), "cannot be read"),
    ],
)
def test_what_is_no_sound_checkpoint_is_refused_in_words(text, why):
    with pytest.raises(Refused) as refused:
        read(text, KEY.public_key())

    assert why in str(refused.value.sentence)
    assert refused.value.field == "checkpoint"


def test_the_short_code_is_of_name_size_and_root_and_bears_typing():
    later = Checkpoint(ONE.origin, ONE.size, ONE.root, datetime(2026, 1, 1, tzinfo=UTC))
    code = ONE.code

    assert [len(part) for part in code.split("-")] == [5, 5, 5, 5]
    assert later.code == code
    assert Checkpoint(ONE.origin, 4712, ONE.root, AT).code != code
    assert Checkpoint(ONE.origin, 4711, bytes(32), AT).code != code
    assert typed(code.lower().replace("-", " ")) == code
    assert typed(code.replace("0", "o").replace("1", "l")) == code
    assert [typed(wrong) for wrong in ("", code[:-1], code + "7", "U" * 20)] == [""] * 4
