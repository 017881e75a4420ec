"""Who had what from when to when: the rows of the log put together."""

from datetime import UTC, datetime

from models.access_spans import Row, spans, toxic

GRANT = {"account_id": "7", "region_id": "1", "unit_id": None, "valid_from": None, "valid_to": None}
WHOLE = ("place", "1", "", "", "")
CODES = {"1": "administrator", "2": "auditor", "3": "clerk", "4": "supervisor"}


def day(number):
    return datetime(2026, 1, number, tzinfo=UTC)


def role(number, account, key, op, by=""):
    values = {"account_id": str(account), "role_id": key}
    return Row("account_role", f'["{account}","{key}"]', op, values, day(number), by)


def grant(number, op, values, by=""):
    return Row("account_grant", "5", op, values, day(number), by)


def short(found):
    return [
        (s.right, s.since and s.since.day, s.until and s.until.day, s.given_by, s.taken_by)
        for s in found
    ]


def test_a_role_given_taken_and_given_again():
    rows = [role(1, 7, "3", "I", "Eka"), role(4, 7, "3", "D", "Edi"), role(9, 7, "3", "I", "Eka")]

    found = spans(rows, [("account_role", '["7","3"]', {"account_id": 7, "role_id": 3})])

    assert short(found) == [
        (("role", "3"), 1, 4, "Eka", "Edi"),
        (("role", "3"), 9, None, "Eka", ""),
    ]


def test_a_place_narrowed_moved_and_taken():
    rows = [
        grant(1, "I", GRANT, "Eka"),
        grant(2, "U", {"unit_id": [None, "40"]}, "Edi"),
        grant(3, "U", {"region_id": ["1", "2"], "unit_id": ["40", None]}, "Eka"),
        grant(6, "D", {**GRANT, "region_id": "2"}, "Edi"),
    ]

    assert short(spans(rows, [])) == [
        (WHOLE, 1, 2, "Eka", "Edi"),
        (("place", "1", "40", "", ""), 2, 3, "Edi", "Eka"),
        (("place", "2", "", "", ""), 3, 6, "Eka", "Edi"),
    ]


def test_what_the_log_never_saw_beginning_was_there_before_it():
    present = [("account_grant", "5", {**GRANT, "account_id": 7, "region_id": 1})]

    assert short(spans([], present)) == [(WHOLE, None, None, "", "")]
    assert short(spans([grant(3, "D", GRANT, "Edi")], [])) == [(WHOLE, None, 3, "", "Edi")]


def test_a_period_takes_what_held_at_any_moment_of_it():
    [span] = spans([role(3, 7, "3", "I"), role(5, 7, "3", "D")], [])

    assert span.meets(day(4), day(9))
    assert span.meets(day(1), day(4))
    assert not span.meets(day(5), day(9))
    assert not span.meets(day(1), day(3))


def test_roles_that_exclude_each_other_are_found_while_both_are_held():
    apart = [role(1, 7, "2", "I"), role(3, 7, "2", "D"), role(3, 7, "3", "I")]
    both = [role(1, 8, "1", "I"), role(2, 8, "4", "I"), role(3, 8, "1", "D")]
    others = [role(1, 9, "3", "I"), role(1, 9, "4", "I")]

    [found] = toxic(spans(sorted(apart + both + others, key=lambda r: r.at), []), CODES)

    assert {(one.account, CODES[one.right[1]]) for one in found} == {
        (8, "administrator"),
        (8, "supervisor"),
    }
