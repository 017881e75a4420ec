"""Fields of the domain: NIP, telephone, names with titles, grade, read by `models.identifiers`."""

from __future__ import annotations

from typing import Any

from wtforms import Form, widgets

from models import identifiers
from panel.screens.fields import ReadField
from panel.typed import Checked, tidy
from panel.words import say

#: a title that may as well be a person's first initial is not taken away
INITIALS = {"R."}


class NipField(ReadField):
    """A NIP; `employment` names the field that says what kind of number belongs to the person."""

    read = staticmethod(identifiers.nip)
    show = staticmethod(identifiers.show_nip)

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        self.employment: str | None = options.pop("employment", None)
        options.setdefault("render_kw", {"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(label, validators, **options)

    def pre_validate(self, form: Form) -> None:
        """Read the number again beside the type of employment: an elected official has none."""
        if self.employment in form and self.raw_data and self.raw_data[0].strip():
            kind = form[self.employment].data
            reader = self.read
            self.read = lambda text: reader(text, employment_type=kind)
            self.take(self.raw_data[0])
        super().pre_validate(form)


class PhoneField(ReadField):
    """A telephone number, kept as +62… and shown as 0812-3456-7890."""

    widget = widgets.TelInput()
    read = staticmethod(identifiers.phone)
    show = staticmethod(identifiers.show_phone)


class GradeField(ReadField):
    """A grade as people write it, kept as its code: "Pembina Tk. I" is IV/b."""

    read = staticmethod(identifiers.grade)
    show = staticmethod(identifiers.show_grade)


class TitlesBeforeField(ReadField):
    """Titles before a name, in their written form."""

    read = staticmethod(identifiers.titles_before)


class TitlesAfterField(ReadField):
    """Titles behind a name, in their written form."""

    read = staticmethod(identifiers.titles_after)


class FullNameField(ReadField):
    """A name without titles. Titles typed with it are moved to their fields and shown for a yes.

    `before` and `after` name those fields. Upper and lower case stay as they were typed.
    """

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        self.before: str = options.pop("before", "title_prefix")
        self.after: str = options.pop("after", "title_suffix")
        self.parts: identifiers.PersonName | None = None
        super().__init__(label, validators, **options)

    def read(self, text: str) -> Checked[str]:
        """The name as it was typed; its parts are kept for the proposal."""
        checked = identifiers.person_name(text)
        self.parts = checked.value
        return Checked(tidy(text), (), checked.warnings)

    def pre_validate(self, form: Form) -> None:
        """Propose the split when there are titles in the name."""
        super().pre_validate(form)
        if self.data is None or self.parts is None or not self._holds_titles(self.parts):
            return
        self.proposed = self.parts.name
        _add(form, self.before, self.parts.prefix, " ")
        _add(form, self.after, self.parts.suffix, ", ")
        sentence = say("Titles have fields of their own and were moved there. Check them and save.")
        raise self.refuse(sentence)

    @staticmethod
    def _holds_titles(parts: identifiers.PersonName) -> bool:
        return bool(parts.suffix) or bool(parts.prefix and parts.prefix not in INITIALS)


def _add(form: Form, name: str, titles: str, between: str) -> None:
    """Propose `titles` in the field `name`, behind what stands there already."""
    if not titles or name not in form:
        return
    present = form[name].data or ""
    known = titles in present
    form[name].proposed = present if known else between.join(filter(None, (present, titles)))
