"""What a feed says about an occupation: SUMMARY and DESCRIPTION, for one audience.

Belongs here: the words, their labels, their order, and what the readers of such words demand. Does not:
who may see which field (`core.visibility`), bytes (`writer`).

The strictest reader is Rental Control, which makes door codes of them. It reads a SUMMARY by prefixes and
hyphens, a DESCRIPTION by `label: value` lines, and has no notion of quoting: words of a guest that look
like its grammar are changed so that they look the same to people only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, time
from itertools import count
from typing import NamedTuple

from rentalsync_pipeline.calendars.text import tidy
from rentalsync_pipeline.core.model import Kind, Occupation
from rentalsync_pipeline.core.portfolio import OWNER, Field, Listing
from rentalsync_pipeline.core.privacy import REMOVED, clean, findings

ANONYMOUS = "Not available"
"""All that a public feed says."""
BLOCKED = "Blocked"

SENTINEL_NIGHTS = (date(2037, 12, 30), date(2037, 12, 31))
"""Check-in and check-out of the event in a feed that must not be empty (Booking.com refuses to import an
empty calendar). Fixed, so that the bytes stay; beyond every booking window, so that no sale is lost;
before 2038, where 32-bit clocks end."""

_HYPHEN = "\u2011"
_COLON = "\u2236"

_MISREAD = {
    "Blocked": "blocked",
    "Not available": "not available",
    "Reserved": "reserved",
    "Reservation ": "reservation ",
    "CLOSED - ": "closed - ",
    "Check-in": f"Check{_HYPHEN}in",
    "Check-out": f"Check{_HYPHEN}out",
}
"""What Rental Control takes for its own words in a SUMMARY (case-sensitive), and how a name may have it."""

_TOO_MANY_HYPHENS = 3
"""From three on, the part between the first and the second last is taken for the name."""

_LABEL_COLON = re.compile(r"(?<!\d):|:(?!\d)")
"""Any but a time's."""

Value = Callable[[Occupation, Listing, Mapping[str, str]], str | None]


class Line(NamedTuple):
    """A line of a DESCRIPTION: its default label (none: the value stands alone), and where it comes from."""

    label: str
    value: Value


FIELDS: Mapping[str, Line] = {
    "guest_phone_last4": Line("Phone (Last 4)", lambda stay, *_: _last4(stay.phone_last4)),
    "guests": Line("Guests", lambda stay, *_: str(stay.guests) if stay.guests else None),
    "booking_id": Line("Booking ID", lambda stay, *_: stay.code and _one_line(stay.code)),
    "channel": Line("Channel", lambda stay, _, titles: _title(stay, titles)),
    "check_in": Line("Check-in", lambda stay, listing, _: _clock(stay, listing.check_in)),
    "check_out": Line("Check-out", lambda stay, listing, _: _clock(stay, listing.check_out)),
    "booking_notes": Line("Notes", lambda stay, *_: _free(stay.notes)),
    "reservation_url": Line("", lambda stay, *_: _web_address(stay.url)),
}
"""The fields by name; any other name is looked up in the occupation's extras. The labels are those of the
bridge's contract and of Rental Control's expressions."""


def words(
    occupations: Sequence[Occupation], listing: Listing, audience: str, *, titles: Mapping[str, str]
) -> list[tuple[str, str]]:
    """SUMMARY and DESCRIPTION of each, in the order given.

    In the owner's feed the SUMMARYs of all but blocks are distinct, since Rental Control gives one door
    code a name: the first keeps the plain words, so give the occupations in the order of their check-in.
    `titles` says how people call a channel.
    """
    if audience != OWNER:
        return [(ANONYMOUS, "")] * len(occupations)
    taken: set[str] = set()
    return [
        (_distinct(_summary(stay, titles), stay, taken), _description(stay, listing, titles))
        for stay in occupations
    ]


def _summary(stay: Occupation, titles: Mapping[str, str]) -> str:
    if stay.kind is Kind.BLOCK:
        return BLOCKED
    if name := _name(stay.guest_name):
        return name
    if stay.code:
        return f"Reserved - {_one_line(stay.code)}"
    return " ".join(filter(None, ("Reserved -", _title(stay, titles), f"{stay.check_in:%m-%d}")))


def _name(name: str | None) -> str | None:
    """A guest's name as it may stand in a SUMMARY; none if nothing of it may."""
    safe = _free(name) or ""
    for word, spelling in _MISREAD.items():
        safe = safe.replace(word, spelling)
    if safe.count("-") >= _TOO_MANY_HYPHENS:
        safe = safe.replace("-", _HYPHEN)
    return safe if safe.replace(REMOVED, "").strip() else None


def _distinct(summary: str, stay: Occupation, taken: set[str]) -> str:
    if stay.kind is Kind.BLOCK:
        return summary
    chosen = next(text for text in _variants(summary, stay.check_in) if text.casefold() not in taken)
    taken.add(chosen.casefold())
    return chosen


def _variants(summary: str, check_in: date) -> Iterator[str]:
    yield summary
    if not summary.endswith(f"{check_in:%m-%d}"):
        summary = f"{summary}, {check_in:%m}{_HYPHEN}{check_in:%d}"
        yield summary
    yield from (f"{summary} ({number})" for number in count(2))


def _description(stay: Occupation, listing: Listing, titles: Mapping[str, str]) -> str:
    """One line a field that has a value; a URL last, for Rental Control reads to the end of its line."""
    enabled = (field for field in listing.fields if field.enabled)
    fields = sorted(enabled, key=lambda field: field.name == "reservation_url")
    lines = ((_label(field), _value(field.name, stay, listing, titles)) for field in fields)
    return "\n".join(f"{label}: {value}" if label else value for label, value in lines if value)


def _label(field: Field) -> str:
    if field.label is not None:
        return field.label
    known = FIELDS.get(field.name)
    return known.label if known else field.name.replace("_", " ").capitalize()


def _value(name: str, stay: Occupation, listing: Listing, titles: Mapping[str, str]) -> str | None:
    known = FIELDS.get(name)
    return known.value(stay, listing, titles) if known else _free(stay.extras.get(name))


def _title(stay: Occupation, titles: Mapping[str, str]) -> str | None:
    return titles.get(stay.channel or "", stay.channel)


def _clock(stay: Occupation, moment: time) -> str | None:
    """When people arrive or leave: at a block nobody does."""
    return None if stay.kind is Kind.BLOCK else f"{moment:%H:%M}"


def _last4(digits: str | None) -> str | None:
    """Exactly four digits or nothing: a door code is made of them."""
    return digits if digits and re.fullmatch(r"[0-9]{4}", digits) else None


def _web_address(url: str | None) -> str | None:
    return url if url and re.fullmatch(r"https?://\S+", url) and not findings(url) else None


def _free(text: str | None) -> str | None:
    """What others wrote: on one line, without personal data, and no `label: value` of its own."""
    return _LABEL_COLON.sub(_COLON, clean(_one_line(text))) if text else None


def _one_line(text: str) -> str:
    return " ".join(tidy(text).split())
