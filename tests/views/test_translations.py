"""Everything the host says has its Indonesian."""

from panel.commands.messages import compiled, filled, missing, read
from views.catalogue import CATALOGUE, declared_ids


def test_every_sentence_label_and_code_of_the_host_is_translated():
    assert missing(CATALOGUE) == []


def test_names_of_columns_kinds_codes_and_labels_of_screens_are_declared():
    ids = declared_ids()

    assert {"Full name", "Action plan", "Acting vacant", "Kemendagri code"} <= ids


def test_no_translation_is_blank():
    catalog = read(CATALOGUE.po)

    assert [message.id for message in catalog if message.id and not filled(message)] == []


def test_the_compiled_catalogue_is_that_of_its_text():
    assert CATALOGUE.po.with_suffix(".mo").read_bytes() == compiled(CATALOGUE.po)
