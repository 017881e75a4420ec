"""A merge on PostgreSQL, where the keys over a row and its official have to be told to wait."""

import re

import pytest

from tests.views.browser import Browser
from tests.views.test_duplicates import pair, test_a_merge_is_proposed_applied_whole_and_taken_back

__all__ = ["pair", "test_a_merge_is_proposed_applied_whole_and_taken_back"]

pytestmark = pytest.mark.parametrize("installation", ["postgresql"], indirect=True)


@pytest.fixture
def app(site):
    """The application on PostgreSQL."""
    return site


@pytest.fixture
def browse(app, client_of):
    """`browse("ani")`: her browser there."""

    def browser(name):
        client = client_of(name)
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/").text)[1]
        return Browser(app, name, client.get_cookie("session").value, token)

    return browser
