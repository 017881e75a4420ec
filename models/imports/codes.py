"""Words that lists use for employment, kinds of appointment and attendance, as codes.

A word is looked up without case, blanks and signs; a sign that stands alone, as it is.
"""

from __future__ import annotations

from typing import Final

from panel.words import say

NOT_EMPLOYMENT = say("This is not a type of employment. Write PNS, PPPK or elected.")
NOT_A_KIND = say("This is not a kind of appointment. Write definitif, Plt., Plh. or Pj.")
NOT_A_MARK = say("This is no attendance. Write hadir, izin, sakit, dinas, diwakili or tanpa kabar.")

EMPLOYMENTS: Final = {
    "pns": "asn_pns",
    "asnpns": "asn_pns",
    "asn": "asn_pns",
    "pppk": "asn_pppk",
    "asnpppk": "asn_pppk",
    "p3k": "asn_pppk",
    "pejabatnegara": "elected",
    "elected": "elected",
    "lainnya": "other",
    "nonasn": "other",
    "other": "other",
}
STATUSES: Final = {
    "definitif": "definitive",
    "definitive": "definitive",
    "def": "definitive",
    "plt": "acting_vacant",
    "pelaksanatugas": "acting_vacant",
    "plh": "acting_absent",
    "pelaksanaharian": "acting_absent",
    "pj": "interim",
    "pjs": "interim",
    "penjabat": "interim",
}
#: How lists mark who does not hold a post definitively.
ACTING_MARKS: Final = {"acting_vacant": "Plt.", "acting_absent": "Plh.", "interim": "Pj."}
MARKS: Final = {
    **dict.fromkeys(("hadir", "h", "v", "\u2713", "\u2714", "\u221a", "ya", "ada", "1"), "present"),
    **dict.fromkeys(("izin", "ijin", "i"), "excused"),
    **dict.fromkeys(("sakit", "s"), "sick"),
    **dict.fromkeys(("dinas", "dinasluar", "dl", "d", "tugas", "tugasluar"), "on_duty"),
    **dict.fromkeys(("diwakili", "mewakili", "wakil", "w"), "represented"),
    **dict.fromkeys(
        ("tanpakabar", "tanpaketerangan", "tidakhadir", "alpa", "alpha", "a", "tk", "th", "absen"),
        "absent",
    ),
}
