"""The lines of a DESCRIPTION in the owner's feed: which fields there are, and what each says of a stay.

Belongs here: the table of fields, writing such lines and reading them back. Does not: the SUMMARY
(`wording`), which fields a listing shows (its configuration).

Rental Control reads a DESCRIPTION by `label: value` lines and has no notion of quoting: words of a guest
that look like its grammar are changed so that they look the same to people only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import time
from typing import NamedTuple

from rentalsync_pipeline.calendars.text import tidy
from rentalsync_pipeline.core.model import Kind, Occupation
from rentalsync_pipeline.core.portfolio import Field, Listing
from rentalsync_pipeline.core.privacy import clean, findings

_COLON = "\u2236"
_LABEL_COLON = re.compile(r"(?<!\d):|:(?!\d)")
"""Any but a time's."""

Value = Callable[[Occupation, Listing, Mapping[str, str]], str | None]


class Line(NamedTuple):
    """A line of a DESCRIPTION: its default label (none: the value stands alone), and where it comes from."""

    label: str
    about: str
    value: Value


def _extra(name: str) -> Value:
    """What the channel delivers under that name."""
    return lambda stay, *_: free(stay.extras.get(name))


FIELDS: Mapping[str, Line] = {
    "guest_phone_last4": Line(
        "Phone (Last 4)",
        "Last 4 digits of guest phone number",
        lambda stay, *_: _last4(stay.phone_last4),
    ),
    "guests": Line(
        "Guests", "How many people are coming", lambda stay, *_: str(stay.guests) if stay.guests else None
    ),
    "booking_id": Line(
        "Booking ID",
        "The code that guest and channel call it",
        lambda stay, *_: stay.code and one_line(stay.code),
    ),
    "channel": Line("Channel", "The channel that sold it", lambda stay, _, titles: title(stay, titles)),
    "check_in": Line(
        "Check-in",
        "When guests may come, by the listing",
        lambda stay, listing, _: _clock(stay, listing.check_in),
    ),
    "check_out": Line(
        "Check-out",
        "When guests must go, by the listing",
        lambda stay, listing, _: _clock(stay, listing.check_out),
    ),
    "booking_notes": Line(
        "Special Requests", "Guest notes and special requests", lambda stay, *_: free(stay.notes)
    ),
    "guest_email_domain": Line(
        "Email Domain",
        "Domain part of guest email (e.g., gmail.com)",
        _extra("guest_email_domain"),
    ),
    "arrival_time": Line("Arrival Time", "Expected arrival time", _extra("arrival_time")),
    "reservation_url": Line(
        "",
        "Where the host finds it at the channel; alone on the last line",
        lambda stay, *_: _web_address(stay.url),
    ),
}
"""The fields by name, each with what it means; any other name is looked up in the occupation's extras. The
labels are those of the bridge's contract and of Rental Control's expressions."""


def description(stay: Occupation, listing: Listing, titles: Mapping[str, str]) -> str:
    """One line a field that has a value; a URL last, for Rental Control reads to the end of its line."""
    enabled = (field for field in listing.fields if field.enabled)
    fields = sorted(enabled, key=lambda field: field.name == "reservation_url")
    said = ((label(field), _value(field.name, stay, listing, titles)) for field in fields)
    return "\n".join(f"{head}: {value}" if head else value for head, value in said if value)


def values(said: str, listing: Listing) -> dict[str, str]:
    """The values that a DESCRIPTION written by `description` holds, by the name of their field."""
    lines = dict(line.split(": ", 1) for line in said.split("\n") if ": " in line)
    return {
        field.name: lines[label(field)] for field in listing.fields if field.enabled and label(field) in lines
    }


def label(field: Field) -> str:
    """What stands before its value."""
    if field.label is not None:
        return field.label
    known = FIELDS.get(field.name)
    return known.label if known else field.name.replace("_", " ").capitalize()


def _value(name: str, stay: Occupation, listing: Listing, titles: Mapping[str, str]) -> str | None:
    value = FIELDS[name].value if name in FIELDS else _extra(name)
    return value(stay, listing, titles)


def title(stay: Occupation, titles: Mapping[str, str]) -> str | None:
    """How people call the channel that sold it."""
    return titles.get(stay.channel or "", stay.channel)


def _clock(stay: Occupation, moment: time) -> str | None:
    """When people arrive or leave: at a block nobody does."""
    return None if stay.kind is Kind.BLOCK else f"{moment:%H:%M}"


def _last4(digits: str | None) -> str | None:
    """Exactly four digits or nothing: a door code is made of them."""
    return digits if digits and re.fullmatch(r"[0-9]{4}", digits) else None


def _web_address(url: str | None) -> str | None:
    return url if url and re.fullmatch(r"https?://\S+", url) and not findings(url) else None


def free(text: str | None) -> str | None:
    """What others wrote: on one line, without personal data, and no `label: value` of its own."""
    return _LABEL_COLON.sub(_COLON, clean(one_line(text))) if text else None


def one_line(text: str) -> str:
    """The text without breaks, and without what nobody sees."""
    return " ".join(tidy(text).split())
