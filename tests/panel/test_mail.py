"""Letters to a mail server on a local socket: taken, refused, not encrypted, silent; in words."""

from __future__ import annotations

import base64
import datetime
import ipaddress
import socketserver
import ssl
import threading
from contextlib import contextmanager

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from panel import mail
from panel.mail import addresses, letter, send, server_at
from panel.words import Refused


class Clerk(socketserver.StreamRequestHandler):
    """As much of SMTP as one letter needs."""

    def handle(self):
        office = self.server
        if office.silent:
            office.done.wait(5)
            return
        if office.tls and office.at_once:
            self.encrypt()
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "EHLO":
                offers = ["250-here", *(["250-STARTTLS"] if office.tls else []), "250 AUTH PLAIN"]
                self.say("\r\n".join(offers))
            elif verb == "STARTTLS":
                self.say("220 go on")
                self.encrypt()
            elif verb == "AUTH":
                self.say("235 yes" if line.endswith(office.secret) else "535 no")
            elif verb == "RCPT":
                self.say("550 nobody" if "nobody@" in line else "250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                office.letters.append(b"".join(lines).decode())
                self.say("250 taken" if not office.full else "452 full")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def finish(self):
        """Whatever was opened, the encrypted way too, is closed."""
        super().finish()
        self.connection.close()

    def encrypt(self):
        self.rfile.close()
        self.wfile.close()
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)


class Office(socketserver.ThreadingTCPServer):
    """A mail server and the letters that it took."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, **ways):
        super().__init__(("127.0.0.1", 0), Clerk)
        self.letters, self.done = [], threading.Event()
        self.tls = ways.get("tls")
        self.at_once, self.silent, self.full = (
            ways.get(name, False) for name in ("at_once", "silent", "full")
        )
        self.secret = base64.b64encode(b"\0jejak\0rahasia").decode()

    def handle_error(self, request, client_address):
        """A client that goes away is what some of these tests are about."""


@contextmanager
def office(**ways):
    with Office(**ways) as here:
        threading.Thread(target=here.serve_forever, kwargs={"poll_interval": 0.02}).start()
        try:
            yield here
        finally:
            here.done.set()
            here.shutdown()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A server's context with a certificate of its own making, and the file of that."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(alternative, critical=False)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    (folder / "key.pem").write_bytes(secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context, folder / "cert.pem"


LETTER = letter(
    "jejak@kota.example", ["a@kota.example"], "Titik periksa", "ketik 12 ABCDE", ("c.txt", "isi\n")
)


def sent(here, scheme="smtp", user="", made=LETTER):
    url = f"{scheme}://{user}127.0.0.1:{here.server_address[1]}"
    send(server_at(url, "jejak@kota.example"), made)


def refusal(here, **way):
    with pytest.raises(Refused) as refused:
        sent(here, **way)
    return str(refused.value.sentence)


def test_a_letter_arrives_with_its_text_and_its_file():
    with office() as here:
        sent(here)

    [text] = here.letters
    assert "ketik 12 ABCDE" in text
    assert 'filename="c.txt"' in text
    assert "To: a@kota.example" in text


def test_the_way_is_encrypted_by_a_certificate_that_is_trusted(certificate, monkeypatch):
    context, path = certificate
    for scheme, at_once in (("smtp", False), ("smtps", True)):
        with office(tls=context, at_once=at_once) as here:
            assert "certificate is not trusted" in refusal(here, scheme=scheme)
            assert here.letters == []
            with monkeypatch.context() as trusting:
                trusting.setenv("SSL_CERT_FILE", str(path))
                sent(here, scheme=scheme, user="jejak:rahasia@")
            assert len(here.letters) == 1


def test_nothing_goes_unencrypted_to_another_machine(monkeypatch):
    monkeypatch.setattr(mail, "HERE", ())
    with office() as here:
        assert "offers no encryption" in refusal(here)

    assert here.letters == []


def test_what_goes_wrong_is_named(monkeypatch):
    monkeypatch.setattr(mail, "PATIENCE", 0.2)
    both = letter("j@k.example", ["a@k.example", "nobody@k.example"], "x", "y", ("c", "d"))
    none = letter("j@k.example", ["nobody@k.example"], "x", "y", ("c", "d"))
    with office() as here:
        assert "refused nobody@k.example" in refusal(here, made=both)
        assert "refused nobody@k.example" in refusal(here, made=none)
        assert "name and password" in refusal(here, user="jejak:salah@")
    with office(full=True) as here:
        assert "it answered 452" in refusal(here)
    with office(silent=True) as here:
        assert "does not answer: timeout" in refusal(here)
    assert "does not answer: Connection refused" in refusal(here)


@pytest.mark.parametrize(
    "url", ["", "mail.example", "http://x", "smtp://", "smtp://h:99999", "smtp://h/x"]
)
def test_what_names_no_server_is_refused(url):
    with pytest.raises(ValueError):  # noqa: PT011 - the settings say in words what is meant
        server_at(url, "a@b.example")


def test_addresses_are_parted_by_commas():
    assert addresses("a@b.id, c@d.id;e@f.id") == ("a@b.id", "c@d.id", "e@f.id")
    for wrong in ("", "a@b.id, c", "a@b.id\nBcc: <x@y>", "<a@b>"):
        with pytest.raises(ValueError):  # noqa: PT011 - the settings say in words what is meant
            addresses(wrong)
