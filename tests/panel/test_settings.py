"""What protects real people's data is on in production and cannot be switched off there."""

from pathlib import Path

import pytest

from panel.settings import Settings, WrongSetting, read_settings

PRODUCTION = {
    "JENJANG_ENV": "production",
    "JENJANG_SECRET_KEY": "s" * 32,
    "JENJANG_LOG_KEY": "ab" * 32,
}


def read(folder: Path, **values: str) -> Settings:
    return read_settings("JENJANG_", folder, values)


def test_the_demo_signs_in_with_name_and_password_unless_told_otherwise(tmp_path: Path) -> None:
    plain = read(tmp_path)
    switched = read(tmp_path, JENJANG_TOTP="1", JENJANG_REAUTH="1", JENJANG_THROTTLE="0")

    assert (plain.throttle, plain.totp, plain.reauth) == (True, False, False)
    assert (switched.throttle, switched.totp, switched.reauth) == (False, True, True)


def test_production_has_all_of_them(tmp_path: Path) -> None:
    settings = read(tmp_path, **PRODUCTION)

    assert (settings.throttle, settings.totp, settings.reauth) == (True, True, True)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("THROTTLE", "JENJANG_THROTTLE: sign-in throttling cannot be off in production."),
        ("TOTP", "JENJANG_TOTP: the second factor cannot be off in production."),
        ("REAUTH", "JENJANG_REAUTH: the password inside a decision cannot be off in production."),
    ],
)
def test_switching_one_off_in_production_stops_the_start(
    tmp_path: Path, name: str, sentence: str
) -> None:
    with pytest.raises(WrongSetting) as wrong:
        read(tmp_path, **PRODUCTION, **{f"JENJANG_{name}": "0"})

    assert str(wrong.value.sentence) == sentence


@pytest.mark.parametrize("value", ["yes", "2", "true"])
def test_a_switch_is_0_or_1(tmp_path: Path, value: str) -> None:
    with pytest.raises(WrongSetting, match="JENJANG_TOTP: choose one of 0, 1"):
        read(tmp_path, JENJANG_TOTP=value)


def test_the_site_goes_by_the_names_that_it_is_given(tmp_path: Path) -> None:
    assert read(tmp_path).names == ()
    assert read(tmp_path, JENJANG_NAMES="Jejak.example, 10.0.0.7").names == (
        "jejak.example",
        "10.0.0.7",
    )
    for wrong in ("https://a.id", "a.id:80", "*", ".id", "a..id", "a_b", "[::1]", "a.id;b.id"):
        with pytest.raises(WrongSetting, match=r"JENJANG_NAMES: give names of hosts"):
            read(tmp_path, JENJANG_NAMES=wrong)


def test_checkpoints_go_by_mail_where_a_server_takes_them(tmp_path: Path) -> None:
    mail = {"JENJANG_CHECKPOINT_MAIL": "a@kota.example, b@kota.example"}
    server = {"JENJANG_SMTP": "smtps://jejak:r%40hasia@mail.example", "JENJANG_SMTP_FROM": "j@k.id"}

    settings = read(tmp_path, **mail, **server)

    assert settings.checkpoint_mail == ("a@kota.example", "b@kota.example")
    assert settings.mail_server is not None
    assert (settings.mail_server.port, settings.mail_server.password) == (465, "r@hasia")
    assert "r@hasia" not in repr(settings)
    for wrong, name in (
        (mail, "JENJANG_SMTP:"),
        ({**server, **mail, "JENJANG_SMTP_FROM": ""}, "JENJANG_SMTP_FROM:"),
        ({**server, **mail, "JENJANG_SMTP": "mail.example"}, "JENJANG_SMTP:"),
        ({**server, "JENJANG_CHECKPOINT_MAIL": "a@k.id, nobody"}, "JENJANG_CHECKPOINT_MAIL:"),
    ):
        with pytest.raises(WrongSetting, match=name):
            read(tmp_path, **wrong)
