"""Whatever the bytes, reading ends soon, needs little memory and raises nothing."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rentalsync_pipeline.calendars.completeness import content_digest, failure
from rentalsync_pipeline.calendars.reading import MAX_EVENTS, read_calendar
from rentalsync_pipeline.calendars.shapes import shapes
from rentalsync_pipeline.core.model import Reading

TODAY = date(2026, 7, 7)
FIXTURES = Path(__file__).parents[1] / "fixtures" / "calendars"
WHOLE = sorted(path.read_bytes() for path in FIXTURES.glob("*/*.ics"))


def read(body: bytes) -> Reading:
    return read_calendar(body, timezone="Europe/Rome", today=TODAY)


def check(body: bytes) -> None:
    """All ways into the room take any bytes, and what comes out holds together."""
    failure(body)
    content_digest(body)
    shapes(body)
    reading = read(body)
    assert len({booking.key for booking in reading.bookings}) == len(reading.bookings)
    assert all(booking.nights >= 1 for booking in reading.bookings)
    assert len(reading.rejected) <= reading.events + 1


@given(st.binary(max_size=400))
def test_any_bytes_are_read(body: bytes) -> None:
    check(body)


lines = st.one_of(
    st.sampled_from(sorted({line for body in WHOLE for line in body.splitlines()})),
    st.builds(
        lambda name, value: name + b":" + value,
        st.sampled_from([b"DTSTART", b"DTEND;TZID=UTC", b"DURATION", b"RRULE", b"RDATE", b"EXDATE", b"UID"]),
        st.one_of(st.binary(max_size=20), st.sampled_from([b"99991231T235959Z", b"00010101", b"P999999W"])),
    ),
)


@given(st.lists(lines, max_size=40), st.sampled_from([b"\r\n", b"\n", b"\r"]))
def test_any_lines_in_any_order_are_read(chosen: list[bytes], end: bytes) -> None:
    check(end.join([b"BEGIN:VCALENDAR", b"BEGIN:VEVENT", *chosen, b"END:VEVENT", b"END:VCALENDAR"]))


@settings(max_examples=300)
@given(st.data())
def test_a_damaged_calendar_is_read(data: st.DataObject) -> None:
    body = bytearray(data.draw(st.sampled_from(WHOLE)))
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(body)))
        body[start : start + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=10))
    check(bytes(body))


@given(st.data())
def test_the_order_of_events_does_not_matter(data: st.DataObject) -> None:
    whole = [body for body in WHOLE if failure(body) is None and body.count(b"BEGIN:VEVENT") > 1]
    head, *events = data.draw(st.sampled_from(whole)).split(b"BEGIN:VEVENT")
    *events, last = (b"BEGIN:VEVENT" + event for event in events)
    last, end, tail = last.rpartition(b"END:VCALENDAR")

    ordered = read(b"".join([head, *events, last, end, tail]))
    shuffled = read(b"".join([head, *data.draw(st.permutations([*events, last])), end, tail]))

    assert shuffled.bookings == ordered.bookings
    assert {(r.reason, r.uid) for r in shuffled.rejected} == {(r.reason, r.uid) for r in ordered.rejected}


# --- calendars that were made to hurt


def calendar(inside: str) -> bytes:
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Example//EN\n{inside}END:VCALENDAR\n".encode()


def many(event: str) -> Callable[[int], bytes]:
    """As many events of a kind as fit into a size; `#` is their number, `@` a hundred days to choose from."""

    def made(size: int) -> bytes:
        bodies: list[str] = []
        length = 0
        while length < size:
            day = f"2026{8 + len(bodies) // 28 % 4:02}{1 + len(bodies) % 28:02}"
            lines = event.replace("#", str(len(bodies))).replace("@", day)
            bodies.append(f"BEGIN:VEVENT\n{lines}\nEND:VEVENT\n")
            length += len(bodies[-1])
        return calendar("".join(bodies))

    return made


def filled(before: str, unit: str, after: str) -> Callable[[int], bytes]:
    return lambda size: calendar(before + unit * (size // len(unit)) + after)


EVENT = "BEGIN:VEVENT\nUID:a\nDTSTART;TZID=Nowhere:20260801T150000\n"
CHANGE = "BEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n"
ZONE = "BEGIN:VTIMEZONE\nTZID:Nowhere\n"
ZONE_USED = f"END:VTIMEZONE\n{EVENT}END:VEVENT\n"
LONG_TEXTS = "SUMMARY:" + "abcd" * 9_000 + "\nDESCRIPTION:" + r"a: b\n" * 5_000
HOSTILE = {
    "plain events": many("UID:#\nDTSTART;VALUE=DATE:@\nSUMMARY:Reserved - Ada #"),
    "smallest events": many("DTSTART:@"),
    "events without anything": filled("", "BEGIN:VEVENT\nEND:VEVENT\n", ""),
    "beginnings": filled("", "BEGIN:VEVENT\n", ""),
    "nesting": filled("", "BEGIN:X\n", ""),
    "nesting in an event": filled(EVENT, "BEGIN:VALARM\n", "END:VEVENT\n"),
    "one UID": many("UID:a\nDTSTART:20260801\nSUMMARY:#"),
    "daily for ever": many("UID:#\nDTSTART:@\nRRULE:FREQ=DAILY"),
    "daily for 2,700 years": many("UID:#\nDTSTART:19000101\nRRULE:FREQ=DAILY;COUNT=999999"),
    "daily at length": many(f"UID:#{'u' * 9_000}\nDTSTART:@\nRRULE:FREQ=DAILY\n{LONG_TEXTS}"),
    "every second": many("UID:#\nDTSTART:@\nRRULE:FREQ=SECONDLY"),
    "on 30 February": many("UID:#\nDTSTART:@\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
    "lasting for ever": many("UID:#\nDTSTART:00010101\nDTEND:99991201\nRRULE:FREQ=DAILY"),
    "listed dates": filled(EVENT + "RDATE:20260801", ",20260801", "\nEND:VEVENT\n"),
    "lines of excluded dates": filled(EVENT + "RRULE:FREQ=DAILY\n", "EXDATE:1\n", "END:VEVENT\n"),
    "zones": filled("", f"{ZONE}{CHANGE}END:STANDARD\nEND:VTIMEZONE\n", f"{EVENT}END:VEVENT\n"),
    "changes of a zone": filled(ZONE, f"{CHANGE}RRULE:FREQ=DAILY;COUNT=999999\nEND:STANDARD\n", ZONE_USED),
    "dates of a zone": filled(ZONE + CHANGE, "RDATE:20200101T000000\n", "END:STANDARD\n" + ZONE_USED),
    "names of zones": many("UID:#\nDTSTART;TZID=a/b/#:@T000000"),
    "quotes": filled(EVENT + "X;A=", '"', ":1\nEND:VEVENT\n"),
    "quotes and colons": filled(EVENT + "X;A=", '"a:', ":1\nEND:VEVENT\n"),
    "parameters": filled("BEGIN:VEVENT\nDTSTART", ";A=1", ":20260801T000000\nEND:VEVENT\n"),
    "dashes": filled(EVENT + "SUMMARY:AVAIBOOK", " - a", "\nEND:VEVENT\n"),
    "marks": filled(EVENT + "SUMMARY:Reserved", "!", "\nEND:VEVENT\n"),
    "line breaks in a text": filled(EVENT + "DESCRIPTION:", r"\n", "\nEND:VEVENT\n"),
    "empty lines": filled("", "\n", ""),
    "carriage returns": filled("", "\r", ""),
    "lines without a colon": filled(EVENT, "AB\n", "END:VEVENT\n"),
    "producers": filled("", "PRODID:a\n", ""),
    "folds": filled(EVENT + "SUMMARY:a", "\n b", "\nEND:VEVENT\n"),
}
"""Each makes a body of about a size."""

LARGEST = 10_000_000
"""In bytes; a fetch lets pass half of it."""
GREEDY = (
    "events without anything",
    "one UID",
    "daily for ever",
    "daily at length",
    "lasting for ever",
    "listed dates",
)
"""Those of which most is kept."""


@pytest.mark.slow
@pytest.mark.parametrize("made", HOSTILE.values(), ids=HOSTILE.keys())
def test_ten_megabytes_are_read_within_five_seconds(made: Callable[[int], bytes]) -> None:
    body = made(LARGEST)
    begun = time.process_time()

    check(body)

    assert time.process_time() - begun < 5


PEAK = """
import re, sys
from datetime import date
from pathlib import Path
from rentalsync_pipeline.calendars.reading import read_calendar
read_calendar(sys.stdin.buffer.read(), timezone="Europe/Rome", today=date(2026, 7, 7))
print(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux tells how much memory a process took")
@pytest.mark.parametrize("name", GREEDY)
def test_a_process_that_reads_ten_megabytes_stays_below_two_hundred(name: str) -> None:
    body = HOSTILE[name](LARGEST)
    done = subprocess.run([sys.executable, "-c", PEAK], input=body, capture_output=True, check=True)

    assert int(done.stdout) * 1024 < 200_000_000


def test_events_beyond_all_measure_are_left_out_and_said_so() -> None:
    reading = read(filled("", "BEGIN:VEVENT\nDTSTART:20260801\nEND:VEVENT\n", "")(41 * (MAX_EVENTS + 5)))

    assert reading.events == MAX_EVENTS
    assert [rejected.reason for rejected in reading.rejected] == [
        f"the calendar has more than {MAX_EVENTS} events"
    ]
