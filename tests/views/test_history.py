"""The timeline of a record: itself, what hangs on it, and a long deed to its end."""

from __future__ import annotations

import pytest

from panel.screens.history import LISTED


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/action-plans/history/?id=1", "mengajukan"),
        ("/training-sessions/history/?id=8", "Kepesertaan"),
        ("/officials/history/?id=46", "Riwayat jabatan"),
        ("/units/history/?id=5", "Jabatan"),
    ],
)
def test_the_history_of_a_record_tells_of_all_that_hangs_on_it(citra, path, told):
    assert told in citra.page(path).main.text


def test_a_long_deed_is_read_to_its_end_within_the_history_of_a_record(ani, browse):
    page = ani.page("/training-sessions/history/?id=8")
    links = [
        one.given["href"] for one in page.main.all("a") if "deed=" in one.given.get("href", "")
    ]

    assert len(ani.page(links[-1]).main.all("h3")) > LISTED
    assert browse("mira").get(links[-1]).status_code == 404


@pytest.mark.parametrize("query", ["deed=0", "deed=-1", "deed=x", "deed=1", "deed=" + "9" * 40])
def test_a_deed_that_was_about_something_else_is_not_there(ani, query):
    assert ani.get(f"/officials/history/?id=46&{query}").status_code == 404
