"""How typed text is understood: asked while a form is filled in, and told after it is saved.

The answer comes from the same field that the save asks. Nothing of it is written or logged, and
what was typed travels in the body of a request alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, jsonify, request
from flask_admin import expose
from werkzeug.datastructures import MultiDict
from wtforms import Field, FormField
from wtforms.fields import FieldList

from ..words import Sentence, say
from .acting import may
from .doubting import Doubting
from .fields import ReadField
from .guarding import verb
from .language import tell

#: Letters of a name or a text that one question may hold.
LONGEST = 2_000


@dataclass(frozen=True)
class Live:
    """Where a box asks how its text is read, and the field that is read beside it."""

    url: str
    beside: str


class Reading(Doubting):
    """Forms whose boxes say on leaving them how they were understood."""

    @expose("/ajax/read/", methods=("POST",))
    @verb("read")
    def ajax_read(self) -> Response:
        """How one field reads a text: the value in words, doubts, or what is wrong with it."""
        if not (may("create", self.model) or may("edit", self.model)):
            abort(403)
        if any(len(text) > LONGEST for pair in request.form.items() for text in pair):
            abort(413)
        wanted = request.form.get("field", "")
        sent = MultiDict((k, v) for k, v in request.form.items() if k not in ("field", "_reason"))
        form = self.cut(self._create_form_class(sent))
        found = [one for one in read_fields(form) if one[1].name == wanted and one[1].live]
        if not found:
            abort(404)
        return jsonify(self.answer_of(*found[0]))

    def answer_of(self, form: Any, field: ReadField) -> dict[str, Any]:
        """What the page shows under the box; an error here stops nothing."""
        field.validate(form)
        understood = field.understood()
        if field.errors and field.proposed is None:
            return {"said": "", "doubts": [], "error": " ".join(map(tell, field.errors))}
        doubts = [tell(doubt.sentence) for doubt in field.doubts]
        if understood is None:
            return {"said": "", "doubts": doubts, "error": ""}
        said = say("Read as: %(text)s", text=understood)
        if field.rewritten():
            why = "; ".join(map(tell, field.rewritten()))
            said = say("Read as: %(text)s — %(why)s", text=understood, why=why)
        return {"said": tell(said), "doubts": doubts, "error": ""}

    def rewritten_in(self, form: Any) -> list[Sentence]:
        """Which fields of a saved form hold something else than what was typed, and why."""
        told = []
        for _held, field in read_fields(form):
            why = field.rewritten() if field.raw_data else []
            if why:
                reasons = "; ".join(map(tell, why))
                sentence = say("%(field)s: %(why)s.", field=field.label.text, why=reasons)
                told += [] if sentence in told else [sentence]
        return told


def read_fields(form: Any) -> Iterator[tuple[Any, ReadField]]:
    """The fields of a form, and of the forms inside of it, that read what was typed."""
    for field in form:
        if isinstance(field, ReadField):
            yield form, field
        for entry in field.entries if isinstance(field, FieldList) else ():
            if isinstance(entry, FormField):
                yield from read_fields(entry.form)


def live(field: Field, view: Any) -> Live | None:
    """Where a box of a record's form asks how its text is read, or None."""
    if not getattr(field, "live", False) or not hasattr(view, "ajax_read"):
        return None
    return Live(view.get_url(".ajax_read"), getattr(field, "beside", None) or "")
