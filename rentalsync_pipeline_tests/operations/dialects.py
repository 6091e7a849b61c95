"""Calendars as the channels write them, from a few words: `airbnb(reservation("HM…", "2026-12-01", 3))`.

Ids are made as each channel makes them (measured on real feeds): Airbnb's reservation by its code, its
block by its start alone; Booking.com's by room and start; Vrbo's by the booking. `{stamp}` stands where a
channel writes the moment of the fetch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta


@dataclass(frozen=True)
class Nights:
    """One event of a calendar, before a channel writes it. `code` is any id of the booking."""

    first: date
    count: int
    code: str = ""
    name: str = ""
    kind: str = "reservation"
    status: str = ""

    @property
    def end(self) -> date:
        return self.first + timedelta(days=self.count)

    @property
    def nights(self) -> set[date]:
        return {self.first + timedelta(days=n) for n in range(self.count)}

    @property
    def cancelled(self) -> Nights:
        return replace(self, status="CANCELLED")

    def moved(self, first: str | date | None = None, count: int | None = None) -> Nights:
        return replace(self, first=_day(first or self.first), count=count or self.count)

    def since(self, day: date) -> Nights:
        """The same, as a channel writes it that says nothing of the nights before that day."""
        return replace(self, first=day, count=(self.end - day).days) if self.first < day < self.end else self


def reservation(code: str, first: str | date, count: int, name: str = "") -> Nights:
    return Nights(_day(first), count, code, name)


def block(first: str | date, count: int) -> Nights:
    return Nights(_day(first), count, kind="block")


def closed(first: str | date, count: int) -> Nights:
    """What Booking.com writes: it may be a guest, it may be a closure."""
    return Nights(_day(first), count, kind="closed")


def tail(first: str | date, end: date) -> Nights:
    """The nights behind a booking window, up to its horizon."""
    return Nights(_day(first), (end - _day(first)).days, kind="tail")


def airbnb(*nights: Nights, today: date | None = None) -> str:
    """A block that began more than two days ago is cut to begin two days ago, under another UID."""
    cut = (each if each.kind == "reservation" or not today else _cut(each, today) for each in nights)
    return _calendar("-//Airbnb Inc//Hosting Calendar 1.0//EN", (_airbnb_event(each) for each in cut))


def booking_com(*nights: Nights, room: str = "room", today: date | None = None) -> str:
    """What began before today is cut to begin today, under another UID."""
    cut = (each.since(today) if today else each for each in nights)
    return _calendar(
        "-//admin.booking.com\\\\\\, b.v.//NONSGML v1.0//EN",
        (
            _event(each, f"{_hex(room, each.first)}@booking.com", "CLOSED - Not available")
            for each in cut
            if not today or each.end > today
        ),
    )


def vrbo(*nights: Nights) -> str:
    summaries = {"reservation": "Reserved - {}", "block": "Blocked", "tentative": "Tentative - {}"}
    return _calendar(
        "-//HomeAway.com, Inc.//EN",
        (_event(each, _vrbo_uid(each), summaries[each.kind].format(each.name)) for each in nights),
    )


def other(*nights: Nights) -> str:
    """Any program that exports a calendar, guest and code included."""
    return _calendar(
        "-//Example//Any Program//EN",
        (
            _event(
                each,
                f"{each.code}@example.org",
                f"Reserved - {each.name}",
                f"Confirmation code: {each.code}\\nGuest: {each.name}",
            )
            for each in nights
        ),
    )


def google(*nights: Nights) -> str:
    """A calendar that its owner writes into."""
    return _calendar(
        "-//Google Inc//Google Calendar 70.9054//EN",
        (_event(each, f"{_hex(each.first, each.count)}@google.com", "Owner") for each in nights),
    )


def without_end(calendar: str) -> str:
    """Torn off in the middle of its last event."""
    return calendar[: calendar.rindex("END:VEVENT")]


def _cut(nights: Nights, today: date) -> Nights:
    return nights.since(today - timedelta(days=2))


def _airbnb_event(nights: Nights) -> str:
    if nights.kind == "reservation":
        link = f"Reservation URL: https://www.airbnb.com/hosting/reservations/details/{nights.code}"
        digits = f"Phone Number (Last 4 Digits): {int(_hex(nights.code), 16) % 10_000:04}"
        return _event(
            nights, f"1418fb94e984-{_hex(nights.code)}@airbnb.com", "Reserved", f"{link}\\n{digits}"
        )
    return _event(nights, f"7f662ec65913-{_hex(nights.first)}@airbnb.com", "Airbnb (Not available)")


def _vrbo_uid(nights: Nights) -> str:
    digits = _hex(nights.code or nights.first)
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _event(nights: Nights, uid: str, summary: str, description: str = "") -> str:
    lines = [
        "BEGIN:VEVENT",
        "DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{nights.first:%Y%m%d}",
        f"DTEND;VALUE=DATE:{nights.end:%Y%m%d}",
        f"SUMMARY:{summary}",
        f"UID:{uid}",
        *([f"DESCRIPTION:{description}"] if description else []),
        *([f"STATUS:{nights.status}"] if nights.status else []),
        "END:VEVENT",
    ]
    return "".join(
        f"{line[:75]}\r\n" + "".join(f" {part}\r\n" for part in _parts(line[75:])) for line in lines
    )


def _parts(rest: str) -> Iterable[str]:
    return (rest[start : start + 74] for start in range(0, len(rest), 74))


def _calendar(prodid: str, events: Iterable[str]) -> str:
    opening = f"BEGIN:VCALENDAR\r\nPRODID:{prodid}\r\nCALSCALE:GREGORIAN\r\nVERSION:2.0\r\n"
    return f"{opening}{''.join(events)}END:VCALENDAR\r\n"


def _hex(*parts: object) -> str:
    return hashlib.md5("/".join(map(str, parts)).encode()).hexdigest()


def _day(written: str | date) -> date:
    return date.fromisoformat(written) if isinstance(written, str) else written
