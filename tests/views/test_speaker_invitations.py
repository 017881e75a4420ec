"""Speakers are invited, answer, and in the end appear among those who spoke."""

import pytest
import sqlalchemy as sa

from models.clock import today
from models.speaker_invitations import SpeakerInvitation, objection
from models.speaking import SessionSpeaker, Speaker
from models.training import TrainingSession
from tests.views.browser import Page

DAY = today()
STAGE = sa.select(SpeakerInvitation.stage)


def key_of(rows, model, **values):
    return rows(sa.select(model.id).filter_by(**values).order_by(model.id))[0][0]


def invite(browser, rows, **more):
    """Ask the first speaker of the city to come to its first session."""
    held, speaker = key_of(rows, TrainingSession), key_of(rows, Speaker)
    form = {**browser.page("/speaker-invitations/new/").form(), "role": "moderator"}
    form |= {"session": held, "speaker": speaker, "letter_no": "005/12", **more}
    answer = browser.post("/speaker-invitations/new/", form)
    return answer, held, speaker


def step(browser, key, to, seen):
    return browser.post(f"/speaker-invitations/{key}/stage/", {"step": to, "seen": seen})


@pytest.mark.parametrize(
    ("stage", "to", "held_on", "called_off", "open_"),
    [
        ("invited", "confirmed", None, False, True),
        ("invited", "spoke", DAY, False, True),
        ("invited", "spoke", DAY.replace(year=DAY.year + 1, day=1), False, False),
        ("confirmed", "declined", DAY, False, True),
        ("confirmed", "confirmed", DAY, False, False),
        ("declined", "spoke", DAY, False, False),
        ("declined", "confirmed", DAY, True, False),
        ("spoke", "declined", DAY, False, False),
        ("nothing", "spoke", DAY, False, False),
    ],
)
def test_what_may_become_of_an_invitation(stage, to, held_on, called_off, open_):
    assert (objection(stage, to, held_on, called_off, DAY) is None) is open_


def test_who_was_invited_answers_and_appears_at_the_session(ani, rows, deeds):
    answer, held, speaker = invite(ani, rows)
    assert answer.status_code == 303
    key = key_of(rows, SpeakerInvitation)
    again, _, _ = invite(ani, rows)
    assert (again.status_code, "sudah diundang" in Page(again.text).text) == (422, True)

    page = ani.page(f"/training-sessions/details/?id={held}")
    assert "Diundang" in page.text
    assert step(ani, key, "confirmed", 1).status_code == 303
    assert step(ani, key, "declined", 1).status_code == 409
    assert rows(STAGE) == [("confirmed",)]

    paper = ani.page(f"/speaker-invitations/{key}/biodata/")
    name = rows(sa.select(Speaker.full_name).where(Speaker.id == speaker))[0][0]
    assert name in paper.text
    answered = ani.page(f"/speaker-invitations/details/?id={key}").text
    assert ("Akan hadir" in answered, "005/12" in answered) == (True, True)
    assert {"speaker_invitation.create", "speaker_invitation.confirmed"} <= set(deeds())


def test_nobody_else_moves_an_invitation_on(ani, bayu, citra, mira, rows):
    invite(ani, rows)
    key = key_of(rows, SpeakerInvitation)

    answers = [step(one, key, "confirmed", 1).status_code for one in (bayu, citra, mira)]
    paper = mira.get(f"/speaker-invitations/{key}/biodata/").status_code
    forged = ani.client.post(f"/speaker-invitations/{key}/stage/", data={"step": "confirmed"})
    odd = [step(ani, key, to, 1).status_code for to in ("invited", "x\u0000", "")]

    assert (answers, paper, forged.status_code) == ([403, 403, 404], 404, 400)
    assert all(code in (400, 409) for code in odd)
    assert rows(STAGE) == [("invited",)]


def spoken_at(rows, held):
    spoke = sa.select(SessionSpeaker.id).where(
        SessionSpeaker.training_session_id == held, SessionSpeaker.role == "moderator"
    )
    return len(rows(spoke))


def test_who_spoke_appears_at_the_session_with_what_was_stated_last(ani, rows):
    _, held, _ = invite(ani, rows)
    key = key_of(rows, SpeakerInvitation)

    answers = [step(ani, key, "spoke", seen).status_code for seen in (1, 2)]

    assert (answers, rows(STAGE), spoken_at(rows, held)) == ([303, 409], [("spoke",)], 1)


def test_a_session_under_a_lock_takes_no_new_speaker(ani, rows):
    held = key_of(rows, TrainingSession, status="reported")
    assert invite(ani, rows, session=held)[0].status_code == 303
    key = key_of(rows, SpeakerInvitation)

    answer = step(ani, key, "spoke", 1)

    assert (answer.status_code, rows(STAGE)) == (409, [("invited",)])
    assert spoken_at(rows, held) == 0
