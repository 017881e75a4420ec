"""Attendance sheets follow a process, and hold their marks

A sheet that was marked as signed begins open: nobody could sign by a step before, so there is no
decision that would stand for it. The log keeps who was written there and when.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import importlib

import sqlalchemy as sa
from alembic import op

from models.migrations.beginning import LAID, begin

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

rebuilt = importlib.import_module("models.migrations.versions.0002_papers_and_periods").rebuilt

SHEET = "attendance_sheet"
FILLED = {
    SHEET: ("status", "process_version_id", "created_by_id"),
    "attendance": ("sheet_id",),
} | LAID
#: A sheet for each part that has marks and no sheet.
MISSING = """
    INSERT INTO attendance_sheet (region_id, agenda_item_id, status)
    SELECT DISTINCT a.region_id, a.agenda_item_id, '' FROM attendance a
    WHERE NOT EXISTS (
        SELECT 1 FROM attendance_sheet s WHERE s.agenda_item_id = a.agenda_item_id
    )
"""
PLACED = """
    UPDATE attendance SET sheet_id = (
        SELECT s.id FROM attendance_sheet s WHERE s.agenda_item_id = attendance.agenda_item_id
    )
"""
#: Who signed a sheet last, by its decisions.
SIGNED = """
    SELECT {column} FROM decision d WHERE d.record_table = 'attendance_sheet'
    AND d.record_id = attendance_sheet.id AND d.step IN ('sign', 'sign_correction')
    ORDER BY d.id DESC LIMIT 1
"""


def upgrade() -> None:
    with rebuilt(SHEET) as batch:
        batch.drop_constraint(op.f("ck_attendance_sheet_signed_has_day"), type_="check")
        batch.drop_constraint(op.f("ck_attendance_sheet_status"), type_="check")
        batch.drop_constraint(op.f("fk_attendance_sheet_signed_by_id"), type_="foreignkey")
        batch.drop_column("signed_by_id")
        batch.drop_column("signed_on")
        batch.alter_column("status", type_=sa.Text(), existing_nullable=False)
        for name in ("process_version_id", "decision_id", "created_by_id"):
            batch.add_column(sa.Column(name, sa.Integer(), nullable=True))
        batch.create_unique_constraint(
            op.f("uq_attendance_sheet_id_region_id_agenda_item_id"),
            ["id", "region_id", "agenda_item_id"],
        )
    op.add_column("attendance", sa.Column("sheet_id", sa.Integer(), nullable=True))
    op.execute(MISSING)
    op.execute(PLACED)
    begin(SHEET, ("attendance",))
    with rebuilt(SHEET) as batch:
        for name in ("process_version_id", "created_by_id"):
            batch.alter_column(name, existing_type=sa.Integer(), nullable=False)
        batch.create_foreign_key(
            op.f("fk_attendance_sheet_process_version_id"),
            "process_version",
            ["process_version_id"],
            ["id"],
        )
        batch.create_foreign_key(
            op.f("fk_attendance_sheet_decision_id"), "decision", ["decision_id"], ["id"]
        )
        batch.create_unique_constraint(op.f("uq_attendance_sheet_decision_id"), ["decision_id"])
    op.create_index("ix_attendance_sheet_status", SHEET, ["status"])
    with rebuilt("attendance") as batch:
        batch.alter_column("sheet_id", existing_type=sa.Integer(), nullable=False)
        batch.create_foreign_key(
            op.f("fk_attendance_sheet_id"),
            SHEET,
            ["sheet_id", "region_id", "agenda_item_id"],
            ["id", "region_id", "agenda_item_id"],
        )
    op.create_index("ix_attendance_sheet_id", "attendance", ["sheet_id"])


def downgrade() -> None:
    op.drop_index("ix_attendance_sheet_id", "attendance")
    with rebuilt("attendance") as batch:
        batch.drop_constraint(op.f("fk_attendance_sheet_id"), type_="foreignkey")
        batch.drop_column("sheet_id")
    op.drop_index("ix_attendance_sheet_status", SHEET)
    op.add_column(SHEET, sa.Column("signed_on", sa.Date(), nullable=True))
    op.add_column(SHEET, sa.Column("signed_by_id", sa.Integer(), nullable=True))
    day, who = (SIGNED.format(column=name) for name in ("date(d.at)", "d.actor_id"))
    op.execute(f"UPDATE {SHEET} SET signed_on = ({day}), signed_by_id = ({who})")
    op.execute(
        f"UPDATE {SHEET} SET status = CASE WHEN signed_on IS NULL THEN 'open' ELSE 'signed' END"
    )
    with rebuilt(SHEET) as batch:
        for name in ("process_version_id", "decision_id"):
            batch.drop_constraint(op.f(f"fk_attendance_sheet_{name}"), type_="foreignkey")
        for name in ("decision_id", "id_region_id_agenda_item_id"):
            batch.drop_constraint(op.f(f"uq_attendance_sheet_{name}"), type_="unique")
        for name in ("process_version_id", "decision_id", "created_by_id"):
            batch.drop_column(name)
        batch.alter_column("status", type_=sa.String(40), existing_nullable=False)
        batch.create_check_constraint(
            op.f("ck_attendance_sheet_status"), sa.text("status IN ('open', 'signed')")
        )
        batch.create_check_constraint(
            op.f("ck_attendance_sheet_signed_has_day"),
            sa.text("(status = 'signed') = (signed_on IS NOT NULL)"),
        )
        batch.create_foreign_key(
            op.f("fk_attendance_sheet_signed_by_id"), "account", ["signed_by_id"], ["id"]
        )
    of_sheets = f"SELECT id FROM process_version WHERE record_table = '{SHEET}'"
    op.execute(f"DELETE FROM decision WHERE record_table = '{SHEET}'")
    for name in ("process_field", "process_state"):
        op.execute(f"DELETE FROM {name} WHERE version_id IN ({of_sheets})")
    op.execute(f"DELETE FROM process_version WHERE record_table = '{SHEET}'")
