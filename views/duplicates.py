"""Officials who may be recorded twice: found, told apart, or merged side by side by a proposal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from markupsafe import Markup
from sqlalchemy.orm import joinedload

from models.apart import NotDuplicate
from models.base import db
from models.clock import today
from models.duplicates import find_pairs, known_apart, people
from models.government import Unit
from models.merged import items_of, proposed
from models.merging import FIELDS, Merge, defaults, look, stays
from models.people import Appointment, Official
from panel.plugin import Panel, current_panel
from panel.screens.acting import doing, note_refusal, subject_of, the_actor
from panel.screens.answers import STATUS
from panel.screens.guarding import Guarded, verb
from panel.screens.language import tell
from panel.screens.locks import locked
from panel.screens.querying import find, scoped
from panel.screens.values import address_of, screen_of
from panel.words import Refused, say

from .officials_page import posts_line

#: As many pairs as the list shows.
LISTED = 50
#: As long as a reason may be.
LONGEST = 500
#: What a post needs to be told with its place.
POSTS = (joinedload(Appointment.position), joinedload(Appointment.unit).joinedload(Unit.parent))
#: What is alike in two entries, in words.
SIGNS = {
    "name": say("same name without titles"),
    "nip": say("NIP differs in one digit"),
    "phone": say("same telephone"),
    "spouse": say("spouse of the same name"),
    "spelling": say("name spelled alike"),
}


class DuplicatesView(Guarded):
    """The pairs, and the two entries of one of them side by side."""

    kind = NotDuplicate
    icon = "copy"

    def __init__(self, _panel: Panel, *, category: Any = None) -> None:
        super().__init__(
            say("Duplicates"),
            category=category,
            endpoint="duplicates",
            url="/duplicates",
            menu_icon_value=self.icon,
        )

    @expose("/")
    @verb("create")
    def index_view(self) -> Any:
        """The likely pairs in scope, best first."""
        session, actor = db.session(), the_actor()
        held, more = people(session, actor)
        found = find_pairs(held, known_apart(session, actor))
        shown = found.pairs[:LISTED]
        keys = {key for pair in shown for key in (pair.one, pair.other)}
        rows = scoped(Official).where(Official.id.in_(keys))
        officials = {one.id: one for one in db.session.scalars(rows)}
        return self.render(
            "duplicates.html",
            pairs=[
                (pair, officials[pair.one], officials[pair.other])
                for pair in shown
                if pair.one in officials and pair.other in officials
            ],
            count=len(found.pairs),
            looked=len(held),
            part=more or found.part,
            signs=SIGNS,
            told=posts_told(officials.values()),
        )

    @expose("/<int:one>/<int:other>/", methods=("GET", "POST"))
    @verb("create")
    def merge_view(self, one: int, other: int) -> Any:
        """Both entries side by side; sent, the draft of a proposal that makes one of them."""
        pair = self.pair(one, other)
        if request.method == "GET":
            return self.merge_page(pair, defaults(*pair))
        with doing("proposal.create", reason=request.form.get("reason", "").strip()) as deed:
            pair = self.pair(one, other)
            chosen = chosen_by(request.form, pair)
            try:
                made = propose(self.looked(pair, chosen), chosen)
                deed.subject = subject_of(made)
                db.session.commit()
            except Refused as refused:
                note_refusal("proposal.create", refused.sentence)
                pair = self.pair(one, other)
                return self.merge_page(pair, chosen_by(request.form, pair), refused)
        flash(tell(say("The draft is made. Look at it, then submit it.")), "success")
        return redirect(address_of(made) or url_for(".index_view"), 303)

    @expose("/<int:one>/<int:other>/apart/", methods=("POST",))
    @verb("create")
    def apart_view(self, one: int, other: int) -> Any:
        """Keep that these are two people, with the reason; the pair does not come back."""
        reason = request.form.get("reason", "").strip()
        with doing("not_duplicate.create", reason=reason) as deed:
            pair = self.pair(one, other)
            try:
                refuse_reason(reason)
                if (one, other) not in known_apart(db.session(), the_actor()):
                    made = NotDuplicate(
                        region_id=pair[0].region_id,
                        one=pair[0],
                        other=pair[1],
                        reason=reason,
                        by_id=the_actor().id,
                    )
                    db.session.add(made)
                    db.session.flush()
                    deed.subject = subject_of(made)
                db.session.commit()
            except Refused as refused:
                note_refusal("not_duplicate.create", refused.sentence)
                pair = self.pair(one, other)
                return self.merge_page(pair, defaults(*pair), refused, apart=True)
        flash(tell(say("Kept as two people. This pair does not come back.")), "success")
        return redirect(url_for(".index_view"), 303)

    def pair(self, one: int, other: int) -> tuple[Official, Official]:
        """Two officials of one region in scope, the lower number first; else 404."""
        found = find(Official, one), find(Official, other)
        if one >= other or None in found or found[0].region_id != found[1].region_id:
            abort(404)
        return found

    def looked(self, pair: tuple[Official, Official], chosen: Mapping[str, Official]) -> Merge:
        """What the merge would be."""
        kept = stays(*pair, chosen)
        gone = pair[1] if kept is pair[0] else pair[0]
        return look(db.session(), the_actor(), kept, gone, lambda record: locked(record, "edit"))

    def merge_page(
        self,
        pair: tuple[Official, Official],
        chosen: Mapping[str, Official],
        refused: Refused | None = None,
        *,
        apart: bool = False,
    ) -> Any:
        """The two entries, what hangs on them, and what stands against one of them."""
        values = screen_of(Official).values
        names = [name.removesuffix("_id") for name in FIELDS]
        fields = [
            (
                field,
                tell(values.label(name)),
                [
                    one.full_name if name == "full_name" else values.shown(one, name, link=False)
                    for one in pair
                ],
                getattr(pair[0], field) == getattr(pair[1], field),
            )
            for field, name in zip(FIELDS, names, strict=True)
        ]
        merge = self.looked(pair, chosen)
        page = self.render(
            "duplicate.html",
            pair=pair,
            fields=fields,
            chosen=chosen,
            merge=merge,
            hanging=hanging(merge),
            waiting=proposed(db.session(), [one.id for one in pair]),
            refused=refused,
            apart=apart,
            reason=request.form.get("reason", ""),
            told=posts_told(pair),
            longest=LONGEST,
        )
        return page, STATUS[refused.code] if refused else 200


def posts_told(officials: Iterable[Official]) -> dict[int, Markup]:
    """The posts of today in scope, by official; one statement."""
    held: dict[int, list[Appointment]] = {one.id: [] for one in officials}
    rows = scoped(Appointment).where(Appointment.official_id.in_(held)).order_by(Appointment.id)
    for one in db.session.scalars(rows.options(*POSTS)):
        held[one.official_id].append(one)
    return {key: posts_line(found, today()) for key, found in held.items()}


def chosen_by(form: Mapping[str, str], pair: tuple[Official, Official]) -> dict[str, Official]:
    """The entry that gives each field, as the form says it; else the fuller one."""
    by_key = {str(one.id): one for one in pair}
    usual = defaults(*pair)
    return {name: by_key.get(form.get(name, ""), usual[name]) for name in FIELDS}


def refuse_reason(reason: str) -> None:
    """Refuse to go on without a reason, or with a novel."""
    if not reason:
        raise Refused("reason", say("Give the reason."), "reason")
    if len(reason) > LONGEST or "\x00" in reason:
        sentence = say("The reason may have %(length)s characters at most.", length=LONGEST)
        raise Refused("reason", sentence, "reason")


def propose(merge: Merge, chosen: Mapping[str, Official]) -> Any:
    """The draft of the proposal; the caller commits."""
    refuse_reason(request.form.get("reason", "").strip())
    proposals, session = current_panel().proposals, db.session()
    assert proposals is not None
    waiting = proposed(session, [merge.kept.id, merge.gone.id])
    if stop := next(iter(merge.stops), waiting):
        raise Refused("guard", stop)
    if chosen["employment_type"].employment_type == "elected" and chosen["nip"].nip:
        raise Refused("field", say("An elected official has no NIP; choose another employment."))
    if merge.doubts and not request.form.get("sure"):
        raise Refused("field", say("Confirm what you were asked about."), "sure")
    title = say("Merge: %(gone)s into %(kept)s", gone=merge.gone, kept=merge.kept)
    made = proposals.proposal(
        title=tell(title),
        origin="merge",
        record_table=Official.__tablename__,
        note=request.form["reason"].strip(),
    )
    proposals.propose(session, made, items_of(merge, chosen), the_actor())
    if find(proposals.proposal, made.id) is None:
        raise Refused("guard", say("So the record would lie outside of your scope."))
    return made


def hanging(merge: Merge) -> list[tuple[Any, list[tuple[str, Any]]]]:
    """What moves or becomes one with another, by kind: each record with what becomes of it."""
    found: dict[str, list[tuple[str, Any]]] = {}
    for (table, _), records in merge.hanging.items():
        for record in records:
            other = merge.joined.get(record)
            fate = say("recorded twice: becomes one with the other") if other else say("moves")
            found.setdefault(table, []).append((line_of(record), fate))
    return [(screen_of(table).name, records) for table, records in found.items()]


def line_of(record: Any) -> str:
    """One record that hangs on an entry, in a line."""
    for name in ("position", "session"):
        held = getattr(record, name, None)
        if held is not None and record.__tablename__ in ("appointment", "participation"):
            return str(getattr(held, "choice_name", held))
    return str(record)
