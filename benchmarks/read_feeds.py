"""How fast calendars are read, beside `icalendar.Calendar.from_ical`: `python benchmarks/read_feeds.py`.

Compared first: both must find the same UIDs and nights. Ours is timed with all it does: bookings with
kinds, codes and digits; `icalendar` with parsing alone. Each is timed by turns of about equal length, in
seconds of the processor, and the best turn counts.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial

from icalendar import Calendar
from rich.console import Console
from rich.table import Table

from rentalsync_pipeline.calendars.completeness import content_digest, failure
from rentalsync_pipeline.calendars.reading import read_calendar

EVENTS = 120
"""A full year of one listing."""
TURNS = 30
READINGS = 12
"""Of ours a turn, since icalendar takes about that many times as long for one."""
TODAY = date(2026, 7, 7)
LARGE = 70_000

HEADERS = {
    "Airbnb": "PRODID:-//Airbnb Inc//Hosting Calendar 1.0//EN\r\nCALSCALE:GREGORIAN\r\nVERSION:2.0\r\n",
    "Booking.com": "VERSION:2.0\r\nPRODID:-//admin.booking.com\\\\\\, b.v.//NONSGML v1.0//EN\r\n",
    "Vrbo": "VERSION:2.0\r\nCALSCALE:GREGORIAN\r\nPRODID:-//HomeAway.com, Inc.//EN\r\n",
}
DATES = "DTSTAMP:20260707T073647Z\r\nDTSTART;VALUE=DATE:{start:%Y%m%d}\r\nDTEND;VALUE=DATE:{end:%Y%m%d}\r\n"
EVENT_BODIES = {
    "Airbnb": (
        DATES + "SUMMARY:Reserved\r\nUID:1418fb94e984-{number:032x}@airbnb.com\r\n"
        "DESCRIPTION:Reservation URL: https://www.airbnb.com/hosting/reservations/de\r\n"
        " tails/HM{number:08}\\nPhone Number (Last 4 Digits): {number:04}\r\n",
        DATES + "SUMMARY:Airbnb (Not available)\r\nUID:7f662ec65913-{number:032x}@airbnb.com\r\n",
    ),
    "Booking.com": (
        DATES + "UID:{number:032x}@booking.com\r\nSUMMARY:CLOSED - Not available\r\n"
        "ORGANIZER:mailto:noreply@booking.com\r\n",
    ),
    "Vrbo": (
        "UID:{number:08x}-0000-4000-8000-000000000000\r\n" + DATES + "SUMMARY:Belegt - Susanne\r\n",
        "UID:{number:08x}-0000-4000-8000-000000000000\r\n" + DATES + "SUMMARY:Geblockt\r\n",
    ),
}


def feed(channel: str, events: int) -> bytes:
    """An export in the shape of the channel's own."""

    def written() -> Iterator[str]:
        bodies = EVENT_BODIES[channel]
        yield "BEGIN:VCALENDAR\r\n" + HEADERS[channel]
        for number in range(events):
            start = TODAY + timedelta(days=number * 3 % 360)
            body = bodies[number % len(bodies)].format(
                number=number, start=start, end=start + timedelta(days=2)
            )
            yield f"BEGIN:VEVENT\r\n{body}END:VEVENT\r\n"
        yield "END:VCALENDAR\r\n"

    return "".join(written()).encode()


def read(body: bytes) -> set[tuple[str, date, date]]:
    """UIDs and nights as we read them."""
    bookings = read_calendar(body, timezone="Europe/Rome", today=TODAY).bookings
    return {(booking.uid or "", booking.check_in, booking.check_out) for booking in bookings}


def read_by_icalendar(body: bytes) -> set[tuple[str, date, date]]:
    """UIDs and nights as icalendar reads them."""
    events = Calendar.from_ical(body).events
    return {(event.uid, event.start, event.end) for event in events}


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """How long it takes, without the garbage of what was before."""
    gc.collect()
    begun = time.process_time()
    for _ in range(times):
        work()
    return time.process_time() - begun


def compare(channel: str) -> tuple[str, ...]:
    """One row: events a second of both, and how many times faster ours is."""
    body = feed(channel, EVENTS)
    assert read(body) == read_by_icalendar(body), f"{channel}: the nights differ"
    ours = partial(read_calendar, body, timezone="Europe/Rome", today=TODAY)
    theirs = partial(Calendar.from_ical, body)
    turns = [(seconds(theirs), seconds(ours, READINGS) / READINGS) for _ in range(TURNS)]
    slow, fast = map(min, zip(*turns, strict=True))
    return channel, f"{EVENTS / slow:,.0f}", f"{EVENTS / fast:,.0f}", f"{slow / fast:.1f} x"


def large() -> str:
    """How long one answer of absurd size keeps a sync."""
    body = feed("Airbnb", LARGE)
    gate = seconds(partial(failure, body)) + seconds(partial(content_digest, body))
    taken = seconds(partial(read_calendar, body, timezone="Europe/Rome", today=TODAY))
    return f"{LARGE:,} events, {len(body) / 1e6:.0f} MB: gate {gate:.1f} s, reading {taken:.1f} s"


def main() -> None:
    """Print the table."""
    table = Table(
        "feed", "icalendar, parsed", "ours, as bookings", "ratio", title="Feeds read, events a second"
    )
    for channel in HEADERS:
        table.add_row(*compare(channel))
    console = Console()
    console.print(table)
    console.print(large())


if __name__ == "__main__":
    main()
