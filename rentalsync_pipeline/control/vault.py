"""Secrets at rest: AES-256-GCM, bound to the row that they belong to.

Belongs here: keys, sealing and opening. Does not: the table they lie in (`schema.SecretRow`), references
to variables (`variables`). A sealed value that is moved to another row does not open there: the row's
identity is the associated data. Several keys make rotation possible: the first seals, all open.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from rentalsync_pipeline.control.home import Home
from rentalsync_pipeline.control.written.files import read_private

KEY_BYTES = 32
KEY_VARIABLES = ("RENTALSYNC_SECRET_KEY", "ENCRYPTION_KEY")
_NONCE = 12
_KEY_ID = 4


class VaultError(Exception):
    """A key that is unfit, or a sealed value that does not open; the message quotes neither."""


class Vault:
    """Seals and opens secrets. Its own representation shows no key."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys:
            raise VaultError("there is no encryption key: `rentalsync init` makes one")
        self._ciphers = {_key_id(key): AESGCM(key) for key in keys}
        self._first = _key_id(keys[0])

    @classmethod
    def of(cls, home: Home, env: Mapping[str, str] = os.environ) -> Self:
        """The vault with the keys of the environment (comma separated), else those of the home's key file."""
        for variable in KEY_VARIABLES:
            if env.get(variable):
                return cls([parse_key(key, variable) for key in env[variable].split(",")])
        if not home.keys.exists():
            raise VaultError(
                f"there is no {home.keys}: `rentalsync init` makes one, a backup has the old one"
            )
        lines = read_private(home.keys).split()
        return cls([parse_key(line, str(home.keys)) for line in lines])

    def seal(self, value: str, *, identity: str) -> bytes:
        """Encrypt `value` for the row `identity` (`table|id|name`): key id, nonce, ciphertext and tag."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = self._ciphers[self._first].encrypt(nonce, value.encode(), identity.encode())
        return self._first + nonce + sealed

    def open(self, sealed: bytes, *, identity: str) -> str:
        """Decrypt what was sealed for the row `identity`; `VaultError` where that fails."""
        cipher = self._ciphers.get(sealed[:_KEY_ID])
        if cipher is None:
            raise VaultError(
                f"the secret of {identity} was sealed with a key that is not at hand: "
                f"add the old key behind the new one in {KEY_VARIABLES[0]} or the key file"
            )
        nonce, ciphertext = sealed[_KEY_ID : _KEY_ID + _NONCE], sealed[_KEY_ID + _NONCE :]
        try:
            return cipher.decrypt(nonce, ciphertext, identity.encode()).decode()
        except InvalidTag:
            raise VaultError(
                f"the secret of {identity} is damaged or was moved there: enter it anew"
            ) from None

    def is_current(self, sealed: bytes) -> bool:
        """Whether the first key sealed it, so that rotation need not touch it."""
        return sealed[:_KEY_ID] == self._first


def new_key() -> str:
    """A fresh key, as it stands in a key file."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def parse_key(text: str, where: str) -> bytes:
    """The 32 bytes of a key in base64 (either alphabet) or hex; `where` is named when it is none."""
    for decode in (bytes.fromhex, _from_base64):
        try:
            key = decode(text.strip())
        except (ValueError, binascii.Error):
            continue
        if len(key) == KEY_BYTES:
            return key
    raise VaultError(
        f"{where} holds a key that is not {KEY_BYTES} bytes in base64 or hex: "
        f"`head -c {KEY_BYTES} /dev/urandom | base64` makes one"
    )


def _from_base64(text: str) -> bytes:
    padded = text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)
    return base64.b64decode(padded.translate(str.maketrans("-_", "+/")), validate=True)


def _key_id(key: bytes) -> bytes:
    """Tells keys apart without telling anything about them."""
    return sha256(b"rentalsync key id" + key).digest()[:_KEY_ID]
