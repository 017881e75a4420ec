"""Letters that leave the machine: a mail server by its address, and what went wrong in words.

The way there is encrypted, and the server's certificate is one that this machine trusts; only a
server on this very machine is spoken to in clear.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from .words import Refused, Sentence, say

#: Seconds until a server that says nothing counts as not there.
PATIENCE = 20.0
#: This machine: nobody listens on the way to it.
HERE = ("localhost", "127.0.0.1", "::1")
_ADDRESS = re.compile(r"[^\s@,;<>\"]{1,64}@[^\s@,;<>\"]{1,190}")
#: Port of each way to speak, where none is named.
PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True)
class MailServer:
    """A server that takes letters; `scheme` smtps encrypts at once, smtp by STARTTLS."""

    scheme: str
    host: str
    port: int
    sender: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


def server_at(url: str, sender: str) -> MailServer:
    """The server named by ``smtps://user:password@host:port``; ValueError where that is none."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError(parts.scheme)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    port = parts.port or PORTS[parts.scheme]
    return MailServer(parts.scheme, parts.hostname, port, sender, user, password)


def addresses(text: str) -> tuple[str, ...]:
    """The addresses in a list with commas; ValueError for what is none."""
    found = tuple(one for one in re.split(r"[\s,;]+", text) if one)
    if not found or not all(_ADDRESS.fullmatch(one) for one in found):
        raise ValueError(text)
    return found


def letter(
    sender: str, to: Sequence[str], subject: str, body: str, attached: tuple[str, str]
) -> EmailMessage:
    """A letter with one text attached: (name of the file, its text)."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, ", ".join(to), subject
    made["Date"], made["Message-ID"] = formatdate(), make_msgid(domain=sender.rpartition("@")[2])
    made.set_content(body)
    name, text = attached
    made.add_attachment(text, subtype="plain", filename=name)
    return made


def send(server: MailServer, made: EmailMessage) -> None:
    """Hand the letter over; `Refused` with the reason where any of its readers will not get it."""
    try:
        with _opened(server) as connection:
            if server.user:
                connection.login(server.user, server.password)
            refused = connection.send_message(made)
    except smtplib.SMTPAuthenticationError:
        raise _not_sent(server, say("it does not know this name and password")) from None
    except smtplib.SMTPRecipientsRefused as error:
        refused = error.recipients
    except smtplib.SMTPNotSupportedError:
        raise _not_sent(server, say("it offers no encryption (STARTTLS)")) from None
    except ssl.SSLError as error:
        why = say("its certificate is not trusted: %(cause)s", cause=error.reason or "TLS")
        raise _not_sent(server, why) from None
    except smtplib.SMTPResponseException as error:
        raise _not_sent(server, say("it answered %(code)s", code=error.smtp_code)) from None
    except (OSError, smtplib.SMTPException) as error:
        raise _not_sent(server, say("it does not answer: %(cause)s", cause=_cause(error))) from None
    if refused:
        raise _not_sent(server, say("it refused %(to)s", to=", ".join(sorted(refused))))


def _opened(server: MailServer) -> smtplib.SMTP:
    trusted = ssl.create_default_context()
    if server.scheme == "smtps":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE, context=trusted)
    connection = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
    try:
        connection.ehlo()
        if server.host not in HERE or connection.has_extn("starttls"):
            connection.starttls(context=trusted)
            connection.ehlo()
    except BaseException:
        connection.close()
        raise
    return connection


def _cause(error: Exception) -> str:
    if TimeoutError in (type(error), type(error.__context__)):
        return "timeout"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "it hung up"
    if isinstance(error, socket.gaierror):
        return "unknown host"
    return getattr(error, "strerror", None) or type(error).__name__


def _not_sent(server: MailServer, why: Sentence) -> Refused:
    at = f"{server.host}:{server.port}"
    return Refused("state", say("The mail server %(at)s took no letter: %(why)s.", at=at, why=why))
