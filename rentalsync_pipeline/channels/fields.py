"""Reading the fields of records: what every channel with an API needs of them.

Belongs here: text, days, telephones, names of other channels, as vendors write them. Pure. Does not: which
field means what (a table in each channel's file). What can't be read raises `ValueError`, and costs that
record alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

ORIGINS = MappingProxyType(
    {
        "airbnb": "airbnb",
        "booking": "booking_com",
        "expedia": "expedia",
        "hotelscom": "expedia",
        "vrbo": "fewo_direkt",
        "homeaway": "fewo_direkt",
        "abritel": "fewo_direkt",
        "fewo": "fewo_direkt",
        "stayz": "fewo_direkt",
        "bookabach": "fewo_direkt",
    }
)
"""How the name of a channel begins in the records of others, in small letters and digits alone: `Airbnb
(API)`, `Booking.com`, `bookingcom`, `homeaway`, `Hotels.com`, `FeWo-direkt`."""

_PLAIN = re.compile(r"[^a-z0-9]")
_NO_DIGIT = re.compile(r"\D")


def id_of(record: Mapping[str, Any]) -> str:
    """The id of a record, where it is called `id`; raises `KeyError`."""
    return str(record["id"])


def text(value: Any) -> str | None:
    """Text or a number as text, without blanks around it; `None` for nothing, however that is written."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value).strip() or None


def day(value: Any) -> date:
    """A local day: a date, or a date with a time that belongs to it and no offset that could shift it."""
    return date.fromisoformat(str(value)[:10])


def day_at(value: Any, timezone: str) -> date:
    """The local day of an instant, in ISO 8601 with its offset, in a zone."""
    moment = datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        raise ValueError("an instant without an offset")
    return moment.astimezone(ZoneInfo(timezone)).date()


def stay(check_in: date, check_out: date) -> tuple[date, date]:
    """Both days, if they hold at least one night."""
    if check_out <= check_in:
        raise ValueError("it holds no night")
    return check_in, check_out


def count(*values: Any) -> int | None:
    """The sum of numbers that may be text or absent; `None` where it is nobody."""
    total = sum(int(float(value)) for value in values if text(value))
    return total or None


def last4(*phones: Any) -> str | None:
    """The last four digits of the first telephone number that has as many."""
    for phone in phones:
        digits = _NO_DIGIT.sub("", text(phone) or "")
        if len(digits) >= 4:
            return digits[-4:]
    return None


def name(*parts: Any) -> str | None:
    """A name made of those of its parts that are there."""
    return " ".join(filter(None, map(text, parts))) or None


def origin(channel: Any) -> str | None:
    """The channel of ours that a vendor's name of one means; `None` for all others, and for direct sales."""
    plain = _PLAIN.sub("", (text(channel) or "").lower())
    return next((ours for start, ours in ORIGINS.items() if plain.startswith(start)), None)


def extras(pairs: Iterable[tuple[Any, Any]]) -> Mapping[str, str]:
    """Whatever else a record says, by name, without what is empty."""
    found = ((text(label), text(value)) for label, value in pairs)
    return MappingProxyType({label: value for label, value in found if label and value})


def items(value: Any) -> list[dict[str, Any]]:
    """The objects of a list, or of a map: PHP sends a map as either, and an empty one as `[]`."""
    found = value.values() if isinstance(value, Mapping) else value or ()
    return [each for each in found if isinstance(each, dict)]
