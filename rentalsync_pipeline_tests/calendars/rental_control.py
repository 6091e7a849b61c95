"""What Rental Control makes of an event, rebuilt from the documented rules of its parser.

Not its code: the regular expressions and their order, as its users rely on them for door codes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slot:
    """The attributes of one of its sensors."""

    name: str | None
    last_four: str | None
    guests: int | None
    booking_id: str | None
    url: str | None
    check_in: str | None
    check_out: str | None


def slot(summary: str, description: str) -> Slot:
    """One event as it arrives in Home Assistant."""
    return Slot(
        name=slot_name(summary, description),
        last_four=_last_four(description),
        guests=_guests(description),
        booking_id=_group(re.search(r"Booking ID:\s*(.+)$", description, re.M)),
        url=_group(re.search(r"(https?://.*$)", description, re.M)),
        check_in=_time("in", description),
        check_out=_time("out", description),
    )


def is_dropped(summary: str) -> bool:
    """Whether the event never becomes a stay."""
    return bool(re.search("Check-in|Check-out|Blocked|Not available", summary))


def slot_name(summary: str, description: str) -> str | None:
    """Whose door code it is."""
    if re.search("Not available|Blocked", summary):
        return None
    if summary == "Reserved":
        return _group(re.search(r"([A-Z][A-Z0-9]{9})", description))
    if "Reserved" in summary and (found := re.search(r" - (.*)$", summary)):
        return found[1].strip()
    patterns = (r"Tripadvisor.*: (.*)", r"\s*CLOSED - (.*)", r"^Reservation (.*)", r"-(.*)-.*-")
    found = next((match for pattern in patterns if (match := re.search(pattern, summary))), None)
    return (found[1] if found else summary).strip()


def _last_four(description: str) -> str | None:
    return _group(re.search(r"\(?Last 4 Digits\)?:\s+(\d{4})(?!\d)", description)) or _group(
        re.search(r"Phone\s*\(last\s*4\):\s*(\d{4})(?!\d)", description, re.I)
    )


def _guests(description: str) -> int | None:
    guests = _group(re.search(r"Guests:\s+(\d+)$", description, re.M))
    if guests:
        return int(guests)
    adults = _group(re.search(r"Adults:\s+(\d+)$", description, re.M))
    children = _group(re.search(r"Children:\s+(\d+)$", description, re.M))
    return int(adults) + int(children or 0) if adults else None


def _time(which: str, description: str) -> str | None:
    pattern = rf"check-?{which}(?:\s+time)?\s*:\s*(\d{{1,2}}(?::\d{{2}})?)(?!\d|:)\s*(?:AM|PM)?"
    return _group(re.search(pattern, description, re.I))


def _group(match: re.Match[str] | None) -> str | None:
    return match[1] if match else None
