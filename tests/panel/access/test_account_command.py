"""`flask account`: each act a deed with its reason; the sentences are those of the screens."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from panel.changelog.records import deed
from panel.changelog.rules import Command
from tests.panel.access.office import (
    Account,
    Deed,
    Grant,
    access,
    account_role,
    db,
    rows,
    sign_in,
)

PEOPLE = sa.select(Account.username, Account.name, Account.active).order_by(Account.id)
BEFORE = [("ani", "Ani", True), ("citra", "Citra", True), ("eka", "Eka", True)]


def run(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["account", *words])
    return result.exit_code, result.output


def log(app: Flask) -> list[tuple[str, str, str, str | None]]:
    with app.app_context():
        found = db.session.scalars(sa.select(Deed).where(Deed.action != "seed").order_by(Deed.seq))
        return [(each.action, each.actor_kind, each.reason, each.subject_pk) for each in found]


def test_add_makes_an_account_that_signs_in_with_the_printed_password(
    app: Flask, client: FlaskClient
) -> None:
    code, output = run(
        app, "add", "Bayu", "--name", "Bayu Contoh", "--role", "supervisor",
        "--place", "1/3/", "--place", "2", "--reason", "ST 12/2025",
    )  # fmt: skip

    handed = re.fullmatch(r"bayu: made\. First password, shown only now: (\S+)\n", output)
    assert (code, handed is not None) == (0, True), output
    assert sign_in(client, "bayu", handed[1] if handed else "").location == "/"
    assert client.get("/inside/").location == "/change"
    assert rows(app, PEOPLE)[3] == ("bayu", "Bayu Contoh", True)
    places = sa.select(Grant.region_id, Grant.unit_path).where(Grant.account_id == 4)
    assert set(rows(app, places)) == {(1, "/3/"), (2, "")}
    assert log(app)[0] == ("account.add", "command", "ST 12/2025", "4")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["ani", "--name", "B", "--role", "clerk"], "This user name is taken. Choose another one."),
        (
            ["b b", "--name", "B", "--role", "clerk"],
            "Take 2 to 32 small letters, figures, dots or hyphens, a letter first.",
        ),
        (["bayu", "--name", " ", "--role", "clerk"], "Fill in the name."),
        (
            ["bayu", "--name", "B", "--role", "clerk", "--role", "auditor"],
            "One account cannot be Auditor and Clerk at once. Make a second account.",
        ),
    ],
)
def test_add_refuses_in_one_sentence_and_writes_nothing(
    app: Flask, words: list[str], sentence: str
) -> None:
    code, output = run(app, "add", *words, "--reason", "try")

    assert (code, output) == (1, f"Error: {sentence}\n")
    assert rows(app, PEOPLE) == BEFORE
    assert log(app) == []


@pytest.mark.parametrize(
    "words",
    [
        ["add", "bayu", "--name", "B", "--role", "clerk"],
        ["password", "ani"],
        ["deactivate", "ani"],
        ["activate", "ani"],
        ["role", "add", "ani", "supervisor"],
        ["role", "remove", "ani", "clerk"],
    ],
)
def test_without_a_reason_nothing_is_done(app: Flask, words: list[str]) -> None:
    missing, _ = run(app, *words)
    empty, _ = run(app, *words, "--reason", "  ")

    assert (missing, empty) == (2, 1)
    assert rows(app, PEOPLE) == BEFORE
    assert log(app) == []


def test_a_new_password_is_printed_once_and_the_old_one_is_over(
    app: Flask, client: FlaskClient
) -> None:
    code, output = run(app, "password", "ani", "--reason", "forgot")

    handed = output.rsplit(" ", 1)[1].strip()
    assert code == 0
    assert sign_in(client, "ani").status_code == 200
    assert sign_in(client, "ani", handed).location == "/"
    assert log(app)[0] == ("account.password", "command", "forgot", "1")


def test_a_closed_account_is_opened_again(app: Flask, client: FlaskClient) -> None:
    closed = run(app, "deactivate", "ani", "--reason", "left")
    twice = run(app, "deactivate", "ani", "--reason", "left")
    refused = sign_in(client, "ani").status_code
    opened = run(app, "activate", "ani", "--reason", "came back")

    assert closed == (0, "ani: done.\n")
    assert twice == (1, "Error: The account is not active.\n")
    assert refused == 200
    assert opened == (0, "ani: done.\n")
    assert sign_in(client, "ani").status_code == 302


def test_roles_are_given_and_taken_but_never_together_with_their_opposite(app: Flask) -> None:
    given = run(app, "role", "add", "ani", "supervisor", "--reason", "ST 3")
    toxic = run(app, "role", "add", "ani", "administrator", "--reason", "ST 4")
    taken = run(app, "role", "remove", "ani", "clerk", "--reason", "ST 5")

    sentence = "One account cannot be Administrator and Clerk at once. Make a second account."
    assert given == (0, "ani: done.\n")
    assert toxic == (1, f"Error: {sentence}\n")
    assert taken == (0, "ani: done.\n")
    held = sa.select(account_role.c.account_id).where(account_role.c.account_id == 1)
    assert len(rows(app, held)) == 1
    assert [reason for _, _, reason, _ in log(app)] == ["ST 3", "ST 5"]


def test_an_unknown_name_is_said_so(app: Flask) -> None:
    assert run(app, "activate", "nobody", "--reason", "x") == (
        1,
        "Error: There is no account of this name.\n",
    )


def test_list_shows_each_account_on_a_line(app: Flask) -> None:
    code, output = run(app, "list")

    assert code == 0
    assert [line.split("\t")[:3] for line in output.splitlines()] == [
        ["ani", "Ani", "clerk"],
        ["citra", "Citra", "auditor"],
        ["eka", "Eka", "administrator"],
    ]


def test_a_shell_without_a_deed_cannot_change_an_account(app: Flask) -> None:
    from panel.changelog.records import NoDeed

    with app.app_context():
        access.find(db.session(), username="ani").name = "Somebody"
        with pytest.raises(NoDeed):
            db.session.commit()
        db.session.rollback()

    with app.app_context(), deed("account.edit", actor=Command("tests")):
        access.find(db.session(), username="ani").name = "Ani Contoh"
        db.session.commit()

    assert rows(app, PEOPLE)[0] == ("ani", "Ani Contoh", True)
