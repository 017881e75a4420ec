"""Settings from the environment, all under one prefix; a wrong one stops the start in words."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .mail import MailServer, addresses, server_at
from .words import Sentence, say

ENVIRONMENTS = ("demo", "production")
KNOWN = frozenset(
    {
        "ENV",
        "DATABASE_URL",
        "INSTANCE",
        "PORT",
        "HOST",
        "NAMES",
        "SECRET_KEY",
        "LOG_KEY",
        "CHECKPOINT_KEY",
        "CHECKPOINTS",
        "CHECKPOINT_MAIL",
        "SMTP",
        "SMTP_FROM",
        "PROXIES",
        "DEMO_PASSWORD",
        "THROTTLE",
        "TOTP",
        "REAUTH",
        "KEEP_LISTS",
        "KEEP_UPLOADS",
    }
)

#: The name of a host as browsers send it, or its IPv4 address.
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")

#: What protects real people's data, and so cannot be switched off in production.
SWITCHES = {
    "THROTTLE": say("sign-in throttling cannot be off in production"),
    "TOTP": say("the second factor cannot be off in production"),
    "REAUTH": say("the password inside a decision cannot be off in production"),
}


class WrongSetting(ValueError):
    """A setting that cannot be used; its sentence names it and says what to do."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True)
class Settings:
    """What an installation is told from outside; secrets never show in its text."""

    env: str
    instance: Path
    database_url: str
    host: str
    port: int
    #: Names by which browsers know the site; a request under another one is refused. None: any.
    names: tuple[str, ...]
    proxies: int
    throttle: bool
    #: Supervisors and administrators give the code of an authenticator after their password.
    totp: bool
    #: A step of a supervisor or an administrator asks for the password once more.
    reauth: bool
    secret_key: str = field(repr=False)
    #: Keys of the log's seals: the first one begins a log, the log itself says which comes next.
    log_keys: tuple[bytes, ...] = field(repr=False)
    #: Signs checkpoints of the log, Ed25519, 32 bytes.
    checkpoint_key: bytes = field(repr=False)
    #: Where checkpoints are put; best a folder that leaves the machine.
    checkpoints: Path
    #: Addresses that checkpoints are sent to, and the server that takes the letters.
    checkpoint_mail: tuple[str, ...]
    mail_server: MailServer | None
    demo_password: str | None = field(repr=False)
    #: Days that the file of a list is kept: once it is decided or given up, and if it never is.
    keep_lists: int
    keep_uploads: int

    @property
    def production(self) -> bool:
        """Whether real people's data are at stake."""
        return self.env == "production"


def read_settings(prefix: str, root: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of an installation whose program stands in `root`.

    Raises `WrongSetting` for a value that is missing, misspelt or unsafe, and for an instance
    folder that cannot be written.
    """
    reader = _Reader(prefix, os.environ if environ is None else environ)
    reader.refuse_unknown()
    env = reader.choice("ENV", ENVIRONMENTS, "demo")
    production = env == "production"
    instance = _writable(reader, Path(reader.text("INSTANCE") or root / "instance"))
    mail_server = _mail_server(reader)
    return Settings(
        env=env,
        instance=instance,
        database_url=_database(reader, instance),
        host=reader.text("HOST") or "127.0.0.1",
        port=reader.number("PORT", 8000, 1, 65535),
        names=_names(reader),
        proxies=reader.number("PROXIES", 0, 0, 9),
        throttle=reader.switch("THROTTLE", True, needed=production),
        totp=reader.switch("TOTP", production, needed=production),
        reauth=reader.switch("REAUTH", production, needed=production),
        secret_key=_secret_key(reader, instance, production),
        log_keys=_log_keys(reader, instance, production),
        checkpoint_key=_checkpoint_key(reader, instance),
        checkpoints=Path(reader.text("CHECKPOINTS") or instance / "checkpoints").absolute(),
        checkpoint_mail=_checkpoint_mail(reader, mail_server),
        mail_server=mail_server,
        demo_password=None if production else _demo_password(reader, instance),
        keep_lists=reader.number("KEEP_LISTS", 365, 1, 36_500),
        keep_uploads=reader.number("KEEP_UPLOADS", 30, 1, 36_500),
    )


class _Reader:
    def __init__(self, prefix: str, environ: Mapping[str, str]) -> None:
        self.prefix = prefix
        self.environ = environ

    def wrong(self, name: str, why: Sentence) -> WrongSetting:
        return WrongSetting(say("%(name)s: %(why)s.", name=self.prefix + name, why=why))

    def text(self, name: str) -> str | None:
        return self.environ.get(self.prefix + name) or None

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.text(name) or default
        if value not in allowed:
            raise self.wrong(name, say("choose one of %(allowed)s", allowed=", ".join(allowed)))
        return value

    def switch(self, name: str, default: bool, *, needed: bool) -> bool:
        on = self.choice(name, ("0", "1"), "1" if default else "0") == "1"
        if needed and not on:
            raise self.wrong(name, SWITCHES[name])
        return on

    def number(self, name: str, default: int, least: int, most: int) -> int:
        value = self.text(name)
        if value is None:
            return default
        if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
            raise self.wrong(
                name, say("give a whole number from %(least)s to %(most)s", least=least, most=most)
            )
        return int(value)

    def refuse_unknown(self) -> None:
        for name in self.environ:
            if name.startswith(self.prefix) and name.removeprefix(self.prefix) not in KNOWN:
                raise WrongSetting(
                    say(
                        "%(name)s is no setting. There are: %(known)s.",
                        name=name,
                        known=", ".join(self.prefix + known for known in sorted(KNOWN)),
                    )
                )


def _writable(reader: _Reader, folder: Path) -> Path:
    folder = folder.absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / f".probe-{secrets.token_hex(4)}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise reader.wrong(
            "INSTANCE",
            say(
                "the folder %(folder)s cannot be written (%(cause)s); make it writable or name "
                "another one",
                folder=folder,
                cause=error.strerror,
            ),
        ) from None
    return folder


def _database(reader: _Reader, instance: Path) -> str:
    url = reader.text("DATABASE_URL")
    if url is None:
        return f"sqlite:///{instance / 'jenjang.sqlite3'}"
    if not re.match(r"(sqlite:///.+|postgresql\+psycopg://.+)", url):
        raise reader.wrong(
            "DATABASE_URL", say("begin with sqlite:/// or postgresql+psycopg:// and a path or host")
        )
    return url


def _names(reader: _Reader) -> tuple[str, ...]:
    found = re.split(r"[\s,]+", (reader.text("NAMES") or "").strip().lower())
    if found != [""] and not all(_NAME.fullmatch(one) for one in found):
        why = say("give names of hosts without scheme and port, several parted by commas")
        raise reader.wrong("NAMES", why)
    return tuple(one for one in found if one)


def _secret_key(reader: _Reader, instance: Path, production: bool) -> str:
    value = reader.text("SECRET_KEY")
    if value is None and production:
        raise reader.wrong("SECRET_KEY", say("set it in production, 32 characters or more"))
    if value is not None and len(value) < 32:
        raise reader.wrong("SECRET_KEY", say("it needs 32 characters or more"))
    return value or kept(instance / "secret-key", lambda: secrets.token_hex(32))


def _log_keys(reader: _Reader, instance: Path, production: bool) -> tuple[bytes, ...]:
    value = reader.text("LOG_KEY")
    if value is None and production:
        raise reader.wrong("LOG_KEY", say("set it in production, 64 hexadecimal digits"))
    value = value or kept(instance / "log-key", lambda: secrets.token_hex(32))
    found = re.split(r"[\s,]+", value.strip())
    if not all(re.fullmatch(r"[0-9a-fA-F]{64}", one) for one in found):
        why = say("it has 64 hexadecimal digits; several keys are parted by commas")
        raise reader.wrong("LOG_KEY", why)
    return tuple(bytes.fromhex(one) for one in found)


def _checkpoint_key(reader: _Reader, instance: Path) -> bytes:
    value = reader.text("CHECKPOINT_KEY")
    value = value or kept(instance / "checkpoint-key", lambda: secrets.token_hex(32))
    if not re.fullmatch(r"[0-9a-fA-F]{64}", value):
        raise reader.wrong("CHECKPOINT_KEY", say("it has 64 hexadecimal digits"))
    return bytes.fromhex(value)


def _mail_server(reader: _Reader) -> MailServer | None:
    url, sender = reader.text("SMTP"), reader.text("SMTP_FROM")
    if url is None:
        return None
    try:
        [sender] = addresses(sender or "")
    except ValueError:
        raise reader.wrong("SMTP_FROM", say("give the address that letters come from")) from None
    try:
        return server_at(url, sender)
    except ValueError:
        why = say("write smtps://user:password@host:465, or smtp://… for STARTTLS")
        raise reader.wrong("SMTP", why) from None


def _checkpoint_mail(reader: _Reader, server: MailServer | None) -> tuple[str, ...]:
    value = reader.text("CHECKPOINT_MAIL")
    if value is None:
        return ()
    if server is None:
        raise reader.wrong("SMTP", say("it names the server that takes the letters: set it too"))
    try:
        return addresses(value)
    except ValueError:
        why = say("give e-mail addresses, several parted by commas")
        raise reader.wrong("CHECKPOINT_MAIL", why) from None


def _demo_password(reader: _Reader, instance: Path) -> str:
    value = reader.text("DEMO_PASSWORD")
    if value is not None and len(value) < 12:
        raise reader.wrong("DEMO_PASSWORD", say("it needs 12 characters or more"))
    return value or kept(instance / "demo-password", _made_up_password)


def _made_up_password() -> str:
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def kept(path: Path, make: Callable[[], str]) -> str:
    """The secret in `path`, made and kept there with mode 600 when it is not there yet."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    value = make()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was faster
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(value + "\n")
    return value
