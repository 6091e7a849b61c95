"""Content lines to events, as written: no value is understood yet.

Belongs here: where an event begins and ends, and which of its properties matter to a stay. Does not:
values (`values`), meaning (`meaning`), repetition (`series`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count

from rentalsync_pipeline.calendars.lines import EVENT_BEGINS, Property, content_lines, text

_HEADER = re.compile(rb"^(PRODID|X-WR-CALNAME)(?=[ \t;:])[^:\n]*:(.*)", re.IGNORECASE | re.MULTILINE)
_HEADER_SIZE = 100_000
_REPEATED = frozenset({"RRULE", "RDATE", "EXDATE"})
_STRUCTURE = frozenset({"BEGIN", "END"})
_KEPT = _STRUCTURE | _REPEATED | {
    "UID", "SEQUENCE", "RECURRENCE-ID", "DTSTAMP", "DTSTART", "DTEND", "DURATION",
    "SUMMARY", "DESCRIPTION", "STATUS", "TRANSP", "URL",
}  # fmt: skip

MAX_REPEATED = 10_000
"""Of the lines that make a series, no more are kept of one event."""


@dataclass(slots=True)
class RawEvent:
    """One VEVENT: the first line of each property that we know, and all that make a series."""

    number: int
    """Its place among the events of the body, from 0."""
    properties: dict[str, Property] = field(default_factory=dict)
    repeated: list[tuple[str, Property]] = field(default_factory=list)
    ended: bool = False

    def text(self, name: str) -> str:
        """The TEXT of a property, empty where there is none."""
        found = self.properties.get(name)
        return text(found[1]) if found else ""


def events(unfolded: bytes) -> Iterator[RawEvent]:
    """Every VEVENT, also one that the next begins or the body ends before it has ended.

    Components within it (VALARM) are passed over, whether or not they end.
    """
    event: RawEvent | None = None
    inner: bytes | None = None
    numbers = count()
    for head, _, value in content_lines(unfolded):
        name = _name(head)
        if name is None:
            continue
        if name in _STRUCTURE:
            component = value.strip().upper()
            if component == b"VEVENT":
                if event:
                    event.ended = name == "END"
                    yield event
                event = RawEvent(next(numbers)) if name == "BEGIN" else None
                inner = None
            elif name == "BEGIN":
                inner = inner or component
            elif component == inner:
                inner = None
        elif event is None or inner:
            continue
        elif name in _REPEATED:
            if len(event.repeated) < MAX_REPEATED:
                event.repeated.append((name, (head, value)))
        else:
            event.properties.setdefault(name, (head, value))
    if event:
        yield event


@lru_cache(maxsize=1024)
def _name(head: bytes) -> str | None:
    name = head.partition(b";")[0].strip().upper().decode("latin-1")
    return name if name in _KEPT else None


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the first event and tells who wrote it."""

    prodid: str | None
    text: str
    """All such lines, as `PRODID:…` and `X-WR-CALNAME:…`: an aggregate of calendars has several."""


def header(unfolded: bytes) -> Header:
    """Find who wrote a calendar."""
    first = EVENT_BEGINS.search(unfolded)
    end = min(first.start() if first else len(unfolded), _HEADER_SIZE)
    found = [(name.decode().upper(), text(value)) for name, value in _HEADER.findall(unfolded, 0, end)]
    return Header(
        prodid=next((value for name, value in found if name == "PRODID"), None),
        text="\n".join(f"{name}:{value}" for name, value in found),
    )
