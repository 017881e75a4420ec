"""Old attendance comes under its sheets, and the log knows of it."""

import sqlalchemy as sa
from flask_migrate import downgrade, upgrade

from models.base import Base
from models.records import panel, workflow
from panel.changelog.records import deed
from panel.changelog.replay import replay
from tests.models.test_schema import ACTOR, MIGRATIONS, small_app

HOME = {"region_id": 1}
ROWS = (
    ("region", {"name": "Kota", "kind": "city", "kemendagri_code": "99.71", "province": "C"}),
    ("programme", {**HOME, "name": "Bimtek", "category": "prevention"}),
    ("training_session", {**HOME, "programme_id": 1, "name": "Bimtek"}),
    ("agenda_item", {**HOME, "training_session_id": 1, "number": 1, "title": "Materi"}),
    ("agenda_item", {**HOME, "training_session_id": 1, "number": 2, "title": "Penutupan"}),
    ("official", {**HOME, "full_name": "Fulan", "employment_type": "other"}),
    ("participation", {**HOME, "training_session_id": 1, "official_id": 1}),
)


def test_marks_without_a_sheet_get_one_and_every_sheet_begins_open(engine_url):
    app, known = small_app(engine_url), Base.metadata.tables

    with app.app_context():
        upgrade(MIGRATIONS)
        engine, session = panel.db.engine, panel.db.session
        with deed("test.fill", actor=ACTOR):
            workflow.sync(session)
            filled = {"includes_spouses": "no", "date_precision": "unknown", "reply": "yes"}
            version = workflow.latest(session, "training_session")
            filled |= {"process_version_id": version.id, "status": "planned", "created_by_id": 0}
            for name, row in ROWS:
                columns = known[name].columns
                fits = {k: v for k, v in filled.items() if k in columns}
                session.execute(sa.insert(known[name]).values(**row, **fits))
            for part in (1, 2):
                sheet = {"status": "open", "created_by_id": 0}
                sheet["process_version_id"] = workflow.latest(session, "attendance_sheet").id
                session.execute(
                    sa.insert(known["attendance_sheet"]).values(
                        **HOME, **sheet, agenda_item_id=part
                    )
                )
                mark = {"participation_id": 1, "training_session_id": 1, "party": "official"}
                session.execute(
                    sa.insert(known["attendance"]).values(
                        **HOME, **mark, agenda_item_id=part, sheet_id=part, status="present"
                    )
                )
            session.commit()
        session.remove()
        downgrade(MIGRATIONS, "0004")
        with engine.connect().execution_options(write="schema") as connection:
            connection.execute(sa.text("DELETE FROM attendance_sheet WHERE agenda_item_id = 2"))
            connection.execute(
                sa.text("UPDATE attendance_sheet SET status = 'signed', signed_on = '2025-11-18'")
            )
            connection.commit()
        upgrade(MIGRATIONS)
        with engine.connect() as connection:
            marks = connection.execute(
                sa.text(
                    "SELECT a.agenda_item_id, s.agenda_item_id, s.status FROM attendance a"
                    " JOIN attendance_sheet s ON s.id = a.sheet_id ORDER BY 1"
                )
            ).all()
            found = {(one.table, one.pk) for one in replay(connection, panel.log.tables)}
            unlike = {one for one in found if one[0].startswith("attendance")}
        engine.dispose()

    assert [tuple(one) for one in marks] == [(1, 1, "open"), (2, 2, "open")]
    assert unlike <= {("attendance_sheet", "2")}  # taken away past the log
