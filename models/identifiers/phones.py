"""Phone numbers: stored as +62…, shown as 0812-3456-7890, linked to wa.me."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from panel.typed import Checked, Doubt, Wrong, tidy
from panel.words import say

from .digits import EMPTY, NUMERIC_CELL, Cell

#: area codes of two digits after the zero; all others have three
SHORT_AREAS: Final = frozenset({"21", "22", "24", "31", "61"})
#: digits with the leading zero
MOBILE_LENGTH: Final = range(10, 14)
LANDLINE_LENGTH: Final = range(9, 13)

_SEVERAL = re.compile(r"[/,;|&\n]| dan | atau ", re.IGNORECASE)
_SIGNS = re.compile(r"[\s.()\-\u2010-\u2015\u2212]")
_NUMBER = re.compile(r"\+?[0-9]+")


def phone(typed: object, *, cell: Cell = "text") -> Checked[str]:
    """The number as +62…, with detail ("mobile",) or ("landline",), or `Wrong`.

    A number cell is taken: Excel eats the leading zero only, and it is put back.
    """
    text = _as_text(typed).lstrip("'\u2018\u2019`")
    if _is_several(text):
        raise Wrong("not_digits", say("There are two numbers in one field. Choose one."))
    text = _SIGNS.sub("", text)
    if not text:
        raise Wrong("empty", EMPTY)
    if not _NUMBER.fullmatch(text):
        sentence = say("A phone number has digits only. Begin with 08 or +62.")
        raise Wrong("not_digits", sentence)
    national = _national(text)
    mobile = national.startswith("8")
    if len(national) + 1 not in (MOBILE_LENGTH if mobile else LANDLINE_LENGTH):
        sentence = say(
            "A mobile number has 10 to 13 digits with its leading 0, an office number 9 to 12; "
            "there are %(found)s here.",
            found=len(national) + 1,
        )
        raise Wrong("length", sentence)
    if mobile:
        return Checked(f"+62{national}", ("mobile",))
    doubt = Doubt("no_whatsapp", say("This is an office number; it cannot be reached by WhatsApp."))
    return Checked(f"+62{national}", ("landline",), (doubt,))


def _as_text(typed: object) -> str:
    if isinstance(typed, str):
        # line breaks are kept: two numbers often stand on two lines of one cell
        return tidy(typed, most=255, lines=True)
    if isinstance(typed, int) and typed > 0:
        return str(typed) if typed < 10**20 else "9" * 20
    if isinstance(typed, float) and typed.is_integer() and 0 < typed < 2**53:
        return str(int(typed))
    raise Wrong("numeric_cell", NUMERIC_CELL)


def _is_several(text: str) -> bool:
    """Two long runs of digits, parted by a sign or standing side by side with room for both."""
    parts = [re.sub(r"[^0-9]", "", part) for part in _SEVERAL.split(text)]
    return sum(len(part) >= 5 for part in parts) > 1 or any(len(part) >= 18 for part in parts)


def _national(text: str) -> str:
    """The digits after the country code, without the zero; `Wrong` for other beginnings."""
    if text.startswith("00"):
        text = "+" + text[2:]
    if text.startswith("+62"):
        national = text[3:].removeprefix("0")
    elif text.startswith("62"):
        national = text[2:].removeprefix("0")
    elif text.startswith("0"):
        national = text[1:]
    elif text.startswith("8"):
        national = text
    else:
        national = ""
    # no area or operator begins with 0 or 1, and 080 numbers are no phones of people
    if national[:1] in {"", "0", "1"} or national.startswith("80"):
        raise Wrong("prefix", say("A phone number begins with 08, 0 and the area code, or +62."))
    return national


def show_phone(value: str | None) -> str:
    """The number as people read it: 0812-3456-7890, (0254) 210538."""
    if not value:
        return ""
    national = value.removeprefix("+62")
    if national.startswith("8"):
        digits = "0" + national
        return "-".join(filter(None, (digits[:4], digits[4:8], digits[8:])))
    area = 2 if national[:2] in SHORT_AREAS else 3
    return f"(0{national[:area]}) {national[area:]}"


def mask_phone(value: str | None) -> str:
    """The number for those who may not read it: only the last three digits."""
    return f"•••• {value[-3:]}" if value else ""


def whatsapp_link(value: str | None, text: str = "") -> str | None:
    """The wa.me link with `text` filled in; None where WhatsApp cannot reach."""
    if not value or not value.startswith("+628"):
        return None
    link = f"https://wa.me/{value[1:]}"
    return f"{link}?text={quote(text)}" if text else link
