"""How the sender of a webhook proves that it knows the secret of a connection.

Belongs here: the kinds of proof; pure. Does not: which kind a channel has (its own file), by what one message
is known from another (`channels.webhooks`). Secrets and signatures are compared in constant time.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Protocol

from rentalsync_pipeline.core.secret import Secret


@dataclass(frozen=True, slots=True)
class Message:
    """A webhook as it came: headers by their names in small letters, raw body, what stood behind `?key=`."""

    headers: Mapping[str, str]
    body: bytes
    key: str = ""

    def header(self, name: str) -> str:
        """A header's value; empty where there is none."""
        return self.headers.get(name.lower(), "")


class Proof(Protocol):
    """One way of proving it."""

    @property
    def words(self) -> str:
        """For people: what a message must bear."""
        ...

    @property
    def is_theirs(self) -> bool:
        """Whether the channel makes up the secret; else whoever sets the webhook up does."""
        ...

    def holds(self, message: Message, secret: Secret, now: datetime) -> bool:
        """Whether the message bears it."""
        ...


@dataclass(frozen=True, slots=True)
class SharedSecret:
    """The secret itself, where the sender signs nothing: in a header, as a password, or in the address."""

    name: str = "X-Webhook-Secret"
    is_theirs: bool = False

    @property
    def words(self) -> str:
        """For people: what a message must bear."""
        return f"the secret behind `?key=`, as `{self.name}`, or as the password of HTTP Basic"

    def holds(self, message: Message, secret: Secret, _now: datetime) -> bool:
        """Whether one of the three is the secret."""
        shown = (message.key, message.header(self.name), _password(message.header("authorization")))
        return any(_equal(each, secret.reveal()) for each in shown)


@dataclass(frozen=True, slots=True)
class Signature:
    """HMAC-SHA256 of the raw body in hex, in a header behind a prefix."""

    name: str
    prefix: str = ""
    is_theirs: bool = True

    @property
    def words(self) -> str:
        """For people: what a message must bear."""
        return f"`{self.name}: {self.prefix}…`, the HMAC-SHA256 of the body in hex"

    def holds(self, message: Message, secret: Secret, _now: datetime) -> bool:
        """Whether the header is the signature of these very bytes."""
        signature = hmac.new(secret.reveal().encode(), message.body, sha256).hexdigest()
        return _equal(message.header(self.name), self.prefix + signature)


@dataclass(frozen=True, slots=True)
class SvixSignature:
    """HMAC-SHA256 of id, moment and raw body in base64; of several in one header one suffices.

    As Svix signs for others (docs.svix.com, "Verifying Webhooks Manually"). Each attempt is signed anew, so
    one that is not from now is a replay.
    """

    tolerance: timedelta = timedelta(minutes=5)
    is_theirs: bool = True
    words: str = "`svix-signature: v1,…`, the HMAC-SHA256 of id, moment and body in base64"

    def holds(self, message: Message, secret: Secret, now: datetime) -> bool:
        """Whether one of the signatures is that of these very bytes, made now."""
        sent = moment(message.header("svix-timestamp"))
        key = _from_base64(secret.reveal().removeprefix("whsec_"))
        if sent is None or key is None or abs(now - sent) > self.tolerance:
            return False
        signed = f"{message.header('svix-id')}.{message.header('svix-timestamp')}.".encode() + message.body
        expected = base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
        shown = message.header("svix-signature").split()
        return any(_equal(each, f"v1,{expected}") for each in shown)


def several(secret: Secret) -> list[Secret]:
    """The secrets that count beside each other, the newest first; commas stand between them.

    While a new one takes an old one's place both do; and a channel may have one for each kind of event.
    """
    return [Secret(each.strip()) for each in secret.reveal().split(",") if each.strip()]


def moment(value: object) -> datetime | None:
    """A date as vendors write it: ISO 8601, in UTC where it has no offset, or seconds since 1970."""
    with suppress(ValueError, OverflowError, OSError):
        if isinstance(value, str) and not value.isdecimal():
            found = datetime.fromisoformat(value)
            return found if found.tzinfo else found.replace(tzinfo=UTC)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(float(value), UTC)
    return None


def _equal(shown: str, expected: str) -> bool:
    return hmac.compare_digest(shown.encode(), expected.encode())


def _password(authorization: str) -> str:
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    return (_from_base64(credentials) or b"").decode(errors="replace").partition(":")[2]


def _from_base64(text: str) -> bytes | None:
    with suppress(binascii.Error, ValueError):
        return base64.b64decode(text, validate=True)
    return None
