"""Keys for one purpose each, derived from the installation's one secret key."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def derived(secret: str, purpose: str) -> str:
    """256 bits in base64; who knows the key of one purpose knows neither another nor the secret."""
    key = HKDF(SHA256(), length=32, salt=None, info=f"panel {purpose}".encode())
    return urlsafe_b64encode(key.derive(secret.encode())).decode()
