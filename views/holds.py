"""Legal holds: who set which by what letter, what they keep in the change log, and lifting them.

Supervisors set and lift: the letters come to them, and they answer for the records. Administrators,
who run the archive, and auditors read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask import abort, jsonify, redirect, request, url_for
from flask_admin import expose
from sqlalchemy.orm import joinedload

from models.base import db
from models.government import Region
from models.holds import SCOPES, LegalHold
from panel.columns import now
from panel.plugin import Panel
from panel.screens.acting import doing, may, note_refusal, subject_of, the_actor
from panel.screens.answers import STATUS
from panel.screens.guarding import Guarded, verb
from panel.screens.querying import find, scoped
from panel.screens.sight import in_scope, whole_regions
from panel.screens.stored import Known, kind_of
from panel.screens.values import screen_of
from panel.words import Refused, Sentence, say

from .data_subjects import LONGEST, typed
from .held_records import BETWEEN, Choice, choice_of, found_by, kinds, record_asked, record_at

#: What a hold covers, as the form asks.
COVERS = {
    "record": say("A person or another record"),
    "region": say("Everything of the region"),
    "whole": say("The whole change log, of all regions"),
}
WANTED = {
    "letter_no": say("Fill in the number of the letter."),
    "asked_by": say("Say which office asks for it."),
    "reason": say("Say why it has to be kept."),
}


class LegalHoldView(Guarded):
    """The holds that stand, the form of a new one, and those that were lifted."""

    kind = "legal_hold"
    icon = "lock"

    def __init__(self, _panel: Panel, *, category: Any = None) -> None:
        super().__init__(
            say("Legal holds"),
            category=category,
            endpoint="legal_hold",
            url="/legal-holds",
            menu_icon_value=self.icon,
        )

    @expose("/")
    @verb("read")
    def index_view(self) -> Any:
        """All holds in scope, standing ones first."""
        return self.page()

    @expose("/set/", methods=("POST",))
    @verb("create")
    def set_view(self) -> Any:
        """Set a hold by its letter; without script, find the record that it covers first."""
        if "search" in request.form:
            return self.page()
        with doing("legal_hold.create", reason=reason("reason")) as deed:
            try:
                hold = asked_for()
                deed.scope = str(hold.region_id)
                db.session.add(hold)
                db.session.flush()
                deed.subject = subject_of(hold)
                db.session.commit()
            except Refused as refused:
                note_refusal("legal_hold.create", refused.sentence)
                return self.page(refused)
        return redirect(url_for(".index_view"), 303)

    @expose("/records/")
    @verb("create")
    def records_view(self) -> Any:
        """Records of one kind that a search finds, for the field of the form."""
        found = found_by(request.args.get("kind", ""), request.args.get("query", ""))
        return jsonify([(one.value, one.text) for one in found])

    @expose("/lift/", methods=("POST",))
    @verb("edit")
    def lift_view(self) -> Any:
        """Lift a hold, with a reason that stays."""
        hold = find(LegalHold, request.form.get("id"))
        if hold is None:
            abort(404)
        pair = subject_of(hold)
        with doing("legal_hold.lift", subject=pair, reason=reason("lifted_reason")) as deed:
            try:
                hold = db.session.get_one(LegalHold, int(pair[1]), with_for_update=True)
                deed.scope = str(hold.region_id)
                lift(hold, typed("lifted_reason"))
                db.session.commit()
            except Refused as refused:
                note_refusal("legal_hold.lift", refused.sentence, subject=pair)
                return self.page(refused, int(pair[1]))
        return redirect(url_for(".index_view"), 303)

    def page(self, refused: Refused | None = None, lifting: int | None = None) -> Any:
        """The page, with what was refused at the form that was sent."""
        people = (LegalHold.set_by, LegalHold.lifted_by, LegalHold.region)
        rows = scoped(LegalHold).options(*map(joinedload, people))
        rows = rows.order_by(LegalHold.lifted_at.desc(), LegalHold.id.desc())
        found = list(db.session.scalars(rows).unique())
        seen = records_of(found)
        page = self.render(
            "legal_holds.html",
            standing=[one for one in found if one.lifted_at is None],
            lifted=[one for one in found if one.lifted_at is not None],
            covered=lambda hold: covered(hold, seen),
            may_set=may("create", LegalHold) and bool(own_regions()),
            may_lift=lambda hold: may("edit", LegalHold) and may_lift(hold),
            covers=COVERS,
            kinds=kinds(),
            records=chosen(),
            regions=own_regions(),
            refused=refused,
            lifting=lifting,
        )
        return page, STATUS[refused.code] if refused else 200


def reason(name: str) -> str:
    """What the log is told as the reason of an attempt, taken or refused."""
    return request.form.get(name, "").strip()[:LONGEST]


def chosen() -> list[Choice]:
    """The record that the form or the address names, and what a search without script found."""
    table = request.values.get("kind", "official")
    wanted = request.form.get("record") or f"{table}{BETWEEN}{request.args.get('id', '')}"
    record = record_at(wanted)
    first = [choice_of(wanted.partition(BETWEEN)[0], record)] if record is not None else []
    found = found_by(table, request.form["sought"]) if request.form.get("sought") else []
    return [*first, *(one for one in found if one not in first)]


def asked_for() -> LegalHold:
    """The hold that the form asks for; `Refused` at the field that is wrong."""
    given = {name: typed(name) for name in WANTED}
    for name, sentence in WANTED.items():
        if not given[name]:
            raise Refused("field", sentence, name)
    scope = typed("scope")
    if scope not in SCOPES:
        raise Refused("field", say("Choose what it covers."), "scope")
    regions = {str(one.id): one.id for one in own_regions()}
    if not regions:
        raise Refused("duty", say("Holds are set by supervisors of a whole region."))
    region_id = regions.get(typed("region") or next(iter(regions)))
    if region_id is None:
        raise Refused("scope", say("This was not offered."), "region")
    hold = LegalHold(scope=scope, set_by_id=the_actor().id, set_at=now(), **given)
    if scope == "record":
        record = record_asked(typed("record"))
        hold.record_table, hold.record_key = subject_of(record)
        region_id = getattr(record, "region_id", None) or region_id
        if str(region_id) not in whole_regions():
            raise Refused("duty", say("Holds are set by supervisors of a whole region."))
    hold.region_id = region_id
    return hold


def lift(hold: LegalHold, reason: str) -> None:
    """Lift a hold that stands; `Refused` for a hold of another region, or without a reason."""
    if hold.lifted_at is not None:
        raise Refused("state", say("This hold was lifted already."))
    if not may_lift(hold):
        raise Refused("duty", say("The region that set this hold lifts it."))
    if not reason:
        raise Refused("reason", say("Say why it is lifted."), "lifted_reason")
    hold.lifted_at, hold.lifted_by_id, hold.lifted_reason = now(), the_actor().id, reason


def may_lift(hold: LegalHold) -> bool:
    """Whether the hold is of a region that the actor has as a whole."""
    return str(hold.region_id) in whole_regions()


def own_regions() -> list[Region]:
    """The regions that the actor holds as a whole."""
    mine = [int(one) for one in whole_regions()]
    rows = sa.select(Region).where(Region.id.in_(mine)).order_by(Region.kemendagri_code)
    return list(db.session.scalars(rows))


def records_of(found: Iterable[LegalHold]) -> Known:
    """The records that holds name and the reader may see; one statement for each kind."""
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for hold in found:
        if hold.record_table and hold.record_key:
            keys[hold.record_table].add(hold.record_key)
    return {table: in_scope(table, some) for table, some in keys.items()}


def covered(hold: LegalHold, seen: Known) -> tuple[Sentence | str, str | None]:
    """What a hold covers in words, and where that can be opened."""
    if hold.scope == "whole":
        return COVERS["whole"], None
    if hold.scope == "region":
        return say("Everything of %(region)s", region=hold.region), None
    table, screen = str(hold.record_table), screen_of(hold.record_table)
    record = seen.get(table, {}).get(str(hold.record_key))
    if record is None or screen is None:
        return say("%(kind)s %(id)s", kind=kind_of(table), id=hold.record_key), None
    return screen.title_of(record), url_for(f"{screen.endpoint}.details_view", id=hold.record_key)
