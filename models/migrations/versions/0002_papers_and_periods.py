"""Papers of sessions, periods of programmes, the text of news, what a rotation needs

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OLD_KINDS = ("secretariat", "agency", "inspectorate", "division", "district", "urban_village")
NEW_KINDS = (*OLD_KINDS[:4], "council", *OLD_KINDS[4:], "village", "other")
PAPER_KINDS = (
    "invitation",
    "assignment_letter",
    "materials",
    "attendance_scan",
    "report",
    "photograph",
    "other",
)


@contextmanager
def rebuilt(name: str):
    """Batch changes of a table; on SQLite of one that keeps its checks, which Alembic drops."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        with op.batch_alter_table(name) as batch:
            yield batch
        return
    table = sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False)
    for check in sa.inspect(connection).get_check_constraints(name):
        if not any(one.name == check["name"] for one in table.constraints):
            table.append_constraint(sa.CheckConstraint(check["sqltext"], name=check["name"]))
    with op.batch_alter_table(name, copy_from=table, recreate="always") as batch:
        yield batch


def kinds(values: tuple[str, ...]) -> str:
    """The check that a unit's kind is one of `values`."""
    return "kind IN ({})".format(", ".join(f"'{value}'" for value in values))


def upgrade() -> None:
    with rebuilt("unit") as batch:
        batch.drop_constraint(op.f("ck_unit_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_unit_kind"), sa.text(kinds(NEW_KINDS)))
    with rebuilt("programme") as batch:
        batch.add_column(sa.Column("started_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("ended_on", sa.Date(), nullable=True))
        batch.create_check_constraint(
            op.f("ck_programme_period"),
            sa.text("ended_on IS NULL OR started_on IS NULL OR ended_on >= started_on"),
        )
    with rebuilt("spouse") as batch:
        batch.create_unique_constraint(
            op.f("uq_spouse_official_id_person_id"), ["official_id", "person_id"]
        )
    with rebuilt("commitment") as batch:
        batch.add_column(sa.Column("continued_from_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_commitment_continued_from_id"),
            "commitment",
            ["continued_from_id", "region_id"],
            ["id", "region_id"],
        )
    op.add_column("appointment", sa.Column("end_decree_no", sa.Text(), nullable=True))
    op.add_column("news_source", sa.Column("text", sa.Text(), nullable=True))
    op.create_table(
        "session_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("training_session_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                *PAPER_KINDS, name="kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("speaker_id", sa.Integer(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("length(trim(title)) > 0", name=op.f("ck_session_paper_title_filled")),
        sa.ForeignKeyConstraint(
            ["file_id", "region_id"],
            ["stored_file.id", "stored_file.region_id"],
            name=op.f("fk_session_paper_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_session_paper_region_id")
        ),
        sa.ForeignKeyConstraint(
            ["speaker_id", "region_id"],
            ["speaker.id", "speaker.region_id"],
            name=op.f("fk_session_paper_speaker_id"),
        ),
        sa.ForeignKeyConstraint(
            ["training_session_id", "region_id"],
            ["training_session.id", "training_session.region_id"],
            name=op.f("fk_session_paper_training_session_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_paper")),
        sa.UniqueConstraint(
            "training_session_id",
            "file_id",
            name=op.f("uq_session_paper_training_session_id_file_id"),
        ),
    )
    op.create_index("ix_session_paper_session", "session_paper", ["training_session_id"])
    op.create_index("ix_session_paper_speaker", "session_paper", ["speaker_id"])


def downgrade() -> None:
    op.drop_table("session_paper")
    op.drop_column("news_source", "text")
    op.drop_column("appointment", "end_decree_no")
    with rebuilt("commitment") as batch:
        batch.drop_constraint(op.f("fk_commitment_continued_from_id"), type_="foreignkey")
        batch.drop_column("continued_from_id")
    with rebuilt("spouse") as batch:
        batch.drop_constraint(op.f("uq_spouse_official_id_person_id"), type_="unique")
    with rebuilt("programme") as batch:
        batch.drop_constraint(op.f("ck_programme_period"), type_="check")
        batch.drop_column("ended_on")
        batch.drop_column("started_on")
    with rebuilt("unit") as batch:
        batch.drop_constraint(op.f("ck_unit_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_unit_kind"), sa.text(kinds(OLD_KINDS)))
