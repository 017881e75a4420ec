"""What every picture must keep to: it is whole, and it has not too many pixels. Pure."""

from __future__ import annotations

from typing import Final

from ..words import Refused, say

#: Most pixels; a few kilobytes can unpack to gigabytes in the viewer of whoever opens them.
PIXELS: Final = 40_000_000
#: Most segments or chunks; a whole picture has a few hundred.
PARTS: Final = 20_000


def broken() -> Refused:
    """The refusal of a picture that ends too early or contradicts itself."""
    return Refused("field", say("The picture is broken or cut off. Save it again and attach that."))


def check_pixels(width: int, height: int) -> None:
    """Refuse a picture without pixels, or with too many."""
    if not width or not height:
        raise broken()
    if width * height > PIXELS:
        sentence = say(
            "The picture is too large: %(width)s × %(height)s pixels. At most %(most)s million.",
            width=width,
            height=height,
            most=PIXELS // 1_000_000,
        )
        raise Refused("field", sentence)
