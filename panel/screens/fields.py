"""Fields that read what was typed: text, days, times, numbers; and a form's token.

A field's reader gives a `Checked` or raises `Wrong`; the sentence stands at the field, doubts in
`field.doubts`, and what was typed stays in the box. A field that is `live` says on leaving it how
it was understood.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Any

from wtforms import Field, StringField, widgets
from wtforms.validators import StopValidation

from ..dates import PartialDate, clock_time, partial_date, show_time, whole_date
from ..typed import LINE, PAGE, Checked, Doubt, Wrong, tidy
from ..words import Sentence, say
from .language import partial_date as partial_date_in_words
from .language import tell

Read = Callable[[str], Checked[Any]]

#: a posted text longer than this is not sent back into its box
ECHO = 100_000


class ReadField(StringField):
    """A line of text that `read` turns into a value, and `show` turns back into text.

    Blank is None; a required field refuses blanks too, and leftovers that only look like text.
    """

    read: Read
    show: Callable[[Any], str] = staticmethod(str)
    #: Whether the page asks, when the box is left, how its text was understood.
    live = False
    #: Help under the label where the form gives none.
    example: Any = ""
    #: Name of another field of the form that the reader looks at as well.
    beside: str | None = None

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        if "read" in options:
            self.read = options.pop("read")
        if "show" in options:
            self.show = options.pop("show")
        options["description"] = options.get("description") or self.example
        super().__init__(label, validators, **options)
        self.wrong: Wrong | None = None
        self.doubts: tuple[Doubt, ...] = ()
        #: what to offer in the box instead of what was typed
        self.proposed: str | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was posted; a field that was not posted keeps the record's value."""
        if valuelist:
            self.take(valuelist[0])

    def take(self, text: str) -> None:
        """Read `text` and keep the value, or what is wrong with it."""
        self.wrong, self.doubts, self.data = None, (), None
        if not text.strip():
            return
        try:
            checked = self.read(text)
        except Wrong as wrong:
            # leftovers that nobody sees are as good as nothing
            self.wrong = None if wrong.fault == "empty" else wrong
        else:
            self.data = None if checked.value == "" else checked.value
            self.doubts = checked.warnings

    def pre_validate(self, form: Any) -> None:
        """Say what is wrong before any validator can take it for an empty field."""
        if self.wrong:
            raise StopValidation(tell(self.wrong.sentence))
        if self.data is None and self.flags.required:
            raise self.refuse(say("This field is required."))

    def understood(self) -> Any:
        """The value in the reader's words, or None where there is nothing to tell."""
        return None if self.data is None else self.show(self.data)

    def rewritten(self) -> list[Sentence]:
        """Why what is kept is not what was typed, as parts of a sentence that name no value."""
        return []

    @property
    def typed(self) -> str:
        """What was posted, without blanks around it."""
        return str(self.raw_data[0]).strip() if self.raw_data else ""

    def refuse(self, sentence: Sentence) -> StopValidation:
        """The refusal to raise from a subclass's `pre_validate`."""
        return StopValidation(tell(sentence))

    def _value(self) -> str:
        if self.proposed is not None:
            return self.proposed
        if self.wrong and self.raw_data and len(self.raw_data[0]) <= ECHO:
            return self.raw_data[0]
        return "" if self.data is None else self.show(self.data)


class TextField(ReadField):
    """One line of plain text, at most `most` characters."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        self.most = options.pop("most", LINE)
        super().__init__(label, validators, **options)

    def read(self, text: str) -> Checked[str]:
        """The text in plain form."""
        return Checked(tidy(text, most=self.most))


class LongTextField(TextField):
    """Several lines of plain text, at most `most` characters."""

    widget = widgets.TextArea()

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        options.setdefault("most", PAGE)
        super().__init__(label, validators, **options)

    def read(self, text: str) -> Checked[str]:
        """The text in plain form, with its lines."""
        return Checked(tidy(text, most=self.most, lines=True))


class DateField(ReadField):
    """A whole day in the browser's own date box; "18/11/2025" is read as well."""

    widget = widgets.DateInput()
    read = staticmethod(whole_date)
    show = staticmethod(lambda day: day.isoformat())

    def take(self, text: str) -> None:
        """Read `text`; a date box would drop what is no date, so a line keeps it."""
        super().take(text)
        if self.wrong:
            self.widget = widgets.TextInput()


class PartialDateField(ReadField):
    """A day, a month or a year in words: "Maret 2024"; its value is a `PartialDate`."""

    read = staticmethod(partial_date)
    live = True
    example = say("As far as it is known: 2024, March 2024 or 18/11/2025.")

    def show(self, value: PartialDate) -> str:
        """The date in the reader's words, which are read back."""
        return partial_date_in_words(value.first, value.precision)

    def understood(self) -> Any:
        """The date, and how much of it is known."""
        if self.data is None or self.data.precision == "day":
            return super().understood()
        known = {"month": say("%(date)s (month only)"), "year": say("%(date)s (year only)")}
        return say(known[self.data.precision].id, date=self.show(self.data))


class TimeField(ReadField):
    """A time of day: "7.30", "07:30"."""

    read = staticmethod(clock_time)
    show = staticmethod(show_time)
    live = True
    example = say("For example 7.30.")


class NumberField(ReadField):
    """A whole number from `least` to `most`."""

    live = True

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        self.least = options.pop("least", 0)
        self.most = options.pop("most", 999_999_999)
        options.setdefault("render_kw", {"inputmode": "numeric"})
        super().__init__(label, validators, **options)

    def read(self, text: str) -> Checked[int]:
        """The number, or `Wrong`: not a number, or out of bounds."""
        digits = text.strip()
        if len(digits) <= 12 and re.fullmatch(r"-?[0-9]+", digits):
            number = int(digits)
            if self.least <= number <= self.most:
                return Checked(number)
        sentence = say(
            "Type a whole number from %(least)s to %(most)s.", least=self.least, most=self.most
        )
        raise Wrong("number", sentence)

    def understood(self) -> Any:
        """Nothing: a number that is one looks as it was typed."""
        return None


class OnceField(Field):
    """A random token that makes a form count once; who saves spends it in the same transaction.

    Nothing is kept when the form is shown: only spent tokens are rows.
    """

    widget = widgets.HiddenInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """The token that was posted, if it has the shape of one."""
        text = valuelist[0] if valuelist else ""
        self.data = text if re.fullmatch(r"[A-Za-z0-9_-]{16,64}", text) else None

    def pre_validate(self, form: Any) -> None:
        """Refuse a form without its token."""
        if self.data is None:
            sentence = say("The form is incomplete. It was loaded again; check it and save.")
            raise StopValidation(tell(sentence))

    def populate_obj(self, obj: Any, name: str) -> None:
        """A token is no part of the record."""

    def _value(self) -> str:
        # a refused form keeps its token: it has not been spent
        self.data = self.data or secrets.token_urlsafe(24)
        return self.data
