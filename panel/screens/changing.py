"""Bulk change of a list: rows are picked, a new value is typed once, and a proposal comes of it.

Nothing is written before somebody else approves. What may be changed so is named by the screen in
`bulk_fields`; a list without has no such action, and its addresses answer 404.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from flask import abort, flash, has_request_context, redirect, request, url_for
from flask_admin import expose
from flask_admin.actions import action

from ..plugin import current_panel
from ..proposals.rules import canonical
from ..words import Refused, say
from .acting import doing, may, note_refusal, subject_of, the_actor
from .answers import STATUS
from .change_rows import Looked, look
from .forms import SERVICE
from .guarding import verb
from .history import WithHistory
from .language import tell
from .placing import keys_at, list_behind
from .querying import find, key_of, parsed_key, scoped
from .values import screen_of

#: As many rows as one proposal changes, and as many as its preview lists one by one.
AT_ONCE, LISTED = 2_000, 500
#: The actions that lead here.
ACTIONS = {"change": say("Change several"), "change_all": say("Change all in this list")}


class Changing(WithHistory):
    """The pages from picked rows to a proposal."""

    #: Fields of the form that are changed for many records at once.
    bulk_fields: tuple[str, ...] = ()
    #: Loader options for what `before_save` looks at, so that no row asks by itself.
    bulk_joins: tuple[Any, ...] = ()
    #: The same for the records that a relation of the form names, by the relation.
    target_joins: dict[str, tuple[Any, ...]] = {}
    action_verbs = {**WithHistory.action_verbs, **dict.fromkeys(ACTIONS, "edit")}

    def is_action_allowed(self, name: str) -> bool:
        return (name not in ACTIONS or self.proposes()) and super().is_action_allowed(name)

    def get_actions_list(self) -> tuple[list[Any], dict[Any, Any]]:
        actions, asked = super().get_actions_list()
        return [(name, ACTIONS.get(name, text)) for name, text in actions], asked

    def proposes(self) -> bool:
        """Whether the actor may propose changes of this list."""
        if not self.bulk_fields or not has_request_context():
            return bool(self.bulk_fields)
        proposals = current_panel().proposals
        return proposals is not None and may("create", proposals.proposal)

    @action("change", "")
    def action_change(self, ids: Sequence[str]) -> Any:
        """The form of what shall change in the picked rows."""
        if not ids:
            raise Refused("field", say("Pick at least one record."))
        return self.change_page(self.keys_in(ids), self.change_form())

    @action("change_all", "")
    def action_change_all(self, ids: Sequence[str]) -> Any:
        """The same for all rows of the list as it is filtered now."""
        address = list_behind(self, request.form.get("url")) or url_for(".index_view")
        return self.change_page(keys_at(self, address, AT_ONCE), self.change_form())

    @expose("/change/", methods=("POST",))
    @verb("edit")
    def change_view(self) -> Any:
        """The preview: each row with what it is and becomes, is already, or is refused."""
        self.refuse_unproposed()
        keys, form = self.keys_in(request.form.get("ids", "").split(",")), self.change_form()
        if "back" in request.form:
            return self.change_page(keys, form)
        if not self.asked_well(form):
            return self.change_page(keys, form, 422)
        return self.preview_page(form, look(self, keys, form))

    @expose("/change/propose/", methods=("POST",))
    @verb("edit")
    def propose_view(self) -> Any:
        """The draft of a proposal; the same form sent again leads to the first one."""
        self.refuse_unproposed()
        keys, form = self.keys_in(request.form.get("ids", "").split(",")), self.change_form()
        token = self.token(form)
        before = self.sent_before(token)
        if before:
            return redirect(before, 303)
        if token is None or not self.asked_well(form):
            return self.change_page(keys, form, 422)
        with doing("proposal.create", reason=self.reason()) as deed:
            looked = look(self, keys, form)
            if request.form.get("seen") != self.print_of(looked):
                sentence = say("Some of these rows changed since the preview. Look at them again.")
                return self.preview_page(form, looked, Refused("stale", sentence))
            try:
                proposal = self.propose(form, looked)
                self.keep_place(token, self.place_of(proposal))
                deed.subject = subject_of(proposal)
                self.session.session.commit()
            except Refused as error:
                note_refusal("proposal.create", error.sentence)
                return self.preview_page(form, look(self, keys, form), error)
            location = self.place_of(proposal)
        flash(tell(say("The draft is made. Look at it, then submit it.")), "success")
        return redirect(location, 303)

    def propose(self, form: Any, looked: Looked) -> Any:
        """Write the proposal of what was looked at; the caller commits."""
        proposals, session = current_panel().proposals, self.session.session
        assert proposals is not None, "asked before"
        fields = ", ".join(tell(form[name].label.text) for name in self.ticked(form))
        title = say("%(kind)s: %(fields)s", kind=self.name, fields=fields)
        proposal = proposals.proposal(
            title=tell(title),
            origin="bulk",
            record_table=self.model.__tablename__,
            note=self.reason(),
            unchanged_count=len(looked.unchanged),
            refused_count=len(looked.refused),
        )
        proposals.propose(session, proposal, [row.item for row in looked.changed], the_actor())
        if find(proposals.proposal, proposal.id) is None:
            raise Refused("guard", say("So the record would lie outside of your scope."))
        return proposal

    # What is asked for

    def refuse_unproposed(self) -> None:
        """404 where the list has no such action; refused where the actor may make no proposal."""
        if not self.bulk_fields or current_panel().proposals is None:
            abort(404)
        if not self.proposes():
            raise Refused("role", say("No rule opens this."))

    def keys_in(self, texts: Iterable[str]) -> list[Any]:
        """The keys that a form names, each once; 404 where none is in scope, 422 for too many."""
        keys = [parsed_key(self.model, text) for text in dict.fromkeys(texts)]
        if not keys or None in keys:
            abort(404)
        if len(keys) > AT_ONCE:
            sentence = say(
                "At most %(most)s records are changed at once. Filter the list first.",
                most=AT_ONCE,
            )
            raise Refused("field", sentence)
        within = scoped(self.model, key_of(self.model)).where(key_of(self.model).in_(keys))
        if self.session.session.scalar(within.limit(1)) is None:
            abort(404)
        return keys

    def changeable(self) -> list[str]:
        """The fields that this actor may change so: none that is masked or out of his sight."""
        return [name for name in self.bulk_fields if self.fillable(name) and self.open(name)]

    def change_form(self) -> Any:
        """The create form, with nothing but these fields and its token."""
        form = self.create_form()
        for name in list(form._fields):
            if name not in SERVICE and name not in self.changeable():
                del form[name]
        return form

    def ticked(self, form: Any) -> list[str]:
        """The fields that shall change."""
        names = request.form.getlist("change")
        return [name for name in self.changeable() if name in names and name in form]

    def asked_well(self, form: Any) -> bool:
        """Whether the form names fields, values and a reason; what is wrong stands in it."""
        names = self.ticked(form)
        form.validate()
        for name, field in form._fields.items():
            if name not in names:
                field.errors = []
        form.form_errors = []
        if set(request.form.getlist("change")) - set(self.changeable()):
            abort(404)
        if not names:
            form.form_errors.append(tell(say("Tick at least one field that shall change.")))
        if not self.reason():
            form.form_errors.append(tell(say("Say why: whoever approves it reads the reason.")))
        return not form.errors

    # The pages

    def change_page(self, keys: list[Any], form: Any, status: int = 200) -> Any:
        """The fields to choose from."""
        if len(keys) > AT_ONCE:
            self.keys_in(map(str, keys))
        page = self.render(
            "panel/change.html",
            form=form,
            keys=keys,
            ticked=request.form.getlist("change") or self.changeable()[1:][:0],
            only=len(self.changeable()) == 1,
            reason=self.reason(),
            list_url=self.list_url(),
        )
        return page, status

    def preview_page(self, form: Any, looked: Looked, refused: Refused | None = None) -> Any:
        """What would become of each row."""
        names = self.ticked(form)
        values = [(name, value) for name in names for value in request.form.getlist(name)]
        page = self.render(
            "panel/change_preview.html",
            form=form,
            looked=looked,
            listed=LISTED,
            names=names,
            values=values,
            ids=",".join(map(str, looked.keys)),
            seen=self.print_of(looked),
            refused=refused,
            reason=self.reason(),
            list_url=self.list_url(),
        )
        return (page, STATUS[refused.code]) if refused else page

    def list_url(self) -> str:
        """The list that one came from."""
        own: str = url_for(".index_view")
        return list_behind(self, request.form.get("url")) or own

    def print_of(self, looked: Looked) -> str:
        """A fingerprint of what would be proposed."""
        items = [one.item for one in looked.changed]
        lines = "\n".join(f"{one.key}{canonical(one.table, one.values)}" for one in items)
        return hashlib.sha256(lines.encode()).hexdigest()

    def place_of(self, proposal: Any) -> str:
        """The address of a proposal."""
        return url_for(f"{screen_of(type(proposal)).endpoint}.details_view", id=proposal.id)

    def keep_place(self, token: str, location: str) -> None:
        """Keep where this sending led, in the transaction of the proposal."""
        tokens, session = current_panel().access.form_token, self.session.session
        session.add(tokens(hash=token, account_id=the_actor().id, location=location))
        session.flush()
