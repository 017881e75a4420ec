"""Fields of the domain: NIP, telephone, names with titles, grade, read by `models.identifiers`."""

from __future__ import annotations

import re
from typing import Any

from babel.dates import format_date
from wtforms import Form, widgets

from models import identifiers
from panel.screens.fields import ReadField
from panel.screens.language import language
from panel.typed import Checked, tidy
from panel.words import Sentence, say

#: a title that may as well be a person's first initial is not taken away
INITIALS = {"R."}

BLANKS_TAKEN_OUT = say("blanks, dots and dashes were taken out")
WRITTEN_AS_USUAL = say("written in the usual form")


class NipField(ReadField):
    """A NIP; `employment` names the field that says what kind of number belongs to the person."""

    read = staticmethod(identifiers.nip)
    show = staticmethod(identifiers.show_nip)
    live = True
    example = say("Eighteen digits. Blanks and dots may stay; they are taken out.")

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        self.employment: str | None = options.pop("employment", None)
        self.beside = self.employment
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

    def understood(self) -> Any:
        """What the number says of its holder, to be compared with the decree."""
        if self.data is None:
            return None
        facts = identifiers.nip_facts(self.data)
        month = "MMMM y" if facts.month else "y"
        values = {
            "kind": facts.kind,
            "born": format_date(facts.born, "d MMMM y", locale=language()),
            "appointed": format_date(
                facts.born.replace(year=facts.year, month=facts.month or 1, day=1),
                month,
                locale=language(),
            ),
        }
        if facts.sex == "L":
            return say("%(kind)s, born %(born)s, appointed %(appointed)s, a man", **values)
        return say("%(kind)s, born %(born)s, appointed %(appointed)s, a woman", **values)

    def rewritten(self) -> list[Sentence]:
        """The number is kept as its digits alone."""
        same = self.data is None or self.typed in (self.data, self.show(self.data))
        return [] if same else [BLANKS_TAKEN_OUT]


class PhoneField(ReadField):
    """A telephone number, kept as +62… and shown as 0812-3456-7890."""

    widget = widgets.TelInput()
    read = staticmethod(identifiers.phone)
    show = staticmethod(identifiers.show_phone)
    live = True
    example = say("One number. 08 or +62; blanks and dashes may stay.")

    def rewritten(self) -> list[Sentence]:
        """The number is kept with the country's code and without signs."""
        if self.data is None or self.typed in (self.data, self.show(self.data)):
            return []
        signs = re.search(r"\d[^\d]+\d", self.typed) is not None
        kept = (
            [] if self.typed.startswith("+62") else [say("kept with +62 in place of the first 0")]
        )
        return kept + [BLANKS_TAKEN_OUT] * signs


class GradeField(ReadField):
    """A grade as people write it, kept as its code: "Pembina Tk. I" is IV/b."""

    read = staticmethod(identifiers.grade)
    show = staticmethod(identifiers.show_grade)
    live = True


class TitlesField(ReadField):
    """Titles in their written form."""

    live = True

    def rewritten(self) -> list[Sentence]:
        """Titles that were typed in another form."""
        same = self.data is None or self.typed == self.show(self.data)
        return [] if same else [WRITTEN_AS_USUAL]


class TitlesBeforeField(TitlesField):
    """Titles before a name."""

    read = staticmethod(identifiers.titles_before)


class TitlesAfterField(TitlesField):
    """Titles behind a name."""

    read = staticmethod(identifiers.titles_after)


class FullNameField(ReadField):
    """A name without titles. Titles typed with it are moved to their fields and shown for a yes.

    `before` and `after` name those fields. Upper and lower case stay as they were typed.
    """

    live = True

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

    def understood(self) -> Any:
        """Name and titles apart, when titles were typed with the name; else nothing to tell."""
        if self.data is None or self.parts is None or not self._holds_titles(self.parts):
            return None
        titles = ", ".join(filter(None, (self.parts.prefix, self.parts.suffix)))
        return say(
            "name %(name)s, titles %(titles)s; they have fields of their own",
            name=self.parts.name,
            titles=titles,
        )

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
