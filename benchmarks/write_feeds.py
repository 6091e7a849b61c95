"""How fast feeds are written, beside `icalendar` for the same bytes: `python benchmarks/write_feeds.py`.

Compared first: both must give identical bytes. Each is timed five times by turns, in seconds of the
processor, and the best counts. The ratio is to `icalendar` turning components that are already there into
bytes, without making them.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from functools import partial

from rich.console import Console
from rich.table import Table

from rentalsync_pipeline.calendars.writer import FeedEvent, FeedHeader, render, render_chunks
from rentalsync_pipeline.core.portfolio import Style
from rentalsync_pipeline_tests.calendars.feeds import as_icalendar

EVENTS = 5_000
STREAMED = 2_000_000
NAMES = ("Anna Rossi", "Jürgen Müller; Familie", "Reserved - HM5ZQX9A2B", "王小明", "Blocked")
DESCRIPTION = "Phone (Last 4): 5678\nGuests: 2\nBooking ID: HM5ZQX9A2B\nChannel: Airbnb"
URL = "https://www.airbnb.com/hosting/reservations/details/HM5ZQX9A2B"


def stays(count: int, description: str) -> Iterator[FeedEvent]:
    """Back-to-back stays; a description where the audience is the owner."""
    start, changed = date(2026, 1, 1), datetime(2026, 11, 20, 7, tzinfo=UTC)
    for number in range(count):
        day = start + timedelta(days=3 * (number % 700))
        yield FeedEvent(
            uid=f"{number:026}".translate(str.maketrans("0189", "abcd")),
            check_in=day,
            check_out=day + timedelta(days=3),
            summary=NAMES[number % len(NAMES)] if description else "Not available",
            description=description,
            sequence=number % 4,
            last_modified=changed + timedelta(seconds=number),
        )


def seconds(work: Callable[[], object]) -> float:
    """How long one run takes."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def compare(name: str, style: Style, description: str) -> tuple[str, ...]:
    """One row: events a second of both, and how many times faster ours is."""
    header = FeedHeader("Strandhaus", "Europe/Berlin", style, clock(15), clock(11))
    events = list(stays(EVENTS, description))
    components = as_icalendar(header, events)
    serialise = partial(components.to_ical, sorted=False)
    write = partial(render, header, events)
    assert write() == serialise(), f"{name}: the bytes differ"
    runs = [
        (seconds(write), seconds(serialise), seconds(partial(as_icalendar, header, events))) for _ in range(5)
    ]
    ours, theirs, building = map(min, zip(*runs, strict=True))
    rates = (f"{EVENTS / taken:,.0f}" for taken in (theirs + building, theirs, ours))
    return name, *rates, f"{theirs / ours:.0f} x"


def peak_of_stream() -> str:
    """Memory and time of a feed of two million events that is never whole in memory."""
    header = FeedHeader("Strandhaus", "Europe/Berlin", Style.ALL_DAY, clock(15), clock(11))
    begun = time.process_time()
    size = sum(map(len, render_chunks(header, stays(STREAMED, ""))))
    taken = time.process_time() - begun
    tracemalloc.start()
    sum(map(len, render_chunks(header, stays(100_000, ""))))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return f"{STREAMED:,} events, {size / 1e6:,.0f} MB streamed in {taken:.0f} s; peak {peak / 1024:,.0f} KiB"


def main() -> None:
    """Print the table."""
    columns = (
        "feed",
        "icalendar, built and serialised",
        "icalendar, serialised",
        "ours",
        "ratio to serialising",
    )
    table = Table(*columns, title="Feeds written, events a second, identical bytes")
    for style in Style:
        table.add_row(*compare(f"public, {style}", style, ""))
        table.add_row(*compare(f"owner, {style}", style, f"{DESCRIPTION}\n{URL}"))
    console = Console()
    console.print(table)
    console.print(peak_of_stream())


if __name__ == "__main__":
    main()
