"""What the columns of a roster may hold, by the kind of list, and how offices head them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from panel.words import Sentence, say


@dataclass(frozen=True)
class Field:
    """One thing that a column may say; `ignored` ones are known and left unread."""

    name: str
    label: Sentence
    synonyms: tuple[str, ...]
    ignored: bool = False


NUMBER = Field("number", say("Running number"), ("No", "No.", "Nomor", "No Urut", "Urut"), True)
SIGNATURE = Field(
    "signature", say("Signature"), ("Tanda tangan", "TTD", "Paraf", "Tandatangan"), True
)
NAME_NIP = Field(
    "name_nip",
    say("Name and NIP in one cell"),
    ("Nama/NIP", "Nama dan NIP", "Nama, NIP", "Nama & NIP", "Nama Pejabat/NIP", "Nama Lengkap/NIP"),
)
NAME = Field(
    "name",
    say("Name"),
    ("Nama", "Nama Lengkap", "Nama Pejabat", "Nama Pegawai", "Nama ASN", "Nama Peserta", "Name"),
)
PREFIX = Field("title_prefix", say("Titles before"), ("Gelar Depan", "Gelar di depan"))
SUFFIX = Field("title_suffix", say("Titles after"), ("Gelar Belakang", "Gelar di belakang"))
NIP = Field("nip", say("NIP"), ("NIP", "NIP Baru", "Nomor Induk Pegawai", "NIP/NI PPPK", "NIP ASN"))
GRADE = Field(
    "grade",
    say("Grade"),
    (
        *("Gol", "Gol.", "Golongan", "Gol/Ruang", "Gol. Ruang", "Golongan/Ruang", "Pangkat"),
        *("Pangkat/Golongan", "Pangkat/Gol", "Pangkat/Gol.", "Pangkat/Gol. Ruang"),
        *("Pangkat, Gol/Ruang", "Pangkat Golongan"),
    ),
)
EMPLOYMENT = Field(
    "employment", say("Employment"), ("Status Kepegawaian", "Jenis Kepegawaian", "Status Pegawai")
)
POST = Field("post", say("Post"), ("Jabatan", "Nama Jabatan", "Jabatan Baru", "Jabatan Sekarang"))
STATUS = Field(
    "status",
    say("Kind of appointment"),
    ("Status Jabatan", "Definitif/Plt", "Status Penugasan", "Definitif/Plt/Plh"),
)
UNIT = Field(
    "unit",
    say("Unit"),
    ("Unit Kerja", "SKPD", "OPD", "Perangkat Daerah", "Instansi", "Unit", "Unit Organisasi"),
)
VILLAGE = Field("village", say("Urban village"), ("Kelurahan", "Kel", "Kel.", "Desa/Kelurahan"))
DISTRICT = Field("district", say("District"), ("Kecamatan", "Kec", "Kec."))
PHONE = Field(
    "phone",
    say("Telephone"),
    (
        *("No. HP/WA", "No HP", "No. HP", "HP", "Telepon", "No. Telepon", "Telp", "No. Telp"),
        *("WA", "No. WA", "WhatsApp", "Nomor HP", "Nomor WA", "Nomor Telepon", "HP/WA", "Kontak"),
    ),
)
SPOUSE = Field(
    "spouse",
    say("Name of the spouse"),
    (
        *("Nama Istri/Suami", "Nama Suami/Istri", "Istri/Suami", "Suami/Istri", "Nama Istri"),
        *("Nama Suami", "Pasangan", "Nama Pasangan", "Istri", "Suami"),
    ),
)
SPOUSE_PHONE = Field(
    "spouse_phone",
    say("Telephone of the spouse"),
    ("No. HP Pasangan", "HP Pasangan", "No. HP Istri/Suami", "HP Istri/Suami", "No. WA Pasangan"),
)
MARRIED = Field("married_on", say("Married since"), ("Tanggal Nikah", "Menikah Tanggal"))
SINCE = Field(
    "started_on",
    say("Since"),
    ("TMT", "TMT Jabatan", "Terhitung Mulai Tanggal", "Tanggal Pelantikan", "Tgl Pelantikan"),
)
DECREE = Field("decree_no", say("Decree"), ("No. SK", "Nomor SK", "No SK", "SK", "No. SK Jabatan"))
MARK = Field("mark", say("Attendance"), ("Kehadiran", "Hadir", "Status Kehadiran", "Absensi"))
SPOUSE_MARK = Field(
    "spouse_mark",
    say("Attendance of the spouse"),
    ("Kehadiran Pasangan", "Pasangan Hadir", "Hadir Pasangan", "Kehadiran Istri/Suami"),
)
NOTE = Field("note", say("Note"), ("Keterangan", "Ket", "Ket.", "Catatan"))

_PERSON = (NUMBER, NAME_NIP, NAME, PREFIX, SUFFIX, NIP)
_SEAT = (POST, STATUS, UNIT, VILLAGE, DISTRICT, SINCE, DECREE)
#: The fields of each kind of list, in the order in which they are offered.
FIELDS: Final[Mapping[str, tuple[Field, ...]]] = {
    "officials": (
        *_PERSON,
        *(GRADE, EMPLOYMENT),
        *_SEAT,
        *(PHONE, SPOUSE, SPOUSE_PHONE, NOTE, SIGNATURE),
    ),
    "appointments": (*_PERSON, *_SEAT, NOTE, SIGNATURE),
    "rotation": (*_PERSON, GRADE, EMPLOYMENT, *_SEAT, PHONE, NOTE, SIGNATURE),
    "spouses": (*_PERSON, SPOUSE, SPOUSE_PHONE, MARRIED, NOTE, SIGNATURE),
    "attendance": (*_PERSON, MARK, SPOUSE_MARK, NOTE, SIGNATURE),
}
#: What a list of a kind cannot do without: one of each line.
NEEDED: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "officials": (("name", "name_nip"),),
    "appointments": (("name", "name_nip", "nip"), ("post",)),
    "rotation": (("name", "name_nip"), ("post",)),
    "spouses": (("name", "name_nip", "nip"), ("spouse",)),
    "attendance": (("name", "name_nip", "nip"), ("mark", "spouse_mark")),
}


def field_of(kind: str, name: str) -> Field:
    """The field of a kind of list by its name; KeyError for none."""
    return {one.name: one for one in FIELDS[kind]}[name]


def synonyms_of(kind: str) -> dict[str, tuple[str, ...]]:
    """How each field of a kind is headed."""
    return {one.name: one.synonyms for one in FIELDS[kind]}


def missing(kind: str, columns: Mapping[str, int]) -> Sentence | None:
    """What a mapping of columns lacks, or None."""
    for names in NEEDED[kind]:
        if not any(name in columns for name in names):
            labels = tuple(field_of(kind, name).label for name in names)
            return say("Choose the column of one of these: %(fields)s.", fields=labels)
    return None
