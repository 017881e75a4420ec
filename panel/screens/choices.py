"""Choices that depend on another field of the same form, checked again by the server.

Without script every choice is offered under a name that says where it belongs; a script may hide
those whose ``data-of`` is not the value of the field named in ``data-depends-on``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from wtforms import widgets
from wtforms.fields import SelectFieldBase
from wtforms.validators import StopValidation, ValidationError

from ..words import say
from .language import tell

ELSEWHERE = say("This choice belongs elsewhere. Choose again after the field above.")
UNKNOWN = say("Choose one of the choices offered.")


class Choice(NamedTuple):
    """One choice, and the value of the other field under which it may be chosen."""

    value: Any
    label: str
    of: Any


class DependentSelectField(SelectFieldBase):
    """A select whose choices belong to the value of the field named `on`.

    `choices` is asked anew for each form and must itself keep to the actor's scope: what it does
    not give is refused, whatever was posted.
    """

    widget = widgets.Select()

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        self.on: str = options.pop("on")
        self.choices: Callable[[], Iterable[Choice]] = options.pop("choices")
        self.allow_blank: bool = options.pop("allow_blank", False)
        super().__init__(label, validators, **options)
        self.render_kw = {**(self.render_kw or {}), "data-depends-on": self.on}
        self._known: list[Choice] | None = None
        self._unknown = False

    def known(self) -> list[Choice]:
        """The choices of this form, asked for once."""
        if self._known is None:
            self._known = list(self.choices())
        return self._known

    def iter_choices(self) -> Iterator[Any]:
        """Every choice with what it belongs to."""
        blank = say("not filled in") if self.allow_blank else say("Choose")
        yield "", tell(blank), self.data is None, {}
        for choice in self.known():
            yield str(choice.value), choice.label, choice.value == self.data, {"data-of": choice.of}

    def process_formdata(self, valuelist: list[str]) -> None:
        """The choice whose value was posted, as it was given: numbers stay numbers."""
        if not valuelist:
            return
        posted = valuelist[0]
        chosen = next((one for one in self.known() if str(one.value) == posted), None)
        self.data = chosen.value if chosen else None
        self._unknown = chosen is None and posted != ""

    def pre_validate(self, form: Any) -> None:
        """Refuse what was not offered, and what belongs to another value of the other field."""
        if self._unknown:
            raise StopValidation(tell(UNKNOWN))
        if self.data is None:
            if self.allow_blank:
                return
            raise StopValidation(tell(say("Choose one.")))
        other = _key(form[self.on].data)
        if not any(one.value == self.data and _key(one.of) == other for one in self.known()):
            raise StopValidation(tell(ELSEWHERE))


class BelongsTo:
    """Validator of a field that holds a record: `of(record)` must be the one in the field `on`."""

    def __init__(self, on: str, of: Callable[[Any], Any]) -> None:
        self.on = on
        self.of = of

    def __call__(self, form: Any, field: Any) -> None:
        """Refuse a record that belongs to another one than the form names."""
        if field.data is not None and _key(self.of(field.data)) != _key(form[self.on].data):
            raise ValidationError(tell(ELSEWHERE))


def _key(value: Any) -> str:
    """Values and records compared as the browser sends them: by their key."""
    return "" if value is None else str(getattr(value, "id", value))
