"""The forms of single values in the YAML: slugs, times of day, zones, durations, addresses.

Belongs here: text to a checked value, or a `WrongValueError` that says what to write. Does not: which key
has which form (`entries`), what must fit together (`checks`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time
from difflib import get_close_matches
from functools import cache
from ipaddress import ip_network
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from rentalsync_pipeline.control.written.problems import WrongValueError
from rentalsync_pipeline.control.written.variables import REFERENCE
from rentalsync_pipeline.core.portfolio import SLUG
from rentalsync_pipeline.core.secret import Secret

_DURATION = re.compile(r"(\d{1,6})\s*([smh])")
_SECONDS = {"s": 1, "m": 60, "h": 3600}
_CLOCK = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_MAIL_SERVER = re.compile(r"smtps?://(?:[^/?#@\s${]+@)?[^/?#@\s${:]+(?::\d{1,5})?/?", re.IGNORECASE)
_MAIL_ADDRESS = re.compile(r"[^\s@,;:<>\"]+@[^\s@,;:<>\"]+")
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""Control characters and line breaks; joiners are part of words and of emoji."""
IMPORTS = ("auto", "ours", "nothing")


def quoted(value: object) -> str:
    """A wrong value as it may stand in a message: not if it could be an address or a token."""
    shown = str(value)
    is_harmless = len(shown) <= 30 and not re.search("/.*/|[?=@]", shown)
    return f"`{shown}`" if is_harmless else "this"


def text(value: object) -> str:
    """Any text, on one line."""
    if isinstance(value, bool | int | float):
        raise WrongValueError(f"{quoted(value)} is not text to YAML", "put it in quotes")
    if not isinstance(value, str):
        raise WrongValueError("must be text", "write a single value")
    if not value.strip() or _BREAKS.search(value):
        raise WrongValueError("must be text on one line", "write something, without control characters")
    return value


def slug(value: object) -> str:
    """An id: it becomes a file name, a partition key and part of a URL."""
    name = text(value)
    if not SLUG.fullmatch(name):
        remedy = "use small letters, digits and hyphens, at most 64, such as `downtown-loft`"
        raise WrongValueError(f"{quoted(name)} can't be an id", remedy)
    return name


def clock(value: object) -> str:
    """A time of day, as `15:00`."""
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise WrongValueError("must be a time of day", 'write it in quotes, such as "15:00"')
    return time.fromisoformat(value.zfill(5)).isoformat("minutes")


def zone(value: object) -> str:
    """An IANA time zone that this machine knows."""
    name = text(value)
    if name not in _zones():
        near = get_close_matches(name, _zones(), n=1)
        remedy = f"did you mean {near[0]}?" if near else "write an IANA name, such as Europe/Rome"
        raise WrongValueError(f"{quoted(name)} is no time zone", remedy)
    return name


def duration(least: int, most: int) -> Callable[[object], int]:
    """A duration between `least` and `most` minutes, in seconds."""

    def seconds(value: object) -> int:
        parts = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
        if parts is None:
            raise WrongValueError("must be a duration", "write a number and its unit, such as 15m")
        found = int(parts[1]) * _SECONDS[parts[2]]
        if not least * 60 <= found <= most * 60:
            raise WrongValueError(
                f"{quoted(value)} is out of bounds", f"write something from {least}m to {most}m"
            )
        return found

    return seconds


def web_address(value: object) -> str:
    """An http or https URL that is no secret: no user, no query. Without a slash at its end."""
    address = text(value)
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise WrongValueError("must be a URL", "write it whole, such as https://calendars.example.com")
    if parts.username or parts.query or parts.fragment:
        raise WrongValueError(
            "must be a plain URL", "leave out user, password and everything from the `?` on"
        )
    return address.rstrip("/")


def location(value: object) -> str | Secret:
    """Where a calendar is: a `${NAME}` or a path as they stand, a literal URL as a secret."""
    address = text(value).strip()
    if "${" in address:
        return reference(address)
    scheme = _SCHEME.match(address)
    if scheme is None or scheme[1].lower() == "file":
        return address
    if scheme[1].lower() not in {"http", "https", "webcal", "webcals"}:
        raise WrongValueError("is no address that can be fetched", "write an https URL, a path or `${NAME}`")
    return Secret(address)


def hook(value: object) -> str | Secret:
    """What is called over the web: a `${NAME}` as it stands, a literal URL as a secret."""
    address = text(value).strip()
    if "${" in address:
        return reference(address)
    if not address.lower().startswith(("https://", "http://")):
        raise WrongValueError("is no address that can be called", "write an https URL or `${NAME}`")
    return Secret(address)


def mail_server(value: object) -> str | Secret:
    """A `${NAME}`, or a URL in which one may stand; without any, a secret, as it may hold a password."""
    address = text(value).strip()
    if REFERENCE.fullmatch(address):
        return address
    if not _MAIL_SERVER.fullmatch(REFERENCE.sub("x", address)):
        raise WrongValueError("is no mail server", "write smtps://user:${SMTP_PASSWORD}@host:465")
    return address if "${" in address else Secret(address)


def mail_address(value: object) -> str:
    """The e-mail address of somebody, without a name around it."""
    address = text(value).strip()
    if not _MAIL_ADDRESS.fullmatch(address):
        raise WrongValueError("is no e-mail address", "write it alone, such as me@example.com")
    return address


def credential(value: object) -> str | Secret:
    """A `${NAME}` as it stands, or a literal value as a secret."""
    given = text(value)
    return reference(given) if "${" in given else Secret(given)


def reference(value: str) -> str:
    """A `${NAME}` that is the whole value."""
    if not REFERENCE.fullmatch(value):
        raise WrongValueError("a reference must be the whole value", "write `${NAME}` and nothing around it")
    return value


def network(value: object) -> str:
    """A host name, an address, or a network in CIDR form."""
    name = text(value)
    if "/" in name:
        try:
            ip_network(name, strict=False)
        except ValueError:
            remedy = "write a host name, or a network such as 192.168.1.0/24"
            raise WrongValueError("is neither a host nor a network", remedy) from None
    return name


def imports(value: object) -> str | list[str]:
    """What a channel imports: one of the words, or the ids of connections."""
    if value in IMPORTS:
        return str(value)
    if not isinstance(value, list):
        remedy = f"write one of {', '.join(IMPORTS)}, or a list of connection ids"
        raise WrongValueError("is not understood", remedy)
    return [slug(item) for item in value]


@cache
def _zones() -> frozenset[str]:
    """Zones with a place in them, and UTC: the link names such as `EST` are no place."""
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")
