"""Each producer's way of writing is read as it is meant.

Every quirk is a calendar in `fixtures/calendars/<producer>/` and, beside it, a text file: the settings it
is read with, and the table that must come out. To add a quirk, add these two.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rentalsync_pipeline.calendars.reading import read_calendar
from rentalsync_pipeline.core.model import Booking, Reading, Status

FOLDER = Path(__file__).parent.parent / "fixtures" / "calendars"
QUIRKS = sorted(FOLDER.glob("*/*.ics"))
FIELDS = ("uid", "code", "guest_name", "phone_last4", "guests", "url", "notes")


@pytest.mark.parametrize("path", QUIRKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_quirk_is_read_as_its_table_says(path: Path) -> None:
    table = path.with_suffix(".txt").read_text(encoding="utf-8")
    settings = dict(line.split(": ") for line in table.split("\n\n")[0].splitlines())

    reading = read_calendar(
        path.read_bytes(),
        timezone=settings["timezone"],
        today=date.fromisoformat(settings["today"]),
        end_is_last_night=settings.get("end_is_last_night") == "yes",
    )

    assert rendered(reading) == table.partition("\n\n")[2]


def rendered(reading: Reading) -> str:
    """A reading as its table: what was recognised, a paragraph a booking, a line an unreadable event."""
    head = [
        f"dialect: {reading.dialect}",
        f"prodid: {reading.prodid}",
        f"events: {reading.events}",
        f"recurring: {'yes' if reading.recurring else 'no'}",
    ]
    rejected = [f"rejected: line {r.line}, {r.uid}: {r.reason}" for r in reading.rejected]
    paragraphs = ["\n".join(head), *map(_booking, reading.bookings), "\n".join(rejected)]
    return "\n\n".join(filter(None, paragraphs)) + "\n"


def _booking(booking: Booking) -> str:
    status = "" if booking.status is Status.CONFIRMED else f" ({booking.status})"
    lines = [f"{booking.check_in} {booking.check_out} {booking.kind}{status}", f"  key: {booking.key}"]
    lines += [f"  {name}: {value}" for name in FIELDS if (value := getattr(booking, name)) is not None]
    lines += [f"  {name}: {value}" for name, value in booking.extras.items()]
    return "\n".join([*lines, *(["  own"] if booking.own else [])])
