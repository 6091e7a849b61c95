"""What the DESCRIPTION of an event tells of its guest.

Belongs here: the labels and forms in which producers write codes, URLs, digits and numbers. Does not:
the SUMMARY (`dialects`), writing such lines (`wording`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

AIRBNB_CODE = re.compile(r"HM(?<![A-Z0-9]HM)[A-Z0-9]{8}\b")
"""Airbnb's confirmation code, wherever it stands; in its feeds within the reservation's URL."""
_URL = re.compile(r"https?://[^\s<>\"]+")
_LAST4 = re.compile(r"[0-9]{4}$")
_NUMBER = re.compile(r"[0-9]{1,3}\b")

_LABELS = {
    "phone number (last 4 digits)": "phone",
    "phone (last 4 digits)": "phone",
    "phone (last 4)": "phone",
    "phone number": "phone",
    "phone": "phone",
    "guests": "guests",
    "number of guests": "guests",
    "adults": "adults",
    "children": "children",
    "booking id": "code",
    "booking code": "code",
    "reservation id": "code",
    "reservation code": "code",
    "confirmation code": "code",
    "guest": "name",
    "guest name": "name",
}


class Details(NamedTuple):
    """What is known of a guest; each may be missing."""

    code: str | None = None
    url: str | None = None
    phone_last4: str | None = None
    guests: int | None = None
    name: str | None = None

    @property
    def of_guest(self) -> bool:
        """Whether it tells of somebody who is arriving."""
        return bool(self.code or self.name or self.guests or self.phone_last4)


NONE = Details()


def details(description: str) -> Details:
    """Read a DESCRIPTION: `label: value` lines, and codes and URLs in any place."""
    if not description:
        return NONE
    said: dict[str, str] = {}
    for line in description.split("\n"):
        label, _, value = line.partition(":")
        if field := _field(label):
            said.setdefault(field, value.strip())
    code = AIRBNB_CODE.search(description)
    url = _URL.search(description)
    return Details(
        code=code[0] if code else said.get("code") or None,
        url=url[0] if url else None,
        phone_last4=_last4(said["phone"]) if "phone" in said else None,
        guests=_party(said),
        name=said.get("name") or None,
    )


@lru_cache(maxsize=1024)
def _field(label: str) -> str | None:
    return _LABELS.get(label.strip().casefold())


def _last4(phone: str) -> str | None:
    found = _LAST4.search(phone.replace(" ", ""))
    return found[0] if found else None


def _party(said: dict[str, str]) -> int | None:
    if "guests" in said:
        return _count(said["guests"]) or None
    if "adults" in said:
        return _count(said["adults"]) + _count(said.get("children", "")) or None
    return None


def _count(written: str) -> int:
    found = _NUMBER.match(written)
    return int(found[0]) if found else 0
