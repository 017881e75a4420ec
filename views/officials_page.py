"""The page of one official: posts, sessions, promises, plans and the family, in one look."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from markupsafe import Markup

from models.attendance import Participation
from models.base import db
from models.clock import today
from models.commitments import Commitment
from models.follow_up import ActionPlan
from models.identifiers import whatsapp_link
from models.people import Appointment, Official, Spouse
from models.portrait import Portrait, portrait
from panel.screens.acting import may, the_actor
from panel.screens.language import short_date, tell
from panel.screens.marks import badge, blank
from panel.screens.prefilled import new_url
from panel.screens.workflow import WorkflowView, state_badge
from panel.words import Sentence, say

from .data_subjects import offered
from .follow_up import OPEN
from .labels import APPOINTMENT_STATUS
from .presence import parts_of
from .rounds import when
from .rows import by_language, mark_of, place_above, record_link
from .telephones import Telephoned

#: Kinds of record that one adds from an official's page.
ADDED = (Appointment, Spouse, Participation, Commitment, ActionPlan)
#: Who signs a promise, by whose promise it is.
SIGNERS = {"official": ("official",), "spouse": ("spouse",), "both": ("official", "spouse")}
SIGNED = {
    "official": say("signed by the official on %(day)s"),
    "spouse": say("signed by the spouse on %(day)s"),
}
UNSIGNED = {
    "official": say("not signed by the official yet"),
    "spouse": say("not signed by the spouse yet"),
}


class OfficialPage(Telephoned):
    """The details page of officials, for their screen."""

    details_template = "official.html"

    def details_page(self, record: Official, **more: Any) -> Any:
        """The facts with everything in scope that hangs on the official."""
        day = today()
        known = portrait(db.session(), the_actor(), record, day, lambda kind: may("read", kind))
        context = {
            "known": known,
            "posts": posts_line(known.appointments, day),
            "attention": attention(self, record, known, day),
            "adding": {kind.__tablename__: new_url(kind, official=record.id) for kind in ADDED},
            "data_pages": offered(Official),
            "whatsapp": whatsapp(record) if not self.masks("phone") else None,
            **{one.__name__: one for one in CELLS},
        }
        return super().details_page(record, **{**context, **more})


def posts_line(appointments: Iterable[Appointment], day: date) -> Markup:
    """The posts of `day`, with the mark of who only stands in."""
    held = [one for one in appointments if one.holds_on(day)]
    lines = [
        Markup("{} {} {}").format(mark_of(one), one.position.name, place_above(one.unit)).strip()
        for one in held
    ]
    return Markup(", ").join(lines) if lines else blank(say("no post today"))


def attention(view: Any, official: Official, known: Portrait, day: date) -> list[Markup]:
    """What wants a hand: decisions of this reader, plans that are late, what is not filled in."""
    actor, found = the_actor(), []
    for plan in known.plans:
        category = WorkflowView.category_of(plan)
        if category == "waiting" and "supervisor" in actor.roles:
            if plan.created_by_id != actor.id:
                found.append(
                    said(say("Waiting for your decision: %(plan)s.", plan=plan_link(plan)))
                )
        elif days := days_late(plan, day):
            sentence = say("%(days)s days late: %(plan)s.", days=days, plan=plan_link(plan))
            found.append(said(sentence))
    at_work = not known.appointments or any(one.holds_on(day) for one in known.appointments)
    if at_work and not official.without_spouse and not known.marriages and may("read", Spouse):
        found.append(said(say("No spouse is filled in, and not that there is none.")))
    if at_work and official.phone is None:
        found.append(said(say("No telephone is filled in; the invitation needs it.")))
    return found


def said(sentence: Sentence) -> Markup:
    """A sentence whose links stay links."""
    values = {name: tell(value) for name, value in sentence.values.items()}
    return Markup(tell(Sentence(sentence.id))) % values


def plan_link(plan: ActionPlan) -> Markup:
    """A plan's title, leading to it."""
    return record_link(plan, plan.title)


def whatsapp(official: Official) -> str | None:
    """The address that opens a conversation; only for who sees the number anyway."""
    return whatsapp_link(official.phone)


def kind_of_appointment(one: Appointment) -> Any:
    """The mark of an acting holder; "definitive" in plain words."""
    return mark_of(one) or tell(APPOINTMENT_STATUS[one.status])


def tier_of(one: Appointment) -> str:
    """The name of the post's tier."""
    return tell(by_language(one.position.tier))


def last_day(one: Appointment | Spouse) -> Any:
    """The last day; "now" while it lasts; unknown for what is still to come."""
    if one.ended_on is not None:
        return Markup('<span class="nowrap">{}</span>').format(short_date(one.ended_on))
    begins = one.started_on if isinstance(one, Appointment) else one.married_on
    return blank() if begins is not None and begins > today() else tell(say("now"))


def signatures(one: Commitment) -> list[Sentence]:
    """Who has signed when, and who has not yet."""
    days = {"official": one.official_signed_on, "spouse": one.spouse_signed_on}
    return [
        say(SIGNED[who].id, day=short_date(day)) if (day := days[who]) else UNSIGNED[who]
        for who in ("official", "spouse")
        if who in SIGNERS[one.party] or days[who]
    ]


def signed_badge(one: Commitment) -> Markup:
    """Whether everybody whose promise it is has signed."""
    days = {"official": one.official_signed_on, "spouse": one.spouse_signed_on}
    missing = [who for who in SIGNERS[one.party] if days[who] is None]
    if not missing:
        return badge("done", "s-done", say("Signed"))
    if len(missing) < len(SIGNERS[one.party]):
        return badge("wait", "s-wait", say("One signature missing"))
    return badge("", "s-draft", say("Not signed"))


def late_badge(plan: ActionPlan) -> Markup | str:
    """How late an open plan is; nothing for one in time."""
    days = days_late(plan, today())
    return badge("stop", "s-over", say("%(days)s days late", days=days)) if days else ""


def days_late(plan: ActionPlan, day: date) -> int:
    """For how many days an open plan has been due; 0 for one in time, closed or without a day."""
    if plan.last_day is None or WorkflowView.category_of(plan) not in OPEN:
        return 0
    return max((day - plan.last_day).days, 0)


#: What the template shows of a row, each by its name.
CELLS = (
    kind_of_appointment,
    last_day,
    late_badge,
    parts_of,
    record_link,
    signatures,
    signed_badge,
    state_badge,
    tier_of,
    when,
)
