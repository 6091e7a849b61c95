"""Gate 2: is an answer a whole calendar, and does it say anything new?

Belongs here: what can be told without reading an event. Parsers can't be asked: given a torn or empty
body they say "0 events" without an error. Does not: HTTP (gate 1), the events (gate 3, `reading`).
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime

from rentalsync_pipeline.calendars.lines import unfold
from rentalsync_pipeline.core.verdict import Failure, Reason

_MARK = re.compile(
    rb"^(BEGIN|END)[ \t]*:[ \t]*(VCALENDAR|VEVENT)[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_DTSTAMP = re.compile(rb"^DTSTAMP[ \t]*[;:].*\n?", re.IGNORECASE | re.MULTILINE)

_MOMENT = re.compile(rb"^(DTSTAMP[ \t]*:[ \t]*)[0-9TZ]+", re.IGNORECASE | re.MULTILINE)

_LETTERS = {
    (b"BEGIN", b"VCALENDAR"): "C",
    (b"END", b"VCALENDAR"): "c",
    (b"BEGIN", b"VEVENT"): "E",
    (b"END", b"VEVENT"): "e",
}
_LOOKS = {b"<": "a web page", b"{": "a JSON text", b"[": "a JSON text"}


def failure(body: bytes) -> Failure | None:
    """Why the body is not one whole calendar; `None` where it is.

    Whole means: exactly one VCALENDAR that begins and ends, and in it events that each begin and end.
    Whatever stands outside of these, doubled headers and odd line ends included, is let pass.
    """
    unfolded = unfold(body)
    content = unfolded.strip()
    if not content:
        return Failure(Reason.EMPTY_BODY)
    marks = "".join(_LETTERS[begin.upper(), name.upper()] for begin, name in _MARK.findall(unfolded))
    if marks == "C" + "Ee" * marks.count("E") + "c":
        return None
    if "C" not in marks:
        return Failure(Reason.NOT_A_CALENDAR, _LOOKS.get(content[:1], ""))
    return Failure(Reason.TORN, _damage(marks))


def _damage(marks: str) -> str:
    if marks.count("C") > 1:
        return "several calendars in one answer"
    if not marks.endswith("c"):
        return "it breaks off before its end"
    return "an event in it does not begin or end"


def content_digest(body: bytes) -> str:
    """sha256 (hex) of the content lines without DTSTAMP, which every OTA writes anew at each fetch.

    Equal digests mean equal bookings, however the lines are folded and ended.
    """
    return hashlib.sha256(_DTSTAMP.sub(b"", unfold(body)).strip()).hexdigest()


def restamped(body: bytes, made: datetime) -> bytes:
    """The body as its channel wrote it at another moment: of equal contents only the first is kept."""
    return _MOMENT.sub(rb"\g<1>" + f"{made.astimezone(UTC):%Y%m%dT%H%M%SZ}".encode(), body)
