"""Screen of speakers' invitations: who is asked to come, the answer, and the sheet for his data.

A step is one press. The last one, that the person spoke, makes the appearance at the session, with
position and institution as they were stated last.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import redirect, request, url_for
from flask_admin import expose
from markupsafe import Markup
from sqlalchemy.orm import joinedload

from models.base import db
from models.clock import today
from models.people import Appointment
from models.speaker_invitations import NEXT, SpeakerInvitation, objection
from models.speaking import SessionSpeaker, Speaker
from models.training import TrainingSession
from panel.screens.acting import doing, may, note_refusal, subject_of
from panel.screens.base import RecordView
from panel.screens.guarding import verb
from panel.screens.marks import badge
from panel.screens.querying import scoped
from panel.screens.values import screen_of
from panel.words import Refused, Sentence, say

from .labels import INVITATION_STAGES, SPEAKER_ROLES
from .rounds import is_cancelled, when
from .rows import current_posts

#: Tone and icon of each stage.
TONES = {
    "invited": ("wait", "s-wait"),
    "confirmed": ("done", "s-done"),
    "declined": ("stop", "x"),
    "spoke": ("done", "mic"),
}
#: What the button of each step says.
STEPS: dict[str, Sentence] = {
    "confirmed": say("Will come"),
    "declined": say("Declined"),
    "spoke": say("Has spoken"),
}
MOVED = say("Somebody changed this invitation meanwhile. Look at it again.")
#: What a sheet of personal data asks for beyond what is known here.
BLANKS = (
    say("Grade and rank"),
    say("Place and date of birth"),
    say("Last education"),
    say("Address of the office"),
    say("E-mail"),
)


class SpeakerInvitationView(RecordView):
    """Who is asked to speak, and what became of it."""

    model = SpeakerInvitation
    title = say("Invitations of speakers")
    one = say("Invitation of a speaker")
    path = "speaker-invitations"
    icon = "flag"
    details_template = "speaker_invitation.html"
    columns = ("speaker", "session", "stage", "role", "letter_no", "answered_on")
    details = (*columns[:4], "topic", "letter_no", "asked_on", "answered_on", "answer")
    exported = details
    fields = (
        "session",
        "speaker",
        "role",
        "topic",
        "letter_no",
        "asked_on",
        "answered_on",
        "answer",
    )
    lookups = {"session": ("name",), "speaker": ("full_name",)}
    searchable = ("speaker.full_name", "session.name", "letter_no", "topic")
    filtered = ("stage", "session", "role")
    sort_by = {"session": "session.held_on", "speaker": "speaker.full_name"}
    default_order = ("-session.held_on", "id")
    empty_sentence = say("Letters to speakers, their answers and what became of them stand here.")
    choices = {"role": SPEAKER_ROLES, "stage": INVITATION_STAGES}
    formats = {"stage": lambda one: stage_mark(one)}
    labels = {
        "stage": "Stage",
        "letter_no": "Number of the letter",
        "asked_on": "Day of the letter",
        "answered_on": "Answered on",
        "answer": "Answer",
    }
    helps = {"answer": "Number of the letter that answers, or how it was told."}
    constraint_sentences = {
        "uq_speaker_invitation_training_session_id_speaker_id_role": (
            "speaker",
            say("This speaker is invited to the session already."),
        ),
        "ck_speaker_invitation_answered_after_asked": (
            "answered_on",
            say("The answer cannot lie before the letter."),
        ),
    }

    def before_save(self, record: SpeakerInvitation, created: bool) -> None:
        """Nobody is asked to come to a session that was cancelled."""
        super().before_save(record, created)
        if created and record.session is not None and is_cancelled(record.session):
            raise Refused("field", say("The session was cancelled."), "session")

    def details_page(self, record: SpeakerInvitation, **more: Any) -> Any:
        """The facts with the steps that are open."""
        context = {"steps": steps_of(record), "session_line": when(record.session)}
        return super().details_page(record, **{**context, **more})

    @expose("/<int:key>/stage/", methods=("POST",))
    @verb("edit")
    def stage_view(self, key: int) -> Any:
        """Move the invitation on; 409 when somebody else did meanwhile."""
        record = self.get_one(key)
        pair, step = subject_of(record), request.form.get("step", "")
        action = f"{self.kind_name}.{step if step in STEPS else 'stage'}"
        with doing(action, subject=pair):
            try:
                record = self.locked(key)
                if str(record.version) != request.form.get("seen"):
                    raise Refused("stale", MOVED)
                move(record, step)
                db.session.commit()
            except Refused as refused:
                note_refusal(action, refused.sentence, subject=pair)
                raise
        return redirect(self.back(key), 303)

    def back(self, key: int) -> str:
        """Where the step was pressed: the page of session or speaker, or the invitation's own."""
        for name, entity in (("session", TrainingSession), ("speaker", Speaker)):
            held, screen = request.form.get(name, ""), screen_of(entity)
            if held.isdecimal() and screen is not None:
                return url_for(f"{screen.endpoint}.details_view", id=held) + "#invitations"
        return url_for(".details_view", id=key)

    @expose("/<int:key>/biodata/")
    @verb("read")
    def biodata_view(self, key: int) -> Any:
        """The sheet of personal data that the speaker completes and signs, for paper."""
        record = self.get_one(key)
        position, institution = stated(record)
        return self.render(
            "speaker_biodata.html",
            one=record,
            position=position,
            institution=institution,
            session_line=when(record.session),
            role=SPEAKER_ROLES[record.role],
            blanks=BLANKS,
            printed=today(),
        )


def stage_mark(one: SpeakerInvitation) -> Markup:
    """The stage as a badge."""
    tone, icon = TONES[one.stage]
    return badge(tone, icon, INVITATION_STAGES[one.stage])


def steps_of(one: SpeakerInvitation) -> list[tuple[str, Sentence, Sentence | None]]:
    """What may become of an invitation: step, word, and why not yet; nothing for who only reads."""
    if not may("edit", one):
        return []
    held = one.session
    return [
        (step, STEPS[step], objection(one.stage, step, held.held_on, is_cancelled(held), today()))
        for step in NEXT[one.stage]
    ]


def move(one: SpeakerInvitation, step: str) -> None:
    """Take a step; who has spoken appears at the session from then on. `Refused` says why not."""
    held = one.session
    sentence = objection(one.stage, step, held.held_on, is_cancelled(held), today())
    if sentence is not None:
        raise Refused("state", sentence)
    one.stage = step
    if step in ("confirmed", "declined"):
        one.answered_on = max(today(), one.asked_on) if one.asked_on else today()
        return
    own = (one.training_session_id, one.speaker_id, one.role)
    columns = (SessionSpeaker.training_session_id, SessionSpeaker.speaker_id, SessionSpeaker.role)
    spoke = sa.select(SessionSpeaker.id).where(sa.tuple_(*columns) == own)
    if db.session.scalar(spoke) is None:
        position, institution = stated(one)
        db.session.add(
            SessionSpeaker(
                region_id=one.region_id,
                training_session_id=one.training_session_id,
                speaker_id=one.speaker_id,
                role=one.role,
                stated_position=position,
                stated_institution=institution,
                topic=one.topic,
            )
        )
    db.session.flush()


def stated(one: SpeakerInvitation) -> tuple[str | None, str | None]:
    """Position and institution: of the post held on the day, or as they were stated last."""
    speaker: Speaker = one.speaker
    if speaker.official_id is not None and may("read", Appointment):
        rows = scoped(Appointment).where(Appointment.official_id == speaker.official_id)
        found = db.session.scalars(rows.options(joinedload(Appointment.position))).all()
        held = current_posts(found, one.session.held_on or today())
        if held:
            return held[0].position.name, one.session.region.name
    last = (
        scoped(SessionSpeaker)
        .where(SessionSpeaker.speaker_id == speaker.id)
        .order_by(SessionSpeaker.id.desc())
        .limit(1)
    )
    before = db.session.scalars(last).first()
    own = speaker.organisation.name if speaker.organisation else None
    if before is None:
        return None, own
    return before.stated_position, before.stated_institution or own


def invitations_of(held: TrainingSession) -> list[SpeakerInvitation] | None:
    """The invitations to a session; None for who does not read them."""
    if not may("read", SpeakerInvitation):
        return None
    rows = scoped(SpeakerInvitation).where(SpeakerInvitation.training_session_id == held.id)
    rows = rows.options(joinedload(SpeakerInvitation.speaker)).order_by(SpeakerInvitation.id)
    return list(db.session.scalars(rows))


def takes_invitations(held: TrainingSession) -> bool:
    """Whether anybody is still asked to speak: the day has not passed, nothing was cancelled."""
    past = held.held_on is not None and held.held_on < today()
    return not past and not is_cancelled(held)
