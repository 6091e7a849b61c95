"""Feeds as octets: the properties, their order, their bytes.

Belongs here: the shape of a published calendar (RFC 5545, RFC 7986). Does not: what its events say
(`wording`), which events it has and when they changed (`operations.syncing.publish`).

The same values give the same bytes, in the order given. There is no METHOD (PUBLISH demands an
ORGANIZER, RFC 5546 §3.2.1, and without it DTSTAMP means "last revised"), no UID of the calendar
(vdirsyncer then makes one event of the whole feed) and no CLASS (PRIVATE hides events from those whom a
calendar is shared with). A cancelled stay is absent: Home Assistant shows STATUS:CANCELLED as a stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from rentalsync_pipeline.calendars.identity import PRODID
from rentalsync_pipeline.calendars.text import escape, line, uri
from rentalsync_pipeline.calendars.vtimezone import TimedStyleError, has_rules, vtimezone
from rentalsync_pipeline.core.portfolio import Style

__all__ = ["FeedEvent", "FeedHeader", "TimedStyleError", "has_rules", "render", "render_chunks"]


@dataclass(frozen=True, slots=True)
class FeedHeader:
    """What holds for a whole feed. `refresh` is how often clients are asked to come back."""

    name: str
    timezone: str
    style: Style
    check_in: time
    check_out: time
    refresh: timedelta = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """One occupation in a feed, in its final words.

    `last_modified` is when this event last changed in this feed, `sequence` how often it has: Evolution
    and Google ignore a moved end otherwise. `color` is a CSS name (RFC 7986 §5.9).

    Raises:
        ValueError: no night lies between check-in and check-out (a single such event makes Rental Control
            drop the feed), or `last_modified` bears no time zone.
    """

    uid: str
    check_in: date
    check_out: date
    summary: str
    last_modified: datetime
    description: str = ""
    sequence: int = 0
    url: str | None = None
    color: str | None = None

    def __post_init__(self) -> None:
        if self.check_out <= self.check_in:
            raise ValueError(f"event {self.uid}: check-out {self.check_out} is not after {self.check_in}")
        if self.last_modified.tzinfo is None:
            raise ValueError(f"event {self.uid}: last_modified bears no time zone")


def render(header: FeedHeader, events: Iterable[FeedEvent]) -> bytes:
    """A whole feed.

    Raises:
        TimedStyleError: the style is timed and the zone has no rules (see `has_rules`).
    """
    return b"".join(render_chunks(header, events))


def render_chunks(header: FeedHeader, events: Iterable[FeedEvent]) -> Iterator[bytes]:
    """A feed piece by piece, an event at a time, in flat memory.

    Raises:
        TimedStyleError: as `render`, before the first piece.
    """
    yield _opening(header).encode()
    start, end = _moments(header)
    for event in events:
        yield _vevent(event, start, end).encode()
    yield b"END:VCALENDAR\r\n"


def _opening(header: FeedHeader) -> str:
    name, refresh = escape(header.name), f"PT{header.refresh // timedelta(minutes=1)}M"
    return (
        "BEGIN:VCALENDAR\r\n"
        "VERSION:2.0\r\n"
        f"PRODID:{PRODID}\r\n"
        "CALSCALE:GREGORIAN\r\n"
        f"{line('NAME', name)}"
        f"{line('X-WR-CALNAME', name)}"
        f"X-WR-TIMEZONE:{header.timezone}\r\n"
        f"REFRESH-INTERVAL;VALUE=DURATION:{refresh}\r\n"
        f"X-PUBLISHED-TTL:{refresh}\r\n"
        f"{vtimezone(header.timezone) if header.style is Style.TIMED else ''}"
    )


def _moments(header: FeedHeader) -> tuple[str, str]:
    """DTSTART and DTEND, with a place for the date."""
    if header.style is Style.ALL_DAY:
        return "DTSTART;VALUE=DATE:%s\r\n", "DTEND;VALUE=DATE:%s\r\n"
    zone = header.timezone
    return (
        f"DTSTART;TZID={zone}:%sT{header.check_in:%H%M%S}\r\n",
        f"DTEND;TZID={zone}:%sT{header.check_out:%H%M%S}\r\n",
    )


def _vevent(event: FeedEvent, start: str, end: str) -> str:
    modified = _utc(event.last_modified)
    return (
        "BEGIN:VEVENT\r\n"
        f"{line('UID', escape(event.uid))}"
        f"DTSTAMP:{modified}\r\n"
        f"LAST-MODIFIED:{modified}\r\n"
        f"SEQUENCE:{event.sequence}\r\n"
        f"{start % _date(event.check_in)}"
        f"{end % _date(event.check_out)}"
        f"{line('SUMMARY', escape(event.summary))}"
        f"{_if_any('DESCRIPTION', escape(event.description))}"
        "STATUS:CONFIRMED\r\n"
        "TRANSP:OPAQUE\r\n"
        f"{_if_any('URL', uri(event.url or ''))}"
        f"{_if_any('COLOR', escape(event.color or ''))}"
        "END:VEVENT\r\n"
    )


def _if_any(name: str, value: str) -> str:
    return line(name, value) if value else ""


def _date(day: date) -> str:
    return day.isoformat().replace("-", "")


def _utc(moment: datetime) -> str:
    """Without strftime, which is slow and doesn't pad early years."""
    local = moment.astimezone(UTC).isoformat(timespec="seconds")[:19]
    return f"{local.replace('-', '').replace(':', '')}Z"
