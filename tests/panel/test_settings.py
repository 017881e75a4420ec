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
