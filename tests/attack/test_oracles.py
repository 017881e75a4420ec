"""What is masked or out of scope cannot be guessed from what the pages carry."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from tests.site import ON_SQLITE

pytestmark = ON_SQLITE


def test_the_version_in_a_form_is_keyed_so_that_no_masked_nip_is_guessed_from_it(
    site: Flask, client_of: Callable[[str], FlaskClient]
) -> None:
    ani = client_of("ani")

    first = version(ani)
    site.config["SECRET_KEY"] = "another-key-of-thirty-two-letters-or-more"
    second = version(ani)

    assert first != second
    assert second == version(ani)


def version(client: FlaskClient) -> str:
    """The version in the form of an official."""
    page = client.get("/officials/edit/?id=1").text
    found = re.search(r'name="version"[^>]*value="([0-9a-f]{24})"', page)
    assert found is not None
    return found[1]
