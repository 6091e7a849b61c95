"""The guests of a world, and the codes that channels give their bookings: invented, the same for a number."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_FIRST = (
    "Anna",
    "Günter",
    "María",
    "Zoë",
    "Jean-Luc",
    "Søren",
    "Oğuz",
    "Chloé",
    "健一",
    "Ольга",
    "Liam",
    "Ivy",
)
_LAST = (
    "Kröger",
    "O'Neill",
    "De la Cruz",
    "Smith",
    "Müller-Lüdenscheidt",
    "Łukasik",
    "佐藤",
    "Иванова",
    "Rossi",
)
_COUNTRIES = ("DE", "IE", "ES", "US", "AT", "PL", "JP", "RU", "IT")
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True, slots=True)
class Guest:
    """Who booked. `phone` has the digits that are kept free for fiction."""

    first: str
    last: str
    email: str
    phone: str
    country: str

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


def guest(number: int) -> Guest:
    """The guest of the booking with this number."""
    last = number * 7 % len(_LAST)
    return Guest(
        _FIRST[number % len(_FIRST)],
        _LAST[last],
        f"guest{number}@example.org",
        f"+1202555{100 + number % 100:04}",
        _COUNTRIES[last],
    )


def code(channel: str, number: int) -> str:
    """What this channel calls that booking; empty where a channel gives no code."""
    return _CODES.get(channel, _no_code)(channel, number)


def hexadecimal(*parts: object) -> str:
    """32 digits that look random and are the same for the same parts."""
    return hashlib.md5("/".join(map(str, parts)).encode()).hexdigest()


def uuid(*parts: object) -> str:
    """The same in the form of a UUID."""
    digits = hexadecimal(*parts)
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _letters(channel: str, number: int) -> str:
    value = int(hexadecimal(channel, number), 16)
    return "".join(_LETTERS[value >> 5 * place & 31] for place in range(8))


def _digits(channel: str, number: int) -> str:
    return f"{1_000_000_000 + int(hexadecimal(channel, number), 16) % 9_000_000_000}"


def _no_code(channel: str, number: int) -> str:
    return ""


_CODES: Mapping[str, Callable[[str, int], str]] = {
    "airbnb": lambda channel, number: f"HM{_letters(channel, number)}",
    "booking_com": _digits,
    "expedia": _digits,
    "vrbo": lambda channel, number: f"HA-{_letters(channel, number)[:6]}",
}
