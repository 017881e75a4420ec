"""The steps of a session on its screens: by the right people, and locked once it is reported."""

import sqlalchemy as sa

from models.training import AgendaItem, TrainingSession

URL = "/training-sessions/details/?id={}"
REPORTED = 4


def test_a_session_of_last_year_is_entered_and_held_at_once(ani, rows):
    made = ani.send(
        "/training-sessions/new/",
        **{"programme": "1", "name": "Sesi contoh", "held": "2024", "tiers-0-tier": "9"},
    )
    key = int(made.location.partition("=")[2])
    page = ani.page(URL.format(key))

    assert "Tanggalnya baru diketahui sebagian. Isi dahulu harinya." in page.text
    seen = page.main.one("input", name="seen").given["value"]
    answer = ani.post(f"/training-sessions/{key}/move/hold/", {"seen": seen})

    assert answer.status_code == 303
    assert rows(sa.select(TrainingSession.status).where(TrainingSession.id == key)) == [("held",)]
    form = ani.page(f"/training-sessions/edit/?id={key}")
    named = {one.given.get("name") for one in form.main.all("input")}
    assert "held" in named
    assert "name" not in named


def test_what_was_reported_is_closed_with_its_reason(ani, rows):
    [(item,)] = rows(sa.select(AgendaItem.id).where(AgendaItem.training_session_id == REPORTED))
    sentence = "Keadaannya “Dilaporkan”: ini tidak dapat diubah sekarang."

    assert sentence in ani.page(URL.format(REPORTED)).text
    assert sentence in ani.page(f"/agenda-items/details/?id={item}").text
    answer = ani.send("/agenda-items/new/", session=str(REPORTED), number="7", title="Lain")

    assert answer.status_code == 409
    assert sentence in answer.text
