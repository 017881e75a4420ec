"""The forms of a rotation: a post and its successor, an appointment that ends, two that change.

Each form asks the models what would follow from what was typed (`worked_out`); nothing is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, request
from flask_admin.form import BaseForm
from wtforms.validators import InputRequired

from models.base import db
from models.government import Position
from models.people import Appointment, Official
from models.rotation import Rotation, replacing, swapping, vacating
from models.succession import USUAL, Choices
from panel.screens.acting import the_actor
from panel.screens.fields import DateField, OnceField, TextField
from panel.screens.querying import find
from panel.screens.relating import CodeSelect
from panel.words import say

from .labels import APPOINTMENT_STATUS
from .rotation_picks import PickHolder, PickOfficial, PickPost, post_named
from .rows import current_posts


class RotationForm(BaseForm):
    """What the three forms share; `sheets` are the fields by section."""

    sheets: tuple[tuple[Any, Any, tuple[str, ...]], ...] = ()
    once = OnceField(say("Form"))

    if TYPE_CHECKING:

        def worked_out(self, choices: Choices = USUAL) -> Rotation:
            """What would happen; `Refused` names a field of this form."""


def day_field(label: Any, help: Any) -> DateField:
    """The day of a rotation."""
    return DateField(label, [InputRequired()], description=help)


FIRST_DAY = say("First day")


class ReplaceForm(RotationForm):
    """A post gets another holder."""

    position = PickPost(say("Post"), entity=Position)
    successor = PickOfficial(say("Successor"), entity=Official)
    on = day_field(FIRST_DAY, say("The present holder leaves on the day before."))
    status = CodeSelect(say("Kind of appointment"), codes=APPOINTMENT_STATUS, default="definitive")
    decree_no = TextField(say("Decree"), [InputRequired()])
    end_decree_no = TextField(
        say("Decree that ends the present appointment"),
        description=say("Only when it is another one."),
    )
    sheets = (
        (
            say("Post and successor"),
            say("Whoever holds the post now leaves it; a vacant post is filled."),
            ("position", "successor"),
        ),
        (
            say("Day and decree"),
            say("The decree is the reason that stands in the change log."),
            ("on", "status", "decree_no", "end_decree_no"),
        ),
    )

    def worked_out(self, choices: Choices = USUAL) -> Rotation:
        given = (self.position.data, self.successor.data, self.on.data)
        return replacing(
            db.session(),
            the_actor(),
            *given,
            status=self.status.data,
            decree_no=self.decree_no.data,
            end_decree_no=self.end_decree_no.data,
            choices=choices,
        )


class VacateForm(RotationForm):
    """A holder leaves, and nobody comes yet."""

    appointment = PickHolder(say("Who leaves"), entity=Appointment)
    on = day_field(say("Vacant from"), say("The last day of the holder is the day before."))
    decree_no = TextField(
        say("Decree"), description=say("Of the end. Left empty it is not filled in.")
    )
    sheets = (
        (
            say("Post and holder"),
            say("The post stays and counts as vacant."),
            ("appointment",),
        ),
        (
            say("Day and decree"),
            say("The decree is the reason that stands in the change log."),
            ("on", "decree_no"),
        ),
    )

    def worked_out(self, choices: Choices = USUAL) -> Rotation:
        given = (self.appointment.data, self.on.data)
        return vacating(*given, decree_no=self.decree_no.data)


class SwapForm(RotationForm):
    """Two holders take each other's post."""

    first = PickHolder(say("The one"), entity=Appointment)
    second = PickHolder(say("The other"), entity=Appointment)
    on = day_field(FIRST_DAY, say("Of both in the new post."))
    decree_no = TextField(say("Decree"), [InputRequired()])
    sheets = (
        (
            say("Two officials"),
            say("Each takes over the post of the other on the same day."),
            ("first", "second"),
        ),
        (
            say("Day and decree"),
            say("The decree is the reason that stands in the change log."),
            ("on", "decree_no"),
        ),
    )

    def worked_out(self, choices: Choices = USUAL) -> Rotation:
        return swapping(
            db.session(),
            the_actor(),
            self.first.data,
            self.second.data,
            self.on.data,
            decree_no=self.decree_no.data,
            choices=choices,
        )


FORMS: dict[str, type[RotationForm]] = {
    "replace": ReplaceForm,
    "vacate": VacateForm,
    "swap": SwapForm,
}


def filled(what: str) -> dict[str, Any]:
    """The fields that the address names: the post, its holder of today, the successor."""
    position, successor = asked(Position, "position"), asked(Official, "successor")
    if what == "replace":
        return {"position": position, "successor": successor}
    held = current_posts(position.appointments) if position is not None else []
    return {"first" if what == "swap" else "appointment": held[0] if held else None}


def ways() -> list[tuple[Any, dict[str, int], tuple[str, ...]]]:
    """Where a rotation may begin from: a heading, what comes along, and the kinds that it opens."""
    official, appointment = asked(Official, "official"), asked(Appointment, "appointment")
    position = asked(Position, "position")
    posts = [position] if position is not None else []
    if appointment is not None:
        posts.append(appointment.position)
    if official is None:
        return [(post_named(one), {"position": one.id}, tuple(FORMS)) for one in posts] or [
            ("", {}, tuple(FORMS))
        ]
    held = [find(Position, one.position_id) for one in current_posts(official.appointments)]
    found = [(post_named(one), {"position": one.id}, tuple(FORMS)) for one in held if one]
    heading = say("Another post for %(name)s", name=official.display_name)
    return [*found, (heading, {"successor": official.id}, ("replace",))]


def asked(entity: Any, name: str) -> Any:
    """The record in scope that the address names, None where it names none; else 404."""
    if name not in request.args:
        return None
    record = find(entity, request.args[name])
    if record is None:
        abort(404)
    return record
