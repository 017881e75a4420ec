"""Saving a rotation: once per form, over the rows it was worked out from, in one deed."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import sqlalchemy as sa
from flask import request, url_for

from models.base import db
from models.commitments import Commitment
from models.government import Position
from models.people import Appointment, Official
from models.rotation import Rotation, carry_out
from models.succession import Choices
from panel.plugin import current_panel
from panel.screens.acting import note_refusal, objection, subject_of, the_actor
from panel.screens.language import tell
from panel.words import Refused, say

from .rotation_forms import RotationForm
from .rotation_picks import Pick


def ticked() -> Choices:
    """What was ticked on the page that was checked."""
    return Choices(keys("ends"), keys("handed"))


def keys(name: str) -> frozenset[int]:
    """The numbers of the ticked boxes of this name; what is no number was never offered."""
    texts = request.form.getlist(name)
    if not all(re.fullmatch(r"[1-9][0-9]{0,17}", text) for text in texts):
        raise Refused("scope", say("This was not offered."))
    return frozenset(map(int, texts))


def hold(form: RotationForm) -> None:
    """Hold the picked records, and the posts of appointments, until the transaction ends."""
    picked = [field.data for field in form if isinstance(field, Pick)]
    posts = [one.position for one in picked if isinstance(one, Appointment)]
    for entity in (Position, Official, Appointment):
        found = sorted({one.id for one in (*picked, *posts) if isinstance(one, entity)})
        rows = sa.select(entity.id).where(entity.id.in_(found)).order_by(entity.id)
        db.session.execute(rows.with_for_update())
    db.session.expire_all()


def save(form: RotationForm, rotation: Rotation, deed: Any) -> str:
    """Write, spend the form, commit; where it leads. `Refused` leaves nothing written."""
    for appointment in rotation.ended:
        refuse_role("edit", appointment)
    if rotation.beginnings:
        refuse_role("create", Appointment)
    if any(one.chosen for beginning in rotation.beginnings for one in beginning.handings):
        refuse_role("create", Commitment)
    made = carry_out(db.session(), rotation)
    subject = (made or rotation.ended)[0]
    deed.subject = subject_of(subject)
    decree = rotation.decree_no or rotation.end_decree_no
    deed.reason = tell(say("Decree %(number)s", number=decree)) if decree else ""
    if made:
        location = url_for("rotation.done_view", id=[one.id for one in made])
    else:
        location = url_for("position.details_view", id=subject.position_id)
    spent = current_panel().access.form_token
    db.session.add(spent(hash=token(form), account_id=the_actor().id, location=location))
    db.session.commit()
    return location


def refuse_role(verb: str, target: Any) -> None:
    """Refuse, and log, what the actor's role does not do."""
    sentence = objection(verb, target)
    if sentence is not None:
        note_refusal(f"{target.__tablename__}.{verb}", sentence)
        raise Refused("role", sentence)


def token(form: RotationForm) -> str:
    """The hash of the form's one-time token, for this account."""
    text = f"{the_actor().id}:rotation:{form.once.data}"
    return hashlib.sha256(text.encode()).hexdigest()


def sent_before(form: RotationForm) -> str | None:
    """Where the first sending of this form led, or None."""
    row = db.session.get(current_panel().access.form_token, token(form))
    return row.location if row is not None else None
