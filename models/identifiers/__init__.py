"""Numbers and names of officials: one pure function for each, the same in form, file and command.

Each reads what was typed and returns a `Checked` (value to store, detail, warnings) or raises
`Wrong` (fault code, sentence). No sentence repeats a number. "Today" is a parameter.
"""

from panel.typed import Checked, Doubt, Wrong

from .grades import GRADES, Grade, grade, show_grade
from .names import PersonName, person_name, show_name, titles_after, titles_before
from .niks import looks_like_nik, nik
from .nips import Nip, mask_nip, nip, nip_facts, retirement_age, retires_on, show_nip
from .phones import mask_phone, phone, show_phone, whatsapp_link

__all__ = [
    "GRADES",
    "Checked",
    "Doubt",
    "Grade",
    "Nip",
    "PersonName",
    "Wrong",
    "grade",
    "looks_like_nik",
    "mask_nip",
    "mask_phone",
    "nik",
    "nip",
    "nip_facts",
    "person_name",
    "phone",
    "retirement_age",
    "retires_on",
    "show_grade",
    "show_name",
    "show_nip",
    "show_phone",
    "titles_after",
    "titles_before",
    "whatsapp_link",
]
