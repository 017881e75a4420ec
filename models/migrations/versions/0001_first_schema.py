"""First schema.

Revision 0001, after nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('change',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('deed_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('tbl', sa.Text(), nullable=False),
    sa.Column('op', sa.Text(), nullable=False),
    sa.Column('pk', sa.Text().with_variant(sa.Text(collation='C'), 'postgresql'), nullable=False),
    sa.Column('scope', sa.Text(), nullable=True),
    sa.Column('data', sa.Text(), nullable=False),
    sa.Column('personal', sa.Text(), nullable=True),
    sa.Column('salt', sa.Text(), nullable=True),
    sa.Column('at', sa.Text(), nullable=False),
    sa.Column('who', sa.Text(), nullable=True),
    sa.Column('tx', sa.Text(), nullable=True),
    sa.Column('erased', sa.Text(), nullable=True),
    sa.CheckConstraint("op = 'I' OR op = 'U' OR op = 'D'", name=op.f('ck_change_op')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_change'))
    )
    with op.batch_alter_table('change', schema=None) as batch_op:
        batch_op.create_index('ix_change_deed', ['deed_id', 'id'], unique=False)
        batch_op.create_index('ix_change_outside', ['id'], unique=False, sqlite_where=sa.text('deed_id IS NULL'), postgresql_where=sa.text('deed_id IS NULL'))
        batch_op.create_index('ix_change_record', ['tbl', 'pk', 'id'], unique=False)

    op.create_table('deed',
    sa.Column('seq', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('action', sa.Text(), nullable=False),
    sa.Column('subject_table', sa.Text(), nullable=True),
    sa.Column('subject_pk', sa.Text(), nullable=True),
    sa.Column('actor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('actor_kind', sa.Text(), nullable=False),
    sa.Column('acting_for_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('request_id', sa.Text(), nullable=False),
    sa.Column('scope', sa.Text(), nullable=True),
    sa.Column('at', sa.Text(), nullable=False),
    sa.Column('details', sa.Text(), nullable=False),
    sa.Column('personal', sa.Text(), nullable=True),
    sa.Column('salt', sa.Text(), nullable=True),
    sa.Column('erased', sa.Text(), nullable=True),
    sa.Column('n', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('last', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rows', sa.Text(), nullable=False),
    sa.Column('prev', sa.Text(), nullable=False),
    sa.Column('mac', sa.Text(), nullable=False),
    sa.Column('key_id', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_deed')),
    sa.UniqueConstraint('id', name=op.f('uq_deed_id')),
    sa.UniqueConstraint('prev', name=op.f('uq_deed_prev'))
    )
    with op.batch_alter_table('deed', schema=None) as batch_op:
        batch_op.create_index('ix_deed_action', ['action', 'seq'], unique=False)
        batch_op.create_index('ix_deed_actor', ['actor_id', 'seq'], unique=False)
        batch_op.create_index('ix_deed_at', ['at', 'seq'], unique=False)
        batch_op.create_index('ix_deed_request', ['request_id'], unique=False)
        batch_op.create_index('ix_deed_subject', ['subject_table', 'subject_pk', 'seq'], unique=False)

    op.create_table('grade',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grade')),
    sa.UniqueConstraint('code', name=op.f('uq_grade_code')),
    sa.UniqueConstraint('rank', name=op.f('uq_grade_rank'))
    )
    op.create_table('log_context',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('deed_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('erasing', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_log_context_one_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_context'))
    )
    op.create_table('process_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('record_table', sa.Text(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_process_version')),
    sa.UniqueConstraint('kind', 'number', name=op.f('uq_process_version_kind_number'))
    )
    op.create_table('region',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.Enum('province', 'regency', 'city', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('kemendagri_code', sa.Text(), nullable=False),
    sa.Column('province', sa.Text(), nullable=False),
    sa.Column('time_zone', sa.Text(), nullable=False),
    sa.Column('office_start', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint('length(trim(name)) > 0', name=op.f('ck_region_name_filled')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_region')),
    sa.UniqueConstraint('kemendagri_code', name=op.f('uq_region_kemendagri_code'))
    )
    op.create_table('risk_tag',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('label_id', sa.Text(), nullable=False),
    sa.Column('label_en', sa.Text(), nullable=False),
    sa.Column('description', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint('length(trim(label_id)) > 0', name=op.f('ck_risk_tag_label_id_filled')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_risk_tag')),
    sa.UniqueConstraint('code', name=op.f('uq_risk_tag_code'))
    )
    op.create_table('role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.Enum('clerk', 'supervisor', 'auditor', 'administrator', name='code', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role')),
    sa.UniqueConstraint('code', name=op.f('uq_role_code'))
    )
    op.create_table('sign_in_attempt',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_sign_in_attempt'))
    )
    with op.batch_alter_table('sign_in_attempt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_attempt_last_at'), ['last_at'], unique=False)

    op.create_table('tier',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('label_id', sa.Text(), nullable=False),
    sa.Column('label_en', sa.Text(), nullable=False),
    sa.Column('echelon', sa.Text(), nullable=True),
    sa.Column('employment', sa.Text(), nullable=True),
    sa.Column('description', sa.Text(), nullable=True),
    sa.Column('synonyms', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint('length(trim(label_en)) > 0', name=op.f('ck_tier_label_en_filled')),
    sa.CheckConstraint('length(trim(label_id)) > 0', name=op.f('ck_tier_label_id_filled')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tier')),
    sa.UniqueConstraint('code', name=op.f('uq_tier_code')),
    sa.UniqueConstraint('rank', name=op.f('uq_tier_rank'))
    )
    op.create_table('adoption',
    sa.Column('change_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('deed_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['change_id'], ['change.id'], name=op.f('fk_adoption_change_id')),
    sa.PrimaryKeyConstraint('change_id', name=op.f('pk_adoption'))
    )
    with op.batch_alter_table('adoption', schema=None) as batch_op:
        batch_op.create_index('ix_adoption_deed', ['deed_id', 'change_id'], unique=False)

    op.create_table('integrity_value',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('label_id', sa.Text(), nullable=False),
    sa.Column('label_en', sa.Text(), nullable=False),
    sa.Column('is_national', sa.Boolean(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint('is_national OR region_id IS NOT NULL', name=op.f('ck_integrity_value_local_has_region')),
    sa.CheckConstraint('length(trim(label_id)) > 0', name=op.f('ck_integrity_value_label_id_filled')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_integrity_value_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_integrity_value')),
    sa.UniqueConstraint('code', name=op.f('uq_integrity_value_code'))
    )
    op.create_table('official',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('title_prefix', sa.Text(), nullable=True),
    sa.Column('full_name', sa.Text(), nullable=False),
    sa.Column('title_suffix', sa.Text(), nullable=True),
    sa.Column('aliases', sa.Text(), nullable=True),
    sa.Column('nip', sa.String(length=18), nullable=True),
    sa.Column('employment_type', sa.Enum('asn_pns', 'asn_pppk', 'elected', 'other', name='employment_type', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('grade_id', sa.Integer(), nullable=True),
    sa.Column('phone', sa.String(length=16), nullable=True),
    sa.Column('without_spouse', sa.Boolean(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("employment_type <> 'elected' OR nip IS NULL", name=op.f('ck_official_elected_no_nip')),
    sa.CheckConstraint("phone IS NULL OR phone LIKE '+%'", name=op.f('ck_official_phone_e164')),
    sa.CheckConstraint('length(trim(full_name)) > 0', name=op.f('ck_official_full_name_filled')),
    sa.CheckConstraint('nip IS NULL OR length(nip) = 18', name=op.f('ck_official_nip_18_digits')),
    sa.ForeignKeyConstraint(['grade_id'], ['grade.id'], name=op.f('fk_official_grade_id')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_official_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_official')),
    sa.UniqueConstraint('id', 'region_id', name=op.f('uq_official_id_region_id')),
    sa.UniqueConstraint('region_id', 'nip', name=op.f('uq_official_region_id_nip'))
    )
    with op.batch_alter_table('official', schema=None) as batch_op:
        batch_op.create_index('ix_official_region_name', ['region_id', 'full_name', 'id'], unique=False)

    op.create_table('process_field',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Text(), nullable=True),
    sa.Column('step', sa.Text(), nullable=True),
    sa.Column('field', sa.Text(), nullable=False),
    sa.CheckConstraint('(state IS NULL) <> (step IS NULL)', name=op.f('ck_process_field_state_or_step')),
    sa.ForeignKeyConstraint(['version_id'], ['process_version.id'], name=op.f('fk_process_field_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_process_field'))
    )
    with op.batch_alter_table('process_field', schema=None) as batch_op:
        batch_op.create_index('ix_process_field', ['version_id', 'field'], unique=False)

    op.create_table('process_state',
    sa.Column('version_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('category', sa.Text(), nullable=False),
    sa.Column('initial', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['version_id'], ['process_version.id'], name=op.f('fk_process_state_version_id')),
    sa.PrimaryKeyConstraint('version_id', 'code', name=op.f('pk_process_state'))
    )
    op.create_table('stored_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('media_type', sa.Text(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.CheckConstraint('length(sha256) = 64', name=op.f('ck_stored_file_sha256')),
    sa.CheckConstraint('length(trim(name)) > 0', name=op.f('ck_stored_file_name_filled')),
    sa.CheckConstraint('size > 0', name=op.f('ck_stored_file_size')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_stored_file_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stored_file')),
    sa.UniqueConstraint('id', 'region_id', name=op.f('uq_stored_file_id_region_id')),
    sa.UniqueConstraint('key', name=op.f('uq_stored_file_key'))
    )
    op.create_table('unit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('secretariat', 'agency', 'inspectorate', 'division', 'district', 'urban_village', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('short_name', sa.Text(), nullable=True),
    sa.Column('kemendagri_code', sa.Text(), nullable=True),
    sa.Column('path', sa.Text(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('merged_into_id', sa.Integer(), nullable=True),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint('length(trim(name)) > 0', name=op.f('ck_unit_name_filled')),
    sa.CheckConstraint('parent_id <> id', name=op.f('ck_unit_not_its_own_parent')),
    sa.CheckConstraint('valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from', name=op.f('ck_unit_valid')),
    sa.ForeignKeyConstraint(['merged_into_id', 'region_id'], ['unit.id', 'unit.region_id'], name=op.f('fk_unit_merged_into_id')),
    sa.ForeignKeyConstraint(['parent_id', 'region_id'], ['unit.id', 'unit.region_id'], name=op.f('fk_unit_parent_id')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_unit_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit')),
    sa.UniqueConstraint('id', 'region_id', name=op.f('uq_unit_id_region_id')),
    sa.UniqueConstraint('region_id', 'kemendagri_code', name=op.f('uq_unit_region_id_kemendagri_code'))
    )
    with op.batch_alter_table('unit', schema=None) as batch_op:
        batch_op.create_index('ix_unit_path', ['region_id', 'path'], unique=False)
        batch_op.create_index('uq_unit_parent_name', ['region_id', 'parent_id', 'kind', 'name'], unique=True)
        batch_op.create_index('uq_unit_top_name', ['region_id', 'kind', 'name'], unique=True, sqlite_where=sa.text('parent_id IS NULL'), postgresql_where=sa.text('parent_id IS NULL'))

    op.create_table('venue',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.Enum('hotel', 'hall', 'office', 'other', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('address', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint('length(trim(name)) > 0', name=op.f('ck_venue_name_filled')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_venue_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_venue')),
    sa.UniqueConstraint('id', 'region_id', name=op.f('uq_venue_id_region_id')),
    sa.UniqueConstraint('region_id', 'name', name=op.f('uq_venue_region_id_name'))
    )
    op.create_table('account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('official_id', sa.Integer(), nullable=True),
    sa.Column('username', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('email', sa.Text(), nullable=True),
    sa.Column('password', sa.Text(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('fs_uniquifier', sa.Text(), nullable=False),
    sa.Column('language', sa.Enum('id', 'en', name='language', native_enum=False, create_constraint=True, length=40), server_default='id', nullable=False),
    sa.Column('theme', sa.Enum('auto', 'light', 'dark', name='theme', native_enum=False, create_constraint=True, length=40), server_default='auto', nullable=False),
    sa.Column('password_changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_sign_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tf_primary_method', sa.Text(), nullable=True),
    sa.Column('tf_totp_secret', sa.Text(), nullable=True),
    sa.Column('tf_last_counter', sa.BigInteger(), nullable=True),
    sa.Column('mf_recovery_codes', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['official_id'], ['official.id'], name=op.f('fk_account_official_id')),
    sa.CheckConstraint('username = lower(username)', name=op.f('ck_account_username_lower')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('fs_uniquifier', name=op.f('uq_account_fs_uniquifier')),
    sa.UniqueConstraint('username', name=op.f('uq_account_username'))
    )
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_official_id'), ['official_id'], unique=False)

    op.create_table('commitment_template',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=True),
    sa.Column('category', sa.Enum('time_discipline', 'simple_living', 'honest_living', 'service', 'family_support', 'other', name='category', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('area', sa.Enum('public_service', 'workplace', 'household', 'community', name='area', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('party', sa.Enum('official', 'spouse', 'both', name='party', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('indicator', sa.Text(), nullable=True),
    sa.Column('is_example', sa.Boolean(), nullable=False),
    sa.Column('integrity_value_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint('length(trim(text)) > 0', name=op.f('ck_commitment_template_text_filled')),
    sa.ForeignKeyConstraint(['integrity_value_id'], ['integrity_value.id'], name=op.f('fk_commitment_template_integrity_value_id')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_commitment_template_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_commitment_template')),
    sa.UniqueConstraint('code', 'edition', name=op.f('uq_commitment_template_code_edition'))
    )
    op.create_table('decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('record_table', sa.Text(), nullable=False),
    sa.Column('record_id', sa.Integer(), nullable=False),
    sa.Column('process_version_id', sa.Integer(), nullable=False),
    sa.Column('step', sa.Text(), nullable=False),
    sa.Column('was', sa.Text(), nullable=False),
    sa.Column('becomes', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=False),
    sa.Column('actor_name', sa.Text(), nullable=False),
    sa.Column('acting_for_id', sa.Integer(), nullable=True),
    sa.Column('letter_no', sa.Text(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('seen_hash', sa.Text(), nullable=False),
    sa.Column('snapshot', sa.Text(), nullable=False),
    sa.Column('deed_id', sa.BigInteger(), nullable=True),
    sa.Column('request_id', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['becomes', 'process_version_id'], ['process_state.code', 'process_state.version_id'], name=op.f('fk_decision_becomes')),
    sa.ForeignKeyConstraint(['process_version_id'], ['process_version.id'], name=op.f('fk_decision_process_version_id')),
    sa.ForeignKeyConstraint(['was', 'process_version_id'], ['process_state.code', 'process_state.version_id'], name=op.f('fk_decision_was')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision'))
    )
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.create_index('ix_decision_record', ['record_table', 'record_id', 'id'], unique=False)

    op.create_table('organisation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=True),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('short_name', sa.Text(), nullable=True),
    sa.Column('kind', sa.Enum('national_agency', 'regional_government', 'agency', 'media', 'other', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint('length(trim(name)) > 0', name=op.f('ck_organisation_name_filled')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_organisation_region_id')),
    sa.ForeignKeyConstraint(['unit_id', 'region_id'], ['unit.id', 'unit.region_id'], name=op.f('fk_organisation_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation'))
    )
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.create_index('uq_organisation_name', ['region_id', 'name'], unique=True)

    op.create_table('position',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('tier_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('territorial', sa.Boolean(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint('length(trim(name)) > 0', name=op.f('ck_position_name_filled')),
    sa.CheckConstraint('valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from', name=op.f('ck_position_valid')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_position_region_id')),
    sa.ForeignKeyConstraint(['tier_id'], ['tier.id'], name=op.f('fk_position_tier_id')),
    sa.ForeignKeyConstraint(['unit_id', 'region_id'], ['unit.id', 'unit.region_id'], name=op.f('fk_position_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_position')),
    sa.UniqueConstraint('id', 'region_id', 'unit_id', name=op.f('uq_position_id_region_id_unit_id')),
    sa.UniqueConstraint('id', 'region_id', name=op.f('uq_position_id_region_id'))
    )
    with op.batch_alter_table('position', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_position_tier_id'), ['tier_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_position_unit_id'), ['unit_id'], unique=False)
        batch_op.create_index('uq_position_unit_name', ['unit_id', 'name'], unique=True)

    op.create_table('programme',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('category', sa.Enum('prevention', 'education', 'enforcement', name='category', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('strategy', sa.Enum('education', 'system_improvement', 'repressive', name='strategy', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('owner_unit_id', sa.Integer(), nullable=True),
    sa.Column('focus_tier_id', sa.Integer(), nullable=True),
    sa.Column('long_term_goal', sa.Text(), nullable=True),
    sa.Column('outcomes', sa.Text(), nullable=True),
    sa.Column('description', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint('length(trim(name)) > 0', name=op.f('ck_programme_name_filled')),
    sa.ForeignKeyConstraint(['focus_tier_id'], ['tier.id'], name=op.f('fk_programme_focus_tier_id')),
    sa.ForeignKeyConstraint(['owner_unit_id', 'region_id'], ['unit.id', 'unit.region_id'], name=op.f('fk_programme_owner_unit_id')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_programme_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme')),
    sa.UniqueConstraint('id', 'region_id', name=op.f('uq_programme_id_region_id')),
    sa.UniqueConstraint('region_id', 'name', name=op.f('uq_programme_region_id_name'))
    )
    op.create_table('spouse',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('official_id', sa.Integer(), nullable=False),
    sa.Column('full_name', sa.Text(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('phone', sa.String(length=16), nullable=True),
    sa.Column('married_on', sa.Date(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("phone IS NULL OR phone LIKE '+%'", name=op.f('ck_spouse_phone_e164')),
    sa.CheckConstraint('ended_on IS NULL OR married_on IS NULL OR ended_on >= married_on', name=op.f('ck_spouse_period')),
    sa.CheckConstraint('length(trim(full_name)) > 0', name=op.f('ck_spouse_full_name_filled')),
    sa.CheckConstraint('person_id IS NULL OR person_id <> official_id', name=op.f('ck_spouse_not_oneself')),
    sa.ForeignKeyConstraint(['official_id', 'region_id'], ['official.id', 'official.region_id'], name=op.f('fk_spouse_official_id')),
    sa.ForeignKeyConstraint(['person_id', 'region_id'], ['official.id', 'official.region_id'], name=op.f('fk_spouse_person_id')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_spouse_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_spouse')),
    sa.UniqueConstraint('id', 'official_id', name=op.f('uq_spouse_id_official_id')),
    sa.UniqueConstraint('id', 'region_id', name=op.f('uq_spouse_id_region_id')),
    sa.UniqueConstraint('official_id', 'full_name', name=op.f('uq_spouse_official_id_full_name'))
    )
    with op.batch_alter_table('spouse', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_spouse_official_id'), ['official_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_spouse_person_id'), ['person_id'], unique=False)

    op.create_table('account_grant',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.CheckConstraint('valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from', name=op.f('ck_account_grant_valid')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_grant_account_id')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_account_grant_region_id')),
    sa.ForeignKeyConstraint(['unit_id', 'region_id'], ['unit.id', 'unit.region_id'], name=op.f('fk_account_grant_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_grant'))
    )
    with op.batch_alter_table('account_grant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_grant_account_id'), ['account_id'], unique=False)

    op.create_table('account_role',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('role_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_role_account_id')),
    sa.ForeignKeyConstraint(['role_id'], ['role.id'], name=op.f('fk_account_role_role_id')),
    sa.PrimaryKeyConstraint('account_id', 'role_id', name=op.f('pk_account_role'))
    )
    op.create_table('appointment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('official_id', sa.Integer(), nullable=False),
    sa.Column('position_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('status', sa.Enum('definitive', 'acting_vacant', 'acting_absent', 'interim', name='status', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('started_on', sa.Date(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('decree_no', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint('ended_on IS NULL OR started_on IS NULL OR ended_on >= started_on', name=op.f('ck_appointment_period')),
    sa.ForeignKeyConstraint(['official_id', 'region_id'], ['official.id', 'official.region_id'], name=op.f('fk_appointment_official_id')),
    sa.ForeignKeyConstraint(['position_id', 'region_id', 'unit_id'], ['position.id', 'position.region_id', 'position.unit_id'], name=op.f('fk_appointment_position_id')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_appointment_region_id')),
    sa.ForeignKeyConstraint(['unit_id', 'region_id'], ['unit.id', 'unit.region_id'], name=op.f('fk_appointment_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appointment')),
    sa.UniqueConstraint('id', 'official_id', name=op.f('uq_appointment_id_official_id')),
    sa.UniqueConstraint('id', 'region_id', name=op.f('uq_appointment_id_region_id')),
    sa.UniqueConstraint('official_id', 'position_id', 'status', 'started_on', name=op.f('uq_appointment_official_id_position_id_status_started_on'))
    )
    with op.batch_alter_table('appointment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appointment_official_id'), ['official_id'], unique=False)
        batch_op.create_index('ix_appointment_position', ['position_id', 'ended_on'], unique=False)
        batch_op.create_index('ix_appointment_unit', ['unit_id', 'ended_on'], unique=False)

    op.create_table('form_token',
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('location', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_form_token_account_id')),
    sa.PrimaryKeyConstraint('hash', name=op.f('pk_form_token'))
    )
    with op.batch_alter_table('form_token', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_form_token_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_form_token_at'), ['at'], unique=False)

    op.create_table('speaker',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('full_name', sa.Text(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('official_id', sa.Integer(), nullable=True),
    sa.Column('phone', sa.String(length=16), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint('length(trim(full_name)) > 0', name=op.f('ck_speaker_full_name_filled')),
    sa.ForeignKeyConstraint(['official_id', 'region_id'], ['official.id', 'official.region_id'], name=op.f('fk_speaker_official_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_speaker_organisation_id')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_speaker_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_speaker')),
    sa.UniqueConstraint('id', 'region_id', name=op.f('uq_speaker_id_region_id')),
    sa.UniqueConstraint('region_id', 'full_name', name=op.f('uq_speaker_region_id_full_name'))
    )
    op.create_table('training_session',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=True),
    sa.Column('date_precision', sa.Enum('day', 'month', 'year', 'unknown', name='date_precision', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('date_source', sa.Text(), nullable=True),
    sa.Column('starts_at', sa.Time(), nullable=True),
    sa.Column('ends_at', sa.Time(), nullable=True),
    sa.Column('venue_id', sa.Integer(), nullable=True),
    sa.Column('theme', sa.Text(), nullable=True),
    sa.Column('objectives', sa.Text(), nullable=True),
    sa.Column('background', sa.Text(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('stated_headcount', sa.Integer(), nullable=True),
    sa.Column('includes_spouses', sa.Enum('yes', 'no', 'unknown', name='includes_spouses', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('tiers_complete', sa.Boolean(), nullable=False),
    sa.Column('previous_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("(date_precision = 'unknown') = (held_on IS NULL)", name=op.f('ck_training_session_date_matches_precision')),
    sa.CheckConstraint('ends_at IS NULL OR starts_at IS NULL OR ends_at >= starts_at', name=op.f('ck_training_session_times')),
    sa.CheckConstraint('length(trim(name)) > 0', name=op.f('ck_training_session_name_filled')),
    sa.CheckConstraint('previous_id <> id', name=op.f('ck_training_session_not_its_own_predecessor')),
    sa.ForeignKeyConstraint(['previous_id', 'region_id'], ['training_session.id', 'training_session.region_id'], name=op.f('fk_training_session_previous_id')),
    sa.ForeignKeyConstraint(['programme_id', 'region_id'], ['programme.id', 'programme.region_id'], name=op.f('fk_training_session_programme_id')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_training_session_region_id')),
    sa.ForeignKeyConstraint(['venue_id', 'region_id'], ['venue.id', 'venue.region_id'], name=op.f('fk_training_session_venue_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training_session')),
    sa.UniqueConstraint('id', 'region_id', name=op.f('uq_training_session_id_region_id')),
    sa.UniqueConstraint('region_id', 'name', name=op.f('uq_training_session_region_id_name'))
    )
    with op.batch_alter_table('training_session', schema=None) as batch_op:
        batch_op.create_index('ix_training_session_held_on', ['region_id', 'held_on'], unique=False)

    op.create_table('web_session',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('data', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('address', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_web_session_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_web_session'))
    )
    with op.batch_alter_table('web_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_web_session_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_web_session_seen_at'), ['seen_at'], unique=False)

    op.create_table('agenda_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('training_session_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('starts_at', sa.Time(), nullable=True),
    sa.Column('ends_at', sa.Time(), nullable=True),
    sa.Column('takes_attendance', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint('ends_at IS NULL OR starts_at IS NULL OR ends_at >= starts_at', name=op.f('ck_agenda_item_times')),
    sa.CheckConstraint('length(trim(title)) > 0', name=op.f('ck_agenda_item_title_filled')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_agenda_item_region_id')),
    sa.ForeignKeyConstraint(['training_session_id', 'region_id'], ['training_session.id', 'training_session.region_id'], name=op.f('fk_agenda_item_training_session_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agenda_item')),
    sa.UniqueConstraint('id', 'region_id', 'training_session_id', name=op.f('uq_agenda_item_id_region_id_training_session_id')),
    sa.UniqueConstraint('id', 'region_id', name=op.f('uq_agenda_item_id_region_id')),
    sa.UniqueConstraint('training_session_id', 'number', name=op.f('uq_agenda_item_training_session_id_number'))
    )
    op.create_table('commitment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('official_id', sa.Integer(), nullable=False),
    sa.Column('appointment_id', sa.Integer(), nullable=True),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('spouse_id', sa.Integer(), nullable=True),
    sa.Column('training_session_id', sa.Integer(), nullable=True),
    sa.Column('template_id', sa.Integer(), nullable=True),
    sa.Column('party', sa.Enum('official', 'spouse', 'both', name='party', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('category', sa.Enum('time_discipline', 'simple_living', 'honest_living', 'service', 'family_support', 'other', name='category', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('area', sa.Enum('public_service', 'workplace', 'household', 'community', name='area', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('indicator', sa.Text(), nullable=True),
    sa.Column('official_signed_on', sa.Date(), nullable=True),
    sa.Column('spouse_signed_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("party = 'official' OR spouse_id IS NOT NULL", name=op.f('ck_commitment_party_has_spouse')),
    sa.CheckConstraint('length(trim(text)) > 0', name=op.f('ck_commitment_text_filled')),
    sa.CheckConstraint('spouse_signed_on IS NULL OR spouse_id IS NOT NULL', name=op.f('ck_commitment_signature_has_spouse')),
    sa.ForeignKeyConstraint(['appointment_id', 'official_id'], ['appointment.id', 'appointment.official_id'], name=op.f('fk_commitment_appointment_id')),
    sa.ForeignKeyConstraint(['official_id', 'region_id'], ['official.id', 'official.region_id'], name=op.f('fk_commitment_official_id')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_commitment_region_id')),
    sa.ForeignKeyConstraint(['spouse_id', 'official_id'], ['spouse.id', 'spouse.official_id'], name=op.f('fk_commitment_spouse_id')),
    sa.ForeignKeyConstraint(['template_id'], ['commitment_template.id'], name=op.f('fk_commitment_template_id')),
    sa.ForeignKeyConstraint(['training_session_id', 'region_id'], ['training_session.id', 'training_session.region_id'], name=op.f('fk_commitment_training_session_id')),
    sa.ForeignKeyConstraint(['unit_id', 'region_id'], ['unit.id', 'unit.region_id'], name=op.f('fk_commitment_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_commitment')),
    sa.UniqueConstraint('id', 'region_id', name=op.f('uq_commitment_id_region_id'))
    )
    with op.batch_alter_table('commitment', schema=None) as batch_op:
        batch_op.create_index('ix_commitment_official', ['official_id'], unique=False)
        batch_op.create_index('ix_commitment_unit', ['unit_id'], unique=False)

    op.create_table('key_message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('training_session_id', sa.Integer(), nullable=False),
    sa.Column('speaker_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('message', 'definition', 'paraphrase', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint('length(trim(text)) > 0', name=op.f('ck_key_message_text_filled')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_key_message_region_id')),
    sa.ForeignKeyConstraint(['speaker_id', 'region_id'], ['speaker.id', 'speaker.region_id'], name=op.f('fk_key_message_speaker_id')),
    sa.ForeignKeyConstraint(['training_session_id', 'region_id'], ['training_session.id', 'training_session.region_id'], name=op.f('fk_key_message_training_session_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_key_message'))
    )
    with op.batch_alter_table('key_message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_key_message_training_session_id'), ['training_session_id'], unique=False)

    op.create_table('news_source',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('training_session_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('outlet', sa.Text(), nullable=True),
    sa.Column('published_on', sa.Date(), nullable=True),
    sa.Column('address', sa.Text(), nullable=True),
    sa.Column('tags', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint('length(trim(title)) > 0', name=op.f('ck_news_source_title_filled')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_news_source_region_id')),
    sa.ForeignKeyConstraint(['training_session_id', 'region_id'], ['training_session.id', 'training_session.region_id'], name=op.f('fk_news_source_training_session_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_news_source')),
    sa.UniqueConstraint('region_id', 'title', name=op.f('uq_news_source_region_id_title'))
    )
    op.create_table('participation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('training_session_id', sa.Integer(), nullable=False),
    sa.Column('official_id', sa.Integer(), nullable=False),
    sa.Column('appointment_id', sa.Integer(), nullable=True),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('spouse_id', sa.Integer(), nullable=True),
    sa.Column('invited_on', sa.Date(), nullable=True),
    sa.Column('reply', sa.Enum('yes', 'no', 'unknown', name='reply', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('delegate', sa.Text(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['appointment_id', 'official_id'], ['appointment.id', 'appointment.official_id'], name=op.f('fk_participation_appointment_id')),
    sa.ForeignKeyConstraint(['official_id', 'region_id'], ['official.id', 'official.region_id'], name=op.f('fk_participation_official_id')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_participation_region_id')),
    sa.ForeignKeyConstraint(['spouse_id', 'official_id'], ['spouse.id', 'spouse.official_id'], name=op.f('fk_participation_spouse_id')),
    sa.ForeignKeyConstraint(['training_session_id', 'region_id'], ['training_session.id', 'training_session.region_id'], name=op.f('fk_participation_training_session_id')),
    sa.ForeignKeyConstraint(['unit_id', 'region_id'], ['unit.id', 'unit.region_id'], name=op.f('fk_participation_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_participation')),
    sa.UniqueConstraint('id', 'region_id', 'training_session_id', name=op.f('uq_participation_id_region_id_training_session_id')),
    sa.UniqueConstraint('id', 'region_id', name=op.f('uq_participation_id_region_id')),
    sa.UniqueConstraint('training_session_id', 'official_id', name=op.f('uq_participation_training_session_id_official_id'))
    )
    with op.batch_alter_table('participation', schema=None) as batch_op:
        batch_op.create_index('ix_participation_official', ['official_id'], unique=False)
        batch_op.create_index('ix_participation_unit', ['unit_id'], unique=False)

    op.create_table('session_organisation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('training_session_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.Enum('organiser', 'partner', name='role', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_session_organisation_organisation_id')),
    sa.ForeignKeyConstraint(['training_session_id'], ['training_session.id'], name=op.f('fk_session_organisation_training_session_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session_organisation')),
    sa.UniqueConstraint('training_session_id', 'organisation_id', 'role', name='uq_session_organisation_role')
    )
    op.create_table('session_risk',
    sa.Column('training_session_id', sa.Integer(), nullable=False),
    sa.Column('risk_tag_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['risk_tag_id'], ['risk_tag.id'], name=op.f('fk_session_risk_risk_tag_id')),
    sa.ForeignKeyConstraint(['training_session_id'], ['training_session.id'], name=op.f('fk_session_risk_training_session_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('training_session_id', 'risk_tag_id', name=op.f('pk_session_risk'))
    )
    op.create_table('session_speaker',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('training_session_id', sa.Integer(), nullable=False),
    sa.Column('speaker_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.Enum('speaker', 'opening', 'remarks', 'moderator', name='role', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('stated_position', sa.Text(), nullable=True),
    sa.Column('stated_institution', sa.Text(), nullable=True),
    sa.Column('topic', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_session_speaker_region_id')),
    sa.ForeignKeyConstraint(['speaker_id', 'region_id'], ['speaker.id', 'speaker.region_id'], name=op.f('fk_session_speaker_speaker_id')),
    sa.ForeignKeyConstraint(['training_session_id', 'region_id'], ['training_session.id', 'training_session.region_id'], name=op.f('fk_session_speaker_training_session_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session_speaker')),
    sa.UniqueConstraint('training_session_id', 'speaker_id', 'role', name=op.f('uq_session_speaker_training_session_id_speaker_id_role'))
    )
    op.create_table('session_tier',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('training_session_id', sa.Integer(), nullable=False),
    sa.Column('tier_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['tier_id'], ['tier.id'], name=op.f('fk_session_tier_tier_id')),
    sa.ForeignKeyConstraint(['training_session_id'], ['training_session.id'], name=op.f('fk_session_tier_training_session_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session_tier')),
    sa.UniqueConstraint('training_session_id', 'tier_id', name=op.f('uq_session_tier_training_session_id_tier_id'))
    )
    op.create_table('session_value',
    sa.Column('training_session_id', sa.Integer(), nullable=False),
    sa.Column('integrity_value_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['integrity_value_id'], ['integrity_value.id'], name=op.f('fk_session_value_integrity_value_id')),
    sa.ForeignKeyConstraint(['training_session_id'], ['training_session.id'], name=op.f('fk_session_value_training_session_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('training_session_id', 'integrity_value_id', name=op.f('pk_session_value'))
    )
    op.create_table('speaker_alias',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('speaker_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=True),
    sa.CheckConstraint('length(trim(name)) > 0', name=op.f('ck_speaker_alias_name_filled')),
    sa.ForeignKeyConstraint(['speaker_id'], ['speaker.id'], name=op.f('fk_speaker_alias_speaker_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_speaker_alias')),
    sa.UniqueConstraint('speaker_id', 'name', name=op.f('uq_speaker_alias_speaker_id_name'))
    )
    op.create_table('action_plan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('kind', sa.Enum('improvement', 'outreach', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('official_id', sa.Integer(), nullable=False),
    sa.Column('appointment_id', sa.Integer(), nullable=True),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('commitment_id', sa.Integer(), nullable=True),
    sa.Column('area', sa.Enum('public_service', 'workplace', 'household', 'community', name='area', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('target', sa.Text(), nullable=True),
    sa.Column('indicator', sa.Text(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('responsible', sa.Text(), nullable=True),
    sa.Column('audience', sa.Text(), nullable=True),
    sa.Column('audience_count', sa.Integer(), nullable=True),
    sa.Column('progress_note', sa.Text(), nullable=True),
    sa.Column('result_class', sa.Enum('conforming', 'not_yet_conforming', 'not_followed_up', 'cannot_be_followed_up', name='result_class', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('result_note', sa.Text(), nullable=True),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('process_version_id', sa.Integer(), nullable=False),
    sa.Column('decision_id', sa.Integer(), nullable=True),
    sa.Column('created_by_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("result_class <> 'cannot_be_followed_up' OR length(trim(coalesce(result_note, ''))) > 0", name=op.f('ck_action_plan_result_has_reason')),
    sa.CheckConstraint('audience_count IS NULL OR audience_count >= 0', name=op.f('ck_action_plan_audience_count')),
    sa.CheckConstraint('length(trim(title)) > 0', name=op.f('ck_action_plan_title_filled')),
    sa.ForeignKeyConstraint(['appointment_id', 'official_id'], ['appointment.id', 'appointment.official_id'], name=op.f('fk_action_plan_appointment_id')),
    sa.ForeignKeyConstraint(['commitment_id', 'region_id'], ['commitment.id', 'commitment.region_id'], name=op.f('fk_action_plan_commitment_id')),
    sa.ForeignKeyConstraint(['decision_id'], ['decision.id'], name=op.f('fk_action_plan_decision_id')),
    sa.ForeignKeyConstraint(['official_id', 'region_id'], ['official.id', 'official.region_id'], name=op.f('fk_action_plan_official_id')),
    sa.ForeignKeyConstraint(['process_version_id'], ['process_version.id'], name=op.f('fk_action_plan_process_version_id')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_action_plan_region_id')),
    sa.ForeignKeyConstraint(['unit_id', 'region_id'], ['unit.id', 'unit.region_id'], name=op.f('fk_action_plan_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_action_plan')),
    sa.UniqueConstraint('decision_id', name=op.f('uq_action_plan_decision_id')),
    sa.UniqueConstraint('id', 'region_id', name=op.f('uq_action_plan_id_region_id')),
    sa.UniqueConstraint('region_id', 'code', name=op.f('uq_action_plan_region_id_code'))
    )
    with op.batch_alter_table('action_plan', schema=None) as batch_op:
        batch_op.create_index('ix_action_plan_official', ['official_id'], unique=False)
        batch_op.create_index('ix_action_plan_region_status', ['region_id', 'status', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_action_plan_status'), ['status'], unique=False)
        batch_op.create_index('ix_action_plan_unit', ['unit_id'], unique=False)

    op.create_table('attendance',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('training_session_id', sa.Integer(), nullable=False),
    sa.Column('participation_id', sa.Integer(), nullable=False),
    sa.Column('agenda_item_id', sa.Integer(), nullable=False),
    sa.Column('party', sa.Enum('official', 'spouse', name='party', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('status', sa.Enum('present', 'excused', 'sick', 'on_duty', 'absent', 'represented', name='status', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['agenda_item_id', 'region_id', 'training_session_id'], ['agenda_item.id', 'agenda_item.region_id', 'agenda_item.training_session_id'], name=op.f('fk_attendance_agenda_item_id')),
    sa.ForeignKeyConstraint(['participation_id', 'region_id', 'training_session_id'], ['participation.id', 'participation.region_id', 'participation.training_session_id'], name=op.f('fk_attendance_participation_id')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_attendance_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance')),
    sa.UniqueConstraint('participation_id', 'agenda_item_id', 'party', name=op.f('uq_attendance_participation_id_agenda_item_id_party'))
    )
    with op.batch_alter_table('attendance', schema=None) as batch_op:
        batch_op.create_index('ix_attendance_item', ['agenda_item_id'], unique=False)

    op.create_table('attendance_sheet',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('agenda_item_id', sa.Integer(), nullable=False),
    sa.Column('status', sa.Enum('open', 'signed', name='status', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.Column('signed_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("(status = 'signed') = (signed_on IS NOT NULL)", name=op.f('ck_attendance_sheet_signed_has_day')),
    sa.ForeignKeyConstraint(['agenda_item_id', 'region_id'], ['agenda_item.id', 'agenda_item.region_id'], name=op.f('fk_attendance_sheet_agenda_item_id')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_attendance_sheet_region_id')),
    sa.ForeignKeyConstraint(['signed_by_id'], ['account.id'], name=op.f('fk_attendance_sheet_signed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance_sheet')),
    sa.UniqueConstraint('agenda_item_id', name=op.f('uq_attendance_sheet_agenda_item_id')),
    sa.UniqueConstraint('id', 'region_id', name=op.f('uq_attendance_sheet_id_region_id'))
    )
    op.create_table('commitment_risk',
    sa.Column('commitment_id', sa.Integer(), nullable=False),
    sa.Column('risk_tag_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['commitment_id'], ['commitment.id'], name=op.f('fk_commitment_risk_commitment_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['risk_tag_id'], ['risk_tag.id'], name=op.f('fk_commitment_risk_risk_tag_id')),
    sa.PrimaryKeyConstraint('commitment_id', 'risk_tag_id', name=op.f('pk_commitment_risk'))
    )
    op.create_table('message_value',
    sa.Column('key_message_id', sa.Integer(), nullable=False),
    sa.Column('integrity_value_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['integrity_value_id'], ['integrity_value.id'], name=op.f('fk_message_value_integrity_value_id')),
    sa.ForeignKeyConstraint(['key_message_id'], ['key_message.id'], name=op.f('fk_message_value_key_message_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('key_message_id', 'integrity_value_id', name=op.f('pk_message_value'))
    )
    op.create_table('score',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('participation_id', sa.Integer(), nullable=False),
    sa.Column('party', sa.Enum('official', 'spouse', name='party', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('before', sa.Integer(), nullable=True),
    sa.Column('after', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint('after IS NULL OR after BETWEEN 0 AND 100', name=op.f('ck_score_after_range')),
    sa.CheckConstraint('before IS NULL OR before BETWEEN 0 AND 100', name=op.f('ck_score_before_range')),
    sa.ForeignKeyConstraint(['participation_id', 'region_id'], ['participation.id', 'participation.region_id'], name=op.f('fk_score_participation_id')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_score_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_score')),
    sa.UniqueConstraint('participation_id', 'party', name=op.f('uq_score_participation_id_party'))
    )
    op.create_table('action_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('progress_note', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint('length(trim(text)) > 0', name=op.f('ck_action_step_text_filled')),
    sa.ForeignKeyConstraint(['plan_id', 'region_id'], ['action_plan.id', 'action_plan.region_id'], name=op.f('fk_action_step_plan_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_action_step_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_action_step')),
    sa.UniqueConstraint('plan_id', 'number', name=op.f('uq_action_step_plan_id_number'))
    )
    op.create_table('evidence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('uploaded_by_id', sa.Integer(), nullable=False),
    sa.Column('sufficient', sa.Enum('yes', 'no', name='sufficient', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('competent', sa.Enum('yes', 'no', name='competent', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('relevant', sa.Enum('yes', 'no', name='relevant', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint('length(trim(title)) > 0', name=op.f('ck_evidence_title_filled')),
    sa.ForeignKeyConstraint(['file_id', 'region_id'], ['stored_file.id', 'stored_file.region_id'], name=op.f('fk_evidence_file_id')),
    sa.ForeignKeyConstraint(['plan_id', 'region_id'], ['action_plan.id', 'action_plan.region_id'], name=op.f('fk_evidence_plan_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_evidence_region_id')),
    sa.ForeignKeyConstraint(['uploaded_by_id'], ['account.id'], name=op.f('fk_evidence_uploaded_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence')),
    sa.UniqueConstraint('plan_id', 'file_id', name=op.f('uq_evidence_plan_id_file_id'))
    )
    op.create_table('extension',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('asked_due_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('status', sa.Enum('requested', 'granted', 'refused', name='status', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint('length(trim(reason)) > 0', name=op.f('ck_extension_reason_filled')),
    sa.ForeignKeyConstraint(['plan_id', 'region_id'], ['action_plan.id', 'action_plan.region_id'], name=op.f('fk_extension_plan_id')),
    sa.ForeignKeyConstraint(['region_id'], ['region.id'], name=op.f('fk_extension_region_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_extension'))
    )
    with op.batch_alter_table('extension', schema=None) as batch_op:
        batch_op.create_index('ix_extension_plan', ['plan_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('extension', schema=None) as batch_op:
        batch_op.drop_index('ix_extension_plan')

    op.drop_table('extension')
    op.drop_table('evidence')
    op.drop_table('action_step')
    op.drop_table('score')
    op.drop_table('message_value')
    op.drop_table('commitment_risk')
    op.drop_table('attendance_sheet')
    with op.batch_alter_table('attendance', schema=None) as batch_op:
        batch_op.drop_index('ix_attendance_item')

    op.drop_table('attendance')
    with op.batch_alter_table('action_plan', schema=None) as batch_op:
        batch_op.drop_index('ix_action_plan_unit')
        batch_op.drop_index(batch_op.f('ix_action_plan_status'))
        batch_op.drop_index('ix_action_plan_region_status')
        batch_op.drop_index('ix_action_plan_official')

    op.drop_table('action_plan')
    op.drop_table('speaker_alias')
    op.drop_table('session_value')
    op.drop_table('session_tier')
    op.drop_table('session_speaker')
    op.drop_table('session_risk')
    op.drop_table('session_organisation')
    with op.batch_alter_table('participation', schema=None) as batch_op:
        batch_op.drop_index('ix_participation_unit')
        batch_op.drop_index('ix_participation_official')

    op.drop_table('participation')
    op.drop_table('news_source')
    with op.batch_alter_table('key_message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_key_message_training_session_id'))

    op.drop_table('key_message')
    with op.batch_alter_table('commitment', schema=None) as batch_op:
        batch_op.drop_index('ix_commitment_unit')
        batch_op.drop_index('ix_commitment_official')

    op.drop_table('commitment')
    op.drop_table('agenda_item')
    with op.batch_alter_table('web_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_web_session_seen_at'))
        batch_op.drop_index(batch_op.f('ix_web_session_account_id'))

    op.drop_table('web_session')
    with op.batch_alter_table('training_session', schema=None) as batch_op:
        batch_op.drop_index('ix_training_session_held_on')

    op.drop_table('training_session')
    op.drop_table('speaker')
    with op.batch_alter_table('form_token', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_form_token_at'))
        batch_op.drop_index(batch_op.f('ix_form_token_account_id'))

    op.drop_table('form_token')
    with op.batch_alter_table('appointment', schema=None) as batch_op:
        batch_op.drop_index('ix_appointment_unit')
        batch_op.drop_index('ix_appointment_position')
        batch_op.drop_index(batch_op.f('ix_appointment_official_id'))

    op.drop_table('appointment')
    op.drop_table('account_role')
    with op.batch_alter_table('account_grant', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_grant_account_id'))

    op.drop_table('account_grant')
    with op.batch_alter_table('spouse', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_spouse_person_id'))
        batch_op.drop_index(batch_op.f('ix_spouse_official_id'))

    op.drop_table('spouse')
    op.drop_table('programme')
    with op.batch_alter_table('position', schema=None) as batch_op:
        batch_op.drop_index('uq_position_unit_name')
        batch_op.drop_index(batch_op.f('ix_position_unit_id'))
        batch_op.drop_index(batch_op.f('ix_position_tier_id'))

    op.drop_table('position')
    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.drop_index('uq_organisation_name')

    op.drop_table('organisation')
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.drop_index('ix_decision_record')

    op.drop_table('decision')
    op.drop_table('commitment_template')
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_official_id'))

    op.drop_table('account')
    op.drop_table('venue')
    with op.batch_alter_table('unit', schema=None) as batch_op:
        batch_op.drop_index('uq_unit_top_name', sqlite_where=sa.text('parent_id IS NULL'), postgresql_where=sa.text('parent_id IS NULL'))
        batch_op.drop_index('uq_unit_parent_name')
        batch_op.drop_index('ix_unit_path')

    op.drop_table('unit')
    op.drop_table('stored_file')
    op.drop_table('process_state')
    with op.batch_alter_table('process_field', schema=None) as batch_op:
        batch_op.drop_index('ix_process_field')

    op.drop_table('process_field')
    with op.batch_alter_table('official', schema=None) as batch_op:
        batch_op.drop_index('ix_official_region_name')

    op.drop_table('official')
    op.drop_table('integrity_value')
    with op.batch_alter_table('adoption', schema=None) as batch_op:
        batch_op.drop_index('ix_adoption_deed')

    op.drop_table('adoption')
    op.drop_table('tier')
    with op.batch_alter_table('sign_in_attempt', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_in_attempt_last_at'))

    op.drop_table('sign_in_attempt')
    op.drop_table('role')
    op.drop_table('risk_tag')
    op.drop_table('region')
    op.drop_table('process_version')
    op.drop_table('log_context')
    op.drop_table('grade')
    with op.batch_alter_table('deed', schema=None) as batch_op:
        batch_op.drop_index('ix_deed_subject')
        batch_op.drop_index('ix_deed_request')
        batch_op.drop_index('ix_deed_at')
        batch_op.drop_index('ix_deed_actor')
        batch_op.drop_index('ix_deed_action')

    op.drop_table('deed')
    with op.batch_alter_table('change', schema=None) as batch_op:
        batch_op.drop_index('ix_change_record')
        batch_op.drop_index('ix_change_outside', sqlite_where=sa.text('deed_id IS NULL'), postgresql_where=sa.text('deed_id IS NULL'))
        batch_op.drop_index('ix_change_deed')

    op.drop_table('change')
