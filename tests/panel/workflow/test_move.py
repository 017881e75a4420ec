"""A move: what it writes, what it refuses, and that a refusal writes nothing."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor, wait
from hashlib import sha256
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from panel.changelog.deeds import NoDeed, deed
from panel.words import Refused
from panel.workflow.records import UnknownStep
from tests.panel.workflow.office import (
    ANI,
    ASEP,
    BAYU,
    BOTH,
    DEWI,
    Decision,
    Deed,
    LeaveDay,
    LeaveRequest,
    Office,
)


def test_a_move_leaves_decision_status_and_deed(office: Office) -> None:
    number = office.ask()

    with office.acting(ANI, "try", request_id="r1") as (session, _):
        request = session.get_one(LeaveRequest, number)
        text, seen = office.workflow.snapshot(session, request)
        made = office.workflow.move(session, request, "ask", reason=" soon ", seen=seen)
        session.commit()
        decision_id = made.id

    with office.sessions() as session:
        request = session.get_one(LeaveRequest, number)
        assert (request.status, request.decision_id) == ("asked", decision_id)
        decision = session.get_one(Decision, decision_id)
        sealed = session.scalars(sa.select(Deed).order_by(Deed.seq.desc())).first()
        assert sealed is not None
        assert (decision.record_table, decision.record_id) == ("leave_request", number)
        assert (decision.step, decision.was, decision.becomes) == ("ask", "draft", "asked")
        assert (decision.actor_id, decision.actor_name) == (1, "Ani")
        assert (decision.acting_for_id, decision.letter_no) == (None, None)
        assert (decision.reason, decision.request_id) == ("soon", "r1")
        assert decision.deed_id == sealed.id
        assert decision.snapshot == text
        assert decision.seen_hash == seen == sha256(text.encode()).hexdigest()
        assert (sealed.action, sealed.reason) == ("leave_request.ask", "soon")
        assert (sealed.subject_table, sealed.subject_pk) == ("leave_request", str(number))


def test_the_snapshot_holds_fields_and_children(office: Office) -> None:
    number = office.ask(facts={"b": 1, "a": "ü"})

    with office.sessions() as session:
        request = session.get_one(LeaveRequest, number)
        text, _ = office.workflow.snapshot(session, request)
        day, paper = request.days[0].id, request.papers[0].id

    assert json.loads(text) == {
        "table": "leave_request",
        "id": str(number),
        "fields": {
            "code": None,
            "why": "rest",
            "note": None,
            "facts": '{"a": "ü", "b": 1}',
            "pay": None,
            "pay_note": None,
            "stand_in_id": None,
            "order": None,
        },
        "children": {
            "leave_day": {
                str(day): {
                    "request_id": str(number),
                    "day": "2026-11-21",
                    "note": None,
                    "verdict": None,
                }
            },
            "leave_paper": {
                str(paper): {"group": None, "request_id": str(number), "name": "letter"}
            },
        },
    }


def test_a_step_sets_its_fields_and_keeps_its_reason(office: Office) -> None:
    number = office.at("asked")
    with office.sessions() as session:
        day = session.scalars(sa.select(LeaveDay.id)).one()

    values = {"pay": "unpaid", "leave_day.verdict": {day: "fine"}}
    office.move(BAYU, number, "grant", values=values, reason="long enough")

    with office.sessions() as session:
        request = session.get_one(LeaveRequest, number)
        assert (request.status, request.pay, request.pay_note) == (
            "granted",
            "unpaid",
            "long enough",
        )
        assert [row.verdict for row in request.days] == ["fine"]


def test_reopening_empties_what_the_step_had_set(office: Office) -> None:
    number = office.at("over")

    office.move(DEWI, number, "reopen", reason="too early")

    with office.sessions() as session:
        request = session.get_one(LeaveRequest, number)
        assert (request.status, request.pay, request.pay_note) == ("draft", None, None)


REFUSED = [
    ("draft", BAYU, "grant", {}, "state", None),
    ("granted", BAYU, "grant", {}, "state", None),
    ("asked", BAYU, "grant", {"seen": "0" * 64}, "stale", None),
    ("asked", BAYU, "grant", {"seen": ""}, "stale", None),
    ("asked", ANI, "grant", {}, "role", None),
    ("asked", BAYU, "grant", {}, "guard", "pay"),
    ("asked", BAYU, "grant", {"values": {"pay": "unpaid"}}, "reason", "reason"),
    ("over", BAYU, "reopen", {}, "reason", "reason"),
    ("over", BAYU, "reopen", {"reason": "  "}, "reason", "reason"),
    ("over", BAYU, "reopen", {"reason": "x" * 4001}, "reason", "reason"),
    ("over", BAYU, "reopen", {"reason": "a\x00b"}, "reason", "reason"),
    ("asked", BAYU, "grant", {"values": {"why": "mine"}}, "field", "why"),
    ("asked", BAYU, "grant", {"values": {"pay_note": "mine"}}, "field", "pay_note"),
    ("asked", BAYU, "grant", {"values": {"leave_day.verdict": {99: "x"}}}, "field",
     "leave_day.verdict"),
]  # fmt: skip


def test_a_refusal_says_why_and_writes_nothing(office: Office) -> None:
    for state, actor, step, options, code, field in REFUSED:
        number = office.at(state)
        before = office.stored()

        with pytest.raises(Refused) as refused:
            office.move(actor, number, step, **options)

        assert (refused.value.code, refused.value.field) == (code, field)
        assert office.stored() == before


def test_even_a_commit_after_a_refusal_writes_nothing(office: Office) -> None:
    number = office.at("asked")
    before = office.stored()

    with office.acting(BAYU) as (session, _):
        request = session.get_one(LeaveRequest, number)
        seen = office.workflow.snapshot(session, request)[1]
        with pytest.raises(Refused):
            office.workflow.move(session, request, "grant", seen=seen, values={"pay": "unpaid"})
        session.commit()

    assert office.stored() == before


def test_an_unknown_step_and_a_missing_deed_are_no_answers(office: Office) -> None:
    number = office.ask()

    with pytest.raises(UnknownStep):
        office.move(ANI, number, "fly")
    with office.sessions() as session:
        request = session.get_one(LeaveRequest, number)
        with pytest.raises(NoDeed):
            office.workflow.move(session, request, "ask", seen="")


def test_a_record_that_is_gone_is_out_of_reach(office: Office) -> None:
    number = office.ask()

    with office.acting(ANI) as (session, _):
        request = session.get_one(LeaveRequest, number)
        session.connection().exec_driver_sql("DELETE FROM leave_paper")
        session.connection().exec_driver_sql("DELETE FROM leave_request")
        with pytest.raises(Refused) as refused:
            office.workflow.move(session, request, "ask", seen="")
        session.rollback()

    assert refused.value.code == "scope"


def test_what_changed_after_the_page_was_opened_is_not_decided_on(office: Office) -> None:
    number = office.at("asked")
    with office.sessions() as session:
        seen = office.workflow.snapshot(session, session.get_one(LeaveRequest, number))[1]
    office.move(ANI, number, "withdraw")
    with office.acting(ANI) as (session, _):
        session.get_one(LeaveRequest, number).days[0].note = "another"
    office.move(ANI, number, "ask")

    with pytest.raises(Refused) as refused:
        office.move(BAYU, number, "grant", seen=seen, values={"pay": "paid"})

    assert refused.value.code == "stale"


def test_of_eight_simultaneous_decisions_one_takes_effect(office: Office) -> None:
    number = office.at("asked")
    with office.sessions() as session:
        seen = office.workflow.snapshot(session, session.get_one(LeaveRequest, number))[1]
    barrier = Barrier(8)

    def decide(actor: object) -> str:
        barrier.wait()
        try:
            office.move(actor, number, "grant", seen=seen, values={"pay": "paid"})
        except Refused as refused:
            return refused.code
        return "done"

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(decide, [BAYU, DEWI] * 4))

    assert answers == ["done"] + ["state"] * 7
    with office.sessions() as session:
        steps = session.scalars(sa.select(Decision.step).order_by(Decision.id)).all()
        assert steps == ["ask", "grant"]


def test_who_made_or_changed_a_record_does_not_decide_on_it(office: Office) -> None:
    own = office.ask(BOTH)
    office.move(ANI, own, "ask")
    touched = office.ask()
    with office.acting(BOTH) as (session, _):
        session.get_one(LeaveRequest, touched).days[0].note = "morning"
    office.move(ANI, touched, "ask")
    cut = office.ask()
    with office.acting(BOTH) as (session, _):
        session.delete(session.get_one(LeaveRequest, cut).papers[0])
    office.move(ANI, cut, "ask")
    named = office.ask(stand_in_id=BAYU.id)
    office.move(ANI, named, "ask")

    for actor, number in ((BOTH, own), (BOTH, touched), (BOTH, cut), (BAYU, named)):
        with pytest.raises(Refused) as refused:
            office.move(actor, number, "grant", values={"pay": "paid"})
        assert refused.value.code == "duty"
        office.move(DEWI, number, "grant", values={"pay": "paid"})


def test_editing_and_deciding_in_one_deed_is_refused_too(office: Office) -> None:
    number = office.ask()

    with office.acting(BOTH) as (session, _):
        request = session.get_one(LeaveRequest, number)
        request.why = "mine now"
        seen = office.workflow.snapshot(session, request)[1]
        office.workflow.move(session, request, "ask", seen=seen)
        seen = office.workflow.snapshot(session, request)[1]
        with pytest.raises(Refused) as refused:
            office.workflow.move(session, request, "grant", seen=seen, values={"pay": "paid"})
        session.rollback()

    assert refused.value.code == "duty"


def test_steps_are_no_edits_and_editing_counts_anew_after_an_approval(office: Office) -> None:
    number = office.at("granted")
    office.move(BAYU, number, "reopen", reason="again")
    office.move(ASEP, number, "ask")

    office.move(BAYU, number, "grant", values={"pay": "paid"})

    early = office.ask()
    with office.acting(BOTH) as (session, _):
        session.get_one(LeaveRequest, early).why = "helped"
    office.move(ANI, early, "ask")
    office.move(BAYU, early, "grant", values={"pay": "paid"})
    office.move(BOTH, early, "end")
    late = office.at("granted")
    with office.acting(BOTH) as (session, _):
        session.get_one(LeaveRequest, late).note = "helped"
    with pytest.raises(Refused) as refused:
        office.move(BOTH, late, "end")
    assert refused.value.code == "duty"


def test_offers_say_what_is_open_and_why_the_rest_is_not(office: Office) -> None:
    number = office.at("asked")

    with office.sessions() as session:
        request = session.get_one(LeaveRequest, number)
        offers = office.workflow.offers(session, request, ANI)
        chief = office.workflow.offers(session, request, BAYU)
        closed = office.workflow.closed(session, request)

    told = [(offer.step, offer.objection and offer.objection.code) for offer in offers]
    assert told == [("withdraw", None), ("grant", "role")]
    assert [(o.step, o.objection and o.objection.code) for o in chief] == [
        ("withdraw", "role"),
        ("grant", None),
    ]
    assert [offer.step for offer in closed] == ["ask", "end", "reopen"]
    sentence = str(closed[0].objection and closed[0].objection.sentence)
    assert sentence.startswith(
        "The status is “Asked”; “Ask” starts from “Draft”. It is the turn of Chief, since "
    )


def test_a_decision_waits_for_an_edit_under_way_and_is_then_stale(office: Office) -> None:
    number = office.ask()
    with office.sessions() as session:
        seen = office.workflow.snapshot(session, session.get_one(LeaveRequest, number))[1]

    def decide() -> None:
        office.move(ASEP, number, "ask", seen=seen)

    with ThreadPoolExecutor(1) as pool:
        with office.acting(ANI) as (session, _):
            session.scalars(sa.select(LeaveDay)).one().note = "at the last moment"
            session.flush()
            deciding = pool.submit(decide)
            assert not wait([deciding], timeout=0.5).done
        with pytest.raises(Refused) as refused:
            deciding.result(20)

    assert refused.value.code == "stale"


def test_an_edit_waits_for_a_decision_under_way_and_is_then_locked_out(office: Office) -> None:
    number = office.ask()

    def edit() -> None:
        with deed("raw", actor=ANI), office.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE leave_day SET note = 'too late'")

    with ThreadPoolExecutor(1) as pool:
        with office.acting(ASEP) as (session, _):
            request = session.get_one(LeaveRequest, number)
            seen = office.workflow.snapshot(session, request)[1]
            office.workflow.move(session, request, "ask", seen=seen)
            editing = pool.submit(edit)
            assert not wait([editing], timeout=0.5).done
        with pytest.raises(IntegrityError, match="jenjang:locked"):
            editing.result(20)

    with office.sessions() as session:
        assert session.scalars(sa.select(LeaveDay.note)).all() == [None]


def test_the_snapshot_is_read_anew_even_where_the_session_knows_the_rows(office: Office) -> None:
    number = office.ask()

    with office.acting(ANI) as (session, _):
        request = session.get_one(LeaveRequest, number)
        known = request.days[0]
        session.connection().exec_driver_sql("UPDATE leave_day SET note = 'beside'")
        text, _ = office.workflow.snapshot(session, request)
        assert known.note == "beside"

    assert [day["note"] for day in json.loads(text)["children"]["leave_day"].values()] == ["beside"]
