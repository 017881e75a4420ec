"""Words of the office that mean the same: whoever searches by one finds the others. Pure.

The names of the tiers are data and stand in their table, with their synonyms.
"""

from __future__ import annotations

from typing import Final

SAME: Final[tuple[tuple[str, ...], ...]] = (
    ("pasangan", "istri", "isteri", "suami"),
    ("wali kota", "walikota"),
    ("wakil wali kota", "wakil walikota", "wawali"),
    ("sekda", "sekretaris daerah"),
    ("sekdis", "sekretaris dinas"),
    ("kadis", "kepala dinas"),
    ("kaban", "kepala badan"),
    ("kabag", "kepala bagian"),
    ("kabid", "kepala bidang"),
    ("camat", "kepala kecamatan"),
    ("sekcam", "sekretaris kecamatan"),
    ("lurah", "kepala kelurahan"),
    ("inspektur", "kepala inspektorat"),
    ("opd", "perangkat daerah", "dinas"),
    ("plt", "pelaksana tugas"),
    ("plh", "pelaksana harian"),
    ("pj", "penjabat"),
    ("bimtek", "bimbingan teknis"),
    ("narasumber", "pembicara", "pemateri"),
    ("rtl", "rencana tindak lanjut", "rencana aksi"),
    ("bukti dukung", "eviden"),
    ("lembar hadir", "daftar hadir"),
    ("surat keputusan", "sk"),
    ("kpk", "komisi pemberantasan korupsi"),
    ("dprd", "dewan perwakilan rakyat daerah"),
)
