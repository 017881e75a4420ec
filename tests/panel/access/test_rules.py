"""Policy, places, masks and toxic roles as truth tables; no application."""

from __future__ import annotations

from itertools import combinations

import pytest

from panel.access.rules import (
    ROLE_NAMES,
    VERBS,
    Actor,
    Place,
    WrongPolicy,
    in_scope,
    is_masked,
    objection,
    read_policy,
    toxic,
)

POLICY = read_policy(
    {
        "official": {"clerk": "rcedx unmask", "supervisor": "rx", "auditor": "rx"},
        "change": {"auditor": "rx verify"},
        "sheet": {"clerk": "rce", "supervisor": "r sign"},
        "process": {"administrator": "r publish", "clerk": "r"},
        "closed": {},
    }
)
MASKS = frozenset({("auditor", "official", "nip"), ("supervisor", "official", "nip")})

ALLOWED = {
    ("official", "clerk"): {"read", "create", "edit", "delete", "export", "unmask"},
    ("official", "supervisor"): {"read", "export"},
    ("official", "auditor"): {"read", "export"},
    ("change", "auditor"): {"read", "export", "verify"},
    ("sheet", "clerk"): {"read", "create", "edit"},
    ("sheet", "supervisor"): {"read", "sign"},
    ("process", "administrator"): {"read", "publish"},
    ("process", "clerk"): {"read"},
}


def acting(*roles: str) -> Actor:
    return Actor(1, "Ani", frozenset(roles), (Place(1),))


@pytest.mark.parametrize("kind", [*POLICY, "unknown"])
@pytest.mark.parametrize("role", ROLE_NAMES)
def test_a_role_may_what_its_row_says_and_nothing_else(kind: str, role: str) -> None:
    may = {verb for verb in VERBS if objection(POLICY, acting(role), verb, kind) is None}

    assert may == ALLOWED.get((kind, role), set())


def test_two_roles_may_what_either_may() -> None:
    actor = acting("clerk", "supervisor")

    may = {verb for verb in VERBS if objection(POLICY, actor, verb, "sheet") is None}

    assert may == {"read", "create", "edit", "sign"}


@pytest.mark.parametrize(
    ("actor", "verb", "kind", "sentence"),
    [
        (None, "read", "official", "Sign in first."),
        (acting(), "read", "official", "Your role does not read this. Roles that do: Clerk, "
         "Supervisor, Auditor."),
        (acting("auditor"), "edit", "official", "Your role does not change this. Roles that do: "
         "Clerk."),
        (acting("clerk"), "read", "unknown", "No rule opens this."),
        (acting("clerk"), "read", "closed", "No rule opens this."),
        (acting("clerk"), "fly", "official", "No rule opens this."),
        (acting("root"), "read", "official", "Your role does not read this. Roles that do: Clerk, "
         "Supervisor, Auditor."),
    ],
)  # fmt: skip
def test_a_refusal_says_who_may(actor: Actor | None, verb: str, kind: str, sentence: str) -> None:
    assert str(objection(POLICY, actor, verb, kind)) == sentence


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({"a": {"king": "r"}}, "policy of a: there is no role 'king'"),
        ({"a": {"clerk": "rz"}}, "policy of a for clerk: 'rz' is no verb"),
        ({"a": {"clerk": "r signs"}}, "policy of a for clerk: 'signs' is no verb"),
        ({"a": {"clerk": "e"}}, "policy of a for clerk: verbs without reading"),
    ],
)
def test_a_policy_with_a_slip_is_not_read(table: dict[str, dict[str, str]], sentence: str) -> None:
    with pytest.raises(WrongPolicy) as slip:
        read_policy(table)

    assert str(slip.value) == sentence


def test_only_watching_and_working_exclude_each_other() -> None:
    refused = {pair for pair in combinations(ROLE_NAMES, 2) if toxic(pair)}

    assert refused == {
        ("clerk", "auditor"),
        ("clerk", "administrator"),
        ("supervisor", "auditor"),
        ("supervisor", "administrator"),
    }
    assert str(toxic({"clerk", "auditor"})) == (
        "One account cannot be Auditor and Clerk at once. Make a second account."
    )


@pytest.mark.parametrize(
    ("actor", "masked"),
    [
        (None, True),
        (acting(), True),
        (acting("auditor"), True),
        (acting("supervisor"), True),
        (acting("clerk"), False),
        (acting("administrator"), True),
        (acting("administrator", "auditor"), True),
        (acting("clerk", "supervisor"), False),
    ],
)
def test_a_mask_falls_only_for_a_role_that_reads_without_it(
    actor: Actor | None, masked: bool
) -> None:
    assert is_masked(POLICY, MASKS, actor, "official", "nip") is masked


@pytest.mark.parametrize(
    ("region", "path", "seen"),
    [
        (1, "/3/17/", True),
        (1, "/3/17/4/", True),
        (1, "/3/17", True),
        (1, "/3/170/", False),
        (1, "/3/", False),
        (1, "", False),
        (2, "/3/17/", False),
        (None, "", True),
    ],
)
def test_a_place_holds_its_subtree_of_its_region(region: int | None, path: str, seen: bool) -> None:
    actor = Actor(1, "Ani", frozenset({"clerk"}), (Place(1, "/3/17/"),))

    assert in_scope(actor, region, path) is seen


def test_without_a_place_only_what_has_no_region_is_seen() -> None:
    actor = Actor(1, "Ani", frozenset({"clerk"}))

    assert [in_scope(actor, 1), in_scope(actor, None), in_scope(None, None)] == [False, True, False]


def test_a_path_without_its_last_slash_is_no_place() -> None:
    with pytest.raises(ValueError, match="ends with a slash"):
        Place(1, "/3/1")
